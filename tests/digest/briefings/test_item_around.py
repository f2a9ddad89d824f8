"""An item's page: what was printed before, what came after, the whole matter in its order, and who else told it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from digest.briefings.models import Briefing, Item, Reported
from digest.briefings.reports import around
from news.models import Article, Stage, Story
from tests.news.articles import make_article

pytestmark = pytest.mark.django_db
Issue = Callable[..., Briefing]


def _printed(issue: Issue, day: str, headline: str) -> Item:
    return issue(day, {"headline": headline, "url": f"https://a.example/{day}"}).items.get()


def _follows(later: Item, item: Item) -> Reported:
    return Reported.objects.create(later=later, item=item, kind="followup")


def test_two_reports_name_each_other(issue: Issue, client: Client) -> None:
    first, second = _printed(issue, "2026-03-06", "门锁芯片发布"), _printed(issue, "2026-04-17", "门锁芯片供货")
    _follows(second, first)
    page = client.get(second.get_absolute_url()).content.decode()
    assert '<h2 id="before-heading">此前报道</h2>' in page
    assert f'<a rel="prev" href="{first.get_absolute_url()}" lang="zh-Hans">门锁芯片发布</a>' in page
    page = client.get(first.get_absolute_url()).content.decode()
    assert '<h2 id="before-heading">后续</h2>' in page
    assert f'<a rel="next" href="{second.get_absolute_url()}" lang="zh-Hans">门锁芯片供货</a>' in page


def test_a_matter_over_several_issues_is_a_timeline(issue: Issue, client: Client) -> None:
    days = ["2026-03-06", "2026-04-17", "2026-05-08", "2026-06-05"]
    items = [_printed(issue, day, f"第{number}步") for number, day in enumerate(days)]
    for item, later in pairwise(items):
        _follows(later, item)
    found = around(items[1])
    assert ([one.headline for one in found.earlier], [one.headline for one in found.later]) == (["第0步"], ["第2步"])
    assert found.timeline == items
    page = client.get(items[1].get_absolute_url()).content.decode()
    assert page.count('<li aria-current="true">') == 1
    assert [page.count(item.headline) > 0 for item in items] == [True] * 4


def test_drafts_and_what_was_dismissed_are_not_shown(issue: Issue) -> None:
    first, second = _printed(issue, "2026-03-06", "一"), _printed(issue, "2026-04-17", "二")
    Reported.objects.filter(pk=_follows(second, first).pk).update(dismissed_at=datetime(2026, 5, 1, tzinfo=UTC))
    draft = issue("2026-05-08", {"headline": "草稿"}, published=False).items.get()
    _follows(draft, first)
    assert (around(first).earlier, around(first).later, around(first).timeline) == ([], [], [])


def _telling(number: int, story: Story, **columns: object) -> Article:
    return make_article(
        f"另一家说{number}",
        "正文",
        story=story,
        stage=Stage.SUMMARISED,
        account=f"账号{number}",
        published_at=datetime(2026, 3, 5, tzinfo=UTC) + timedelta(hours=number),
        **columns,
    )


def test_other_sources_are_named_but_reprints_are_not(issue: Issue, client: Client) -> None:
    story = Story.objects.create()
    own, other = _telling(1, story), _telling(2, story)
    _telling(3, story, duplicate_of=other)
    item = _printed(issue, "2026-03-06", "门锁芯片发布")
    Item.objects.filter(pk=item.pk).update(article=own)
    page = client.get(item.get_absolute_url()).content.decode()
    assert '<h2 id="elsewhere-heading">同一事件的其他报道</h2>' in page
    assert "2 个独立来源，最早见于 账号1" in page
    assert f'<a href="{other.canonical_url}" rel="noopener nofollow" lang="zh-Hans">另一家说2</a>' in page
    assert ("另一家说1" in page, "另一家说3" in page) == (False, False)


def test_the_page_asks_as_often_for_one_as_for_three(issue: Issue, client: Client) -> None:
    story = Story.objects.create()
    item = _printed(issue, "2026-03-06", "门锁芯片发布")
    Item.objects.filter(pk=item.pk).update(article=_telling(1, story))
    counts = []
    for number in (2, 3, 4):
        _telling(number, story)
        _follows(_printed(issue, f"2026-03-1{number}", f"后续{number}"), item)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(item.get_absolute_url()).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]
