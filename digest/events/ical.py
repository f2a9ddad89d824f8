"""iCalendar (RFC 5545) of one stop or of a whole tour: the same UID for ever, SEQUENCE up with every change."""

from zoneinfo import ZoneInfo

import icalendar
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from digest.events.models import Event, Tour
from digest.events.wording import one_line, plain

CONTENT_TYPE = "text/calendar; charset=utf-8"


def stop_calendar(event: Event) -> bytes:
    """One VEVENT; the stop has a date."""
    return _calendar(str(event), [event])


def tour_calendar(tour: Tour) -> bytes:
    """A VEVENT for every stop that has a date; made to be subscribed to."""
    return _calendar(tour.name, [stop for stop in tour.stops if stop.starts_at])


def _calendar(name: str, events: list[Event]) -> bytes:
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Jianbao//events//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", one_line(name))
    for event in events:
        calendar.add_component(_vevent(event))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _vevent(event: Event) -> icalendar.Event:
    zone = ZoneInfo(settings.TIME_ZONE)
    page = settings.SITE_URL + event.get_absolute_url()
    vevent = icalendar.Event()
    vevent.add("uid", f"{event.uid}@jianbao")
    vevent.add("sequence", event.sequence)
    vevent.add("dtstamp", event.changed_at)
    vevent.add("last-modified", event.changed_at)
    if event.starts_at:
        vevent.add("dtstart", timezone.localtime(event.starts_at, zone))
    if event.ends_at:
        vevent.add("dtend", timezone.localtime(event.ends_at, zone))
    vevent.add("summary", one_line(str(event)))
    if place := one_line(" ".join(filter(None, [event.venue, event.address]))):
        vevent.add("location", place)
    vevent.add("description", plain(_description(event, page)))
    vevent.add("url", page)
    vevent.add("status", "CANCELLED" if event.is_called_off else "CONFIRMED")
    return vevent


def _description(event: Event, page: str) -> str:
    parts = [(_("适合谁"), event.audience), (_("提前准备"), event.prepare), (_("当天携带"), event.bring)]
    return "\n".join([*(f"{label}: {text}" for label, text in parts if text.strip()), page])
