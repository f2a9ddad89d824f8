"""Which names an item speaks of: those in its own words, and what its article is about.

`note_names` is called whenever an item's text is saved. When editors change the names, `renote_batch` reads the items
again, newest first, a batch at a time; it takes up where it was stopped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Max

from digest.briefings.models import Item, ItemName
from digest.briefings.models.item_name import NamesNoted
from news.models import Article, Mention, Name
from news.names import public_ids
from news.names.version import version

MOST = 16  # names that one item is listed under
SPOKEN_OFTEN = 3  # mentions in the article that make a name one of its subjects
FEW = 3  # papers or repositories: an article that links more of a kind is a list, and about none of them
BATCH = 200


def note_names(items: Iterable[Item]) -> None:
    """Write the names of these items, saved before. Idempotent."""
    for item in items:
        wanted = _names_of(item)
        with transaction.atomic():
            item.named.exclude(name__in=wanted).delete()
            rows = [ItemName(item=item, name_id=name_id, place=place) for place, name_id in enumerate(wanted)]
            ItemName.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=["item", "name"], update_fields=["place"]
            )


def renote_batch() -> bool:
    """Read one batch of items with the newest names; False where all are read."""
    now = version()
    row, _made = NamesNoted.objects.get_or_create(pk=1)
    if row.version != now:
        row.version, row.below = now, (Item.objects.aggregate(top=Max("pk"))["top"] or 0) + 1
        row.save()
    items = list(Item.objects.filter(pk__lt=row.below).select_related("article").order_by("-pk")[:BATCH])
    note_names(items)
    below = items[-1].pk if items else 0
    NamesNoted.objects.filter(pk=1, version=now).update(below=below)
    return bool(items)


def _names_of(item: Item) -> list[int]:
    own = public_ids(f"{item.headline}\n{item.text}\n{item.url}")
    if not item.article:
        return own[:MOST]
    mentions = _mentions(item.article)
    refused = {one.name_id for one in mentions if one.is_rejected}
    return [key for key in dict.fromkeys([*own, *_subjects(mentions)]) if key not in refused][:MOST]


def _mentions(article: Article) -> Sequence[Mention]:
    return list(article.mentions.filter(name__state=Name.State.PUBLIC).select_related("name"))


def _subjects(mentions: Sequence[Mention]) -> list[int]:
    """What the article is about: in its title, said often, or one of the few papers and repositories that it names."""
    kinds = Counter(one.name.kind for one in mentions)
    few = {kind for kind in (Name.Kind.PAPER, Name.Kind.REPOSITORY) if kinds[kind] <= FEW}
    return [
        one.name_id
        for one in mentions
        if not one.is_rejected and (one.in_title or one.count >= SPOKEN_OFTEN or one.name.kind in few)
    ]
