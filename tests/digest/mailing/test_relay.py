"""Whatever a relay says, or leaves unsaid, each delivery ends in the right state."""

import socket

import pytest
from django.utils import timezone

from digest.mailing import start
from digest.mailing.models import Delivery, Mailing
from digest.mailing.send import REFUSALS_TO_PAUSE, deliver
from tests.digest.mailing.conftest import due_again, states
from tests.digest.mailing.sink import HANG_UP_AFTER

State = Delivery.State
pytestmark = pytest.mark.django_db(transaction=True)


def test_the_message_id_is_the_same_for_each_try(sink, reader, issue):
    reader()
    briefing = issue()
    start.post_briefings()
    sink.handler.on_data = lambda letter: "451 later"
    deliver()
    first = Delivery.objects.get()
    assert (first.state, first.attempts, first.error) == ("pending", 1, "451 later")
    assert 50 < (first.due_at - timezone.now()).total_seconds() <= 60
    sink.handler.on_data = lambda letter: None
    due_again()
    deliver()
    second = Delivery.objects.get()
    assert (second.state, second.error, second.message_id) == ("sent", "", first.message_id)
    assert sink.ids() == [f"<i{briefing.number}.d{first.pk}@news.example>"]


@pytest.mark.parametrize("stage", ["on_rcpt", "on_data"])
def test_a_temporary_refusal_is_tried_five_times(sink, reader, issue, stage):
    reader()
    issue()
    start.post_briefings()
    setattr(sink.handler, stage, lambda letter: "452 full")
    for _ in range(7):
        due_again()
        deliver()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.error) == ("failed", 5, "452 full")


@pytest.mark.parametrize("stage", ["on_rcpt", "on_data"])
def test_a_refusal_for_good_concerns_one_reader(sink, reader, issue, stage):
    for name in "abc":
        reader(f"{name}@reader.example")
    issue()
    start.post_briefings()
    setattr(sink.handler, stage, lambda letter: "554 no" if letter.rcpt_tos[-1].startswith("b") else None)
    deliver()
    assert states() == ["sent", "failed", "sent"]
    assert sink.recipients() == ["a@reader.example", "c@reader.example"]


def test_a_relay_that_refuses_everybody_pauses_the_mailing(sink, reader, issue):
    for number in range(REFUSALS_TO_PAUSE + 5):
        reader(f"r{number:02}@reader.example")
    issue()
    start.post_briefings()
    sink.handler.on_data = lambda letter: "554 we do not know you"
    deliver()
    assert states() == ["failed"] * REFUSALS_TO_PAUSE + ["pending"] * 5
    assert list(Mailing.objects.values_list("state", "reason")) == [("paused", "554 we do not know you")]


def test_no_answer_after_the_dot_is_unknown_and_never_sent_again_by_itself(sink, reader, issue):
    reader()
    issue()
    start.post_briefings()
    sink.handler.on_data = lambda letter: HANG_UP_AFTER
    deliver()
    sink.handler.on_data = lambda letter: None
    for _ in range(3):
        due_again()
        deliver()
    assert states() == ["unknown"]
    assert len(sink.letters) == 1


def test_a_relay_that_tires_after_three_letters_gets_the_rest_over_a_new_connection(sink, reader, issue):
    for number in range(8):
        reader(f"r{number}@reader.example")
    issue()
    start.post_briefings()
    served: dict[int, int] = {}

    def tire(letter):
        served[len(sink.letters)] = 1
        return HANG_UP_AFTER if len(sink.letters) == 5 else None

    sink.handler.on_data = tire
    deliver()
    assert states() == ["sent"] * 5 + ["unknown"] + ["sent"] * 2
    assert len(set(sink.ids())) == len(sink.ids()) == 8


def test_a_relay_that_is_down_costs_no_try(settings, sink, reader, issue):
    reader()
    issue()
    start.post_briefings()
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    for _ in range(6):
        deliver()
    assert list(Delivery.objects.values_list("state", "attempts", "worker")) == [("pending", 0, "")]
    assert "refused" in Mailing.objects.get().reason
    settings.EMAIL_PORT = port
    deliver()
    assert states() == ["sent"]


def test_a_relay_that_answers_rubbish(sink, reader, issue):
    reader()
    issue()
    start.post_briefings()
    sink.handler.on_rcpt = lambda letter: "550 no\x00 " + "x" * 400
    deliver()
    delivery = Delivery.objects.get()
    assert delivery.state == "failed"
    assert delivery.error.startswith("550 no ")
    assert len(delivery.error) == 300


def test_a_relay_without_the_encryption_that_is_asked_for_gets_nothing(settings, sink, reader, issue):
    settings.EMAIL_USE_TLS = True
    reader()
    issue()
    start.post_briefings()
    deliver()
    assert list(Delivery.objects.values_list("state", "attempts")) == [("pending", 0)]
    assert "STARTTLS" in Mailing.objects.get().reason
    assert sink.letters == []


def test_a_relay_that_takes_the_call_and_says_nothing_frees_the_row(settings, sink, reader, issue):
    settings.EMAIL_TIMEOUT = 0.3
    reader()
    issue()
    start.post_briefings()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_PORT = silent.getsockname()[1]
        deliver()
    assert list(Delivery.objects.values_list("state", "attempts")) == [("pending", 0)]
    settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = sink.port, 10
    deliver()
    assert states() == ["sent"]
