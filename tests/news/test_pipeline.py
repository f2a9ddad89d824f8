"""The way of an article: claimed by one, done once, taken back from the dead, parked when it is poison."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from digest.demo import content
from digest.demo.proxy import serve
from news import pipeline
from news.models import Article, DropReason, Embedding, Host, PageState, Snapshot, Stage, Story
from news.pipeline import TABLE, Step
from news.sources.inbox import Fate, paste
from news.steps import Dropped, Later
from news.topics import install_starter_topics

URL = "https://mp.weixin.qq.com/s/ClhnJZkU1P9cEGfJ7CZDHA"

pytestmark = pytest.mark.django_db


@pytest.fixture
def web(settings: Any) -> Iterator[None]:
    """The sample pages under their addresses, through the demo's proxy."""
    with serve(content.PAGES) as proxy:
        settings.CRAWL_PROXY, settings.CRAWL_CA_BUNDLE, settings.CRAWL_PACE = proxy.url, str(proxy.ca_path), 0.0
        yield


def _article(**columns: Any) -> Article:
    defaults = {"canonical_url": URL, "url": URL, "host": "mp.weixin.qq.com"}
    return Article.objects.create(**defaults | columns)


def test_the_table_is_one_way_from_found_to_summarised() -> None:
    order = [Stage.FOUND]
    while order[-1] in TABLE:
        order.append(TABLE[order[-1]].then)
    assert order == [
        Stage.FOUND,
        Stage.FETCHED,
        Stage.READ,
        Stage.EMBEDDED,
        Stage.FILED,
        Stage.SUMMARISED,
    ]
    assert {step.queue for step in TABLE.values()} == {"crawl", "default", "gpu"}


@pytest.mark.usefixtures("web")
def test_a_link_becomes_a_filed_article_with_a_proven_summary() -> None:
    install_starter_topics()
    [outcome] = paste(f"看看这个：{URL}。")
    assert outcome.fate == Fate.ADDED
    pipeline.drain()
    article = Article.objects.get()
    assert (article.stage, article.state, article.drop_reason) == (Stage.SUMMARISED, PageState.OK, "")
    assert article.title == "Hailo-15 发布：智能摄像机里的 20 TOPS"
    assert article.account == "边缘视觉·示例"
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2023-03-08T02:05:00+00:00"
    assert article.snapshots.get().body.startswith(b"<!DOCTYPE html>")
    assert Embedding.objects.filter(text_hash=article.text_hash).count() == 1
    assert "chips" in article.topics.values_list("slug", flat=True)
    assert article.story is not None
    assert article.story.articles.count() == 1
    summary = article.summaries.get()
    assert 100 <= len(summary.text) <= 200
    assert [article.text[proof["start"] : proof["end"]] for proof in summary.evidence] == [
        proof["sentence"] for proof in summary.evidence
    ]
    assert paste(URL)[0].fate == Fate.KNOWN
    assert Article.objects.count() == 1


@pytest.mark.usefixtures("web")
def test_doing_a_step_again_changes_nothing() -> None:
    paste(URL)
    pipeline.drain()
    before = Article.objects.values().get()
    counts = (Snapshot.objects.count(), Embedding.objects.count(), Article.objects.get().summaries.count())
    Article.objects.update(stage=Stage.FETCHED)
    pipeline.drain()
    after = Article.objects.values().get()
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"changed_at", "due_at", "leased_until"}
    assert counts == (Snapshot.objects.count(), Embedding.objects.count(), Article.objects.get().summaries.count())


@pytest.mark.usefixtures("web")
def test_a_missing_page_is_dropped_with_its_reason() -> None:
    paste("https://mp.weixin.qq.com/s/AAAAAAAAAAAAAAAAAAAAAA")
    pipeline.drain()
    assert Article.objects.values_list("stage", "drop_reason").get() == (Stage.DROPPED, DropReason.NOT_FOUND)


def test_an_address_inside_is_refused_without_a_request() -> None:
    outcomes = paste("http://169.254.169.254/latest/ http://localhost/x http://10.0.0.1/a")
    pipeline.drain()
    assert Article.objects.exclude(stage=Stage.DROPPED, drop_reason=DropReason.REFUSED).count() == 0
    assert all(outcome.fate in (Fate.REFUSED, Fate.ADDED) for outcome in outcomes)


def _step(work: Any, attempts_stage: Stage = Stage.FETCHED) -> Step:
    return Step(attempts_stage, work, Stage.READ, "default", 8)


def test_two_workers_never_hold_the_same_article() -> None:
    _article(stage=Stage.FETCHED)
    step = _step(lambda article: {})
    assert [len(pipeline.claim(step)), len(pipeline.claim(step))] == [1, 0]


def test_what_a_dead_worker_held_comes_back_when_its_lease_ends() -> None:
    _article(stage=Stage.FETCHED)
    step = _step(lambda article: {})
    pipeline.claim(step)
    Article.objects.update(leased_until=Now() - timedelta(seconds=1))
    assert [article.pk for article in pipeline.claim(step)] == [Article.objects.get().pk]
    assert list(pipeline.claim(step)) == []


