"""An editor parts a story by hand, without a mouse; fifty more articles about the same event do not undo it."""

from typing import Any

from playwright.sync_api import expect

from tests.stories.conftest import Come
from tests.stories.event import FIRST, LATER
from tests.stories.place import Place, until
from tests.stories.visitor import DESK, PHONE, Visitor


def test_a_split_story_stays_split(place: Place, come: Come) -> None:
    editor = come(DESK)
    editor.sign_in()
    place.ask("event_begins")
    assert _filed(place, FIRST) == [[0, 1, 2, 3]]
    _split(editor)
    assert _filed(place, FIRST) == [[0, 2], [1, 3]]
    place.ask("event_goes_on")
    first, second = _filed(place, FIRST + LATER)
    assert {0, 2} <= set(first)
    assert {1, 3} <= set(second)
    assert sorted(first + second) == list(range(FIRST + LATER))
    _look_at_both(editor)
    _undo(editor)
    one = next(numbers for numbers in _filed(place, FIRST + LATER) if 0 in numbers)
    assert {0, 1, 2, 3} <= set(one)


def _filed(place: Place, count: int) -> list[list[int]]:
    """How the articles stand once the workers have nothing left to do."""

    def settled() -> Any:
        said = place.ask("event_standing")
        done = not said["waiting"] and sum(map(len, said["stories"])) == count
        return said["stories"] if done else None

    return until(settled, f"{count} articles are filed; {place.logs()}")


def _split(editor: Visitor) -> None:
    page = editor.page
    editor.open("/admin/news/story/?q=门锁推理芯片")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    editor.go(page.locator("#result_list tbody th a"))
    expect(page.locator(".story-told > li")).to_have_count(4)
    expect(page.get_by_text("4 篇文章，4 个独立来源")).to_be_visible()
    assert (editor.examine(), editor.walk(200)) == ([], [])
    button = page.get_by_role("button", name="把勾选的文章分成另一个事件")
    editor.go(button)
    expect(page.locator(".messagelist")).to_have_text("请先勾选要分出去的文章。")
    for number in (1, 3):
        editor.press(
            page.locator(".story-told > li").filter(has_text=f"第{number + 1}家报纸").get_by_role("checkbox"), "Space"
        )
    editor.go(button)
    expect(page.locator(".messagelist")).to_contain_text("已拆分，以后不会再自动合到一起。")
    expect(page.locator(".story-told > li")).to_have_count(2)


def _look_at_both(editor: Visitor) -> None:
    """Two stories with the same name, one of them offered to the other for merging; all of it fits on a phone."""
    page = editor.page
    editor.open("/admin/news/story/?q=门锁推理芯片")
    expect(page.locator("#result_list tbody tr")).to_have_count(2)
    editor.go(page.locator("#result_list tbody th a").first)
    expect(page.locator(".story-decisions > li")).to_have_count(1)
    expect(page.locator(".story-offers").get_by_role("radio").first).to_be_visible()
    page.set_viewport_size(PHONE)
    assert editor.examine() == []
    page.set_viewport_size(DESK)


def _undo(editor: Visitor) -> None:
    page = editor.page
    editor.go(page.get_by_role("button", name="撤销"))
    expect(page.locator(".messagelist")).to_contain_text("已撤销：拆分")
    expect(page.get_by_role("button", name="撤销")).to_have_count(0)
