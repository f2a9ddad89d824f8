"""The desk: seats, lists, CSV, and the state of offers."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from digest.events.models import Event, Offer, Signup
from digest.events.signup import sign_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Any, db: None) -> Any:
    client.force_login(User.objects.create_superuser("editor", password="a-long-password"))
    return client


def event_form(event: Event, **fields: Any) -> dict[str, Any]:
    known = {"tour": event.tour_id, "position": 0, "city": event.city, "state": event.state, "seats": "2"}
    for name in ("starts_at", "ends_at"):
        moment = getattr(event, name)
        known |= {f"{name}_0": f"{moment:%Y-%m-%d}" if moment else "", f"{name}_1": f"{moment:%H:%M}" if moment else ""}
    return known | fields


@pytest.mark.parametrize(("typed", "seats"), [("２", 2), ("0", 0), ("", None), (" 7 ", 7)])
def test_seats_are_read_as_a_whole_number(desk, stop, typed, seats):
    event = stop(seats=5)
    answer = desk.post(reverse("admin:events_event_change", args=[event.pk]), event_form(event, seats=typed))
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    event.refresh_from_db()
    assert event.seats == seats


@pytest.mark.parametrize("typed", ["-1", "1.5", "1e9", "1000000000", "99999999999999999999", "二"])
def test_impossible_seats_are_a_form_error(desk, stop, typed):
    event = stop(seats=5)
    answer = desk.post(reverse("admin:events_event_change", args=[event.pk]), event_form(event, seats=typed))
    assert list(answer.context["adminform"].form.errors) == ["seats"]
    event.refresh_from_db()
    assert event.seats == 5


def test_more_seats_at_the_desk_move_the_line_up(desk, stop, person):
    event = stop(seats=1)
    for n in range(1, 4):
        sign_up(event.pk, person(n))
    answer = desk.post(reverse("admin:events_event_change", args=[event.pk]), event_form(event, seats="2"), follow=True)
    assert "1 位候补已递补" in answer.content.decode()
    assert list(event.signups.order_by("number").values_list("state", flat=True)) == ["seated", "seated", "waiting"]


@pytest.mark.parametrize("model", ["tour", "event", "signup", "offer"])
def test_lists_cost_the_same_for_one_row_and_for_three(desk, stop, person, tour, model, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert desk.get(reverse(f"admin:events_{model}_changelist")).status_code == 200
        return len(found)

    def row(n: int) -> None:
        sign_up(stop(city=f"城市{n}").pk, person(n))
        Offer.objects.create(tour=tour, kind="venue", city="成都", name="来宾", contact="w")

    row(1)
    cost()
    one = cost()
    row(2), row(3)
    assert cost() == one


def test_deleting_or_cancelling_at_the_desk_gives_the_seat_to_the_next(desk, stop, person):
    event = stop(seats=1)
    first, second, third = (sign_up(event.pk, person(n)) for n in range(1, 4))
    desk.post(reverse("admin:events_signup_delete", args=[first.pk]), {"post": "yes"})
    second.refresh_from_db()
    assert second.state == "seated"
    changelist = reverse("admin:events_signup_changelist")
    desk.post(changelist, {"action": "cancel_signups", "_selected_action": [second.pk]})
    third.refresh_from_db()
    assert third.state == "seated"
    desk.post(changelist, {"action": "delete_selected", "_selected_action": [third.pk], "post": "yes"})
    event.refresh_from_db()
    assert (event.taken, list(Signup.objects.values_list("pk", flat=True))) == (0, [second.pk])


def test_deleting_a_stop_or_a_tour_at_the_desk_takes_its_sign_ups_along(desk, stop, person, tour):
    for event in (stop(), stop()):
        sign_up(event.pk, person())
    changelist = reverse("admin:events_event_changelist")
    desk.post(changelist, {"action": "delete_selected", "_selected_action": [event.pk], "post": "yes"})
    assert Signup.objects.count() == 1
    desk.post(reverse("admin:events_tour_delete", args=[tour.pk]), {"post": "yes"})
    assert (Event.objects.count(), Signup.objects.count()) == (0, 0)


def test_the_csv_of_the_list_is_harmless(desk, stop, person):
    sign_up(stop().pk, person(1, name='=HYPERLINK("http://evil.example")'))
    pks = list(Signup.objects.values_list("pk", flat=True))
    answer = desk.post(reverse("admin:events_signup_changelist"), {"action": "export_csv", "_selected_action": pks})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert '"\'=HYPERLINK(""http://evil.example"")"' in answer.content.decode()


def test_offers_move_on_by_action(desk, tour):
    offer = Offer.objects.create(tour=tour, kind="venue", city="成都", name="来宾", contact="w")
    for state in ("talked", "agreed", "thanked", "declined"):
        desk.post(reverse("admin:events_offer_changelist"), {"action": f"mark_{state}", "_selected_action": [offer.pk]})
        offer.refresh_from_db()
        assert offer.state == state


def test_a_tour_is_made_with_its_stops_on_one_page(desk, db):
    stops = {"events-TOTAL_FORMS": 1, "events-INITIAL_FORMS": 0, "events-0-city": "西安", "events-0-state": "open"}
    blank = dict.fromkeys(["city_en", "venue", "address", "seats", "starts_at_0", "starts_at_1", "ends_at_0"], "")
    stops |= {f"events-0-{name}": value for name, value in blank.items()} | {"events-0-position": 0}
    answer = desk.post(
        reverse("admin:events_tour_add"), {"name": "新的训练营", "slug": "new-camp", "is_open": "on"} | stops
    )
    assert answer.status_code == 302, answer.context["errors"]
    assert Event.objects.get().city == "西安"