def test_a_result_that_comes_after_the_lease_was_lost_does_not_count() -> None:
    _article(stage=Stage.FETCHED)

    def slow(article: Article) -> dict[str, Any]:
        Article.objects.update(lease="somebody-else")
        return {"title": "too late"}

    step = _step(slow)
    [mine] = pipeline.claim(step)
    pipeline._carry_out(step, mine)
    # What the slow one wrote in its transaction went with it, its own planted theft included.
    assert Article.objects.values_list("stage", "title").get() == (Stage.FETCHED, "")


def test_poison_is_tried_three_times_and_parked_with_its_traceback() -> None:
    _article(stage=Stage.FETCHED)
    tried = []

    def poison(article: Article) -> dict[str, Any]:
        tried.append(article.pk)
        raise ZeroDivisionError("poison")

    step = _step(poison)
    for _ in range(5):
        Article.objects.update(due_at=Now())
        for article in pipeline.claim(step):
            pipeline._carry_out(step, article)
    article = Article.objects.get()
    assert len(tried) == 3
    assert (article.stage, article.drop_reason) == (Stage.DROPPED, DropReason.FAILED)
    assert "ZeroDivisionError: poison" in article.error


@pytest.mark.parametrize("stage", [Stage.READ, Stage.EMBEDDED, Stage.FILED])
def test_poison_at_a_later_stage_never_looks_finished(stage: Stage) -> None:
    _article(stage=stage, text="读过的正文")
    step = Step(stage, lambda article: {"title": str(1 // 0)}, TABLE[stage].then, "gpu", 8)
    for _ in range(3):
        Article.objects.update(due_at=Now())
        for article in pipeline.claim(step):
            pipeline._carry_out(step, article)
    assert Article.objects.values_list("stage", "drop_reason").get() == (Stage.DROPPED, DropReason.FAILED)


def test_a_death_is_put_down_to_the_article_that_was_worked_on_only() -> None:
    for number in range(3):
        _article(canonical_url=f"{URL}{number}", stage=Stage.FETCHED)

    class Death(BaseException):
        """What kill -9 looks like from inside: nothing more is done."""

    def deadly(article: Article) -> dict[str, Any]:
        raise Death

    step = _step(deadly)
    first, *_others = pipeline.claim(step)
    with pytest.raises(Death):
        pipeline._carry_out(step, first)
    assert sorted(Article.objects.values_list("attempts", flat=True)) == [0, 0, 1]


def test_a_nul_of_a_hostile_server_stops_nothing() -> None:
    _article(stage=Stage.FETCHED)

    def hostile(article: Article) -> dict[str, Any]:
        raise Later(timedelta(minutes=5), "JUNK\0JUNK")

    step = _step(hostile)
    for article in pipeline.claim(step):
        pipeline._carry_out(step, article)
    assert Article.objects.get().error == "JUNK\ufffdJUNK"


def test_an_article_that_ends_its_worker_three_times_is_parked_by_the_sweeper() -> None:
    _article(stage=Stage.FETCHED, attempts=3)
    assert pipeline.sweep() == []
    assert Article.objects.values_list("stage", "drop_reason").get() == (Stage.DROPPED, DropReason.FAILED)


def test_later_waits_and_keeps_the_reason() -> None:
    _article(stage=Stage.FETCHED)

    def later(article: Article) -> dict[str, Any]:
        raise Later(timedelta(minutes=5), "the site rests")

    step = _step(later)
    for article in pipeline.claim(step):
        pipeline._carry_out(step, article)
    article = Article.objects.get()
    assert article.error == "the site rests"
    assert timedelta(minutes=4) < article.due_at - timezone.now() < timedelta(minutes=6)
    assert list(pipeline.claim(step)) == []


def test_a_failure_never_overwrites_a_good_copy() -> None:
    story = Story.objects.create()
    _article(stage=Stage.FETCHED, text="好的正文", title="好的标题", state=PageState.OK, story=story)

    def gone(article: Article) -> dict[str, Any]:
        raise Dropped(DropReason.DELETED, "", state=PageState.DELETED)

    step = _step(gone)
    for article in pipeline.claim(step):
        pipeline._carry_out(step, article)
    assert Article.objects.values_list("stage", "state", "drop_reason", "text").get() == (
        Stage.SUMMARISED,
        PageState.DELETED,
        "",
        "好的正文",
    )


def test_one_request_at_a_time_a_host_and_a_pause_between_two(settings: Any) -> None:
    settings.CRAWL_PACE = 60.0
    for number in range(3):
        _article(canonical_url=f"{URL}{number}")
    step = TABLE[Stage.FOUND]
    assert len(pipeline.claim(step)) == 1
    assert list(pipeline.claim(step)) == []  # the host is busy
    Host.objects.give_back("mp.weixin.qq.com")
    assert list(pipeline.claim(step)) == []  # it rests
    Host.objects.update(next_at=Now())
    assert len(pipeline.claim(step)) == 1
