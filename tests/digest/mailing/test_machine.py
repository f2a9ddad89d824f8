"""Any order of publishing, sending, dying, refusing, unsubscribing and settling: never a second copy (E7).

Dense random walks by a seed: hypothesis' state machine spent most of its steps on orders in which nothing was sent.
The relay here is a ledger that does what the rule says; everything else, the database first, is the real thing.
"""

import contextlib
import random
from collections import Counter
from datetime import date, timedelta

import pytest
from django.utils import timezone

from digest.briefings.models import Briefing, Item
from digest.mailing import start
from digest.mailing import subscribe as verbs
from digest.mailing.models import Delivery, Mailing, Subscriber
from digest.mailing.relay import Ambiguous, Refused, RelayDown, Withheld
from digest.mailing.send import UNKNOWN_TO_PAUSE, Sender
from digest.mailing.takeback import finish_mailings, resume, send_again, take_back, was_sent

WALKS, STEPS = 60, 30
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
            self.taken.append((message.extra_headers["Message-ID"], recipient))
        if self.fate == "dies after the answer":
            raise Killed
        if self.fate.startswith("no answer"):
            raise Ambiguous("no answer")

    def ids(self):
        return [message_id for message_id, _ in self.taken]

    def took(self, message_id):
        return None

    def close(self):
        pass


class Walk:
    def __init__(self, seed):
        for model in (Delivery, Mailing, Briefing, Subscriber):
            model.objects.all().delete()
        self.dice = random.Random(seed)  # noqa: S311 the same walk for the same seed
        self.relay, self.days, self.readers = Ledger(), 0, 0
        self.gone = {}  # subscriber → what they had got when the subscription ended
        self.steps = []
        for _ in range(self.dice.randint(1, 4)):
            self.somebody_confirms()
        self.an_issue_is_published()

    def step(self):
        rules = [self.a_letter_meets_its_fate] * 6 + [self.time_passes] * 2 + [self.all_is_sent]
        rules += [self.an_issue_is_published, self.somebody_confirms, self.somebody_unsubscribes]
        rules += [self.an_editor_settles_by_the_relays_log, self.an_editor_corrects_the_issue]
        rules += [self.an_editor_resumes]
        rule = self.dice.choice(rules)
        self.steps.append(rule.__name__)
        rule()

    def somebody_confirms(self):
        self.readers += 1
        verbs.ask(f"r{self.readers}@reader.example")
        verbs.confirm(Subscriber.objects.get(email=f"r{self.readers}@reader.example"))

    def an_issue_is_published(self):
        self.days += 1
        day = date(2023, 3, 10) + timedelta(self.days)
        briefing = Briefing.objects.create(date=day, published_at=timezone.now())
        Item.objects.create(briefing=briefing, position=1, headline="标题")
        for _ in range(self.dice.randint(1, 3)):
            start.post_briefings()

    def a_letter_meets_its_fate(self):
        self.relay.fate = self.dice.choice(FATES)
        self.steps.append(self.relay.fate)
        with contextlib.suppress(Killed, RelayDown):
            Sender(self.relay).send_next()

    def time_passes(self):
        past = timezone.now() - timedelta(seconds=1)
        Delivery.objects.filter(lease_until__isnull=False).update(lease_until=past)
        Delivery.objects.filter(state="pending").update(due_at=past)
        take_back()
        finish_mailings()

    def all_is_sent(self):
        self.time_passes()
        self.relay.fate = "taken"
        while Sender(self.relay).send_next():
            pass
        finish_mailings()

    def somebody_unsubscribes(self):
        subscriber = Subscriber.objects.filter(status="confirmed").order_by("pk").last()
        if subscriber:
            verbs.unsubscribe(subscriber)
            self.gone[subscriber.email] = self.copies_to(subscriber.email)

    def an_editor_settles_by_the_relays_log(self):
        for delivery in Delivery.objects.filter(state="unknown"):
            (was_sent if delivery.message_id in self.relay.ids() else send_again)(delivery)

    def an_editor_resumes(self):
        for mailing in Mailing.objects.all():
            resume(mailing)

    def an_editor_corrects_the_issue(self):
        Item.objects.update(headline="改过")

    def check(self):
        """No second copy; none to who left; every state says the truth; a finished mailing is accounted for."""
        taken = self.relay.ids()
        assert [message for message, copies in Counter(taken).items() if copies > 1] == [], self.steps
        assert {reader: self.copies_to(reader) for reader in self.gone} == self.gone, self.steps
        state = dict(Delivery.objects.exclude(message_id="").values_list("message_id", "state"))
        assert {state[message] for message in taken} <= {"sent", "unknown", "committing"}, self.steps
        assert {message for message, ended in state.items() if ended == "sent"} <= set(taken), self.steps
        ends = Delivery.objects.filter(mailing__state="finished").values_list("state", flat=True)
        assert set(ends) <= {"sent", "failed", "skipped"}, self.steps
        streaks = Delivery.objects.filter(mailing__state="running", state="unknown", in_streak=True)
        in_a_row = Counter(streaks.values_list("mailing", flat=True))
        assert max(in_a_row.values(), default=0) < UNKNOWN_TO_PAUSE, self.steps

    def copies_to(self, reader):
        return [recipient for _, recipient in self.relay.taken].count(reader)


@pytest.mark.django_db
def test_any_order_of_events():
    letters = 0
    for seed in range(WALKS):
        walk = Walk(seed)
        for _ in range(STEPS):
            walk.step()
            walk.check()
        letters += len(walk.relay.taken)
    assert letters > 4 * WALKS  # the walks do lead somewhere
