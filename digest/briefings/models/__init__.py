"""The nouns of the paper."""

from digest.briefings.models.briefing import Briefing
from digest.briefings.models.item import Item

__all__ = ["Briefing", "Item"]
