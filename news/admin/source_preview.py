"""What "try it" shows of a source: its newest entries and what would become of each, or the trouble in words."""

from dataclasses import dataclass, field

from news.admin.source_form import SourceForm
from news.http import FetchError
from news.manners import NotNow
from news.sources import reasons
from news.sources.base import Entry, Listing, SourceError
from news.sources.inbox import Outcome, weigh
from news.sources.poll import preview

SHOWN = 20


@dataclass(frozen=True)
class Preview:
    listing: Listing = field(default_factory=Listing)
    rows: list[tuple[Entry, Outcome]] = field(default_factory=list)
    words: reasons.Words | None = None
    detail: str = ""
    wait_s: int = 0  # the host must rest so long

    @classmethod
    def of(cls, form: SourceForm) -> "Preview":
        """Ask for the source as entered. Stores nothing of what comes."""
        try:
            listing = preview(form.kind, form.cleaned_data.get("address", ""), form.options)
        except NotNow as closed:
            return cls(wait_s=int(closed.wait.total_seconds()) + 1)
        except (FetchError, SourceError) as error:
            return cls(words=reasons.words(str(error)), detail=str(error)[:300])
        return cls(listing, [(entry, weigh(entry.url)) for entry in listing.entries[:SHOWN]])

    @property
    def whole(self) -> int:
        return sum(1 for entry in self.listing.entries if entry.html)
