"""An editor corrects topics without a mouse; the next article like them is filed as the editor would have it."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.stories.conftest import Come, visits
from tests.stories.kettles import NEXT, REAL, TEXTS
from tests.stories.place import Place, until
from tests.stories.place import place as open_place
from tests.stories.visitor import DESK, PHONE, Visitor

FIRST, SECOND, THIRD = TEXTS


@pytest.fixture(scope="module")
def quiet() -> Iterator[Place]:
    """A site of its own: at the shared one the desk has more to ask than kettles."""
    with open_place() as made:
        yield made


def test_a_correction_changes_how_the_next_article_is_filed(quiet: Place, chromium: Browser) -> None:
    with visits(chromium, quiet) as come:
        _correct(quiet, come)


def _correct(place: Place, come: Come) -> None:
    editor = come(DESK)
    editor.sign_in()
    place.ask("kettles")
    assert _filed(place, 3) == dict.fromkeys(TEXTS, True)
    _refuse_on_its_page(editor, FIRST)
    answered = _answer_what_is_asked(editor)
    _refuse_on_its_page(editor, THIRD if answered == SECOND else SECOND)
    until(lambda: place.ask("kettles_standing")["learned"] >= 3, f"three corrections are learned; {place.logs()}")
    place.ask("kettles_again")
    assert _filed(place, 5) == {FIRST: False, SECOND: False, THIRD: False, NEXT: False, REAL: True}
    _read_why(editor)
    _try_a_threshold(editor)


def _filed(place: Place, count: int) -> dict[str, bool]:
    def through() -> Any:
        filed = place.ask("kettles_standing")["filed"]
        return filed if len(filed) == count else None

    return until(through, f"{count} kettles are filed; {place.logs()}")


def _refuse_on_its_page(editor: Visitor, title: str) -> None:
    page = editor.page
    _open_article(editor, title)
    row = page.locator("#filed-group tr.has_original", has=page.locator(".original", has_text="芯片与算力: "))
    expect(row.locator(".field-reason")).to_contain_text("关键词：芯片")
    editor.press(row.locator("[name$=is_rejected]"), "Space")
    editor.go(page.locator("[name=_continue]"))
    expect(row.locator("[name$=is_rejected]")).to_be_checked()


def _answer_what_is_asked(editor: Visitor) -> str:
    """Answer for one of the other two, all of its topics at one press. The desk asks about no two that are alike."""
    page = editor.page
    editor.open("/admin/news/topic/")
    editor.go(page.get_by_role("link", name="先核对这些文章"))
    assert editor.examine() == []
    asked = page.locator(".topic-question").all_inner_texts()
    title = next(one for one in (SECOND, THIRD) if any(one in text for text in asked))
    question = page.locator(".topic-question").filter(has_text=title)
    for box in question.get_by_role("checkbox", checked=True).all():
        editor.press(box, "Space")
    editor.go(question.get_by_role("button", name="记下"))
    expect(page.locator(".messagelist")).to_contain_text(f"记下了：《{title}》。")
    expect(question).to_have_count(0)
    page.set_viewport_size(PHONE)
    assert editor.examine() == []
    page.set_viewport_size(DESK)
    return title


def _read_why(editor: Visitor) -> None:
    """What is still filed says why; the title becomes an example at one press."""
    page = editor.page
    _open_article(editor, REAL)
    row = page.locator("#filed-group tr.has_original", has=page.locator(".original", has_text="芯片与算力: "))
    expect(row.locator(".field-reason")).to_contain_text("相近的例句")
    editor.go(row.get_by_role("button", name="设为例句"))
    expect(page.locator(".messagelist")).to_contain_text(f"《{REAL}》成了「芯片与算力」的例句。")


def _try_a_threshold(editor: Visitor) -> None:
    page = editor.page
    editor.open("/admin/news/topic/?q=芯片")
    editor.go(page.locator("#result_list tbody th a"))
    editor.go(page.get_by_role("link", name="阈值与质量"))
    expect(page.get_by_text("随纠正自动调整")).to_be_visible()
    editor.fill(page.get_by_label("新的阈值"), "0.99")
    editor.go(page.get_by_role("button", name="先看会改变什么"))
    expect(page.get_by_role("heading", name="阈值改成 0.99 会改变什么")).to_be_visible()
    assert (editor.examine(), editor.walk(200)) == ([], [])
    editor.go(page.get_by_role("button", name="就用这个阈值"))
    expect(page.get_by_text("现在的阈值是 0.99，由编辑定。")).to_be_visible()
    editor.go(page.get_by_role("button", name="改回自动调整"))
    expect(page.get_by_text("随纠正自动调整")).to_be_visible()
    page.set_viewport_size(PHONE)
    assert editor.examine() == []
    page.set_viewport_size(DESK)


def _open_article(editor: Visitor, title: str) -> None:
    editor.open(f"/admin/news/article/?q={title}")
    editor.go(editor.page.locator("#result_list tbody th a").filter(has_text=title))
