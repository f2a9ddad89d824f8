"""Searches the articles of old for names that came later: in batches, newest first, taken up again where it stopped.

A row of NameScan says how far: every article below its number is still to be looked at. A batch that dies is done
again; two workers at one batch do the same work twice and harm nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, F, Max, Q, QuerySet

from news.models import Article, Stage
from news.models.name import Alias, Name, NameScan
from news.names.file import find_in

ALL_A_BATCH, SPELLED_A_BATCH = 50, 2_000  # reading every name takes milliseconds an article, looking for one micros


def search_all() -> None:
    """Every name in every article: after the starter names came, or a name was split."""
    if top := _top():
        NameScan.objects.update_or_create(alias=None, defaults={"below": top})


def search_for(aliases: Iterable[Alias]) -> None:
    """These spellings in every article."""
    if top := _top():
        for alias in aliases:
            NameScan.objects.update_or_create(alias=alias, defaults={"below": top})


def search_batch() -> bool:
    """Look through one batch; False where nothing is left to search."""
    scan = NameScan.objects.select_related("alias").order_by("pk").first()
    if scan is None:
        return False
    size = SPELLED_A_BATCH if scan.alias else ALL_A_BATCH
    floor = _floor(scan.below, size)
    for article in _with(scan.alias, Article.objects.filter(pk__gte=floor, pk__lt=scan.below)):
        find_in(article)
    here = NameScan.objects.filter(pk=scan.pk, below=scan.below)
    if Article.objects.filter(pk__lt=floor).exists():
        here.update(below=floor)
    else:
        here.delete()
    return True


def tidy() -> int:
    """Count anew, as articles go too; drop suggestions that no article bears any more. How many were dropped."""
    stands = Count("mentions", filter=Q(mentions__is_rejected=False))
    wrong = Name.objects.annotate(stands=stands).exclude(article_count=F("stands"))
    for name_id, count in wrong.values_list("pk", "stands"):
        Name.objects.filter(pk=name_id).update(article_count=count)
    nobody = Name.objects.filter(state=Name.State.SUGGESTED, mentions=None)
    return nobody.delete()[1].get("news.Name", 0)


def _top() -> int:
    return (Article.objects.aggregate(top=Max("pk"))["top"] or 0) + 1 if Article.objects.exists() else 0


def _floor(below: int, size: int) -> int:
    """The lowest key of the `size` articles under `below`."""
    keys = Article.objects.filter(pk__lt=below).order_by("-pk").values_list("pk", flat=True)[:size]
    return min(keys, default=below)


def _with(alias: Alias | None, articles: QuerySet[Article]) -> QuerySet[Article]:
    """Those of the batch that were read, and that may hold the spelling: its longest piece stands in them."""
    read = articles.filter(stage__in=[Stage.FILED, Stage.SUMMARISED])
    if alias is None:
        return read
    if alias.is_pattern:
        piece = alias.key.removeprefix("arxiv:")
        return read.filter(Q(text__icontains=piece) | Q(html__icontains=piece))
    piece = max(alias.key.split(" "), key=len) if alias.text.isascii() else alias.text
    return read.filter(Q(title__icontains=piece) | Q(text__icontains=piece))
