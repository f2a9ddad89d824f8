"""`compose` makes a balanced draft for a date from the best unpublished stories.

An article's worth is how well it is filed, how many independent sources tell its story, whether it is an original, and
how fresh it is at the date of the issue. Articles are then taken one by one, each topic costing more the oftener it was
taken, so that ten launches of one kind do not push everything else out. One story gives one item, and what was printed
before, in an imported issue too, is left out unless the editor says otherwise (memory.py says what that is).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from digest.briefings.index import index
from digest.briefings.models import Briefing, Item, Reported
from digest.briefings.reports import with_reports
from news.models import Article, ArticleTopic, Summary, Topic

ITEMS = 8
FRESH_DAYS = 14.0  # after so many days an article is worth half
REPEAT_COST = 0.35  # of each earlier item of the same topic
LEFT_OUT_DAYS = 30  # before the issue: what of this time was left out, the editor is told


@dataclass(frozen=True)
class Candidate:
    article: Article
    topics: list[Topic]
    worth: float


def compose(
    day: date,
    items: int = ITEMS,
    among: Iterable[int] | None = None,
    is_sample: bool = False,
    repeats: bool = False,
) -> Briefing:
    """A draft for `day` with up to `items` items; an existing draft of that day is filled up, what is in it stays.

    `among`: only these articles. `repeats`: also what was printed before. Raises ValueError where the day's issue is
    already published.
    """
    with transaction.atomic():
        briefing, _made = Briefing.objects.select_for_update().get_or_create(
            date=day, defaults={"is_sample": is_sample}
        )
        if briefing.is_published:
            raise ValueError(_("%(title)s 已经发布，不能再自动编排") % {"title": briefing.title})
        room = items - briefing.items.count()
        chosen = balance(candidates(day, among, is_sample, repeats), room)
        add_items(briefing, [candidate.article for candidate in chosen])
    return briefing


def candidates(
    day: date, among: Iterable[int] | None = None, is_sample: bool = False, repeats: bool = False
) -> list[Candidate]:
    """Usable articles whose story is in no issue yet, the worthiest of each story, best first.

    `repeats`: also those of stories that were printed.
    """
    return _worthiest(_open(is_sample) if repeats else unpublished(is_sample), day, among)


def left_out(day: date, is_sample: bool = False) -> list[Candidate]:
    """What is left out because it was printed before, of the last weeks before the issue; best first."""
    since = timezone.make_aware(datetime.combine(day, time())) - timedelta(days=LEFT_OUT_DAYS)
    recent = _open(is_sample).filter(Exists(_repeated(is_sample)) | Exists(_same_story(is_sample)))
    return _worthiest(recent.filter(created_at__gte=since), day)


def _worthiest(articles: QuerySet[Article], day: date, among: Iterable[int] | None = None) -> list[Candidate]:
    best: dict[int, Candidate] = {}
    if among is not None:
        articles = articles.filter(pk__in=among)
    for article in articles:
        candidate = _weigh(article, day)
        key = article.story_id or -article.pk
        if key not in best or candidate.worth > best[key].worth:
            best[key] = candidate
    return sorted(best.values(), key=lambda one: (-one.worth, one.article.pk))


def unpublished(is_sample: bool = False) -> QuerySet[Article]:
    """What may still be printed: neither the article nor another of its story stands in an issue, nor did its news.

    Samples and an editor's own are two worlds: neither keeps anything out of the other.
    """
    return _open(is_sample).exclude(Exists(_repeated(is_sample))).exclude(Exists(_same_story(is_sample)))


def _open(is_sample: bool) -> QuerySet[Article]:
    """Those that stand in no issue themselves."""
    printed = Item.objects.filter(briefing__is_sample=is_sample).exclude(article=None)
    filed = ArticleTopic.objects.filter(is_rejected=False).select_related("topic")
    return (
        Article.objects.candidates()
        .filter(is_sample=is_sample)
        .exclude(pk__in=printed.values("article"))
        .annotate(sources=Count("story__articles__host", distinct=True))
        .prefetch_related(Prefetch("filed", queryset=filed), "summaries", with_reports())
    )


def _repeated(is_sample: bool) -> QuerySet[Reported]:
    """Of an article: that its news was printed, as the memory says and no editor denied."""
    told = Reported.objects.same().filter(article=OuterRef("pk"), item__briefing__is_sample=is_sample)
    return told.filter(item__briefing__published_at__isnull=False)


def _same_story(is_sample: bool) -> QuerySet[Item]:
    """Of an article: that another of its story stands in an issue or a draft, and no editor denied it."""
    denied = Reported.objects.filter(item=OuterRef("pk"), article=OuterRef(OuterRef("pk")), dismissed_at__isnull=False)
    items = Item.objects.filter(briefing__is_sample=is_sample, article__story=OuterRef("story"))
    return items.exclude(Exists(denied))


def _weigh(article: Article, day: date) -> Candidate:
    filed = sorted(article.filed.all(), key=lambda one: -one.score)
    worth = 1.0 + max([one.score for one in filed], default=0.0)
    worth += 0.2 * min(getattr(article, "sources", 1) - 1, 5)
    worth += 0.1 if article.is_original else 0.0
    moment = article.published_at or article.created_at
    noon = timezone.make_aware(datetime.combine(day, time(12)))
    age = abs((noon - moment).total_seconds()) / 86_400
    return Candidate(article, [one.topic for one in filed], worth * 0.5 ** (age / FRESH_DAYS))


def balance(found: list[Candidate], room: int) -> list[Candidate]:
    """Take `room` of them, each time the one that is worth most after the cost of its topics' repetition."""
    left = list(found)
    chosen: list[Candidate] = []
    taken = Counter[int]()
    while left and len(chosen) < room:
        pick = max(
            left, key=lambda one: one.worth * (1 - REPEAT_COST) ** max([taken[t.pk] for t in one.topics], default=0)
        )
        left.remove(pick)
        chosen.append(pick)
        taken.update(topic.pk for topic in pick.topics)
    return chosen


def add_items(briefing: Briefing, articles: Iterable[Article]) -> list[Item]:
    """Append an item for each article that is not in it yet, with the newest summary as its text."""
    with transaction.atomic():
        Briefing.objects.select_for_update().get(pk=briefing.pk)  # a second press waits, and finds them there
        there = set(briefing.items.values_list("article", flat=True))
        made = _append(briefing, [article for article in articles if article.pk not in there])
        index(made)
    return made


def _append(briefing: Briefing, articles: list[Article]) -> list[Item]:
    made = []
    position = max(briefing.items.values_list("position", flat=True), default=0)
    for article in articles:
        position += 1
        item = Item.objects.create(briefing=briefing, position=position, article=article, **from_article(article))
        item.topics.set(Topic.objects.filter(filed__article=article, filed__is_rejected=False))
        made.append(item)
    return made


def from_article(article: Article) -> dict[str, object]:
    """What an item takes over from its article."""
    summary: Summary | None = article.summaries.order_by("-created_at").first()
    text = summary.text if summary else ""
    name = article.source_name
    return {
        "headline": article.title[:300],
        "text": text,
        "machine_text": text,
        "is_machine_made": bool(text),
        "url": article.canonical_url,
        "source_name": name,
        "notice": f"转载自{name}，版权归原作者所有" if name else "",  # the paper's words, whoever composes
    }
