"""What a source brought goes into the inbox: leads for what is new, whole texts for what has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from news.models import Lead, Source
from news.sources.base import Entry, Listing
from news.sources.inbox import Outcome, add
from news.sources.whole_text import take_text

FIRST = 20  # of a source that was never read: an archive must not flood the desk
AT_MOST = 200


@dataclass(frozen=True)
class Taken:
    outcomes: list[tuple[Entry, Outcome]]
    new: int  # leads that this source had not pointed at before
    all_known: bool  # nothing of the listing was new
    all_new: bool  # everything was: there may be more behind it
    is_cut: bool  # more than AT_MOST: the rest comes next time


def take(source: Source, listing: Listing, *, is_ordered: bool = True, first: bool = False, **new: Any) -> Taken:
    """Hand the entries over. `first`: the newest FIRST only; `new` goes to the articles that are made."""
    known = _known(source, listing.entries)
    fresh = _fresh(listing.entries, known, is_ordered)
    if first and is_ordered:
        fresh = fresh[:FIRST]
    outcomes = [(entry, _add(source, entry, **new)) for entry in fresh[:AT_MOST]]
    for entry in listing.entries[:AT_MOST]:
        if entry.url in known and entry.html:
            take_text(known[entry.url].article, entry)
    made = sum(1 for _entry, outcome in outcomes if outcome.article is not None)
    return Taken(outcomes, made, not fresh, bool(fresh) and not known, len(fresh) > AT_MOST)


def _known(source: Source, entries: Sequence[Entry]) -> dict[str, Lead]:
    leads = Lead.objects.filter(source=source, url__in=[entry.url[:4000] for entry in entries])
    return {lead.url: lead for lead in leads.select_related("article")}


def _fresh(entries: list[Entry], known: dict[str, Lead], is_ordered: bool) -> list[Entry]:
    """What is not known; behind the oldest known one of an ordered listing lies the archive that was left out."""
    end = len(entries)
    if is_ordered and known:
        end = max(place for place, entry in enumerate(entries) if entry.url in known)
    return [entry for entry in entries[:end] if entry.url not in known]


def _add(source: Source, entry: Entry, **new: Any) -> Outcome:
    outcome = add(entry.url, source, **new)
    if outcome.article is None:
        return outcome
    leads = Lead.objects.filter(source=source, article=outcome.article, url=entry.url[:4000])
    leads.update(title=entry.title, published_at=entry.published)
    if entry.html:
        take_text(outcome.article, entry)
    return outcome
