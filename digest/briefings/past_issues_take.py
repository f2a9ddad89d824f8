"""Takes past issues in: whole or not at all, once however often, published at their date and posted to nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digest.briefings.index import index
from digest.briefings.links import canonical
from digest.briefings.models import Briefing, Item
from digest.briefings.past_issues import PastIssue, read_issue
from digest.briefings.past_issues_nouns import Extra, PastItem, Problem
from news.models import Article
from news.text import normalise

SUFFIXES = {".md", ".markdown", ".txt"}
LARGEST_BYTES = 200_000  # the largest issue seen has 38,000; no item of an issue has a longer text
HEADLINE = 300


class Fate(models.TextChoices):
    NEW = "new", _("新的一期")
    MORE = "more", _("补上缺的条目")
    KNOWN = "known", _("已经在了，不动")
    TAKEN = "taken", _("这一天已有本站自己的一期，不收")
    UNREADABLE = "unreadable", _("没有读懂，不收")


@dataclass(frozen=True)
class Plan:
    """What would become of an issue, or became of it: `items` are those that are new."""

    issue: PastIssue
    fate: Fate
    items: list[PastItem] = field(default_factory=list)

    @property
    def can_be_taken(self) -> bool:
        return self.fate in (Fate.NEW, Fate.MORE)


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The files named, and those of the folders named, in the order of their names. Raises OSError for what is not."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(one for one in path.rglob("*") if one.suffix.lower() in SUFFIXES) if path.is_dir() else [path]
        found += [one for one in inside if one.is_file() or not path.is_dir()]
    return list(dict.fromkeys(found))


def read_file(name: str, content: bytes) -> PastIssue:
    """The issue in a file's bytes: UTF-8, or GB 18030 as older editors write it."""
    if len(content) > LARGEST_BYTES:
        return PastIssue(name, problems=[Problem(1, "too_large")])
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return read_issue(name, content.decode(encoding).replace("\0", ""))
        except UnicodeDecodeError:
            continue
    return PastIssue(name, problems=[Problem(1, "no_text")])


def plan(issues: Iterable[PastIssue]) -> list[Plan]:
    """What would become of each; writes nothing. Of two files of one day the second adds what the first lacks."""
    plans: list[Plan] = []
    coming: dict[object, set[str]] = {}
    for issue in issues:
        made = _plan(issue, coming.get(issue.date, set()))
        if made.can_be_taken:
            coming.setdefault(issue.date, set()).update(_key(item.title) for item in made.items)
        plans.append(made)
    return plans


def _plan(issue: PastIssue, coming: set[str]) -> Plan:
    if issue.date is None or not issue.items:
        return Plan(issue, Fate.UNREADABLE)
    there = Briefing.objects.filter(date=issue.date).first()
    if there and not there.is_imported:
        return Plan(issue, Fate.TAKEN)
    known = coming | {_key(title) for title in there.items.values_list("headline", flat=True)} if there else coming
    fresh = list({_key(item.title): item for item in issue.items if _key(item.title) not in known}.values())
    if not fresh:
        return Plan(issue, Fate.KNOWN)
    return Plan(issue, Fate.MORE if known else Fate.NEW, fresh)


@transaction.atomic
def take(issues: Iterable[PastIssue], by: User | None = None) -> list[Plan]:
    """Take in what can be taken, all of it or, where anything fails, nothing. What became of each."""
    done = []
    for issue in issues:
        made = _plan(issue, set())
        if made.can_be_taken:
            _write(made, by)
        done.append(made)
    return done


def _write(made: Plan, by: User | None) -> None:
    issue = made.issue
    assert issue.date  # noqa: S101 - can_be_taken
    evening = timezone.make_aware(datetime.combine(issue.date, time(18)))
    briefing, _new = Briefing.objects.get_or_create(
        date=issue.date,
        defaults={
            "is_imported": True,
            "lead": issue.lead,
            "closing": _links(issue.extras),
            "published_at": evening,
            "published_by": by,
        },
    )
    place = max(briefing.items.values_list("position", flat=True), default=0)
    index([_item(briefing, place + number, item) for number, item in enumerate(made.items, start=1)])
    Briefing.objects.filter(pk=briefing.pk).update(version=models.F("version") + 1)


def _item(briefing: Briefing, position: int, item: PastItem) -> Item:
    url = canonical(item.url) or item.url  # without what the address said of its reader
    article = Article.objects.filter(canonical_url=url, is_sample=False).first() if url else None
    return Item.objects.create(
        briefing=briefing,
        position=position,
        headline=item.title[:HEADLINE],
        text=item.text,
        url=url,
        source_name=item.account[:200],
        article=article,
    )


def _links(extras: list[Extra]) -> str:
    """The link-only lists as the issue's closing words, in Markdown."""
    lines: list[str] = []
    section = None
    for extra in extras:
        if extra.section != section and extra.section:
            lines += ["", f"**{extra.section.strip(':：# ')}**", ""]
        section = extra.section
        title = extra.title.replace("[", "［").replace("]", "］")
        url = canonical(extra.url) or extra.url
        lines.append(f"- [{title}](<{url}>)" if url else f"- {title}")
        lines[-1] += f" | {extra.account}" if extra.account else ""
    return "\n".join(lines).strip()


def _key(title: str) -> str:
    return normalise(title[:HEADLINE]).casefold()
