"""A relay that breaks off: what was certainly not sent is sent later, and the rest waits for a person (P1)."""

from datetime import timedelta
from select import select

import pytest
from django.utils import timezone

from benchmarks.mail.scripted import ScriptedRelay
from digest import mail
from digest.mailing import answer, start
from digest.mailing import subscribe as verbs
from digest.mailing.models import Delivery, Mailing, Subscriber
from digest.mailing.relay import Ambiguous, Refused, carrier
from digest.mailing.send import REFUSALS_TO_PAUSE, UNKNOWN_TO_PAUSE, Sender, deliver
from digest.mailing.streaks import NO_ANSWER
from digest.mailing.takeback import resume, send_again, was_sent
from tests.digest.mailing.conftest import due_again, states

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def relay(settings):
    running = ScriptedRelay(lambda recipient: "take")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
    settings.EMAIL_URL, settings.EMAIL_TIMEOUT = f"smtp://127.0.0.1:{running.port}", 10
    settings.SITE_URL = "https://news.example"
    yield running
    running.stop()


@pytest.fixture
def mailing(reader, issue):
    def make(readers: int) -> Mailing:
        for number in range(readers):
            reader(f"r{number:03}@reader.example")
        issue()
        start.post_briefings()
        return Mailing.objects.get()

    return make


def how(mailing: Mailing) -> tuple[str, str]:
    mailing.refresh_from_db()
    return mailing.state, mailing.reason


@pytest.mark.parametrize(
    ("fate", "said"),
    [("421 in DATA", "421 shutting down"), ("reset in DATA", "421 the connection was lost before the end")],
)
def test_what_the_relay_did_before_the_dot_is_seen(relay, fate, said):
    relay.script = lambda recipient: fate
    letter = mail.letter("confirm", "ada@reader.example", {"confirm_url": "https://x/", "days": 7})
    carries = carrier()
    with pytest.raises(Refused, match=said):
        # The note in the database takes long enough for the relay to break off.
        carries.carry(letter, "ada@reader.example", lambda: bool(select([carries._connection.sock], [], [], 10)))
    assert relay.taken == []
    relay.script = lambda recipient: "take"
    carries.carry(letter, "ada@reader.example", lambda: True)
    carries.close()
    assert [recipient for recipient, _ in relay.taken] == ["ada@reader.example"]


def test_a_relay_that_breaks_each_letter_off_leaves_none_unknown(relay, mailing):
    sending = mailing(REFUSALS_TO_PAUSE + 4)
    relay.script = lambda recipient: "421 in DATA"
    deliver()
    assert states() == ["pending"] * (REFUSALS_TO_PAUSE + 4)
    assert how(sending) == ("paused", "421 shutting down")
    relay.script = lambda recipient: "take"
    assert resume(sending)
    deliver()
    assert states() == ["sent"] * (REFUSALS_TO_PAUSE + 4)
    assert how(sending) == ("finished", "")
    assert len(relay.taken) == len(set(relay.taken)) == REFUSALS_TO_PAUSE + 4


@pytest.mark.parametrize(("fate", "copies"), [("reset, taken", 3), ("reset, lost", 0)])
def test_three_letters_in_a_row_without_an_answer_pause_the_mailing(relay, mailing, fate, copies):
    sending = mailing(6)
    relay.script = lambda recipient: fate
    for _ in range(3):
        due_again()
        deliver()
    assert states() == ["unknown"] * UNKNOWN_TO_PAUSE + ["pending"] * 3
    assert how(sending) == ("paused", NO_ANSWER)
    assert len(relay.taken) == copies
    relay.script = lambda recipient: "take"
    assert resume(sending)
    deliver()
    assert states() == ["unknown"] * 3 + ["sent"] * 3


def test_the_streak_outlasts_the_senders(relay, mailing):
    """As when each letter makes the relay crash, and the next run finds it up again."""
    sending = mailing(6)
    relay.script = lambda recipient: "reset, taken"
    for _ in range(3):
        assert how(sending) == ("running", "")
        sender = Sender(carrier())
        assert sender.send_next()
        sender.carrier.close()
    assert how(sending) == ("paused", NO_ANSWER)


