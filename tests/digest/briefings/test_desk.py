"""The desk of the paper: what an editor does with an issue in the admin."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from digest.briefings.models import Briefing, Item
from news.models import Article, Stage, Story, Summary

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("editor", password="a long enough word"))
    return client


def _article(number: int) -> Article:
    url = f"https://a.example/{number}"
    article = Article.objects.create(
        canonical_url=url,
        url=url,
        host="a.example",
        stage=Stage.SUMMARISED,
        state="ok",
        title=f"文章{number}",
        account="某号",
        story=Story.objects.create(),
    )
    Summary.objects.create(article=article, summariser="extractive@1", text=f"摘要{number}", text_hash="x")
    return article


def _draft(items: int = 2) -> Briefing:
    briefing = Briefing.objects.create(date=date(2023, 3, 10))
    for position in range(1, items + 1):
        Item.objects.create(
            briefing=briefing,
            position=position,
            headline=f"条目{position}",
            text="机器写的。",
            machine_text="机器写的。",
            is_machine_made=True,
            url=f"https://a.example/{position}",
            source_name="某号",
        )
    return briefing


def _form(briefing: Briefing, version: int | None = None, **changes: Any) -> dict[str, Any]:
    """The change page's form as a browser would send it."""
    items = list(briefing.items.order_by("position"))
    data: dict[str, Any] = {
        "date": "2023-03-10",
        "lead": briefing.lead,
        "closing": "",
        "seen_version": version or briefing.version,
        "items-TOTAL_FORMS": len(items),
        "items-INITIAL_FORMS": len(items),
    }
    for place, item in enumerate(items):
        for name in ("position", "headline", "text", "url", "source_name", "notice"):
            data[f"items-{place}-{name}"] = getattr(item, name)
        data |= {f"items-{place}-id": item.pk, f"items-{place}-briefing": briefing.pk, f"items-{place}-article": ""}
    return data | changes


def _change(briefing: Briefing) -> str:
    return reverse("admin:briefings_briefing_change", args=[briefing.pk])


def test_compose_makes_a_draft_of_what_was_crawled(desk: Client) -> None:
    for number in (1, 2, 3):
        _article(number)
    answer = desk.post(reverse("admin:briefings_briefing_compose"), {"date": "2026-11-27", "items": 2})
    briefing = Briefing.objects.get()
    assert answer["Location"] == _change(briefing)
    assert (briefing.date, briefing.items.count(), briefing.is_published) == (date(2026, 11, 27), 2, False)


def test_compose_of_a_published_date_says_so(desk: Client) -> None:
    _draft().publish(None)
    answer = desk.post(reverse("admin:briefings_briefing_compose"), {"date": "2023-03-10", "items": 2})
    assert "AI 简报 20230310 期 已经发布，不能再自动编排" in answer.content.decode()


def test_an_edit_reorders_and_takes_the_label_away(desk: Client) -> None:
    briefing = _draft()
    edited = _form(briefing, **{"items-0-position": 9, "items-0-text": "人写的。"})
    assert desk.post(_change(briefing), edited).status_code == 302
    rows = briefing.items.order_by("position").values_list("position", "headline", "is_machine_made", "machine_text")
    assert list(rows) == [(1, "条目2", True, "机器写的。"), (2, "条目1", False, "机器写的。")]


def test_saving_unchanged_text_keeps_the_label(desk: Client) -> None:
    briefing = _draft()
    desk.post(_change(briefing), _form(briefing, lead="导语"))
    assert list(briefing.items.values_list("is_machine_made", flat=True)) == [True, True]
    briefing.refresh_from_db()
    assert briefing.lead == "导语"


def test_an_item_of_ones_own_and_one_taken_away(desk: Client) -> None:
    briefing = _draft()
    own = {
        "items-TOTAL_FORMS": 3,
        "items-1-DELETE": "on",
        "items-2-position": 5,
        "items-2-headline": "编辑自己写的",
        "items-2-text": "正文",
        "items-2-briefing": briefing.pk,
    }
    assert desk.post(_change(briefing), _form(briefing, **own)).status_code == 302
    rows = briefing.items.order_by("position").values_list("position", "headline", "is_machine_made")
    assert list(rows) == [(1, "条目1", True), (2, "编辑自己写的", False)]


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(desk: Client) -> None:
    briefing = _draft()
    assert desk.post(_change(briefing), _form(briefing, lead="甲的导语")).status_code == 302
    answer = desk.post(_change(briefing), _form(briefing, lead="乙的导语"))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "已被别人修改" in page
    assert "乙的导语" in page  # what the second wrote is still in the form
    briefing.refresh_from_db()
    assert briefing.lead == "甲的导语"


