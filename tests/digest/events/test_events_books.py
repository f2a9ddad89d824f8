"""Any order of steps keeps the books: seats, line and counters agree after each of them."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from digest.events.models import Event, Signup, Tour
from digest.events.signup import Person, cancel, check_counters, settle, sign_up, take_part

State = Signup.State


class Books(RuleBasedStateMachine):
    """A model of one stop beside the real one: who sits and who waits, in order."""

    def __init__(self) -> None:
        super().__init__()
        tour = Tour.objects.create(name="示范", slug=f"books-{Tour.objects.count()}")
        self.date = timezone.now() + timedelta(days=9)
        self.event = Event.objects.create(tour=tour, city="青岛", seats=2, starts_at=self.date)
        self.seats, self.dated = 2, True
        self.sitting: list[str] = []
        self.line: list[str] = []
        self.interested: list[str] = []

    @rule(name=st.sampled_from("abcdefgh"))
    def sign_up(self, name: str) -> None:
        sign_up(self.event.pk, Person(name=name, email=f"{name}@example.com"))
        if name in self.interested and self.dated:
            self.interested.remove(name)
            self.line.append(name)
        elif name not in [*self.sitting, *self.line, *self.interested]:
            (self.line if self.dated else self.interested).append(name)
        self._move_up()

    @rule(name=st.sampled_from("abcdefgh"))
    def cancel(self, name: str) -> None:
        for signup in Signup.objects.filter(event=self.event, name=name):
            cancel(signup)
        for names in (self.sitting, self.line, self.interested):
            if name in names:
                names.remove(name)
        self._move_up()

    @rule(name=st.sampled_from("abcdefgh"))
    def say_yes(self, name: str) -> None:
        expected = name in self.interested and self.dated
        rows = Signup.objects.filter(event=self.event, name=name)
        assert [take_part(signup) for signup in rows].count(True) == expected
        if expected:
            self.interested.remove(name)
            self.line.append(name)
            self._move_up()

    @rule(seats=st.integers(0, 4))
    def set_seats(self, seats: int) -> None:
        self._edit(seats=seats)
        self.seats = seats
        self._move_up()

    @precondition(lambda self: self.dated)
    @rule()
    def postpone(self) -> None:
        self._edit(starts_at=None)
        self.dated = False

    @precondition(lambda self: not self.dated)
    @rule()
    def set_date(self) -> None:
        self._edit(starts_at=self.date)
        self.dated = True
        self._move_up()

    @invariant()
    def the_books_agree(self) -> None:
        event = Event.objects.get(pk=self.event.pk)
        rows = event.signups.order_by("number")
        assert list(rows.filter(state=State.WAITING).values_list("name", flat=True)) == self.line
        assert sorted(rows.filter(state=State.SEATED).values_list("name", flat=True)) == sorted(self.sitting)
        assert sorted(rows.filter(state=State.INTERESTED).values_list("name", flat=True)) == sorted(self.interested)
        assert event.taken == len(self.sitting)
        assert [signup.place_in_line for signup in event.signups.in_line()] == list(range(1, len(self.line) + 1))
        assert check_counters() == []

    def _edit(self, **fields: object) -> None:
        edited = Event.objects.get(pk=self.event.pk)
        for name, value in fields.items():
            setattr(edited, name, value)
        edited.save()
        settle(edited.pk)

    def _move_up(self) -> None:
        while self.dated and self.line and len(self.sitting) < self.seats:
            self.sitting.append(self.line.pop(0))


class BooksTest(TestCase, Books.TestCase):
    settings = settings(
        max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )


@pytest.mark.django_db
def test_a_counter_that_went_wrong_is_found_and_put_right(stop, person, caplog):
    event = stop(seats=5)
    sign_up(event.pk, person(1))
    Event.objects.update(taken=0)
    assert check_counters() == [event.pk]
    assert check_counters() == []
    event.refresh_from_db()
    assert event.taken == 1
    assert [record.message for record in caplog.records] == [f"event {event.pk} counted 0 taken seats and has 1"]
