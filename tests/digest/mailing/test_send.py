"""Each confirmed subscriber gets a published issue once, whoever stops, dies or changes their mind meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from digest.mailing import compose, start, tasks
from digest.mailing import subscribe as verbs
from digest.mailing.models import Delivery, Mailing
from digest.mailing.relay import carrier
from digest.mailing.send import Sender, deliver
from digest.mailing.takeback import resume, send_again, take_back, was_sent
from digest.outgoing.sequence import is_held
from news import free_space
from tests.digest.mailing.conftest import due_again, states, topic
from tests.digest.mailing.sink import HANG_UP_BEFORE

State = Delivery.State
pytestmark = pytest.mark.django_db(transaction=True)


def test_each_confirmed_subscriber_gets_the_issue_once(sink, reader, issue):
    reader("a@reader.example")
    reader("b@reader.example")
    reader("waiting@reader.example", status="unconfirmed", confirmed_at=None)
    reader("gone@reader.example", status="unsubscribed")
    reader("away@reader.example", paused_until=timezone.now() + timedelta(days=9))
    reader("blocked@reader.example", is_blocked=True)
    reader("sample@reader.example", is_sample=True)
    issue()
    for _ in range(3):
        start.post_briefings()
        deliver()
    assert sorted(sink.recipients()) == ["a@reader.example", "b@reader.example"]
    assert states() == ["sent", "sent"]
    assert Mailing.objects.get().state == "finished"


def test_an_editor_says_how_an_unknown_one_ended(sink, reader, issue):
    for name in "ab":
        reader(f"{name}@reader.example")
    issue()
    start.post_briefings()
    sink.handler.on_data = lambda letter: HANG_UP_BEFORE
    deliver()
    sink.handler.on_data = lambda letter: None
    arrived, lost = Delivery.objects.order_by("subscriber__email")
    assert (was_sent(arrived), was_sent(arrived), send_again(lost), send_again(arrived)) == (True, False, True, False)
    deliver()
    assert states() == ["sent", "sent"]
    assert sink.recipients() == ["b@reader.example"]


def test_a_letter_that_cannot_be_made_fails_after_three_tries_and_the_others_go(sink, reader, issue):
    broken, fine = reader("a@reader.example"), reader("b@reader.example")
    issue()
    start.post_briefings()
    type(broken).objects.filter(pk=broken.pk).update(secret="not hexadecimal")
    for _ in range(5):
        due_again()
        deliver()
    first, second = Delivery.objects.order_by("subscriber__email")
    assert (first.state, first.attempts, first.error.partition(":")[0]) == ("failed", 3, "ValueError")
    assert (second.state, second.subscriber) == ("sent", fine)
    assert sink.recipients() == ["b@reader.example"]


def test_unsubscribing_between_snapshot_and_claim_is_honoured(sink, reader, issue):
    subscriber = reader()
    issue()
    start.post_briefings()
    verbs.unsubscribe(subscriber)
    deliver()
    assert (states(), sink.letters) == (["skipped"], [])


def test_unsubscribing_while_the_letter_is_being_said_is_honoured(sink, reader, issue, monkeypatch):
    subscriber, other = reader("a@reader.example"), reader("b@reader.example")
    issue()
    start.post_briefings()
    made = compose.compose
    monkeypatch.setattr(compose, "compose", lambda delivery: (verbs.unsubscribe(subscriber), made(delivery))[1])
    deliver()
    assert states() == ["skipped", "sent"]
    assert sink.recipients() == [other.email]


def test_only_items_of_the_chosen_topics_and_nothing_where_none_is_left(sink, reader, issue):
    reader("chips@reader.example").topics.add(topic("chips"))
    reader("other@reader.example").topics.add(topic("vision"))
    issue()
    start.post_briefings()
    deliver()
    assert states() == ["sent", "skipped"]
    text = sink.parsed().get_body(("plain",)).get_content()
    assert "1. 新芯片 <省电> 一半" in text
    assert "第二条" not in text


def test_everybody_gets_the_version_that_was_frozen(sink, reader, issue):
    reader("a@reader.example")
    reader("b@reader.example")
    briefing = issue()
    start.post_briefings()
    sender = Sender(carrier())
    sender.send_next()
    briefing.items.update(headline="改过的标题")
    sender.send_next()
    sender.carrier.close()
    assert [sink.parsed(number)["Subject"] for number in (0, 1)] == ["AI 简报 20230310 期：新芯片 <省电> 一半"] * 2


def test_a_dead_worker_before_the_dot_is_tried_again_and_after_it_is_not(sink, reader, issue):
    for name in "abc":
        reader(f"{name}@reader.example")
    issue()
    start.post_briefings()
    past = timezone.now() - timedelta(seconds=1)
    before, after, alive = Delivery.objects.order_by("subscriber__email")
    for row, state, lease in (
        (before, "claimed", past),
        (after, "committing", past),
        (alive, "committing", timezone.now() + timedelta(minutes=1)),
    ):
        Delivery.objects.filter(pk=row.pk).update(state=state, lease_until=lease, worker="dead", attempts=1)
    take_back()
    assert states() == ["pending", "unknown", "committing"]
    deliver()
    assert states() == ["sent", "unknown", "committing"]
    assert sink.recipients() == ["a@reader.example"]


def test_nothing_is_mailed_while_the_disk_is_full(sink, reader, issue, settings, monkeypatch):
    monkeypatch.setattr(free_space, "CHECK_SECONDS", 0.0)
    reader()
    issue()
    start.post_briefings()
    settings.MIN_FREE_MB = 10**9  # more than any disk has
    assert (deliver(), states()) == (0, ["pending"])
    settings.MIN_FREE_MB = 0
    assert (deliver(), states()) == (1, ["sent"])


def test_a_worker_that_lost_its_claim_sends_nothing(sink, reader, issue, monkeypatch):
    reader()
    issue()
    start.post_briefings()
    made = compose.compose

    def taken_away(delivery):
        Delivery.objects.filter(pk=delivery.pk).update(worker="another")
        return made(delivery)

    monkeypatch.setattr(compose, "compose", taken_away)
    sender = Sender(carrier())
    assert sender.send_next() is True
    sender.carrier.close()
    assert list(Delivery.objects.values_list("state", "worker")) == [("claimed", "another")]
    assert sink.letters == []


def test_as_many_queries_for_each_letter(sink, reader, issue, django_assert_num_queries):
    for number in range(4):
        reader(f"r{number}@reader.example")
    issue()
    start.post_briefings()
    is_held()  # the first look makes the row of the numbers
    sender = Sender(carrier())
    for _ in range(4):
        with django_assert_num_queries(9):  # claim, read, topics, is mail held, BEGIN, commit, number, COMMIT, sent
            sender.send_next()
    sender.carrier.close()
    assert states() == ["sent"] * 4


def test_a_sending_that_stood_still_for_hours_waits_for_an_editor(sink, reader, issue):
    for name in "ab":
        reader(f"{name}@reader.example")
    issue()
    start.post_briefings()
    Delivery.objects.update(due_at=timezone.now() - timedelta(hours=7))
    deliver()
    mailing = Mailing.objects.get()
    assert (mailing.state, sink.letters) == ("paused", [])
    assert (resume(mailing), resume(mailing)) == (True, False)
    deliver()
    assert states() == ["sent", "sent"]


def test_a_long_sending_that_goes_on_is_not_held_up(sink, reader, issue):
    for name in "ab":
        reader(f"{name}@reader.example")
    issue()
    start.post_briefings()
    Delivery.objects.update(due_at=timezone.now() - timedelta(hours=7))
    Delivery.objects.filter(subscriber__email="a@reader.example").update(state="sent", sent_at=timezone.now())
    deliver()
    assert sink.recipients() == ["b@reader.example"]


def test_two_senders_and_two_rings_share_the_work(sink, reader, issue):
    for number in range(40):
        reader(f"r{number:02}@reader.example")
    issue()
    start.post_briefings()

    def ring(_):
        try:
            tasks.deliver()
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(ring, range(5)))
    assert states() == ["sent"] * 40
    assert len(set(sink.ids())) == len(sink.ids()) == 40


def test_the_command_does_all_of_it(sink, reader, issue, capsys):
    reader()
    issue()
    verbs.ask("new@reader.example")
    call_command("deliver")
    assert capsys.readouterr().out == "1 answers, 1 briefings taken up, 1 letters worked on\n"
    assert sorted(sink.recipients()) == ["ada@reader.example", "new@reader.example"]
