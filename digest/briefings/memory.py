"""The memory of what was printed: "20230303 期第 4 条已报道".

Three sweeps, each of which finds out by itself what is due, and may stop and start anywhere:

1. `tell`: every item, printed or still in a draft, gets a Told: its text's hash, its link, its vector kept by hash. It
   is made anew, with a higher key, whenever its issue was saved or another model serves.
2. `compare_items`: a new Told is compared with what is told already, the older issue's item against the later one's.
3. `compare_articles`: an article that came through lately is compared with the Tolds of printed items that it has not
   seen; with all of them where its text or story changed.

What matches is one row of Reported, read by the desk and by public pages, which compute nothing. What an editor
dismissed stays dismissed for ever. The cost of an article: its link in an index, its story's and its copies' items, and
an exact look at the items' vectors, once; after a new issue only at that issue's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta

import numpy as np
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from pgvector.django import CosineDistance

from digest.briefings.index import meaning_text
from digest.briefings.links import canonical
from digest.briefings.markdown import plain
from digest.briefings.memory_match import Match, compare
from digest.briefings.models import Item, Look, Reported, ReportedKind, Told
from news.embed import fingerprint
from news.embed.serving import serving, serving_revision
from news.embed.stored import stored_vectors, vector_of
from news.models import Article, Embedding, Stage
from news.stories.added import added
from news.stories.judge import Telling

BATCH = 50
NEAREST = 12  # items that are looked at closely
LATELY_DAYS = 60  # an article that came through before is no candidate any more: compose halves its worth every 14
MEMORY = 0x4A44  # the advisory lock under which one worker at a time remembers


def sweep(batches: int = 4) -> int:
    """A few batches of each kind of work; how many rows were looked at, 0 where nothing is due or another works."""
    return sum(_alone(work) for _ in range(batches) for work in (tell, compare_items, compare_articles))


def _alone(work: Callable[[], int]) -> int:
    """One batch at a time among all workers: keys of Told must become visible in their order."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [MEMORY])
        return work() if cursor.fetchone()[0] else 0


def tell() -> int:
    """Make the Told of items whose issue was saved since, or of another model. How many."""
    revision = serving_revision()
    stale = Q(told=None) | ~Q(told__version=F("briefing__version")) | ~Q(told__model=revision)
    due = list(Item.objects.filter(stale).select_related("briefing").defer("search", "machine_text")[:BATCH])
    texts = [meaning_text(item) for item in due]
    stored_vectors(texts)
    rows = [
        Told(
            item=item,
            version=item.briefing.version,
            text_hash=fingerprint(text),
            url=canonical(item.url),
            model=revision,
        )
        for item, text in zip(due, texts, strict=True)
    ]
    with transaction.atomic():
        Told.objects.filter(item__in=due).delete()
        Told.objects.bulk_create(rows)
    return len(due)


def compare_items() -> int:
    """Compare new Tolds with the others: each pair of items once, the later one against the printed earlier one."""
    due = list(
        Told.objects.filter(looked=False).select_related("item__briefing", "item__article").order_by("pk")[:BATCH]
    )
    for told in due:
        with transaction.atomic():
            _compare_item(told)
            Told.objects.filter(pk=told.pk).update(looked=True)
    return len(due)


def compare_articles() -> int:
    """Compare articles that came through lately with what they have not seen. How many."""
    newest = _printed().order_by("-pk").values_list("pk", flat=True).first() or 0
    due = list(_articles_due(newest)[:BATCH]) if newest else []
    for article in due:
        with transaction.atomic():
            _compare_article(article, newest)
    return len(due)


def _articles_due(newest: int) -> QuerySet[Article]:
    """Those that ended their way lately (the index on stage and due_at) and have something to look at."""
    seen = Q(look__text_hash=F("text_hash"), look__upto__gte=newest) & (
        Q(look__story=F("story_id")) | Q(look__story=None, story=None)
    )
    lately = Article.objects.filter(
        stage__in=[Stage.FILED, Stage.SUMMARISED], due_at__gte=Now() - timedelta(days=LATELY_DAYS), is_sample=False
    )
    return lately.exclude(pk__in=lately.filter(seen).values("pk")).select_related("look").order_by("-due_at")


def _printed() -> QuerySet[Told]:
    """Tolds of public items. Samples and an editor's own are two worlds."""
    return Told.objects.filter(
        item__briefing__published_at__isnull=False, item__briefing__is_sample=False, model=serving_revision()
    )


def _compare_article(article: Article, newest: int) -> None:
    look = getattr(article, "look", None)
    changed = look is None or (look.text_hash, look.story) != (article.text_hash, article.story_id)
    among = _printed()
    if look and not changed:
        among = among.filter(pk__gt=look.upto)
    telling = Telling(
        article.title,
        article.text,
        vector_of(article),
        article.published_at or article.created_at,
        article.account,
        article.canonical_url,
    )
    family = [article.pk, article.duplicate_of_id, *article.copies.values_list("pk", flat=True)]
    certain = _certain(among, telling.url, article.story_id, [pk for pk in family if pk])
    _write(Q(article=article), {"article": article}, telling, certain | _likely(among, telling, certain), among)
    Look.objects.update_or_create(
        article=article, defaults={"text_hash": article.text_hash, "story": article.story_id, "upto": newest}
    )


