"""The wire at the desk: links seen before they are taken, a blocked page's way through, sources and their health."""

import re
from urllib.parse import unquote

from playwright.sync_api import expect

from tests.stories.conftest import Come
from tests.stories.place import FEED, PAGES, WALLED
from tests.stories.visitor import DESK, PHONE, Visitor

GOOD_PAGE = PAGES / "article_2025.html"
TITLE = '小模型上板："四瓦"也够用'
TEMPORARY = "https://mp.weixin.qq.com/s?src=11&timestamp=1690000000&ver=1&signature=abcdef&new=1"
SAMPLE = "https://papers.sample.example/2023/kosmos-1"
CHAT = f"""群主：这两篇不错 {WALLED}，第二篇在这里：{SAMPLE}?utm_source=chat。
有人发了个搜索里来的：{TEMPORARY}
还有个内网的 http://192.168.1.1/admin/ ，打不开"""


def test_a_blocked_page_finds_its_way_through(come: Come) -> None:
    editor = come(DESK)
    editor.sign_in()
    _look_before_taking(editor)
    _read_what_is_wrong(editor)
    _hand_the_page_in(editor)


def _look_before_taking(editor: Visitor) -> None:
    page = editor.page
    editor.open("/admin/news/source/inbox/")
    editor.fill(page.get_by_label("粘贴任何文字"), CHAT)
    editor.go(page.get_by_role("button", name="查看链接"))
    expect(page.locator(".desk-outcomes .fate")).to_have_text(["将加入", "将加入", "临时链接", "不能抓取"])
    assert (editor.examine(), editor.walk()) == ([], [])
    editor.press(page.get_by_role("checkbox", name="kosmos-1"), "Space")  # this one stays out
    editor.go(page.get_by_role("button", name="收下所选"))
    expect(page.locator(".desk-outcomes .fate")).to_have_text(["已加入"])
    editor.fill(page.get_by_label("粘贴任何文字"), WALLED)
    editor.go(page.get_by_role("button", name="查看链接"))
    expect(page.locator(".desk-outcomes .fate")).to_have_text(["已有"])


def _read_what_is_wrong(editor: Visitor) -> None:
    page = editor.page
    editor.open("/admin/news/article/?drop_reason__exact=blocked")
    editor.reload_until(page.locator("#result_list tbody tr"), 1)
    editor.go(page.locator("#result_list tbody th a"))
    expect(page.get_by_text("网站要求人工验证，程序不会绕过")).to_be_visible()
    expect(page.get_by_text(re.compile(r"将于 .* 自动重试（第 1 次，共 \d 次）"))).to_be_visible()
    assert editor.examine() == []


def _hand_the_page_in(editor: Visitor) -> None:
    page = editor.page
    editor.go(page.get_by_role("link", name="把网页交稿进来"))
    assert (editor.examine(), editor.walk()) == ([], [])
    take = page.get_by_role("button", name="收下")
    page.get_by_label("保存的网页").set_input_files(PAGES / "blocked.html")
    editor.go(take)
    expect(page.get_by_text("这一页是网站的验证页，不是文章。")).to_be_visible()
    page.get_by_label("保存的网页").set_input_files(GOOD_PAGE)
    editor.go(take)
    expect(page.locator(".messagelist")).to_contain_text(f"已收下《{TITLE}》")
    article = page.url
    editor.reload_until(page.locator(".field-stage .readonly, .field-stage", has_text="已摘要").first, 1)
    assert page.url == article
    assert editor.examine() == []


def test_the_bookmarklet_sends_the_page_that_is_open(come: Come) -> None:
    editor = come(DESK)
    editor.sign_in()
    editor.open("/admin/news/source/handin/")
    code = unquote(editor.page.locator("[data-bookmarklet]").get_attribute("href") or "").removeprefix("javascript:")
    # The article stands in for its own site: at an address of ours, so that this browser asks nobody else.
    site = (
        "<script>JsDecode = htmlDecode = String; String.prototype.html = String.prototype.toString</script>"
        + GOOD_PAGE.read_text(encoding="utf-8")
    )
    editor.page.route("**/open-in-the-browser", lambda route: route.fulfill(body=site, content_type="text/html"))
    editor.open("/open-in-the-browser")
    with editor.page.expect_popup() as opened:
        editor.page.evaluate(code)
    window = opened.value
    expect(window.get_by_text("收到网页：")).to_be_visible()
    expect(window.locator("[data-show=origin]")).to_have_text(editor.site)
    expect(window.get_by_label("文章链接")).to_have_value(f"{editor.site}/open-in-the-browser")
    with window.expect_navigation():
        window.keyboard.press("Enter")  # the button has the focus
    expect(window.get_by_text("这篇文章已有正文，没有改动：")).to_be_visible()
    window.close()


def test_sources_and_how_they_fare(come: Come) -> None:
    editor = come(DESK)
    editor.sign_in()
    _add(editor, "端侧周报", FEED)
    _add(editor, "写错的地址", "https://weekly.sample.example/no-such-feed.xml")
    _read_the_board(editor)
    _pause(editor)


def _add(editor: Visitor, name: str, address: str) -> None:
    page = editor.page
    editor.open("/admin/news/source/add/")
    assert (editor.examine(), editor.walk()) == ([], [])
    editor.go(page.get_by_role("link", name="RSS"))
    assert (editor.examine(), editor.walk()) == ([], [])
    editor.fill(page.locator("#id_name"), name)
    editor.fill(page.locator("#id_address"), address)
    editor.go(page.get_by_role("button", name="试一试（不保存）"))
    expect(page.get_by_text("试一试的结果（没有保存）")).to_be_visible()
    editor.go(page.locator("[name=_save]"))


def _read_the_board(editor: Visitor) -> None:
    page = editor.page
    editor.open("/admin/news/source/health/")
    good = page.locator(".source-board tr", has_text="端侧周报").filter(has_text=re.compile(r"20\d\d-"))
    editor.reload_until(good, 1)
    bad = page.locator(".source-board tr.failing", has_text="写错的地址")
    editor.reload_until(bad, 1)
    expect(bad.locator(".source-words")).not_to_have_text("不用处理")
    assert (editor.examine(), editor.walk()) == ([], [])
    page.set_viewport_size(PHONE)
    assert editor.wide() == []
    page.set_viewport_size(DESK)
    editor.open("/admin/news/article/?q=接口降价")
    editor.open("/admin/news/article/?stage__exact=summarised&q=weekly.sample.example")
    editor.reload_until(page.locator("#result_list tbody tr"), 2)


def _pause(editor: Visitor) -> None:
    page = editor.page
    editor.open("/admin/news/source/health/")
    editor.go(page.get_by_role("button", name="停用 写错的地址"))
    expect(page.locator(".source-board tr", has_text="写错的地址")).to_contain_text("不再自动查看")
    expect(page.get_by_role("button", name="恢复 写错的地址")).to_be_visible()
