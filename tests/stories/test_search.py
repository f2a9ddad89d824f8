"""A reader searches: Chinese, mixed, full-width and traditional; by keyboard with suggestions; without JavaScript."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.stories.conftest import Come
from tests.stories.place import PATIENCE_SECONDS, Place, until
from tests.stories.visitor import DESK, PHONE

SAMPLE = "YOLO 的正负样本怎样分"


@pytest.fixture(scope="module", autouse=True)
def _shelf(place: Place) -> None:
    place.ask("add_search_samples")
    until(lambda: place.ask("caught_up"), f"names and vectors of the samples; {place.logs()}")


@pytest.mark.parametrize(
    ("query", "headline"),
    [
        ("舵机", "六个舵机的小机械狗"),
        ("YOLO 正负样本", SAMPLE),
        ("ＹＯＬＯ", SAMPLE),
        ("機械狗", "六个舵机的小机械狗"),
    ],
)
def test_a_query_finds_its_item(come: Come, query: str, headline: str) -> None:
    reader = come(PHONE)
    assert reader.open("/search/") == 200
    reader.fill(reader.page.get_by_role("combobox", name="要找的字词"), query)
    with reader.page.expect_navigation():
        reader.page.keyboard.press("Enter")
    first = reader.page.locator(".entry").first
    expect(first.get_by_role("heading")).to_have_text(headline)
    expect(first.locator("mark").first).to_be_visible()
    assert (reader.examine(), reader.walk()) == ([], [])


def test_suggestions_by_keyboard(come: Come) -> None:
    reader = come(DESK)
    page = reader.page
    reader.open("/search/")
    box = page.get_by_role("combobox", name="要找的字词")
    reader.tab_to(box)
    page.keyboard.type("yolo")
    option = page.get_by_role("option").filter(has_text=SAMPLE)
    expect(option).to_be_visible()
    for _ in range(page.get_by_role("option").count()):
        page.keyboard.press("ArrowDown")
        if option.get_attribute("aria-selected") == "true":
            break
    expect(box).to_have_attribute("aria-activedescendant", re.compile("suggestion-"))
    assert reader.examine() == []
    page.keyboard.press("Escape")
    expect(option).to_be_hidden()
    page.keyboard.type(" ")
    page.keyboard.type("正")
    expect(option).to_be_visible()
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(SAMPLE)


def test_without_a_script(place: Place, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN", viewport=PHONE)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    page = context.new_page()
    page.goto(f"{place.url}/search/?q=舵机")
    expect(page.locator(".entry h2")).to_contain_text(["六个舵机的小机械狗"])
    page.get_by_label("要找的字词").fill("正负样本")
    page.get_by_role("button", name="搜索").click()
    expect(page.locator(".entry h2").first).to_have_text(SAMPLE)
    context.close()
