"""The names and the trends of a few issues, for a reader and for an editor who merges two names."""

import pytest
from playwright.sync_api import expect

from tests.stories.conftest import Come
from tests.stories.place import Place, until
from tests.stories.visitor import DESK, PHONE


@pytest.fixture(scope="module", autouse=True)
def _samples(place: Place) -> None:
    place.ask("add_name_samples")
    until(lambda: place.ask("caught_up"), f"names and vectors of the samples; {place.logs()}")


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_reader_goes_from_an_item_to_a_name_and_to_the_trends(come: Come, screen: dict[str, int]) -> None:
    reader = come(screen)
    page = reader.page
    reader.open("/issues/20180112/")
    reader.go(page.locator("#item-1 .item-names").get_by_role("link", name="Hailo-15"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Hailo-15")
    for headline in ("Hailo-15 进了摄像机", "Hailo-15 开卖"):
        expect(page.locator(".entries h2", has_text=headline)).to_have_count(1)
    assert (reader.examine(), reader.walk()) == ([], [])
    reader.go(page.locator(".from").get_by_role("link", name="名称"))
    expect(page.get_by_role("heading", name="公司与机构")).to_be_visible()
    reader.fill(page.get_by_label("查找名称"), "ＯＰＥＮＡＩ")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".name-list a").all_inner_texts() == ["OpenAI"]
    reader.open("/names/")
    assert (reader.examine(), reader.walk()) == ([], [])
    reader.go(page.locator(".subject-links").get_by_role("link", name="走势"))
    expect(page.locator(".multiples svg").first).to_be_visible()
    reader.press(page.get_by_text("逐期数字"))
    expect(page.get_by_role("columnheader", name="20180119")).to_be_visible()
    assert (reader.examine(), reader.walk()) == ([], [])


def test_an_editor_merges_a_name_into_another_and_its_address_leads_there(come: Come) -> None:
    editor = come(DESK)
    page = editor.page
    editor.sign_in()
    editor.open("/admin/news/name/?q=ncnn")
    editor.press(page.locator("tbody .action-select").first, "Space")
    page.get_by_label("动作").select_option("merge")
    editor.go(page.get_by_role("button", name="执行"))
    assert editor.examine() == []
    editor.fill(page.get_by_label("或者都并入另一个名称"), "腾讯")
    editor.go(page.get_by_role("button", name="合并"))
    expect(page.locator(".messagelist")).to_contain_text("并入“腾讯”")
    assert editor.open("/names/ncnn/") == 200
    assert page.url.endswith("/names/tencent/")
    editor.open("/admin/news/name/?q=腾讯")
    editor.go(page.locator("tbody").get_by_role("link", name="腾讯", exact=True).first)
    editor.go(page.get_by_role("button", name="拆出“NCNN”"))
    editor.open("/names/ncnn/")
    assert page.url.endswith("/names/ncnn/")
