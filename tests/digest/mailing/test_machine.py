"""Any order of publishing, sending, dying, refusing, unsubscribing and settling: never a second copy (E7).

The relay here is a ledger that does what the rule says; everything else, the database first, is the real thing.
"""

import contextlib
from collections import Counter
from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from digest.briefings.models import Briefing, Item
from digest.mailing import start
from digest.mailing import subscribe as verbs
from digest.mailing.models import Delivery, Mailing, Subscriber
from digest.mailing.relay import Ambiguous, Refused, RelayDown, Withheld
from digest.mailing.send import Sender
from digest.mailing.takeback import finish_mailings, send_again, take_back, was_sent

EXAMPLES, STEPS = 40, 25
FATES = ["taken", "4xx", "5xx", "down", "dies before the note", "dies before the dot", "dies after the answer"]
FATES += ["no answer, taken", "no answer, not taken"]


class Killed(BaseException):
    """The worker's end; nothing of ours runs after it."""


class Ledger:
    """A relay whose next answer is chosen; it keeps what it took."""

    def __init__(self):
        self.taken = []
        self.fate = "taken"

    def carry(self, message, recipient, before_dot):
        if self.fate == "down":
            raise RelayDown("down")
        if self.fate in {"4xx", "5xx"}:
            raise Refused(int(self.fate[0]) * 100 + 50, b"no")
        if self.fate == "dies before the note":
            raise Killed
        if not before_dot():
            raise Withheld
        if self.fate == "dies before the dot":
            raise Killed
        if self.fate != "no answer, not taken":
            self.taken.append(message.extra_headers["Message-ID"])
        if self.fate == "dies after the answer":
            raise Killed
        if self.fate.startswith("no answer"):
            raise Ambiguous("no answer")

    def took(self, message_id):
        return None

    def close(self):
        pass


class Post(RuleBasedStateMachine):
    @initialize(readers=st.integers(1, 4))
    def begin(self, readers):
        for model in (Delivery, Mailing, Briefing, Subscriber):
            model.objects.all().delete()
        self.relay = Ledger()
        self.days = 0
        self.gone = {}  # subscriber → copies when the subscription ended
        for _ in range(readers):
            self.somebody_confirms()
        self.an_issue_is_published(1)

    @rule()
    def somebody_confirms(self):
        number = Subscriber.objects.count()
        verbs.ask(f"r{number}@reader.example")
        verbs.confirm(Subscriber.objects.get(email=f"r{number}@reader.example"))

    @rule(times=st.integers(1, 3))
    def an_issue_is_published(self, times):
        self.days += 1
        day = date(2023, 3, 10) + timedelta(self.days)
        briefing = Briefing.objects.create(date=day, published_at=timezone.now())
        Item.objects.create(briefing=briefing, position=1, headline="标题")
        for _ in range(times):
            start.post_briefings()

    @rule(fate=st.sampled_from(FATES))
    def a_letter_meets_its_fate(self, fate):
        self.relay.fate = fate
        with contextlib.suppress(Killed, RelayDown):
            Sender(self.relay).send_next()

    @rule(then=st.sampled_from(["nobody sends", "all is sent"]))
    def time_passes(self, then):
        past = timezone.now() - timedelta(seconds=1)
        Delivery.objects.filter(lease_until__isnull=False).update(lease_until=past)
        Delivery.objects.filter(state="pending").update(due_at=past)
        take_back()
        self.relay.fate = "taken"
        while then == "all is sent" and Sender(self.relay).send_next():
            pass
        finish_mailings()

    @rule()
    def somebody_unsubscribes(self):
        subscriber = Subscriber.objects.filter(status="confirmed").order_by("?").first()
        if subscriber:
            verbs.unsubscribe(subscriber)
            self.gone[subscriber.pk] = self.copies_to(subscriber)

    @rule()
    def an_editor_settles_by_the_relays_log(self):
        for delivery in Delivery.objects.filter(state="unknown"):
            (was_sent if delivery.message_id in self.relay.taken else send_again)(delivery)

    @rule()
    def an_editor_corrects_the_issue(self):
        Item.objects.update(headline="改过")

    @invariant()
    def no_second_copy(self):
        assert [message for message, copies in Counter(self.taken()).items() if copies > 1] == []

    @invariant()
    def nothing_after_the_unsubscribing(self):
        for subscriber in Subscriber.objects.filter(pk__in=self.gone_for_good()):
            assert self.copies_to(subscriber) == self.gone[subscriber.pk]

    @invariant()
    def what_the_relay_took_is_known_or_doubted_and_what_is_sent_it_took(self):
        state = dict(Delivery.objects.exclude(message_id="").values_list("message_id", "state"))
        assert {state[message] for message in self.taken()} <= {"sent", "unknown", "committing"}
        assert {message for message, ended in state.items() if ended == "sent"} <= set(self.taken())

    @invariant()
    def all_of_a_finished_mailing_is_accounted_for(self):
        finished = Delivery.objects.filter(mailing__state="finished").values_list("state", flat=True)
        assert set(finished) <= {"sent", "failed", "skipped", "unknown"}

    def taken(self):
        return self.relay.taken if hasattr(self, "relay") else []

    def gone_for_good(self):
        return list(getattr(self, "gone", {}))

    def copies_to(self, subscriber):
        return len(set(subscriber.deliveries.values_list("message_id", flat=True)) & set(self.relay.taken))


@pytest.mark.django_db
def test_any_order_of_events():
    chosen = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    run_state_machine_as_test(Post, settings=chosen)