def _compare_item(told: Told) -> None:
    """Both ways: what this item repeats, and what repeats this item."""
    item, issue = told.item, told.item.briefing
    others = Told.objects.filter(model=told.model, looked=True, item__briefing__is_sample=issue.is_sample)
    others = others.exclude(item__briefing=issue)
    telling = _telling(told, _vectors([told])[told.text_hash])
    earlier = others.filter(item__briefing__date__lt=issue.date, item__briefing__published_at__isnull=False)
    article = item.article
    family = [pk for pk in (item.article_id, article.duplicate_of_id if article else None) if pk]
    certain = _certain(earlier, told.url, article.story_id if article else None, family)
    _write(Q(later=item), {"later": item}, telling, certain | _likely(earlier, telling, certain), earlier)
    if issue.published_at is None:
        return
    for other in _later_ones(others, told, telling, family):
        now = _telling(other, _vectors([other])[other.text_hash])
        among = Told.objects.filter(pk=told.pk)
        story = other.item.article.story_id if other.item.article else None
        sure = _certain(among, other.url, story, [other.item.article_id] if other.item.article_id else [])
        found = sure | _likely(among, now, sure)
        _write(Q(later=other.item), {"later": other.item}, now, found, among)


def _later_ones(others: QuerySet[Told], told: Told, telling: Telling, family: list[int]) -> Iterable[Told]:
    """Items of later issues that an older one, taken in after them, may have told before."""
    later = others.filter(item__briefing__date__gt=told.item.briefing.date)
    near = {one.pk: one for one in _nearest(later, telling.vector)}
    same = Q(url=told.url) if told.url else Q(pk__in=[])
    if family:
        same |= Q(item__article__in=family)
    near |= {one.pk: one for one in later.filter(same).select_related("item__briefing", "item__article")[:NEAREST]}
    return near.values()


Found = dict[int, tuple[Told, Match]]


def _certain(among: QuerySet[Told], url: str, story: int | None, family: list[int]) -> Found:
    """What is the same by its link, by being a copy, or by standing in the same or the earlier story."""
    found: Found = {}
    ways = [(ReportedKind.LINK, Q(url=url) | Q(item__replaced_url=url))] if url else []
    if family:
        ways += [
            (ReportedKind.LINK, Q(item__article__in=family[:1])),
            (ReportedKind.COPY, Q(item__article__in=family) | Q(item__article__duplicate_of__in=family)),
        ]
    if story:
        ways += [
            (ReportedKind.STORY, Q(item__article__story=story)),
            (ReportedKind.FOLLOW_UP, Q(item__article__story__followups=story)),
        ]
    for kind, same in ways:
        for told in among.filter(same).select_related("item__briefing", "item__article")[:NEAREST]:
            found.setdefault(told.pk, (told, Match(kind, 1.0, "")))
    return found


def _likely(among: QuerySet[Told], telling: Telling, certain: Found) -> Found:
    """What the texts say, of the nearest items."""
    nearest = [told for told in _nearest(among, telling.vector) if told.pk not in certain]
    vectors = _vectors(nearest)
    calibration = serving().calibration
    found: Found = {}
    for told in nearest:
        if match := compare(telling, _telling(told, vectors[told.text_hash]), calibration):
            found[told.pk] = (told, match)
    return found


def _nearest(among: QuerySet[Told], vector: np.ndarray) -> list[Told]:
    """The nearest items by an exact look; text hashes have one vector a model."""
    rows = (
        Embedding.objects.filter(model=serving_revision(), text_hash__in=among.values("text_hash"))
        .annotate(distance=CosineDistance("vector", vector))
        .order_by("distance")
        .values_list("text_hash", flat=True)[:NEAREST]
    )
    return list(among.filter(text_hash__in=list(rows)).select_related("item__briefing", "item__article"))


def _vectors(tolds: Iterable[Told]) -> dict[str, np.ndarray]:
    rows = Embedding.objects.filter(model=serving_revision(), text_hash__in={told.text_hash for told in tolds})
    return {key: np.asarray(vector, np.float32) for key, vector in rows.values_list("text_hash", "vector")}


def _telling(told: Told, vector: np.ndarray) -> Telling:
    item = told.item
    return Telling(item.headline, plain(item.text), vector, _moment(item), item.source_name, told.url)


def _moment(item: Item) -> datetime:
    """When what the item tells happened, as near as we know: its article's moment, else its issue's."""
    if item.article and item.article.published_at:
        return item.article.published_at
    return timezone.make_aware(datetime.combine(item.briefing.date, time(12)))


def _write(mine: Q, whose: dict[str, Article | Item], telling: Telling, found: Found, among: QuerySet[Told]) -> None:
    """Bring the rows to what was found just now; what an editor dismissed is left alone."""
    items = {told.item_id for told, _match in found.values()}
    refused = _refused(whose, items)
    standing = Reported.objects.filter(mine, item__in=among.values("item")).standing()
    standing.exclude(item__in=items).delete()
    for told, match in found.values():
        if told.item_id in refused:
            continue
        columns = {
            "kind": match.kind,
            "score": match.score,
            "why": match.why,
            "added": [one.text for one in added(telling.text, [f"{told.item.headline}\n{plain(told.item.text)}"])],
        }
        row, is_new = Reported.objects.get_or_create(**whose, item=told.item, defaults=columns)
        if not is_new:
            Reported.objects.filter(pk=row.pk).update(**columns)


def _refused(whose: dict[str, Article | Item], items: set[int]) -> set[int]:
    """Those of these items that an editor said are not the same, of the article or of the item that was made of it."""
    [subject] = whose.values()
    article = subject.article_id if isinstance(subject, Item) else subject.pk
    same = Q(**whose)
    if article:
        same |= Q(article=article) | Q(later__article=article)
    rows = Reported.objects.filter(same, item__in=items).exclude(dismissed_at=None)
    return set(rows.values_list("item", flat=True))
