"""The editor's story, at a desk and without a mouse: from pasted links to an issue that a reader opens."""

import re

from playwright.sync_api import expect

from digest.demo.content import RETOLD
from tests.stories.conftest import Come
from tests.stories.place import Place
from tests.stories.visitor import DESK, PHONE, Visitor

GONE = "https://weekly.sample.example/2023/nobody-wrote-this"
LINKS = [*RETOLD, next(iter(RETOLD)), GONE, "http://127.0.0.1/admin/"]
HEADLINE, TEXT = "编辑改过的标题", "这一句由编辑写下，机器没有写过。"


def test_an_editor_makes_an_issue_and_a_reader_reads_it(place: Place, come: Come) -> None:
    editor = come(DESK)
    _sign_in(editor)
    _paste(editor)
    _await_the_workers(editor)
    _compose(editor, place.known["today"])
    _edit_the_first_item(editor)
    _preview(editor)
    _publish(editor)
    _read(come(PHONE), place.known["today"])


def _sign_in(editor: Visitor) -> None:
    page = editor.page
    editor.open("/admin/")
    expect(page).to_have_url(re.compile(r"/admin/login/\?next=/admin/$"))
    assert (editor.examine(), editor.walk()) == ([], [])
    editor.fill(page.locator("#id_username"), "editor")
    editor.fill(page.locator("#id_password"), "not the password")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".errornote")).to_have_count(1)
    editor.sign_in()
    expect(page).to_have_url(re.compile("/admin/$"))
    assert (editor.examine(), editor.walk()) == ([], [])


def _paste(editor: Visitor) -> None:
    page = editor.page
    editor.go(page.get_by_role("main").get_by_role("link", name="粘贴链接"))
    box, look = page.get_by_label("粘贴任何文字"), page.get_by_role("button", name="查看链接")
    expect(box).to_be_focused()
    assert (editor.examine(), editor.walk()) == ([], [])
    editor.fill(box, "今天没有链接，只有一句话。")
    editor.go(look)
    expect(page.get_by_text("这段文字里没有找到链接")).to_be_visible()
    editor.fill(box, "群里有人发：" + "\n转：".join(LINKS))
    editor.go(look)
    expect(page.locator(".desk-outcomes .fate")).to_have_text([*["将加入"] * 7, "不能抓取"])
    assert (editor.examine(), editor.walk()) == ([], [])
    editor.go(page.get_by_role("button", name="收下所选"))
    expect(page.locator(".desk-outcomes .fate")).to_have_text(["已加入"] * 7)
    assert editor.examine() == []


def _await_the_workers(editor: Visitor) -> None:
    page = editor.page
    editor.open("/admin/news/article/?stage__exact=summarised")
    editor.reload_until(page.locator("#result_list tbody tr"), 6)
    editor.open("/admin/news/article/?stage__exact=dropped")
    editor.reload_until(page.locator("#result_list tbody tr"), 1)
    editor.go(page.locator("#result_list tbody th a"))
    expect(page.get_by_text("页面不存在。请检查链接是否复制完整。")).to_be_visible()
    assert editor.examine() == []


def _compose(editor: Visitor, today: str) -> None:
    page = editor.page
    editor.open("/admin/")
    editor.go(page.get_by_role("main").get_by_role("link", name="自动编排一期"))
    assert (editor.examine(), editor.walk()) == ([], [])
    editor.fill(page.get_by_label("日期"), today)
    editor.go(page.get_by_role("button", name="自动编排"))
    expect(page.locator(".messagelist")).to_have_text("草稿有 6 条")
    expect(page.locator(".inline-related.has_original")).to_have_count(6)
    assert (editor.examine(), editor.walk(200)) == ([], [])


def _edit_the_first_item(editor: Visitor) -> None:
    page = editor.page
    editor.fill(page.locator("#id_items-0-headline"), HEADLINE)
    editor.fill(page.locator("#id_items-0-text"), TEXT)
    editor.go(page.locator("[name=_continue]"))
    expect(page.locator("#id_items-0-text")).to_have_value(TEXT)


def _preview(editor: Visitor) -> None:
    page = editor.page
    desk = page.url
    editor.go(page.get_by_role("link", name="预览"))
    expect(page.get_by_text("这一期尚未发布，只有编辑能看到。")).to_be_visible()
    _expect_the_issue(editor)
    assert (editor.examine(), editor.walk()) == ([], [])
    editor.open(desk)


def _publish(editor: Visitor) -> None:
    page = editor.page
    editor.go(page.get_by_role("link", name="发布…"))
    button = page.get_by_role("button", name="发布")
    expect(button).to_be_focused()
    assert (editor.examine(), editor.walk()) == ([], [])
    editor.go(button)
    expect(page.locator(".messagelist")).to_contain_text("已发布，邮件随后寄出")


def _read(reader: Visitor, today: str) -> None:
    assert reader.open("/") == 200
    expect(reader.page.get_by_role("heading", level=1)).to_have_text(f"AI 简报 {today.replace('-', '')} 期")
    _expect_the_issue(reader)
    assert reader.examine() == []


def _expect_the_issue(visitor: Visitor) -> None:
    """Six items; the one that a person rewrote says nothing of a machine, the other five do."""
    page = visitor.page
    expect(page.locator(".item")).to_have_count(6)
    expect(page.locator("#item-1 h2")).to_have_text(f"1. {HEADLINE}")
    expect(page.locator("#item-1 .prose")).to_have_text(TEXT)
    expect(page.locator("#item-1 .ai")).to_have_count(0)
    expect(page.locator(".item .ai")).to_have_count(5)
