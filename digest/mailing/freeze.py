"""The frozen issue: what of a briefing goes into letters, fixed when its sending starts (DELIVERY-008)."""

from typing import Any

from django.conf import settings

from digest.briefings.models import Briefing, Item
from digest.briefings.templatetags.prose import letter_prose, prose, web_link

Issue = dict[str, Any]


def freeze(briefing: Briefing) -> Issue:
    """The issue as plain data: its texts already are safe HTML beside their Markdown, its links are whole."""
    return {
        "number": briefing.number,
        "title": briefing.title,
        "url": settings.SITE_URL + briefing.get_absolute_url(),
        "lead": briefing.lead,
        "lead_html": str(prose(briefing.lead)),
        "closing": briefing.closing,
        "closing_html": str(prose(briefing.closing)),
        "items": [
            _item(item) for item in briefing.items.prefetch_related("topics", "pictures").order_by("position", "id")
        ],
        "tours": [_tour(tour) for tour in _tours(briefing)],
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "number": item.position,
        "headline": item.headline,
        "source": item.source_name,
        "url": web_link(item.url),
        "notice": item.notice,
        "text": item.text,
        "html": str(letter_prose(item.text, item.pictures.all())),
        "is_machine_made": item.is_machine_made,
        "topics": sorted(topic.pk for topic in item.topics.all()),
    }


def _tours(briefing: Briefing) -> list[Any]:
    """The trainings that the issue announces. The events room gives `tours`; this room does not import it."""
    tours = getattr(briefing, "tours", None)
    return list(tours.filter(is_open=True).prefetch_related("events")) if tours is not None else []


def _tour(tour: Any) -> dict[str, Any]:
    return {
        "name": tour.name,
        "intro": tour.intro,
        "intro_html": str(prose(tour.intro)),
        "url": settings.SITE_URL + tour.get_absolute_url(),
        "contact_wechat": tour.contact_wechat,
        "contact_note": tour.contact_note,
        "stops": [
            {
                "city": event.city,
                "city_en": event.city_en,
                "starts_at": event.starts_at.isoformat() if event.starts_at else "",
                "venue": event.venue,
            }
            for event in tour.stops
            if not event.is_called_off
        ],
    }
