"""简报体检: what an editor should know before an issue goes out. A blocking finding keeps it from being published."""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from digest.briefings import item_pictures
from digest.briefings.models import Briefing, Item, Reported
from digest.briefings.reports import of_items
from news.canonical import BadLink, canonicalise, is_temporary
from news.models import Stage, Watch


@dataclass(frozen=True)
class Finding:
    item: Item | None
    message: str
    blocks: bool = False
    reported: Reported | None = None  # what the editor may say no to


def lint(briefing: Briefing) -> list[Finding]:
    items = list(briefing.items.select_related("article").order_by("position", "id"))
    if not items:
        return [Finding(None, _("没有条目：先自动编排，或从候选中添加"), blocks=True)]
    gone = {watch.url: watch for watch in Watch.objects.gone().filter(url__in=[_same(item.url) for item in items])}
    ones = (finding for item in items for finding in _of_one(item, gone.get(_same(item.url))))
    return [*_doubles(items), *_repeats(items), *_reported(items), *ones]


def _doubles(items: list[Item]) -> list[Finding]:
    links = Counter(_same(item.url) for item in items if item.url)
    return [
        Finding(item, _("与另一条目的原文链接相同：%(url)s") % {"url": item.url})
        for item in items
        if item.url and links[_same(item.url)] > 1
    ]


def _repeats(items: list[Item]) -> list[Finding]:
    found = []
    for item in items:
        if not item.url:
            continue
        earlier = (
            Item.objects.published().exclude(briefing=item.briefing_id).filter(url=item.url).select_related("briefing")
        ).first()
        if earlier:
            place = {"number": earlier.briefing.number, "position": earlier.position}
            found.append(Finding(item, _("%(number)s 期第 %(position)s 条已报道") % place))
    return found


def _reported(items: list[Item]) -> list[Finding]:
    """What the memory says; the same link was told above, at once and for certain."""
    found = []
    told = of_items(items)
    for item in items:
        for row in told[item.pk]:
            if row.item.url == item.url:
                continue
            place = {"number": row.item.briefing.number, "position": row.item.position, "kind": row.get_kind_display()}
            text = _("此前报道：%(number)s 期第 %(position)s 条") if row.is_follow_up else ""
            found.append(
                Finding(item, (text or _("%(number)s 期第 %(position)s 条已报道（%(kind)s）")) % place, reported=row)
            )
    return found


def _of_one(item: Item, gone: Watch | None) -> list[Finding]:
    found = []
    if not item.text.strip():
        found.append(Finding(item, _("没有摘要"), blocks=True))
    if not item.url:
        found.append(Finding(item, _("没有原文链接")))
    elif is_temporary(item.url):
        found.append(Finding(item, _("原文是临时链接，几小时后失效：换成长期链接"), blocks=True))
    if item.url and not item.source_name:
        found.append(Finding(item, _("没有来源名称")))
    if problem := _of_source(item, gone):
        found.append(Finding(item, problem))
    return [*found, *(Finding(item, said) for said in item_pictures.problems(item))]


def _of_source(item: Item, gone: Watch | None) -> str:
    """What is wrong with the page behind the item: by its link if that was watched, else by its article."""
    if gone:
        return _("原文链接已失效：%(state)s") % {"state": gone.get_state_display()}
    article = None if item.replaced_url else item.article  # of a replaced link it is another page
    if article and article.state not in ("", "ok"):
        return _("原文状态：%(state)s") % {"state": article.get_state_display()}
    if article and article.stage == Stage.DROPPED:
        return _("文章未收录：%(reason)s") % {"reason": article.get_drop_reason_display()}
    return ""


def _same(url: str) -> str:
    try:
        return canonicalise(url)
    except BadLink:
        return url
