"""Finds the article that another one copies: by its own words, never by meaning alone.

1. The article's **sketch** (`sketch.py`) is looked up among those of all articles: at whatever age, since a reprint two
   years later is a copy too, and the editor should hear that the news is old. The index costs the same at any size.
2. The few that share most of it are read and compared letter by letter (`kinship.py`). The first of which the article
   is a copy or an excerpt is its original; an earlier excerpt never hides the full text that comes later.

Boilerplate does not count. A key that twenty originals share is no evidence, and is kept of no further one: so no list
in the index grows long, however many articles end in the same disclaimer. Copies keep no sketch, so that five hundred
reprints do not make a text boilerplate. And sentences made of what an account's last articles repeat (its column's
frame) are left out on both sides before two texts are compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

import numpy as np
from django.db import connection

from news.models import Article, Sketch
from news.stories.kinship import Prepared, kinship_of
from news.stories.links import no_copies
from news.stories.overlap import NOTHING
from news.stories.sketch import asked_keys, hashes, kept, letters
from news.stories.wording import worded

LOOK_AT = 8  # articles that are read, the likeliest first
HOT = 20  # originals; a key that so many share is boilerplate
ACCOUNT_LOOK_AT = 6  # of an account's last articles
FRAME_TIMES = 2  # in so many of them stands what is its frame
FRAME_HEAD, FRAME_TAIL = 1_000, 2_000  # characters of each that are read for it
BATCH = 100
# Key by key: of `keys && …` PostgreSQL expects far too many rows, and reads the whole table.
MEET = """
    SELECT sketch.article_id, array_agg(asked.key) FROM unnest(%s::int[]) AS asked(key)
    JOIN news_sketch sketch ON sketch.keys @> ARRAY[asked.key] GROUP BY sketch.article_id"""


def find_original(article: Article) -> tuple[Article | None, str]:
    """The article that this one copies, with the reason in words; a copy of a copy is a copy of the first."""
    candidates = _candidates(article)
    if not candidates:
        return None, ""
    frame = frame_of(article)
    own = Prepared(article, frame)
    for other in candidates:
        found = kinship_of(own, Prepared(other, frame))
        if found.hides and other.account != article.account and len(theirs := frame_of(other)):
            both = np.union1d(frame, theirs)
            found = kinship_of(Prepared(article, both), Prepared(other, both))
        if found.hides:
            return other.duplicate_of or other, worded(found)
    return None, ""


def remember(article: Article) -> None:
    """Keep the sketch of an article that was placed, so that copies of it are found; of a copy none is kept."""
    if article.duplicate_of_id:
        Sketch.objects.filter(article=article).delete()
        return
    keys = asked_keys(article.text)
    hot = _hot(shared for pk, shared in _meet(keys) if pk != article.pk)
    Sketch.objects.update_or_create(article=article, defaults={"keys": kept(keys, len(article.text), hot)})


def fill(stop: Callable[[], bool]) -> int:
    """Make the sketches that are missing, until `stop`; returns how many were made."""
    missing = Article.objects.filter(sketch=None, duplicate_of=None, story__isnull=False).order_by("pk")
    made = 0
    while not stop() and (batch := list(missing.only("text", "duplicate_of")[:BATCH])):
        for article in batch:
            remember(article)
        made += len(batch)
    return made


def frame_of(article: Article) -> np.ndarray:
    """Shingles, sorted, that at least two other ones of the account's last articles share."""
    if not article.account:
        return NOTHING
    others = Article.objects.filter(account=article.account, duplicate_of=None, story__isnull=False)
    texts = others.exclude(pk=article.pk).order_by("-id").values_list("text", flat=True)[:ACCOUNT_LOOK_AT]
    found = [np.unique(hashes(letters(_edges(text)))) for text in texts]
    shingles, times = np.unique(np.concatenate([NOTHING, *found]), return_counts=True)
    return shingles[times >= FRAME_TIMES]


def _edges(text: str) -> str:
    return text if len(text) <= FRAME_HEAD + FRAME_TAIL else f"{text[:FRAME_HEAD]}\n{text[-FRAME_TAIL:]}"


def _candidates(article: Article) -> list[Article]:
    """Placed articles that share most of the article's sketch, the likeliest first; not itself nor its copies."""
    met = _meet(asked_keys(article.text))
    hot = _hot(shared for _, shared in met)
    score = {pk: len(set(shared) - hot) for pk, shared in met}
    likely = sorted((pk for pk, count in score.items() if count), key=lambda pk: (-score[pk], pk))[: 4 * LOOK_AT]
    placed = (
        Article.objects.filter(pk__in=likely, story__isnull=False, is_sample=article.is_sample)
        .exclude(pk=article.pk)
        .exclude(duplicate_of=article.pk)
        .exclude(pk__in=no_copies(article.pk))
    )
    near = dict(placed.values_list("pk", "pk"))
    chosen = [pk for pk in likely if pk in near][:LOOK_AT]
    found = Article.objects.select_related("story", "duplicate_of__story").in_bulk(chosen)
    return [found[pk] for pk in chosen]


def _meet(keys: list[int]) -> list[tuple[int, list[int]]]:
    """Which articles share any of the keys, and which ones."""
    if not keys:
        return []
    with connection.cursor() as cursor:
        cursor.execute(MEET, [keys])
        return cursor.fetchall()


def _hot(shared: Iterable[list[int]]) -> frozenset[int]:
    times = Counter(key for keys in shared for key in keys)
    return frozenset(key for key, count in times.items() if count >= HOT)
