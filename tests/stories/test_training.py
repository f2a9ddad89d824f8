"""The story of a training with one seat: two people confirm on their phones, one waits, and a seat comes free."""

import re
from email.message import EmailMessage

from playwright.sync_api import expect

from tests.stories.conftest import Come
from tests.stories.place import Place
from tests.stories.visitor import PHONE, Visitor

FIRST, SECOND = "first@seat.example", "second@seat.example"


def test_the_second_gets_the_seat_that_the_first_gives_back(place: Place, come: Come) -> None:
    reader = come(PHONE)
    assert reader.open("/") == 200
    reader.go(reader.page.get_by_role("navigation", name="主导航").get_by_role("link", name="活动"))
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("线下活动")
    assert (reader.examine(), reader.walk()) == ([], [])
    reader.go(reader.page.get_by_role("link", name="杭州"))
    expect(reader.page.get_by_text("共 1 个，还剩 1 个")).to_be_visible()
    assert (reader.examine(), reader.walk()) == ([], [])

    _sign_up(reader, "报名", "林一", FIRST)
    _confirm(reader, place.letter(FIRST, "请确认报名："), "已有座位")
    seated = place.letter(FIRST, "报名成功：")
    assert reader.open(f"/events/{place.known['stop']}/") == 200
    expect(reader.page.get_by_text("座位已满")).to_be_visible()
    _sign_up(reader, "登记候补", "林二", SECOND)
    _confirm(reader, place.letter(SECOND, "请确认报名："), "候补中 · 候补第 1 位")
    place.letter(SECOND, "候补第 1 位：")

    _cancel(reader, seated)
    promoted = place.letter(SECOND, "轮到你了，有座位了：")
    reader.open(_own_page(promoted))
    expect(reader.page.get_by_role("status")).to_have_text("已有座位")


def _sign_up(reader: Visitor, button: str, name: str, address: str) -> None:
    page = reader.page
    reader.fill(page.get_by_label("姓名"), name)
    reader.fill(page.get_by_label("邮箱"), address)
    reader.go(page.get_by_role("main").get_by_role("button", name=button, exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text("已收到")
    assert reader.examine() == []


def _confirm(reader: Visitor, letter: EmailMessage, state: str) -> None:
    page = reader.page
    assert reader.open(_own_page(letter)) == 200
    expect(page.get_by_role("status")).to_contain_text("待确认")
    assert (reader.examine(), reader.walk()) == ([], [])
    reader.go(page.get_by_role("button", name="确认报名"))
    expect(page.get_by_role("status")).to_have_text(state)


def _cancel(reader: Visitor, letter: EmailMessage) -> None:
    page = reader.page
    assert reader.open(_own_page(letter)) == 200
    expect(page.get_by_role("status")).to_have_text("已有座位")
    assert (reader.examine(), reader.walk()) == ([], [])
    reader.go(page.get_by_role("button", name="取消报名，把座位让给下一位"))
    expect(page.get_by_role("status")).to_have_text("已取消")


def _own_page(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    return re.findall(r"http://\S+/signups/\S+", body)[0]