def test_letters_that_arrive_in_between_end_the_streak(relay, mailing):
    sending = mailing(9)
    relay.script = lambda recipient: "take" if recipient[3] in "258" else "reset, taken"
    deliver()
    assert states() == ["unknown", "unknown", "sent"] * 3
    assert how(sending)[0] == "doubtful"


def test_a_mailing_with_unknown_letters_is_finished_when_a_person_has_settled_them(relay, mailing):
    sending = mailing(3)
    relay.script = lambda recipient: "reset, lost" if recipient[3] in "02" else "take"
    deliver()
    deliver()
    assert states() == ["unknown", "sent", "unknown"]
    assert how(sending) == ("doubtful", "有邮件不确定是否送达；请逐封核对，全部核对后即完成")
    arrived, _, lost = Delivery.objects.order_by("subscriber__email")
    relay.script = lambda recipient: "take"
    assert was_sent(arrived)
    deliver()
    assert how(sending)[0] == "doubtful"
    assert send_again(lost)
    assert how(sending) == ("running", "")
    deliver()
    assert states() == ["sent"] * 3
    assert how(sending) == ("finished", "")


def test_resuming_tries_those_again_whom_a_dead_relay_refused_and_no_others(relay, mailing):
    sending = mailing(REFUSALS_TO_PAUSE + 5)
    relay.script = lambda recipient: "take" if recipient[1:4] in {"000", "002"} else "550"
    deliver()
    assert states() == ["sent", "failed", "sent"] + ["failed"] * REFUSALS_TO_PAUSE + ["pending"] * 2
    assert how(sending) == ("paused", "550 no")
    dead = {"r001@reader.example", "r007@reader.example"}
    relay.script = lambda recipient: "550" if recipient in dead else "take"
    relay.asked.clear()
    assert resume(sending)
    for _ in range(3):
        due_again()
        deliver()
    assert states() == ["sent", "failed"] + ["sent"] * 5 + ["failed"] + ["sent"] * 17
    assert how(sending) == ("finished", "")
    assert sorted(relay.asked) == [f"r{number:03}@reader.example" for number in range(3, REFUSALS_TO_PAUSE + 5)]


def test_a_refusal_before_a_pause_of_another_kind_is_not_tried_again(relay, mailing):
    sending = mailing(1)
    relay.script = lambda recipient: "550"
    deliver()
    Mailing.objects.update(state="paused")
    assert resume(sending)
    deliver()
    assert (states(), relay.asked) == (["failed"], ["r000@reader.example"])


@pytest.mark.parametrize(("fate", "copies"), [("reset, taken", 5), ("reset, lost", 0)])
def test_an_answer_is_not_mailed_each_minute_to_a_relay_that_does_not_answer(relay, db, fate, copies):
    verbs.ask("ada@reader.example")
    relay.script = lambda recipient: fate
    for _ in range(8):
        assert answer.answer_all() == 0
        waits = Subscriber.objects.values_list("answer_due_at", flat=True).get()
        assert waits is None or waits > timezone.now() + timedelta(minutes=9)
        Subscriber.objects.exclude(answer_due_at=None).update(answer_due_at=timezone.now())
    assert relay.asked == ["ada@reader.example"] * answer.TRIES
    assert len(relay.taken) == copies
    assert len(set(relay.taken)) == min(copies, 1)  # of one Message-ID, so a mailbox can drop the others


def test_an_answer_that_was_broken_off_is_tried_again_until_it_arrives(relay, db):
    verbs.ask("ada@reader.example")
    relay.script = lambda recipient: "reset in DATA"
    for _ in range(answer.TRIES + 2):
        answer.answer_all()
        Subscriber.objects.update(answer_due_at=timezone.now())
    assert relay.taken == []
    relay.script = lambda recipient: "take"
    assert answer.answer_all() == 1
    assert [recipient for recipient, _ in relay.taken] == ["ada@reader.example"]


def test_a_relay_that_hangs_after_the_dot(settings, relay):
    settings.EMAIL_TIMEOUT = 0.3
    relay.script = lambda recipient: "hang, taken"
    letter = mail.letter("confirm", "ada@reader.example", {"confirm_url": "https://x/", "days": 7})
    carries = carrier()
    with pytest.raises(Ambiguous, match="no answer after the final dot"):
        carries.carry(letter, "ada@reader.example", lambda: True)
    assert len(relay.taken) == 1
