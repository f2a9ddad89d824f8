"""What a search box offers while somebody types: names, topics and headlines that hold what stands there so far."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.core.cache import cache
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, gettext

from digest.briefings.models import Item
from news.models import Alias, Name, Topic
from news.names.fold import key_of
from news.search.rank import hits
from news.search.terms import folded, is_han, terms
from news.search.vector import quoted
from news.text import visible

LENGTH = 40  # what is longer is no beginning of anything
NAMES, TOPICS, HEADLINES = 4, 3, 5
LOOKED_AT = 60  # newest items with these terms in their headlines
KEPT_SECONDS = 60


@dataclass(frozen=True)
class Suggestion:
    """One line of the list: what it says, what kind of thing that is, and where it leads."""

    text: str
    kind: str
    url: str


def suggestions(typed: str) -> list[dict[str, str]]:
    """At most a dozen lines for what is typed so far; none for nothing, or for a whole sentence. Kept for a minute."""
    query = folded(typed)
    if not query or len(query) > LENGTH:
        return []
    key = f"suggest-{get_language()}-{query.encode().hex()}"
    if (known := cache.get(key)) is None:
        known = [asdict(each) for each in (*_names(query), *_topics(query), *_headlines(query))]
        cache.set(key, known, KEPT_SECONDS)
    return known


def _names(query: str) -> list[Suggestion]:
    keys = Q(key__startswith=key_of(query)) if key_of(query) else Q()
    spelt = Alias.objects.filter(keys | Q(text__icontains=query)).values("name")
    found = Name.objects.public().filter(pk__in=spelt).order_by("-article_count", "label")
    return [Suggestion(name.shown, gettext("名称"), f"{reverse('search')}?name={name.slug}") for name in found[:NAMES]]


def _topics(query: str) -> list[Suggestion]:
    known = [
        topic for topic in Topic.objects.filter(is_active=True) if query in folded(f"{topic.name} {topic.name_en}")
    ]
    return [Suggestion(topic.label, gettext("主题"), reverse("topic", args=[topic.slug])) for topic in known[:TOPICS]]


def _headlines(query: str) -> list[Suggestion]:
    rows = hits(Item.objects.published(), _in_headline(query)) if _in_headline(query) else Item.objects.none()
    newest = rows.order_by("-briefing__date", "position").only("headline")[:LOOKED_AT]
    found = [item for item in newest if all(word in folded(item.headline) for word in query.split())]
    return [Suggestion(visible(item.headline), gettext("标题"), item.get_absolute_url()) for item in found[:HEADLINES]]


def _in_headline(query: str) -> str:
    """A tsquery literal: all terms in a headline, the last one perhaps not typed to its end."""
    found = [term for term, _ in terms(query).run]
    last = len(found) - 1
    ends = [":A" if place < last or (len(term) == 2 and is_han(term)) else ":*A" for place, term in enumerate(found)]
    return " & ".join(quoted(term) + end for term, end in zip(found, ends, strict=True))
