"""P26: no two people on one seat, however many sign up, cancel and edit at once. Real threads, real PostgreSQL."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier

import pytest
from django.db import connection, transaction

from digest.events.models import Event, Signup
from digest.events.signup import Person, Refused, cancel, settle, settle_all, sign_up

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS, EACH, SEATS = 40, 10, 50


def together(work: Callable[[int], object], workers: int) -> list[object]:
    """Run `work(0..workers-1)` in threads that start at the same moment."""
    barrier = Barrier(workers)

    def run(number: int) -> object:
        try:
            barrier.wait()
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(run, range(workers)))


def a_person(number: int) -> Person:
    return Person(name=f"来宾{number}", email=f"guest{number}@example.com")


def four_hundred(sign: Callable[[int, Person], object], event: Event) -> None:
    together(lambda client: [sign(event.pk, a_person(client * EACH + n)) for n in range(EACH)], CLIENTS)


def ledger(event: Event) -> tuple[int, int, list[int]]:
    """How many sit, how many wait, and the places in line in order of their numbers."""
    event.refresh_from_db()
    seated = event.signups.filter(state=Signup.State.SEATED).count()
    places = [signup.place_in_line or 0 for signup in event.signups.in_line()]
    return seated, len(places), places


def test_four_hundred_at_once_for_fifty_seats(stop):
    event = stop(seats=SEATS)
    clock, seen = count(), []

    def sign(event_id: int, person: Person) -> None:
        before = next(clock)
        signup = sign_up(event_id, person)
        seen.append((before, next(clock), signup.number))

    four_hundred(sign, event)
    assert ledger(event) == (50, 350, list(range(1, 351)))
    assert event.taken == 50
    assert list(event.signups.order_by("number").values_list("number", flat=True)) == list(range(1, 401))
    assert set(event.signups.filter(number__lte=50).values_list("state", flat=True)) == {"seated"}
    # Who had the answer before another one asked has the lower number.
    by_number = sorted(seen, key=lambda row: row[2])
    latest_ask = -1
    for asked, answered, number in by_number:
        assert answered > latest_ask, number
        latest_ask = max(latest_ask, asked)


def count_then_insert(event_id: int, person: Person) -> None:
    """The control: what a sign-up without the lock does. It lives only here."""
    with transaction.atomic():
        event = Event.objects.get(pk=event_id)
        free = event.signups.filter(state=Signup.State.SEATED).count() < (event.seats or 0)
        number = int(person.email.removeprefix("guest").removesuffix("@example.com")) + 1
        state = Signup.State.SEATED if free else Signup.State.WAITING
        Signup.objects.create(event=event, number=number, state=state, name=person.name, email=person.email)


def test_the_control_without_the_lock_oversells(stop):
    event = stop(seats=SEATS)
    four_hundred(count_then_insert, event)
    seated, waiting, _ = ledger(event)
    assert seated > SEATS
    assert seated + waiting == CLIENTS * EACH


def test_one_address_fifty_times_at_once_is_one_row(stop):
    event = stop(seats=SEATS)
    made = together(lambda _: sign_up(event.pk, a_person(1)).pk, 20)
    assert len(set(made)) == 1
    event.refresh_from_db()
    assert (event.signups.count(), event.taken, event.last_number) == (1, 1, 1)


def test_cancels_sign_ups_a_promoter_and_an_editor_at_once(stop):
    event = stop(seats=20)
    seated = [sign_up(event.pk, a_person(n)) for n in range(20)]
    waiting = [sign_up(event.pk, a_person(n)) for n in range(20, 40)]
    over: list[tuple[int, int]] = []
    finished: list[int] = []

    def watch() -> None:
        """What a reader sees at any commit."""
        while len(finished) < 11:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT e.taken, count(s.id) FROM events_event e LEFT JOIN events_signup s"
                    " ON s.event_id = e.id AND s.state = 'seated' WHERE e.id = %s GROUP BY e.taken",
                    [event.pk],
                )
                taken, counted = cursor.fetchone()
            if taken != counted or counted > 20:
                over.append((taken, counted))

    def edit() -> None:
        for seats in (15, 20, 10, 20):
            edited = Event.objects.get(pk=event.pk)
            edited.seats = seats
            edited.save()
            settle(event.pk)

    def work(number: int) -> None:
        if number == 1:
            edit()
        elif number == 2:
            for _ in range(10):
                settle_all()
        elif number < 8:
            for signup in seated[number - 3 :: 5]:
                cancel(signup)
        else:
            for n in range(5):
                sign_up(event.pk, a_person(40 + (number - 8) * 5 + n))

    def watched(number: int) -> None:
        if number == 0:
            watch()
            return
        try:
            work(number)
        finally:
            finished.append(number)

    together(watched, 12)
    assert over == []
    settle(event.pk)
    assert ledger(event) == (20, 20, list(range(1, 21)))
    assert event.taken == 20
    # The twenty who waited moved up, in their order, before anybody who came later.
    assert set(event.signups.filter(pk__in=[s.pk for s in waiting]).values_list("state", flat=True)) == {"seated"}


def test_a_stop_deleted_under_sign_ups_leaves_no_orphan_and_no_error(stop):
    event = stop(seats=5)

    def work(number: int) -> str:
        try:
            if number == 7:
                event.delete()
            else:
                sign_up(event.pk, a_person(number))
        except Refused as refusal:
            return str(refusal.reason)
        return "done"

    answers = together(work, 16)
    assert set(answers) <= {"done", "gone"}
    assert Signup.objects.count() == 0


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_steps_on_many_connections_keeps_the_books(stop, seed):
    event = stop(seats=5)
    chance = random.Random(seed)  # noqa: S311 not for keys
    plans = [[chance.choice(["sign", "sign", "cancel", "seats", "settle"]) for _ in range(12)] for _ in range(8)]

    def work(number: int) -> None:
        own = random.Random(seed * 100 + number)  # noqa: S311
        for what in plans[number]:
            if what == "sign":
                sign_up(event.pk, a_person(own.randrange(30)))
            elif what == "cancel" and (live := event.signups.live().order_by("?").first()):
                cancel(live)
            elif what == "seats":
                edited = Event.objects.get(pk=event.pk)
                edited.seats = own.randrange(8)
                edited.save()
            elif what == "settle":
                settle(event.pk)

    together(work, 8)
    settle(event.pk)
    seated, waiting, places = ledger(event)
    assert event.taken == seated
    assert waiting == 0 or seated >= (event.seats or 0)
    assert places == list(range(1, waiting + 1))
    numbers = list(event.signups.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, event.last_number + 1))
