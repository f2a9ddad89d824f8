"""Forgets pictures that nothing shows any more, with their files."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.functions import Now

from news.models import Picture

UNUSED = timedelta(days=30)  # an editor may still be about to use what was uploaded last week


def forget_old() -> int:
    """Delete pictures of no article and no item that are older than 30 days. Returns how many."""
    unused = Picture.objects.filter(articles=None, items=None, created_at__lte=Now() - UNUSED)
    return sum(_forget(pk) for pk in unused.values_list("pk", flat=True)[:5000])


def discard(picture: Picture) -> None:
    """Delete the row, and its file once that is certain: a row without a file is a gap, a file alone costs space."""
    name = picture.file.name
    picture.delete()
    if name:
        transaction.on_commit(lambda: default_storage.delete(name))


def _forget(pk: int) -> bool:
    with transaction.atomic():
        picture = Picture.objects.select_for_update().filter(pk=pk).first()
        if picture is None or picture.articles.exists() or picture.items.exists():
            return False  # taken up meanwhile
        discard(picture)
    return True
