"""Seats, the line, and who moves up."""

from datetime import timedelta

import pytest
from django.utils import timezone

from digest.events.models import Event, Signup
from digest.events.signup import Reason, Refused, cancel, confirm, lapse_all, settle, sign_up, take_part

pytestmark = pytest.mark.django_db
State = Signup.State


def states(event: Event) -> list[tuple[int, str]]:
    return list(event.signups.order_by("number").values_list("number", "state"))


def test_seats_go_first_come_first_served_and_the_rest_wait_in_order(stop, person):
    event = stop(seats=2)
    made = [sign_up(event.pk, person(n)) for n in range(1, 6)]
    assert states(event) == [(1, "seated"), (2, "seated"), (3, "waiting"), (4, "waiting"), (5, "waiting")]
    assert [signup.place_in_line for signup in made] == [None, None, 1, 2, 3]
    event.refresh_from_db()
    assert (event.taken, event.last_number, event.free_seats, event.waiting_count) == (2, 5, 0, 3)


def test_a_cancelled_seat_goes_to_the_first_in_line_at_once(stop, person):
    event = stop(seats=1)
    first, _, third = (sign_up(event.pk, person(n)) for n in range(1, 4))
    Signup.objects.update(mail_due_at=None, confirmed_at=timezone.now())
    assert cancel(first) is True
    assert states(event) == [(1, "cancelled"), (2, "seated"), (3, "waiting")]
    assert list(Signup.objects.owing_mail().values_list("number", "mail_news")) == [(1, "cancelled"), (2, "promoted")]
    third.refresh_from_db()
    assert third.place_in_line == 1
    event.refresh_from_db()
    assert event.taken == 1


def test_cancelling_twice_frees_one_seat(stop, person):
    event = stop(seats=2)
    first = sign_up(event.pk, person(1))
    sign_up(event.pk, person(2))
    assert [cancel(first), cancel(first)] == [True, False]
    event.refresh_from_db()
    assert event.taken == 1


def test_who_waits_may_leave_and_nobody_moves_up(stop, person):
    event = stop(seats=1)
    _, second, third = (sign_up(event.pk, person(n)) for n in range(1, 4))
    cancel(second)
    assert states(event) == [(1, "seated"), (2, "cancelled"), (3, "waiting")]
    assert third.place_in_line == 1


def test_the_same_address_gets_its_row_back_and_keeps_its_place(stop, person):
    event = stop(seats=0)
    first = sign_up(event.pk, person(1))
    sign_up(event.pk, person(2))
    again = sign_up(event.pk, person(1, name="换个名字"))
    assert (again.pk, again.number, again.name) == (first.pk, 1, "来宾1")
    assert event.signups.count() == 2


def test_signing_up_again_owes_the_mail_again_but_not_within_an_hour(stop, person):
    event = stop()
    first = sign_up(event.pk, person(1))
    for minutes_ago, owed in [(59, 0), (61, 1)]:
        claimed = timezone.now() - timedelta(minutes=minutes_ago)
        Signup.objects.filter(pk=first.pk).update(mail_due_at=None, mail_claimed_at=claimed)
        sign_up(event.pk, person(1))
        assert Signup.objects.owing_mail().count() == owed


def test_who_cancelled_and_comes_back_is_last_in_line(stop, person):
    event = stop(seats=1)
    first = sign_up(event.pk, person(1))
    for n in (2, 3):
        sign_up(event.pk, person(n))
    cancel(first)
    back = sign_up(event.pk, person(1))
    assert (back.number, back.place_in_line) == (4, 2)
    assert states(event) == [(1, "cancelled"), (2, "seated"), (3, "waiting"), (4, "waiting")]


