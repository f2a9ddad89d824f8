"""The reader's pages in a real browser: nothing runs, nothing is asked of others, and the text is set as promised."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from digest.briefings.models import Briefing
from tests import browser

Issue = Callable[..., Briefing]
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update"]
PATHS = ["/", "/archive/", "/topics/", "/search/?q=标题", "/about/", "/feeds/", "/nothing"]

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def opened(site: str, **screen: Any) -> Iterator[tuple[Page, list[str]]]:
    """A page, and everything that it did and must not: dialogs, requests to others, refused or failed code."""
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=browser.find(), args=FLAGS)
        page = chromium.new_page(locale="zh-CN", **screen)
        faults: list[str] = []
        page.on("dialog", lambda dialog: (faults.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: request.url.startswith(site) or faults.append(f"asked {request.url}"))
        page.on("pageerror", lambda error: faults.append(f"error {error}"))
        page.on("console", lambda line: "404" in line.text or faults.append(f"console {line.text}"))
        yield page, faults
        chromium.close()


def test_attacks_stay_words(live_server: Any, issue: Issue, shared: Path) -> None:
    cases = json.loads((shared / "attack_cases.json").read_text(encoding="utf-8"))
    attacks = [case["input"] for case in cases if case["area"].startswith("html")]
    assert len(attacks) == 49
    items = [{"headline": a[:300], "text": a, "source_name": a[:200], "notice": a[:300], "url": a} for a in attacks]
    briefing = issue("2023-03-10", *items, lead="\n\n".join(attacks))
    first = briefing.items.get(position=1).get_absolute_url()
    with opened(live_server.url, viewport={"width": 1280, "height": 900}) as (page, faults):
        for path in ["/", first, "/search/?q=alert", "/archive/2023/"]:
            page.goto(live_server.url + path)
            assert page.locator("main").inner_text()
        page.goto(live_server.url)
        assert page.locator(".item").count() == 49
        assert page.locator("main :is(img, svg, iframe, object, form:not(.subscribe form))").count() == 0
    assert faults == []


def test_lines_have_forty_han_characters_and_phones_need_no_sideways_scrolling(live_server: Any, issue: Issue) -> None:
    text = "国" * 200 + "\n\n" + "https://long.example/" + "x" * 200 + "\n\n|" + "列|" * 12 + "\n|" + "-|" * 12
    issue("2023-03-10", {"headline": "标题" * 40, "text": text, "source_name": "源" * 100}, {})
    with opened(live_server.url, viewport={"width": 1280, "height": 900}) as (page, faults):
        page.goto(live_server.url)
        prose = page.locator("#item-1 .prose p").first
        assert prose.evaluate("p => Math.round(p.clientWidth / parseFloat(getComputedStyle(p).fontSize))") == 40
        size, leading = (
            prose.evaluate(f"p => parseFloat(getComputedStyle(p).{name})") for name in ("fontSize", "lineHeight")
        )
        assert round(leading / size, 3) == 1.8
        page.set_viewport_size({"width": 390, "height": 844})
        for path in PATHS:
            page.goto(live_server.url + path)
            assert page.evaluate("document.documentElement.scrollWidth") == 390, path
    assert faults == []


def test_dark_is_dark_and_the_first_tab_skips_to_the_text(live_server: Any, issue: Issue) -> None:
    issue("2023-03-10", {}, {})
    with opened(live_server.url, color_scheme="dark") as (page, faults):
        page.goto(live_server.url)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 22, 20)"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "跳到正文"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
    assert faults == []


def test_the_contents_mark_what_is_being_read(live_server: Any, issue: Issue) -> None:
    issue("2023-03-10", *[{"text": "一段话。\n\n" * 30} for _ in range(3)])
    with opened(live_server.url, viewport={"width": 1280, "height": 900}) as (page, faults):
        page.goto(live_server.url)
        page.locator(".contents a").nth(1).click()
        page.wait_for_selector(".contents a[aria-current]")
        assert page.locator(".contents a[aria-current]").get_attribute("href") == "#item-2"
        assert page.locator(".contents").evaluate("nav => nav.getBoundingClientRect().top >= 0")
    assert faults == []


def test_a_reader_without_scripts_changes_the_language(live_server: Any, issue: Issue) -> None:
    issue("2023-03-10", {}, {})
    with opened(live_server.url, java_script_enabled=False) as (page, faults):
        page.goto(live_server.url + "/archive/2023/")
        page.get_by_role("button", name="English").click()
        assert page.url == live_server.url + "/archive/2023/"
        assert page.locator("html").get_attribute("lang") == "en"
    assert faults == []
