"""A reader's story, on a phone and without a mouse.

Reads an issue, subscribes, confirms from the mail, gets the next issue, unsubscribes, signs up for a training.
"""

import re

from playwright.sync_api import expect

from tests.stories.conftest import Come
from tests.stories.inside import NEW_TEXT
from tests.stories.place import Place, until
from tests.stories.visitor import PHONE, Visitor

READER = "reader@phone.example"


def test_from_the_first_issue_to_a_training(place: Place, come: Come) -> None:
    reader = come(PHONE)
    _read(reader, place.known["issue"])
    _subscribe(reader)
    _confirm(reader, place)
    title = place.ask("publish_next")
    _receive(reader, place, title)
    _unsubscribe(reader)
    _sign_up(reader, place)
    subjects = [str(letter["Subject"]) for letter in place.letters(READER)]
    letters = ["请确认订阅 AI 简报", f"{title}：订阅之后的第一封"]
    assert subjects == [*letters, "请确认报名：焊接入门 · 青岛", "已登记意向：焊接入门 · 青岛"]


def _read(reader: Visitor, issue: str) -> None:
    page = reader.page
    assert reader.open(issue) == 200
    expect(page.get_by_role("heading", level=1)).to_contain_text("AI 简报")
    assert (reader.examine(), reader.walk()) == ([], [])
    reader.press(page.get_by_role("navigation", name="本期目录").get_by_role("link").nth(1))
    expect(page).to_have_url(re.compile("#item-2$"))
    expect(page.locator("#item-2").get_by_text("AI 生成")).to_be_visible()
    expect(page.locator("#item-1").get_by_text("AI 生成")).to_have_count(0)


def _subscribe(reader: Visitor) -> None:
    """From the box below the issue. The form asks once more, as it cannot tell a quick hand from a program."""
    page = reader.page
    reader.fill(page.get_by_role("textbox", name="邮箱"), READER)
    page.keyboard.press("Enter")
    expect(page.get_by_text("请确认邮箱无误")).to_be_visible()
    assert reader.examine() == []

    def sent() -> bool:
        reader.go(page.get_by_role("main").get_by_role("button", name="订阅"))
        return page.get_by_role("heading", name="请查收邮件").count() == 1

    until(sent, "the address was taken")
    assert (reader.examine(), reader.walk()) == ([], [])


def _confirm(reader: Visitor, place: Place) -> None:
    page = reader.page
    body = place.letter(READER, "请确认订阅").get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert reader.open(re.findall(r"http://\S+/subscribe/confirm/\S+", body)[0]) == 200
    assert reader.examine() == []
    reader.go(page.get_by_role("button", name="确认订阅"))
    expect(page.get_by_role("heading", name="订阅成功")).to_be_visible()
    assert reader.examine() == []


def _receive(reader: Visitor, place: Place, title: str) -> None:
    """The letter is read in the browser as a mail program shows it: it asks nobody for anything."""
    letter = place.letter(READER, title)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    reader.page.goto("about:blank")
    reader.page.set_content(letter.get_body(("html",)).get_content())  # type: ignore[union-attr]
    expect(reader.page.get_by_role("heading", level=2)).to_have_text(["1. 订阅之后的第一封", "2. 第二件事"])
    expect(reader.page.get_by_text(NEW_TEXT)).to_have_count(2)
    assert reader.wide() == []


def _unsubscribe(reader: Visitor) -> None:
    page = reader.page
    reader.go(page.get_by_role("link", name="退订"))
    expect(page.get_by_role("heading", name="退订")).to_be_visible()
    assert reader.examine() == []
    reader.go(page.get_by_role("main").get_by_role("button", name="退订"))
    expect(page.get_by_role("heading", name="已退订")).to_be_visible()
    assert (reader.examine(), reader.walk()) == ([], [])


def _sign_up(reader: Visitor, place: Place) -> None:
    """For a stop of the training that the issue announces; its date is still open."""
    page = reader.page
    assert reader.open(place.known["issue"]) == 200
    reader.go(page.get_by_role("region", name="焊接入门").get_by_role("link", name="青岛"))
    assert (reader.examine(), reader.walk()) == ([], [])
    reader.fill(page.get_by_label("姓名"), "林读")
    reader.fill(page.get_by_label("邮箱"), READER)
    reader.go(page.get_by_role("main").get_by_role("button", name="登记意向"))
    expect(page.get_by_role("heading", level=1)).to_have_text("已收到")
    letter = place.letter(READER, "请确认报名：").get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert reader.open(re.findall(r"http://\S+/signups/\S+", letter)[0]) == 200
    reader.go(page.get_by_role("button", name="确认报名"))
    expect(page.get_by_role("status")).to_have_text("等待定档")
    place.letter(READER, "已登记意向：")