def test_fewer_seats_drop_no_one_and_nobody_moves_up_until_below(stop, person):
    event = stop(seats=3)
    made = [sign_up(event.pk, person(n)) for n in range(1, 6)]
    event.refresh_from_db()
    event.seats = 1
    event.save()
    assert settle(event.pk) == 0
    cancel(made[0])
    cancel(made[1])
    event.refresh_from_db()
    assert (event.taken, [state for _, state in states(event)]) == (
        1,
        ["cancelled", "cancelled", "seated", "waiting", "waiting"],
    )
    cancel(made[2])
    assert [state for _, state in states(event)] == ["cancelled", "cancelled", "cancelled", "seated", "waiting"]


def test_more_seats_move_the_first_up_in_order(stop, person):
    event = stop(seats=1)
    for n in range(1, 6):
        sign_up(event.pk, person(n))
    event.refresh_from_db()
    event.seats = 3
    event.save()
    assert settle(event.pk) == 2
    assert [state for _, state in states(event)] == ["seated", "seated", "seated", "waiting", "waiting"]


def test_nobody_overtakes_the_line_when_seats_were_added_meanwhile(stop, person):
    event = stop(seats=1)
    for n in (1, 2):
        sign_up(event.pk, person(n))
    Event.objects.update(seats=2)
    assert sign_up(event.pk, person(3)).state == State.WAITING
    assert states(event) == [(1, "seated"), (2, "seated"), (3, "waiting")]


def test_no_limit_seats_everybody(stop, person):
    event = stop(seats=None)
    assert [sign_up(event.pk, person(n)).state for n in range(1, 4)] == [State.SEATED] * 3
    event.refresh_from_db()
    assert (event.taken, event.free_seats) == (3, None)


def test_without_a_date_interest_is_noted_and_takes_no_seat(stop, person):
    event = stop(seats=1, starts_at=None)
    first, second = sign_up(event.pk, person(1)), sign_up(event.pk, person(2))
    assert [first.state, second.state, take_part(first)] == [State.INTERESTED, State.INTERESTED, False]
    event.refresh_from_db()
    assert event.taken == 0


def test_once_dated_seats_go_by_when_people_said_yes(stop, person):
    event = stop(seats=1, starts_at=None)
    first, second = sign_up(event.pk, person(1)), sign_up(event.pk, person(2))
    event.refresh_from_db()
    event.starts_at = timezone.now() + timedelta(days=3)
    event.save()
    assert [take_part(second), take_part(second), take_part(first)] == [True, False, True]
    assert [second.state, first.state] == [State.SEATED, State.WAITING]
    assert first.number > second.number
    newcomer = sign_up(event.pk, person(3))
    assert [first.place_in_line, newcomer.place_in_line] == [1, 2]


def test_interest_becomes_a_seat_by_signing_up_again(stop, person):
    event = stop(seats=1, starts_at=None)
    sign_up(event.pk, person(1))
    Event.objects.update(starts_at=timezone.now() + timedelta(days=3))
    assert sign_up(event.pk, person(1)).state == State.SEATED
    event.refresh_from_db()
    assert (event.taken, event.signups.count()) == (1, 1)


@pytest.mark.parametrize(
    "fields",
    [{"state": "closed"}, {"state": "cancelled"}, {"starts_at": timezone.now() - timedelta(minutes=1)}],
)
def test_a_stop_that_takes_none_refuses(stop, person, fields):
    event = stop(**fields)
    with pytest.raises(Refused) as refusal:
        sign_up(event.pk, person())
    assert refusal.value.reason is Reason.CLOSED
    assert event.signups.count() == 0


def test_a_closed_tour_refuses(stop, person, tour):
    tour.is_open = False
    tour.save()
    with pytest.raises(Refused) as refusal:
        sign_up(stop().pk, person())
    assert refusal.value.reason is Reason.CLOSED


def test_a_stop_that_was_deleted_refuses_and_leaves_nothing(stop, person):
    event = stop()
    pk = event.pk
    sign_up(pk, person(1))
    event.delete()
    with pytest.raises(Refused) as refusal:
        sign_up(pk, person(2))
    assert refusal.value.reason is Reason.GONE
    assert Signup.objects.count() == 0


