"""A story at a glance: who was first, what is a reprint, what each telling adds, how many sources are independent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from django.utils.translation import gettext_lazy as _

from news.models import Article, Stage, Story
from news.stories.added import added
from news.stories.kinship import Kind, Prepared, kinship_of
from news.text import Sentence

LOOKED_BACK = 8  # tellings before one that it may be a rewrite of
NEVER = datetime.max.replace(tzinfo=UTC)


class Role(Enum):
    """What a telling is to those before it."""

    FIRST = "first"  # the earliest whose time is known
    ORIGINAL = "original"  # the site says that it is the author's own
    REPRINT = "reprint"  # another's text, whole or cut; or the page names where it took it from
    REWRITE = "rewrite"  # told sentence for sentence in other words: a guess, so it still counts as a source
    RETOLD = "retold"  # own words, as far as we see

    @property
    def label(self) -> str:
        return str(_LABELS[self])


_LABELS = {
    Role.FIRST: _("最早"),
    Role.ORIGINAL: _("原创"),
    Role.REPRINT: _("转载"),
    Role.REWRITE: _("疑似洗稿"),
    Role.RETOLD: _("自己的报道"),
}


@dataclass(frozen=True)
class Told:
    """One article of a story. `added` is what it says over all of those before it, at most three sentences."""

    article: Article
    role: Role
    added: tuple[Sentence, ...] = ()

    @property
    def is_copy(self) -> bool:
        return self.article.duplicate_of_id is not None

    @property
    def is_time_known(self) -> bool:
        return self.article.published_at is not None


@dataclass(frozen=True)
class Overview:
    """`told` in the order of time, those without a time last. `first` is None where no time is known.

    `sources` are the names of the independent ones, accounts or hosts: each once, copies and reprints not counted.
    """

    story: Story
    told: tuple[Told, ...]
    first: Told | None
    sources: tuple[str, ...]

    @property
    def independent_count(self) -> int:
        return len(self.sources)

    @property
    def is_first_certain(self) -> bool:
        """False where an article has no time of its own: that one may have been earlier."""
        return self.first is not None and all(one.is_time_known for one in self.told)

    def beside(self, article: Article | None) -> list[Told]:
        """The other independent tellings, for a list of links under an item on this article."""
        return [one for one in self.told if one.role is not Role.REPRINT and one.article != article]


def overview(story: Story, *, is_public: bool = True, with_added: bool = False) -> Overview:
    """One query. For readers only what an editor may choose. `with_added` reads the texts and costs more."""
    articles = story.articles.filter(stage=Stage.SUMMARISED) if is_public else story.articles.exclude(text="")
    left_out = ["html", "search", "error"] if with_added else ["html", "search", "error", "text"]
    return look_at(story, list(articles.defer(*left_out)), with_added=with_added)


def look_at(story: Story, articles: Iterable[Article], *, with_added: bool = False) -> Overview:
    """The same of articles that are at hand already."""
    ordered = sorted(articles, key=lambda article: (article.published_at or NEVER, article.pk))
    earliest = next((article for article in ordered if article.published_at and not _is_reprint(article)), None)
    told = tuple(
        _told(article, earliest, ordered[:place] if with_added else ()) for place, article in enumerate(ordered)
    )
    first = next((one for one in told if one.article is earliest), None)
    return Overview(story, told, first, _sources(told))


def _told(article: Article, earliest: Article | None, before: Sequence[Article]) -> Told:
    """`before` is empty where the texts are not to be read."""
    role = _role(article, earliest)
    if role is Role.RETOLD and _is_rewrite(article, before):
        role = Role.REWRITE
    return Told(article, role, _added(article, before))


def _is_rewrite(article: Article, before: Sequence[Article]) -> bool:
    earlier = [other for other in before if other.duplicate_of_id is None][-LOOKED_BACK:]
    own = Prepared(article) if earlier else None
    return own is not None and any(kinship_of(own, Prepared(other)).kind is Kind.REWRITE for other in earlier)


def _role(article: Article, earliest: Article | None) -> Role:
    if article is earliest:
        return Role.FIRST
    if _is_reprint(article):
        return Role.REPRINT
    return Role.ORIGINAL if article.is_original else Role.RETOLD


def _is_reprint(article: Article) -> bool:
    return article.duplicate_of_id is not None or bool(article.source_url)


def _added(article: Article, before: Sequence[Article]) -> tuple[Sentence, ...]:
    if article.duplicate_of_id or not before:
        return ()
    return tuple(added(article.text, [f"{other.title}\n{other.text}" for other in before]))


def _sources(told: Iterable[Told]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.article.source_name for one in told if one.role is not Role.REPRINT))
