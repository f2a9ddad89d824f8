"""The nouns of the paper."""

from digest.briefings.models.briefing import Briefing
from digest.briefings.models.item import Item
from digest.briefings.models.item_name import ItemName, NamesNoted
from digest.briefings.models.reported import Look, Reported, ReportedKind, Told
from digest.briefings.models.search_entry import SearchEntry

__all__ = ["Briefing", "Item", "ItemName", "Look", "NamesNoted", "Reported", "ReportedKind", "SearchEntry", "Told"]
