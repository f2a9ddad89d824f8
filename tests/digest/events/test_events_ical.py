"""iCalendar: valid, escaped, the same UID for ever."""

from datetime import datetime
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from digest.events.models import Event, Tour

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def only_event(content: bytes) -> icalendar.Event:
    (found,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return found


@pytest.fixture
def dated(stop) -> Event:
    start, end = datetime(2027, 3, 1, 9, 30, tzinfo=SHANGHAI), datetime(2027, 3, 1, 17, tzinfo=SHANGHAI)
    return stop(starts_at=start, ends_at=end, venue="示范大厦", address="1 号")


def test_a_stop_as_a_calendar(client, dated, settings):
    answer = client.get(reverse("event_ics", args=[dated.pk]))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.content.count(b"BEGIN:VTIMEZONE") == 1
    event = only_event(answer.content)
    assert str(event["SUMMARY"]) == "示范训练营 · 青岛"
    assert event["DTSTART"].to_ical() + b" " + event["DTSTART"].params["TZID"].encode() == (
        b"20270301T093000 Asia/Shanghai"
    )
    assert event.decoded("DTEND") == datetime(2027, 3, 1, 17, tzinfo=SHANGHAI)
    assert (str(event["UID"]), event["SEQUENCE"], str(event["STATUS"])) == (f"{dated.uid}@jianbao", 0, "CONFIRMED")
    assert (str(event["LOCATION"]), str(event["URL"])) == ("示范大厦 1 号", f"{settings.SITE_URL}/events/{dated.pk}/")


def test_hostile_text_stays_text(client, dated, tour):
    Tour.objects.update(name="x\r\nATTENDEE:mailto:v@x;,\\\x0b\u2028" + "汉" * 60)
    Event.objects.update(bring="a\r\nBEGIN:VALARM\r\nEND:VALARM\u2028b\u202e" + "字" * 300)
    for path in (reverse("event_ics", args=[dated.pk]), reverse("tour_ics", args=[tour.slug])):
        content = client.get(path).content
        assert all(len(line) <= 75 for line in content.split(b"\r\n"))
        assert b"\x0b" not in content
        assert not any(line.startswith("ATTENDEE") for line in content.decode().split("\r\n"))
        event = only_event(content)
        assert "ATTENDEE" not in event
        assert event.subcomponents == []
        assert str(event["SUMMARY"]) == "x ATTENDEE:mailto:v@x;,\\ " + "汉" * 60 + " · 青岛"
        assert "BEGIN:VALARM\nEND:VALARM b字" in str(event["DESCRIPTION"])


def test_an_edit_and_a_cancellation_keep_the_uid_and_count_up(client, dated):
    path = reverse("event_ics", args=[dated.pk])
    before = only_event(client.get(path).content)
    dated.audience = "入门"
    dated.save()
    unchanged = only_event(client.get(path).content)
    dated.venue = "另一栋楼"
    dated.save()
    moved = only_event(client.get(path).content)
    dated.state = Event.State.CANCELLED
    dated.save()
    called_off = only_event(client.get(path).content)
    versions = [before, unchanged, moved, called_off]
    assert {str(version["UID"]) for version in versions} == {f"{dated.uid}@jianbao"}
    assert [version["SEQUENCE"] for version in versions] == [0, 0, 1, 2]
    assert str(called_off["STATUS"]) == "CANCELLED"


def test_a_tour_holds_its_dated_stops_only(client, dated, stop, tour):
    stop(city="成都", starts_at=None)
    event = only_event(client.get(reverse("tour_ics", args=[tour.slug])).content)
    assert str(event["UID"]) == f"{dated.uid}@jianbao"


def test_without_a_date_there_is_no_calendar(client, stop):
    assert client.get(reverse("event_ics", args=[stop(starts_at=None).pk])).status_code == 404


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        ((2027, 3, 1), (2027, 2, 28), "ends_at"),
        ((2027, 3, 1), (2027, 3, 1), "ends_at"),
        (None, (2027, 3, 1), "ends_at"),
        ((1, 1, 2), None, "starts_at"),
        ((9999, 12, 30), None, "starts_at"),
        ((2027, 3, 1), (9999, 12, 30), "ends_at"),
    ],
)
def test_impossible_times_are_a_form_error(tour, start, end, wrong):
    moments = {"starts_at": start, "ends_at": end}
    given = {name: datetime(*moment, tzinfo=SHANGHAI) if moment else None for name, moment in moments.items()}
    with pytest.raises(ValidationError) as refusal:
        Event(tour=tour, city="青岛", **given).full_clean()
    assert list(refusal.value.message_dict) == [wrong]
