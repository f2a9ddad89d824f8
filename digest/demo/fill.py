"""Fills an empty site with the demo, through the pipeline; and takes the demo away again.

The sample pages are answered by the demo's own proxy, which is the CRAWL_PROXY of one child process and of nothing
else: the guard makes no exception for them, and a site that is running goes on using its own settings.
"""

import os
import subprocess
import sys
import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from digest.briefings.compose import add_items
from digest.briefings.index import index
from digest.briefings.models import Briefing, Item
from digest.demo import content
from digest.demo.proxy import serve
from digest.events.models import Event, Tour
from news import pictures, pipeline
from news.models import INBOX, Article, Picture, Source, Stage, Story, Topic
from news.names.starter import install_starter_names
from news.sources.inbox import add
from news.topics import install_starter_topics

SOURCE = "示例来源"
SHANGHAI = ZoneInfo("Asia/Shanghai")
Report = Callable[[int, int], None]


class DemoFailed(Exception):
    """The demo could not be made; the message says which page and why."""


def is_empty() -> bool:
    """Whether nothing of an editor's own is here yet, nor a whole demo."""
    return not Briefing.objects.exists() and not Article.objects.filter(is_sample=False).exists()


def fill_in_a_child() -> int:
    """Start the demo's proxy and a child that crawls through it. Returns the child's exit status."""
    with serve(content.PAGES) as proxy:
        environment = os.environ | {
            "CRAWL_PROXY": proxy.url,
            "CRAWL_CA_BUNDLE": str(proxy.ca_path),
            "CRAWL_PACE": "0",  # nobody's server is asked but our own
        }
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "demo", "--through-the-proxy"]
        return subprocess.run(command, env=environment).returncode


def fill(report: Report) -> None:
    """Crawl the sample pages, compose both issues, publish them, add the tour. Begins anew after an interruption."""
    remove()
    install_starter_topics()
    install_starter_names()
    articles = _crawl(report)
    with transaction.atomic():
        for sample in content.BRIEFINGS:
            _publish(sample, articles)
        _add_tour(Briefing.objects.filter(is_sample=True).newest_first()[0])


def remove() -> None:
    """Take every sample away, also the sign-ups and offers for the sample tour; all else stays."""
    with transaction.atomic():
        Tour.objects.filter(is_sample=True).delete()
        Briefing.objects.filter(is_sample=True).delete()
        for picture in Picture.objects.filter(articles__is_sample=True).distinct():
            pictures.discard(picture)
        Article.objects.filter(is_sample=True).delete()
        Source.objects.filter(is_sample=True).delete()
        Story.objects.filter(articles=None).delete()


def _crawl(report: Report) -> dict[str, Article]:
    """The sample articles by their address, at the end of the pipeline."""
    source = Source.objects.create(name=SOURCE, kind=INBOX, is_sample=True)
    addresses = [item.url for sample in content.BRIEFINGS for item in sample.items if not item.is_editors_own]
    lease = f"demo-{uuid.uuid4().hex[:8]}"
    for address in addresses:
        # Leased from the first moment, so that no worker of a running site asks the real address for them.
        reserved: dict[str, Any] = {"lease": lease, "leased_until": timezone.now() + timedelta(minutes=10)}
        add(address, source, is_sample=True, **reserved)
    mine = Article.objects.filter(is_sample=True)
    for done, article in enumerate(list(mine.filter(lease=lease)), start=1):
        pipeline.work_on(article)
        report(done, 2 * len(addresses))

    def report_stages() -> None:
        report(len(addresses) + mine.filter(stage=Stage.SUMMARISED).count(), 2 * len(addresses))

    # Not the first stage: an editor's own links that wait must not be asked of the demo's proxy.
    pipeline.drain(report_stages, [stage for stage in pipeline.TABLE if stage != Stage.FOUND])
    while pictures.fetch_next(samples=True):
        pass
    if failed := mine.exclude(stage=Stage.SUMMARISED).first():
        raise DemoFailed(f"{failed.canonical_url}: {failed.stage} {failed.drop_reason} {failed.error}")
    return {lead.url: lead.article for lead in source.leads.select_related("article")}


def _publish(sample: content.SampleBriefing, articles: dict[str, Article]) -> None:
    briefing = Briefing.objects.create(date=sample.date, lead=sample.lead, closing=sample.closing, is_sample=True)
    for position, item in enumerate(sample.items, start=1):
        if item.is_editors_own:
            _add_own(briefing, position, item)
        else:
            add_items(briefing, [articles[item.url]])
    index(list(briefing.items.all()))
    evening = datetime.combine(sample.date, time(18), SHANGHAI)
    Briefing.objects.filter(pk=briefing.pk).update(published_at=evening)


def _add_own(briefing: Briefing, position: int, item: content.Item) -> None:
    own = Item.objects.create(
        briefing=briefing,
        position=position,
        headline=item.headline,
        text=item.text,
        url=item.url,
        source_name=item.source_name,
    )
    own.topics.set(Topic.objects.filter(slug__in=item.topics))


def _add_tour(briefing: Briefing) -> None:
    plan = content.TOUR
    tour = Tour.objects.create(
        name=plan.name,
        slug="rt-thread-sample",
        intro=plan.intro,
        contact_wechat=plan.contact_wechat,
        contact_note=plan.contact_note,
        contact_remark=plan.sample_notice,
        is_sample=True,
    )
    tour.briefings.add(briefing)
    today = timezone.localdate()
    for position, stop in enumerate(plan.stops, start=1):
        Event.objects.create(
            tour=tour,
            position=position,
            city=stop.city,
            city_en=CITIES[stop.city],
            starts_at=_moment(today, stop.days_ahead, stop.starts_at),
            ends_at=_moment(today, stop.days_ahead, stop.ends_at),
            venue=stop.venue,
            address=stop.address,
            seats=stop.capacity,
            audience=plan.audience,
            prepare=plan.prepare,
            bring=plan.bring,
        )


CITIES = {
    "青岛": "Qingdao",
    "北京": "Beijing",
    "西安": "Xi'an",
    "成都": "Chengdu",
    "武汉": "Wuhan",
    "郑州": "Zhengzhou",
    "杭州": "Hangzhou",
    "深圳": "Shenzhen",
}


def _moment(today: date, days_ahead: int | None, clock: str) -> datetime | None:
    if days_ahead is None:
        return None
    return datetime.combine(today + timedelta(days=days_ahead), time.fromisoformat(clock), SHANGHAI)
