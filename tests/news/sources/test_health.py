"""How sources fare, in words, and that the editors are told of each trouble once."""

import smtplib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from digest import alerts, mail
from news.models import Article, Lead, Source
from news.sources import health

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def make(**columns: Any) -> Source:
    now = timezone.now()
    given = {"name": "笔记", "kind": "feed", "address": "https://blog.example/feed", "worked_at": now, "found_at": now}
    return Source.objects.create(**(given | columns))


def lead(source: Source, days_ago: float) -> None:
    number = Article.objects.count()
    address = f"https://blog.example/{number}"
    article = Article.objects.create(canonical_url=address, url=address, host="blog.example")
    Lead.objects.create(source=source, article=article, url=address, published_at=timezone.now() - days_ago * DAY)


def only() -> health.Health:
    [found] = health.board()
    return found


@pytest.mark.parametrize(
    ("columns", "state", "what", "needs"),
    [
        ({}, health.OK, "", False),
        ({"worked_at": None, "found_at": None}, health.NEW, "", False),
        ({"is_active": False, "failures": 3, "error": "dns: x"}, health.PAUSED, "", False),
        ({"failures": 2, "error": "http_5xx: status 500"}, health.FAILING, "网站出错了，已连续 2 次。", False),
        ({"failures": 1, "error": "not_found: status 404"}, health.FAILING, "页面不存在，已连续 1 次。", True),
        ({"failures": 1, "error": "challenge: x"}, health.WALLED, "网站要求人工验证，已连续 1 次。", True),
        ({"failures": 1, "error": "unheard of"}, health.FAILING, "出了没有预料到的问题，已连续 1 次。", False),
    ],
)
def test_each_state_has_its_sentence(columns: dict[str, Any], state: str, what: str, needs: bool) -> None:
    make(**columns)
    found = only()
    assert (found.state, found.what, found.needs_a_person, bool(found.advice)) == (state, what, needs, bool(what))


def test_a_failure_of_more_than_a_day_needs_a_person() -> None:
    make(failures=9, error="http_5xx: status 500", worked_at=timezone.now() - 25 * timedelta(hours=1))
    assert only().needs_a_person


@pytest.mark.parametrize(
    ("gap_days", "quiet_days", "state"),
    [(0.1, 2.9, health.OK), (0.1, 3.1, health.SILENT), (7, 20, health.OK), (7, 22, health.SILENT)],
)
def test_silence_is_three_times_the_usual_pause_and_three_days_at_least(
    gap_days: float, quiet_days: float, state: str
) -> None:
    source = make(found_at=timezone.now() - quiet_days * DAY)
    for n in range(6):
        lead(source, quiet_days + n * gap_days)
    assert only().state == state


def test_silence_says_how_long_and_what_is_usual() -> None:
    source = make(found_at=timezone.now() - 30 * DAY)
    for n in range(4):
        lead(source, 30 + 7 * n)
    assert only().what == "30 天没有新文章；平常约 7 天一篇。"
    Lead.objects.all().delete()
    Source.objects.update(found_at=None, created_at=timezone.now() - 4 * DAY)
    assert only().what == "看过多次，还没有带来过文章。"


def test_the_board_costs_the_same_however_many(django_assert_num_queries: Any) -> None:
    lead(make(), 1)
    with django_assert_num_queries(2):
        health.board()
    for n in range(3):
        lead(make(name=f"又一个{n}"), 1)
    with django_assert_num_queries(2):
        health.board()


@pytest.fixture
def box(settings: Any, tmp_path: Path) -> Path:
    settings.EDITORS_EMAIL, settings.OUTBOX_DIR = ["desk@example.com"], tmp_path
    settings.EMAIL_BACKEND = "digest.mail.OutboxBackend"
    return tmp_path


def test_each_trouble_is_told_once(box: Path) -> None:
    silent = make(found_at=timezone.now() - 9 * DAY)
    make(name="坏了", failures=9, error="http_5xx: x", worked_at=timezone.now() - 2 * DAY)
    make(name="刚坏", failures=1, error="not_found: x")
    assert alerts.tell_of_sources() == 2
    assert alerts.tell_of_sources() == 0
    assert len(list(box.glob("*.eml"))) == 1
    Source.objects.filter(pk=silent.pk).update(alerted_at=None)  # it had come back, and fell silent again
    assert alerts.tell_of_sources() == 1


def test_a_relay_that_refuses_leaves_the_letter_owed(box: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(found_at=timezone.now() - 9 * DAY)

    def refuse(*_: Any, **__: Any) -> None:
        raise smtplib.SMTPServerDisconnected

    with monkeypatch.context() as patched:
        patched.setattr(mail, "post", refuse)
        with pytest.raises(smtplib.SMTPServerDisconnected):
            alerts.tell_of_sources()
    assert alerts.tell_of_sources() == 1


def test_without_an_address_nobody_is_told(settings: Any) -> None:
    settings.EDITORS_EMAIL = []
    make(found_at=timezone.now() - 9 * DAY)
    assert alerts.tell_of_sources() == 0
    assert Source.objects.get().alerted_at is None


def test_the_letter_says_what_to_do() -> None:
    make(found_at=timezone.now() - 9 * DAY)
    letter = mail.letter("sources", "desk@example.com", {"sources": health.needing_attention(), "count": 1, "more": 0})
    assert letter.subject == "1 个来源需要看一下"
    assert "9 天没有新文章" in letter.body
    assert "打开来源看看" in letter.body
    assert "/admin/news/source/health/" in letter.body