def test_saving_an_old_copy_of_a_stop_does_not_put_counters_back(stop, person):
    event = stop(seats=5)
    opened_an_hour_ago = Event.objects.get(pk=event.pk)
    sign_up(event.pk, person(1))
    opened_an_hour_ago.venue = "新场地"
    opened_an_hour_ago.save()
    event.refresh_from_db()
    assert (event.taken, event.last_number, event.venue) == (1, 1, "新场地")


def test_a_called_off_stop_moves_nobody_up(stop, person):
    event = stop(seats=1)
    first = sign_up(event.pk, person(1))
    sign_up(event.pk, person(2))
    Event.objects.update(state=Event.State.CANCELLED)
    cancel(first)
    assert states(event) == [(1, "cancelled"), (2, "waiting")]


def late() -> None:
    an_hour_ago = timezone.now() - timedelta(minutes=61)
    Signup.objects.filter(confirmed_at=None).update(
        created_at=an_hour_ago, mail_claimed_at=an_hour_ago, mail_due_at=None
    )


def test_what_is_not_confirmed_within_an_hour_goes_to_the_next(stop, person):
    event = stop(seats=2)
    first, _, third, _ = (sign_up(event.pk, person(n)) for n in range(1, 5))
    assert [confirm(first), confirm(first), confirm(third)] == [True, False, True]
    assert lapse_all() == 0
    late()
    assert (lapse_all(), lapse_all()) == (2, 0)
    assert states(event) == [(1, "seated"), (2, "cancelled"), (3, "seated"), (4, "cancelled")]
    event.refresh_from_db()
    assert event.taken == 2
    assert list(Signup.objects.owing_mail().order_by("number").values_list("number", "mail_news")) == [
        (1, "signed_up"),
        (3, "signed_up"),
    ]


@pytest.mark.parametrize(("made", "claimed", "owed"), [(59, None, False), (61, 59, False), (61, None, True)])
def test_the_hour_counts_from_the_letter(stop, person, made, claimed, owed):
    sign_up(stop().pk, person(1))
    ago = {minutes: timezone.now() - timedelta(minutes=minutes) for minutes in (59, 61)}
    due = timezone.now() if owed else None
    Signup.objects.update(created_at=ago[made], mail_claimed_at=ago.get(claimed), mail_due_at=due)
    assert lapse_all() == 0


def test_after_the_hour_confirming_takes_what_is_left_at_the_end_of_the_line(stop, person):
    event = stop(seats=1)
    first = sign_up(event.pk, person(1))
    late()
    lapse_all()
    second = sign_up(event.pk, person(2))
    confirm(second)
    assert confirm(first) is True
    assert states(event) == [(2, "seated"), (3, "waiting")]
    assert (first.place_in_line, first.is_confirmed) == (1, True)
    cancel(second)
    assert states(event) == [(2, "cancelled"), (3, "seated")]


def test_what_lapsed_cannot_be_confirmed_beside_a_new_one_or_when_closed(stop, person):
    event = stop(seats=1)
    first = sign_up(event.pk, person(1))
    late()
    lapse_all()
    second = sign_up(event.pk, person(1))
    assert confirm(first) is False
    cancel(second)
    assert confirm(second) is False  # cancelled by its owner
    Event.objects.update(state="closed")
    assert confirm(first) is False
    assert states(event) == [(1, "cancelled"), (2, "cancelled")]


def test_who_waits_unconfirmed_and_moves_up_is_told_by_confirming(stop, person):
    event = stop(seats=1)
    first, second = sign_up(event.pk, person(1)), sign_up(event.pk, person(2))
    Signup.objects.update(mail_due_at=None)
    cancel(first)
    assert list(Signup.objects.owing_mail()) == []
    confirm(second)
    assert list(Signup.objects.owing_mail().values_list("state", "mail_news")) == [("seated", "signed_up")]
