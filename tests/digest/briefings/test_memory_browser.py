"""The memory in a browser: past issues are taken in, an article about a printed event says so, an editor says no."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from digest.briefings import memory
from digest.briefings.models import Briefing, Item, Reported
from news.models import Stage, Story, Summary
from tests.digest.briefings.test_memory import DIGEST, HEADLINE, OTHER, RETOLD
from tests.digest.briefings.test_reader_browser import opened
from tests.news.articles import make_article

pytestmark = pytest.mark.django_db(transaction=True)
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
WIDTHS = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
PAST = {
    "issue_20260227.md": f"# 1. [方言也有了语音数据](https://a.example/1) | 乡音\n\n{OTHER}\n",
    "issue_20260306.md": f"# 1. [别的事](https://a.example/2)\n\n一段话。\n\n# 2. [{HEADLINE}](https://a.example/3)\n\n{DIGEST}\n",
}


@pytest.fixture
def session() -> dict[str, str]:
    desk = Client()
    desk.force_login(User.objects.create_superuser("editor", password="a long enough word"))
    return {"name": next(iter(desk.cookies)), "value": next(iter(desk.cookies.values())).value}


def test_a_printed_event_is_recognised_and_an_editor_may_deny_it(
    live_server: Any, session: dict[str, str], tmp_path: Path
) -> None:
    _take_in(live_server.url, session, tmp_path)
    assert [(one.number, one.is_imported) for one in Briefing.objects.all()] == [("20260306", True), ("20260227", True)]
    article = make_article(
        "晨星半导体推出门锁推理芯片",
        RETOLD,
        stage=Stage.SUMMARISED,
        state="ok",
        published_at=datetime(2026, 3, 9, tzinfo=UTC),
        story=Story.objects.create(),
    )
    Summary.objects.create(article=article, summariser="extractive@1", text="摘要", text_hash="x")
    draft = Briefing.objects.create(date="2026-03-13")
    memory.sweep()
    _deny(live_server.url, session, draft.pk)
    assert Reported.objects.get().dismissed_by == User.objects.get()
    memory.sweep()
    assert Reported.objects.standing().count() == 0


def _take_in(site: str, session: dict[str, str], folder: Path) -> None:
    """By the keyboard, but for the choice of files, which is the browser's own."""
    for name, text in PAST.items():
        (folder / name).write_text(text, encoding="utf-8")
    with opened(site, viewport=DESK) as (page, _faults):
        page.context.add_cookies([{**session, "url": site}])  # type: ignore[list-item]
        page.goto(site + reverse("admin:briefings_import"))
        page.set_input_files("#id_chosen", [folder / name for name in PAST])
        page.get_by_role("button", name="看看里面有什么").press("Enter")
        page.locator(".desk-past").first.wait_for()
        assert page.locator(".desk-past .fate").all_inner_texts() == ["新的一期", "新的一期"]
        _fits(page, "import")
        button = page.get_by_role("button", name="全部收下")
        assert button.evaluate("element => element === document.activeElement")
        page.keyboard.press("Enter")
        page.locator(".messagelist").wait_for()
        assert page.locator(".messagelist").inner_text() == "收了 2 期 3 条，发布在原来的日期，没有寄给任何人。"


def _deny(site: str, session: dict[str, str], draft: int) -> None:
    with opened(site, viewport=PHONE) as (page, _faults):
        page.context.add_cookies([{**session, "url": site}])  # type: ignore[list-item]
        page.goto(site + reverse("admin:briefings_briefing_candidates", args=[draft]))
        told = page.locator(".desk-told li").first
        assert "20260306 期第 2 条已报道" in told.inner_text()
        assert page.get_by_role("heading", name="往期已报道").count() == 1
        _fits(page, "candidates")
        page.get_by_role("button", name="不是同一件事").press("Enter")
        page.locator(".messagelist").wait_for()
        assert page.locator(".messagelist").inner_text() == "记住了：不是同一件事，以后不再提示。"
        assert page.locator(".desk-told").count() == 0
        assert page.get_by_role("checkbox", name="晨星半导体推出门锁推理芯片").count() == 1


def test_a_reader_follows_a_matter_on_a_telephone(live_server: Any) -> None:
    story = Story.objects.create()
    tellings = [
        make_article(
            f"第{n}家说门锁", "正文", story=story, stage=Stage.SUMMARISED, account=f"第{n}家", published_at=_day(n)
        )
        for n in (1, 2)
    ]
    steps = []
    for number, day in enumerate(["2026-03-06", "2026-04-17", "2026-05-08"]):
        made = Briefing.objects.create(date=day, published_at=_day(number + 1))
        steps.append(Item.objects.create(briefing=made, position=1, headline=f"门锁芯片的第{number}步", text=DIGEST))
    Item.objects.filter(pk=steps[1].pk).update(article=tellings[0])
    for item, later in ((steps[0], steps[1]), (steps[1], steps[2])):
        Reported.objects.create(item=item, later=later, kind="followup")
    address = live_server.url + steps[1].get_absolute_url()
    for scheme in ("light", "dark"):
        with opened(live_server.url, viewport=PHONE, color_scheme=scheme, java_script_enabled=False) as (page, faults):
            page.goto(address)
            assert page.locator(".timeline li").count() == 3
            assert page.get_by_role("heading", name="同一事件的其他报道").count() == 1
            if os.environ.get("SHOTS"):
                page.screenshot(path=f"{os.environ['SHOTS']}/item-{scheme}.png", full_page=True)
            page.get_by_role("link", name="门锁芯片的第0步").press("Enter")
            page.wait_for_url(live_server.url + steps[0].get_absolute_url())
            assert faults == []


def _day(number: int) -> datetime:
    return datetime(2026, 3, number, tzinfo=UTC)


def _fits(page: Any, name: str) -> None:
    full, seen = page.evaluate(WIDTHS)
    assert full == seen
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/{name}.png", full_page=True)
