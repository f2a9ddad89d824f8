"""Puts an issue's items into the order 1, 2, 3, … of their positions."""

from django.db import transaction

from digest.briefings.models import Briefing


def renumber(briefing: Briefing) -> None:
    """Number the items from 1 without gaps; of two with one number the later made comes second."""
    with transaction.atomic():
        for place, item in enumerate(briefing.items.order_by("position", "id"), start=1):
            if item.position != place:
                item.position = place
                item.save(update_fields=["position"])
