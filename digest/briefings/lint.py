"""简报体检: what an editor should know before an issue goes out. A blocking finding keeps it from being published."""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from digest.briefings.models import Briefing, Item
from news.canonical import BadLink, canonicalise, is_temporary


@dataclass(frozen=True)
class Finding:
    item: Item | None
    message: str
    blocks: bool = False


def lint(briefing: Briefing) -> list[Finding]:
    items = list(briefing.items.select_related("article").order_by("position", "id"))
    if not items:
        return [Finding(None, _("没有条目：先自动编排，或从候选中添加"), blocks=True)]
    return [*_doubles(items), *_repeats(items), *(finding for item in items for finding in _of_one(item))]


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


def _of_one(item: Item) -> list[Finding]:
    found = []
    if not item.text.strip():
        found.append(Finding(item, _("没有摘要"), blocks=True))
    if not item.url:
        found.append(Finding(item, _("没有原文链接")))
    elif is_temporary(item.url):
        found.append(Finding(item, _("原文是临时链接，几小时后失效：换成长期链接"), blocks=True))
    if item.url and not item.source_name:
        found.append(Finding(item, _("没有来源名称")))
    if item.article and item.article.state not in ("", "ok"):
        found.append(Finding(item, _("原文状态：%(state)s") % {"state": item.article.get_state_display()}))
    return found


def _same(url: str) -> str:
    try:
        return canonicalise(url)
    except BadLink:
        return url
