"""The links that readers may click on: each is watched once it is public, and may be replaced when it is gone.

What becomes of a link is found out by the wire (news/watching.py); what it means for an item is decided here.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from digest.briefings.models import Briefing, Item
from news.canonical import BadLink, canonicalise
from news.models import GONE, Article, LinkState, PageState, Watch
from news.watching import next_check

LONGEST = 2000
OFFERS = 5  # of one story


def watch_published() -> None:
    """Give every published link its watch, and let go of those that no item has any more. May run twice."""
    for item in Item.objects.to_watch().filter(watch=None).select_related("article", "briefing").iterator():
        watch_item(item)
    printed = Item.objects.to_watch().filter(watch=OuterRef("pk"))
    Watch.objects.filter(Exists(printed), is_active=False).update(is_active=True)
    Watch.objects.filter(~Exists(printed), is_active=True).update(is_active=False)


def watch_item(item: Item) -> Watch | None:
    """The watch of the item's link, made where there is none yet; None where the link is none that can be asked for."""
    url = canonical(item.url)
    if not url:
        return None
    published_at = item.briefing.published_at or timezone.now()
    article = Article.objects.filter(canonical_url=url, is_sample=False).first()
    watch, made = Watch.objects.get_or_create(
        url=url,
        defaults={
            "host": urlsplit(url).hostname or "",
            "article": article,
            "published_at": published_at,
            "next_at": next_check(url, timezone.now()),
        },
    )
    if not made:
        Watch.objects.filter(pk=watch.pk, published_at__lt=published_at).update(published_at=published_at)
        Watch.objects.filter(pk=watch.pk, article=None).update(article=article)
    Item.objects.filter(pk=item.pk, url=item.url).update(watch=watch)
    return watch


def canonical(url: str) -> str:
    """The one spelling of a link; nothing where it is none that a crawler may ask for."""
    try:
        found = canonicalise(url) if url else ""
    except BadLink:
        return ""
    return found if len(found) <= LONGEST else ""


@dataclass(frozen=True)
class Offer:
    """What may stand in the place of a link: an article of the same story, or the new address of a moved account."""

    url: str
    source_name: str
    title: str = ""
    article: Article | None = None


def ailing() -> QuerySet[Item]:
    """Published items whose link is gone for certain, or whose account has moved, the newest issue first."""
    gone = Q(watch__state__in=GONE, watch__is_confirmed=True) | Q(watch__state=LinkState.MOVED)
    items = Item.objects.to_watch().filter(gone)
    return items.select_related("briefing", "watch__article", "article").order_by("-briefing__date", "position")


def offers(items: Iterable[Item]) -> dict[int, list[Offer]]:
    """What each item could point to instead, best first; two queries however many items."""
    items = list(items)
    stories = {item.pk: _story(item) for item in items}
    told = _by_story({story for story in stories.values() if story})
    found: dict[int, list[Offer]] = {}
    for item in items:
        taken = {canonical(item.url), item.watch.url if item.watch else ""}
        articles = [article for article in told[stories[item.pk]] if article.canonical_url not in taken]
        moved_to = item.watch.moved_to if item.watch else ""
        moved = [Offer(moved_to, item.source_name)] if moved_to and moved_to not in taken else []
        rest = [Offer(one.canonical_url, one.source_name, one.title, one) for one in articles[:OFFERS]]
        found[item.pk] = _without_doubles([*moved, *rest])
    return found


def _story(item: Item) -> int | None:
    watched = item.watch.article if item.watch else None
    return (item.article.story_id if item.article else None) or (watched.story_id if watched else None)


def _by_story(stories: set[int]) -> dict[int | None, list[Article]]:
    """The usable articles of each story, but those whose own link is gone: the story's best, originals, the rest."""
    dead = Watch.objects.gone().filter(url=OuterRef("canonical_url"))
    articles = Article.objects.usable().filter(story__in=stories, state__in=("", PageState.OK), is_sample=False)
    told: dict[int | None, list[Article]] = defaultdict(list)
    for article in articles.exclude(Exists(dead)).select_related("story").defer("html", "text", "search"):
        told[article.story_id].append(article)
    for rows in told.values():
        rows.sort(key=_rank)
    return told


def _rank(article: Article) -> tuple[bool, bool, bool, int]:
    is_best = article.story is not None and article.story.best_id == article.pk
    return not is_best, article.duplicate_of_id is not None, not article.is_original, article.pk


def _without_doubles(found: list[Offer]) -> list[Offer]:
    """An article that came from the new address has the title to show: it stands for the address."""
    known = {offer.url for offer in found if offer.article}
    return [offer for offer in found if offer.article or offer.url not in known]


def replace(item: Item, offer: Offer) -> bool:
    """Point the item to the offer, once: the first address that was printed stays on record, the digest stays as it is.

    False where the link is another by now. The issue's version goes up, so that a save over it is noticed (P27).
    """
    with transaction.atomic():
        first = item.replaced_url or item.url
        done = Item.objects.filter(pk=item.pk, url=item.url).update(
            url=offer.url, source_name=offer.source_name[:200] or item.source_name, replaced_url=first, watch=None
        )
        if not done:
            return False
        Briefing.objects.filter(pk=item.briefing_id).update(version=F("version") + 1, changed_at=timezone.now())
        item.refresh_from_db()
        watch_item(item)
    return True
