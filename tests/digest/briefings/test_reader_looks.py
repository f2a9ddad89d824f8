"""The look keeps its promises: contrast, small files, no inline code, a policy on every answer."""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client

from digest.briefings.models import Briefing

CSS = Path(settings.BASE_DIR) / "static" / "css"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
TEXT = ["ink/paper", "quiet/paper", "accent/paper", "ink/tint", "quiet/tint", "accent/tint", "ink/mark", "paper/accent"]
SHAPES = ["edge/paper", "edge/tint", "focus/paper", "focus/tint"]  # WCAG 2.2, 1.4.11
POLICY = (
    "base-uri 'none'; connect-src 'self'; default-src 'none'; font-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; img-src 'self' data:; object-src 'none'; script-src 'self'; style-src 'self'"
)


def themes() -> dict[str, dict[str, str]]:
    text = (CSS / "tokens.css").read_text(encoding="utf-8")
    before, dark = text.split("@media (prefers-color-scheme: dark)")
    light = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", before))
    return {"light": light, "dark": light | dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", dark))}


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_measure_of_contrast_is_right() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_and_shapes_have_contrast_aa(theme: str) -> None:
    colours = themes()[theme]
    ratios = {pair: contrast(*(colours[name] for name in pair.split("/"))) for pair in TEXT + SHAPES}
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < (4.5 if pair in TEXT else 3)} == {}


def test_both_themes_have_the_same_tokens_for_colours() -> None:
    text = (CSS / "tokens.css").read_text(encoding="utf-8")
    light, dark = text.split("@media (prefers-color-scheme: dark)")
    assert set(re.findall(r"--(\w+): #", light)) == set(re.findall(r"--(\w+): #", dark))


def test_colours_are_named_only_among_the_tokens() -> None:
    found = {
        path.name: re.findall(r"#[0-9a-f]{3,8}\b|\brgba?\(", path.read_text(encoding="utf-8"))
        for path in CSS.glob("*.css")
        if path.name not in ("tokens.css", "print.css", "desk.css")
    }
    assert {name: colours for name, colours in found.items() if colours} == {"events.css": ["#fff"]}


def test_style_sheets_are_small_and_load_nothing() -> None:
    for path in CSS.glob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 150, path.name
        assert "url(" not in text, path.name
        assert "@import" not in text, path.name


def test_reader_templates_hold_no_inline_code() -> None:
    for path in [*TEMPLATES.glob("*.html"), *TEMPLATES.glob("briefings/*.html")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"""\sstyle=|<style|\son\w+=["']|javascript:""", text), path.name
        for script in re.findall(r"<script[^>]*>", text):
            assert "src=" in script or "application/ld+json" in script, path.name
        assert len(text.splitlines()) <= 150


@pytest.mark.parametrize(
    "address", ["/", "/nothing", "/feed.rss", "/search/?q=x", "/about/", "/sitemap.xml", "/admin/login/"]
)
def test_every_answer_has_the_policy(client: Client, issue: Callable[..., Briefing], address: str) -> None:
    issue("2023-03-10", {})
    given = client.get(address)["Content-Security-Policy"]
    assert "; ".join(sorted(given.split("; "))) == POLICY


def test_pages_ask_nobody_else_for_anything(client: Client, issue: Callable[..., Briefing]) -> None:
    issue("2023-03-10", {"text": "![图](https://pictures.example/1.png)"})
    page = BeautifulSoup(client.get("/").content, "lxml")
    loaded = [tag.get("src") for tag in page.find_all(src=True)]
    loaded += [
        tag["href"] for tag in page.find_all("link") if set(tag["rel"]) & {"stylesheet", "icon", "apple-touch-icon"}
    ]
    assert loaded
    assert [address for address in loaded if not address.startswith("/static/")] == []


@pytest.mark.parametrize(
    ("code", "words"), [("400", "Bad request"), ("403", "Not allowed"), ("500", "Something went wrong")]
)
def test_error_pages_need_neither_request_nor_database(code: str, words: str) -> None:
    page = BeautifulSoup(render_to_string(f"{code}.html"), "lxml")
    assert page.title.get_text().endswith(f" · {code}")
    assert page.select_one("[lang=en] h2").get_text() == words


def test_a_failure_is_answered_with_the_error_page(
    client: Client, issue: Callable[..., Briefing], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise RuntimeError("made to fail")

    issue("2023-03-10", {})
    monkeypatch.setattr("digest.briefings.views.issues.reading_minutes", fail)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "服务器出错了" in response.content.decode()
    assert "made to fail" not in response.content.decode()
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_every_page_can_be_walked_by_keyboard_and_screen_reader(client: Client, issue: Callable[..., Briefing]) -> None:
    issue("2023-03-10", {}, {})
    for address in ("/", "/archive/", "/topics/", "/search/", "/about/", "/feeds/"):
        page = BeautifulSoup(client.get(address).content, "lxml")
        assert page.body.find("a")["href"] == "#main"
        assert page.select_one("main#main")["tabindex"] == "-1"
        assert len(page.find_all("h1")) == 1
        levels = [int(tag.name[1]) for tag in page.select("main h1, main h2, main h3")]
        assert all(after - before <= 1 for before, after in pairwise(levels)), address
        for field in page.select("main input:not([type=hidden]), main select"):
            assert page.find("label", attrs={"for": field["id"]}), address
        ids = [tag["id"] for tag in page.find_all(id=True)]
        assert len(ids) == len(set(ids)), address
