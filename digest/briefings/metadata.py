"""What a page says about itself to machines: schema.org as a JSON-LD data block, and the reading time."""

import json
import math
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from digest.briefings.markdown import plain
from digest.briefings.models import Briefing, Item
from news.models import Name
from news.text import visible

CHARACTERS_A_MINUTE = 400
# How a machine-made text is declared: https://schema.org/digitalSourceType, with IPTC's word for it.
MACHINE_MADE = "https://schema.org/TrainedAlgorithmicMediaDigitalSource"
# A data block ends at "</script", and these three are all it takes to write one.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def of_issue(briefing: Briefing, items: list[Item]) -> SafeString:
    """JSON-LD of an issue: a NewsArticle whose parts are its items."""
    article = _article(briefing, briefing.title, briefing.get_absolute_url())
    article["hasPart"] = [_part(item) for item in items]
    return _data_block(article)


def of_item(item: Item) -> SafeString:
    """JSON-LD of an item: a NewsArticle based on the original."""
    article = _article(item.briefing, item.headline, item.get_absolute_url())
    article["description"] = plain(item.text, 120)
    article["isPartOf"] = {"@type": "PublicationIssue", "url": absolute(item.briefing.get_absolute_url())}
    if item.url:
        article["isBasedOn"] = item.url
    return _data_block(article | _origin(item))


def of_name(name: Name, items: list[Item]) -> SafeString:
    """JSON-LD of a name's page: a list of the items about it."""
    return _data_block(
        {
            "@context": "https://schema.org",
            "@type": "CollectionPage",
            "name": visible(name.label),
            "inLanguage": "zh-Hans",
            "mainEntityOfPage": absolute(name.get_absolute_url()),
            "about": {"@type": "Organization" if name.kind == Name.Kind.COMPANY else "Thing", "name": name.label},
            "hasPart": [_part(item) for item in items],
        }
    )


def aigc(page: Briefing | Item, items: list[Item]) -> str:
    """The implicit label for a page with machine-made text, empty for others.

    The field AIGC with its names and `Label` "1" (is generated) is that of GB 45438-2025.
    """
    if not any(item.is_machine_made for item in items):
        return ""
    label = {"Label": "1", "ContentProducer": settings.PUBLISHER, "ProduceID": absolute(page.get_absolute_url())}
    return json.dumps({"AIGC": label}, ensure_ascii=False)


def absolute(path: str) -> str:
    return settings.SITE_URL + path


def reading_minutes(texts: Iterable[str]) -> int:
    """At a calm reader's pace; at least one."""
    return max(1, math.ceil(sum(len(plain(text)) for text in texts) / CHARACTERS_A_MINUTE))


def _article(briefing: Briefing, headline: str, path: str) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": visible(headline),
        "inLanguage": "zh-Hans",
        "mainEntityOfPage": absolute(path),
        "image": absolute(static("icons/share.png")),
        "datePublished": briefing.published_at.isoformat() if briefing.published_at else None,
        "dateModified": briefing.changed_at.isoformat(),
        "author": {"@type": "Organization", "name": settings.PUBLISHER},
        "publisher": {"@type": "Organization", "name": settings.PUBLISHER, "url": absolute("/")},
    }


def _part(item: Item) -> dict[str, str]:
    part = {"@type": "NewsArticle", "headline": visible(item.headline), "url": absolute(item.get_absolute_url())}
    return part | _origin(item)


def _origin(item: Item) -> dict[str, str]:
    return {"digitalSourceType": MACHINE_MADE} if item.is_machine_made else {}


def _data_block(data: dict[str, Any]) -> SafeString:
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(ESCAPES))  # noqa: S308 cannot end its element
