"""Which pictures an item shows: those of its own article, and those that editors uploaded."""

from collections.abc import Iterable, Iterator

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from digest.briefings.markdown import find, images, key_in_text
from digest.briefings.models import Item
from news.models import Picture, PictureState
from news.pictures import want


def note_pictures(items: Iterable[Item]) -> None:
    """Set `Item.pictures` by the items' texts. Whoever saves a text calls this: nothing happens behind a save."""
    for item in items:
        known = may_show(item)
        shown = {picture for address, _alt in images(item.text) if (picture := find(address, known))}
        item.pictures.set(shown)
        want(shown)


def may_show(item: Item) -> QuerySet[Picture]:
    """The pictures that the item's text may name; no query where it names none."""
    named = images(item.text)
    if not named:
        return Picture.objects.none()
    uploaded = Q(url="", key__in=[key_in_text(address) for address, _alt in named])
    return Picture.objects.filter(Q(articles=item.article_id) | uploaded if item.article_id else uploaded).distinct()


def problems(item: Item) -> Iterator[str]:
    """What an editor should know of the item's pictures."""
    known = may_show(item)
    for address, alt in images(item.text):
        picture = find(address, known)
        if not alt:
            yield _("图片没有文字说明：在 ![ 与 ] 之间写上画的是什么，看不到图的读者靠它")
        if picture is None:
            yield _("图片不会显示：它既不是这篇文章里的，也没有上传过：%(address)s") % {"address": address}
        elif picture.state == PictureState.FAILED:
            yield _("图片取不到：换一张，或上传自己的：%(address)s") % {"address": address}
