"""What people get wrong, on a phone: each is told in words what to do, on a page that stands as firm as the others."""

import pytest
from playwright.sync_api import expect

from tests.stories.conftest import Come
from tests.stories.place import Place
from tests.stories.visitor import PHONE

ADDRESS = "请填写一个有效的邮箱地址，例如 name@example.com。"


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("霹雳火箭炮", "没有找到。可以换个说法、少写几个字，或者去掉主题和年份。"),
        ("?!", "这里面没有可以搜索的字词，请输入汉字、字母或数字。"),
        ("<script>alert(1)</script>", "没有找到。可以换个说法、少写几个字，或者去掉主题和年份。"),
    ],
)
def test_search_for_nonsense(come: Come, query: str, answer: str) -> None:
    reader = come(PHONE)
    reader.open("/search/")
    reader.fill(reader.page.get_by_role("combobox", name="要找的字词"), query)
    reader.page.keyboard.press("Enter")
    expect(reader.page.get_by_text(answer)).to_be_visible()
    expect(reader.page.get_by_role("combobox", name="要找的字词")).to_have_value(query)
    assert (reader.examine(), reader.walk()) == ([], [])


def test_an_address_that_no_relay_can_reach(place: Place, come: Come) -> None:
    reader = come(PHONE)
    page = reader.page
    reader.open("/subscribe/")
    field, button = page.get_by_label("邮箱地址"), page.get_by_role("main").get_by_role("button", name="订阅")
    reader.fill(field, "reader")
    reader.press(button)
    assert field.evaluate("field => field.validity.typeMismatch"), "the browser itself asks for an @"
    reader.fill(field, "reader@localhost")
    reader.go(button)
    expect(page.get_by_text(ADDRESS)).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(ADDRESS)
    assert (reader.examine(), reader.walk()) == ([], [])


def test_a_sign_up_with_a_wrong_address_keeps_what_was_typed(place: Place, come: Come) -> None:
    reader = come(PHONE)
    page = reader.page
    reader.open(f"/events/{place.known['stop']}/")
    reader.fill(page.get_by_label("姓名"), "林四")
    reader.fill(page.get_by_label("邮箱"), "fourth@localhost")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".errorlist")).to_have_count(1)
    expect(page.get_by_label("姓名")).to_have_value("林四")
    expect(page.get_by_label("邮箱")).to_have_attribute("aria-invalid", "true")
    assert (reader.examine(), reader.walk()) == ([], [])


@pytest.mark.parametrize(
    "path", ["/issues/20990101/", "/subscribe/confirm/nonsense/", "/signups/nonsense/", "/nothing/"]
)
def test_a_page_that_is_not_there(come: Come, path: str) -> None:
    reader = come(PHONE)
    assert reader.open(path) == 404
    assert (reader.examine(), reader.walk()) == ([], [])
    reader.go(reader.page.get_by_role("link", name="最新一期"))
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("AI 简报")