def test_candidates_are_added_in_the_order_ticked(desk: Client) -> None:
    briefing = _draft(1)
    second, first = _article(8), _article(9)
    address = reverse("admin:briefings_briefing_candidates", args=[briefing.pk])
    assert "文章9" in desk.get(address).content.decode()
    desk.post(address, {"article": [first.pk, second.pk]})
    assert list(briefing.items.order_by("position").values_list("headline", flat=True)) == ["条目1", "文章9", "文章8"]


def test_a_second_press_adds_nothing_twice(desk: Client) -> None:
    briefing, article = _draft(0), _article(1)
    address = reverse("admin:briefings_briefing_candidates", args=[briefing.pk])
    for _press in range(2):
        desk.post(address, {"article": [article.pk]})
    assert briefing.items.count() == 1


def test_an_odd_address_is_not_found(desk: Client) -> None:
    for view in ("preview", "publish", "candidates"):
        assert desk.get(f"/admin/briefings/briefing/abc/{view}/").status_code in (302, 404)


def test_the_first_page_tells_a_guest_nothing(client: Client) -> None:
    _draft()
    Article.objects.create(
        canonical_url="https://b.example/", url="x", host="b.example", stage=Stage.DROPPED, drop_reason="deleted"
    )
    client.force_login(User.objects.create_user("guest", password="a long enough word", is_staff=True))
    page = client.get(reverse("admin:index")).content.decode()
    assert "https://b.example/" not in page
    assert "20230310" not in page
    assert "粘贴链接" not in page


def test_samples_keep_nothing_out_of_a_real_issue(desk: Client) -> None:
    article = _article(1)
    sample = Briefing.objects.create(date=date(2023, 3, 3), is_sample=True)
    Item.objects.create(briefing=sample, position=1, headline="示例", text="-", article=article)
    desk.post(reverse("admin:briefings_briefing_compose"), {"date": "2026-11-27", "items": 5})
    assert Briefing.objects.get(date=date(2026, 11, 27)).items.get().article == article


def test_preview_shows_a_draft_to_editors_only(desk: Client) -> None:
    briefing = _draft()
    address = reverse("admin:briefings_briefing_preview", args=[briefing.pk])
    answer = desk.get(address)
    assert "条目2" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert Client().get(address).status_code == 302
    assert Client().get(briefing.get_absolute_url()).status_code == 404


def test_publish_needs_a_post_and_happens_once(desk: Client) -> None:
    briefing = _draft()
    address = reverse("admin:briefings_briefing_publish", args=[briefing.pk])
    assert desk.get(address).status_code == 200
    briefing.refresh_from_db()
    assert briefing.published_at is None
    desk.post(address)
    briefing.refresh_from_db()
    first = briefing.published_at
    assert first is not None
    desk.post(address)
    briefing.refresh_from_db()
    assert briefing.published_at == first
    assert Client().get(briefing.get_absolute_url()).status_code == 200


def test_a_blocking_finding_keeps_an_issue_back(desk: Client) -> None:
    briefing = _draft()
    briefing.items.filter(position=2).update(text="")
    address = reverse("admin:briefings_briefing_publish", args=[briefing.pk])
    answer = desk.post(address)
    assert "没有摘要" in answer.content.decode()
    briefing.refresh_from_db()
    assert briefing.published_at is None


def test_the_double_link_is_marked_on_the_change_page(desk: Client) -> None:
    briefing = _draft()
    briefing.items.update(url="https://a.example/same")
    page = desk.get(_change(briefing)).content.decode()
    assert page.count("与另一条目的原文链接相同：https://a.example/same") == 2


@pytest.mark.parametrize("view", ["compose", "candidates", "publish", "preview"])
def test_who_has_no_permission_is_refused(client: Client, view: str) -> None:
    client.force_login(User.objects.create_user("guest", password="a long enough word", is_staff=True))
    arguments = [] if view == "compose" else [_draft().pk]
    assert client.get(reverse(f"admin:briefings_briefing_{view}", args=arguments)).status_code == 403


def test_publishing_at_the_same_time_publishes_once() -> None:
    briefing = _draft()
    same = Briefing.objects.get(pk=briefing.pk)
    assert [briefing.publish(None), same.publish(None)] == [True, False]


def test_the_first_page_says_what_there_is_to_do(desk: Client) -> None:
    _draft()
    _article(1)
    Article.objects.create(
        canonical_url="https://b.example/", url="x", host="b.example", stage=Stage.DROPPED, drop_reason="deleted"
    )
    page = desk.get(reverse("admin:index")).content.decode()
    assert "继续编辑 AI 简报 20230310 期" in page
    assert "（1 篇候选）" in page
    assert "https://b.example/" in page
    assert "原文已被作者删除" in page
