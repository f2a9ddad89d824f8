"""A blocked page's way through in a real browser: the bookmarklet sends it, the editor takes it; and the inbox."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from news.models import Article, Lead, Snapshot, Stage
from news.sources.inbox import paste
from tests import browser
from tests.news.http.hostile import Listener, page

FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update"]
PHONE = {"width": 390, "height": 844}
ARTICLE = """<!doctype html><meta charset="utf-8"><title>焊台的用法</title><article><h1>焊台的用法</h1>
<p>先把焊台的温度调到三百五十度，等指示灯不再闪，再碰第一个焊点。</p><p id="late"></p>
<p>烙铁头要常擦，擦完马上蘸一点锡，免得氧化发黑，下次就难上锡了，换头也要等它凉。</p>
<p>焊完先断电，再把烙铁插回架子，等它凉透了才能收起来，旁边别放纸。</p></article>
<script>document.getElementById("late").textContent = "这一段是脚本后来才写进网页的，抓取的程序看不到它。";</script>"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(listen: Callable[..., Listener]) -> str:
    """A site of another origin than the desk's, with one article that is whole only in a browser."""
    server = listen({"/1": page(ARTICLE.encode(), kind="text/html; charset=utf-8")})
    return f"http://127.0.0.1:{server.port}"


@pytest.fixture
def window(live_server: Any) -> Iterator[BrowserContext]:
    """A browser in which an editor is signed in, on a narrow screen."""
    client = Client()
    client.force_login(User.objects.create_superuser("editor", password="a long enough word"))
    name = settings.SESSION_COOKIE_NAME
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=browser.find(), args=FLAGS)
        context = chromium.new_context(locale="zh-CN", viewport=PHONE)
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        yield context
        chromium.close()


def look(question: Callable[[], Any]) -> Any:
    """What the database says: in a thread of its own, for Playwright has a loop running in this one."""

    def answer() -> Any:
        try:
            return question()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(answer).result()


def desk(window: BrowserContext, live_server: Any, path: str) -> tuple[Page, list[str]]:
    """A page of the desk, and everything that the browser complains about there."""
    tab, faults = window.new_page(), []
    tab.on("console", lambda line: faults.append(line.text))
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.goto(live_server.url + path)
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return tab, faults


def test_the_bookmarklet_sends_the_page_as_the_editor_sees_it(
    window: BrowserContext, live_server: Any, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("news.handin.canonicalise", lambda url: url.replace(site, "https://a.example"))
    tab, faults = desk(window, live_server, "/admin/news/source/handin/")
    bookmark = tab.locator("a[data-bookmarklet]")
    code = unquote(str(bookmark.get_attribute("href"))).removeprefix("javascript:")
    bookmark.click()
    expect(tab.get_by_text("请拖到书签栏，不要在这里点。")).to_be_visible()
    assert faults == []

    reading = window.new_page()
    reading.goto(f"{site}/1")
    with reading.expect_popup() as opening:
        reading.evaluate(code)
    popup = opening.value
    expect(popup.locator("[data-show=title]")).to_have_text("焊台的用法")
    expect(popup.locator("[data-show=origin]")).to_have_text(site)
    assert look(Article.objects.count) == 0
    with popup.expect_navigation():
        popup.get_by_role("button", name="收下").press("Enter")
    expect(popup.locator(".messagelist").first).to_contain_text("已收下《焊台的用法》")
    assert look(lambda: Article.objects.values_list("canonical_url", "stage").get()) == (
        "https://a.example/1",
        Stage.FETCHED,
    )
    assert "脚本后来才写进网页" in look(lambda: Snapshot.objects.get().body.decode())


def test_the_window_takes_nothing_from_a_page_that_lies_or_from_none(
    window: BrowserContext, live_server: Any, site: str
) -> None:
    alone, faults = desk(window, live_server, "/admin/news/source/handin/receive/")
    expect(alone.get_by_text("没有收到网页。")).to_be_visible()
    assert faults == []
    reading = window.new_page()
    reading.goto(f"{site}/1")
    lie = """address => new Promise(done => {
        const other = open(address);
        addEventListener("message", () => {
            const url = "https://mp.weixin.qq.com/s/x";
            other.postMessage({kind: "jianbao-page", url, title: "x", html: "<p>"}, "*");
            setTimeout(done, 300);
        });
    })"""
    with reading.expect_popup() as opening:
        reading.evaluate(lie, f"{live_server.url}/admin/news/source/handin/receive/")
    expect(opening.value.get_by_text("正在等网页送来")).to_be_visible()
    assert opening.value.locator("[name=url]").input_value() == ""


def test_a_saved_page_is_uploaded_for_a_blocked_article(
    window: BrowserContext, live_server: Any, tmp_path: Path
) -> None:
    number = look(lambda: paste("https://a.example/1")[0].article.pk)  # type: ignore[union-attr]
    look(lambda: Article.objects.update(stage=Stage.DROPPED, drop_reason="blocked", state="blocked"))
    saved = tmp_path / "焊台.html"
    saved.write_text(ARTICLE, encoding="utf-8")
    tab, faults = desk(window, live_server, f"/admin/news/article/{number}/change/")
    with tab.expect_navigation():
        tab.get_by_role("link", name="把网页交稿进来").press("Enter")
    tab.locator("[name=page]").set_input_files(saved)
    with tab.expect_navigation():
        tab.get_by_role("button", name="收下").press("Enter")
    assert look(lambda: Article.objects.get().stage) == Stage.FETCHED
    assert faults == []


def test_the_inbox_shows_before_it_takes_without_a_mouse(window: BrowserContext, live_server: Any) -> None:
    tab, faults = desk(window, live_server, "/admin/news/source/inbox/")
    expect(tab.get_by_label("粘贴任何文字")).to_be_focused()
    tab.keyboard.insert_text("看 https://a.example/1 和 https://a.example/2 和 http://127.0.0.1/")
    with tab.expect_navigation():
        tab.get_by_role("button", name="查看链接").press("Enter")
    expect(tab.locator(".fate")).to_have_text(["将加入", "将加入", "不能抓取"])
    expect(tab.get_by_role("button", name="收下所选")).to_be_focused()
    assert look(Article.objects.count) == 0
    tab.get_by_role("checkbox", name="https://a.example/2").press("Space")
    with tab.expect_navigation():
        tab.get_by_role("button", name="收下所选").press("Enter")
    expect(tab.locator(".fate")).to_have_text(["已加入"])
    assert look(lambda: [lead.url for lead in Lead.objects.all()]) == ["https://a.example/1"]
    assert faults == []
