"""What dead workers left behind: taken back where that is safe, and put to a person where it is not."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from digest.mailing import streaks
from digest.mailing.models import Delivery, Mailing
from digest.mailing.relay import Carrier
from news.liveness import has_lost_its_holder

State = Delivery.State
TRIES = 8  # claims that ended in the death of the worker
STALE = timedelta(hours=6)
ENDED = [Mailing.State.FINISHED, Mailing.State.DOUBTFUL]


def take_back() -> None:
    """End the leases that ran out, or whose worker is gone. `claimed` was never sent; `committing` may have been."""
    over = Delivery.objects.filter(
        Q(lease_until__lt=Now()) | Q(has_lost_its_holder("mailing_delivery.worker")),
        state__in=[State.CLAIMED, State.COMMITTING],
    )
    claimed = over.filter(state=State.CLAIMED)
    claimed.filter(attempts__gte=TRIES).update(
        state=State.FAILED, lease_until=None, error="the worker died each time", in_streak=False
    )
    claimed.update(state=State.PENDING, worker="", lease_until=None, due_at=Now())
    over.filter(state=State.COMMITTING).update(
        state=State.UNKNOWN,
        lease_until=None,
        error="the worker died between the last byte and the answer",
        in_streak=False,  # the relay is not to blame
    )


def pause_stale() -> None:
    """Sendings that stood still for hours go on when an editor says so (DELIVERY-012, -015).

    The site was down, or this is yesterday's backup and those letters went out long ago: nobody here can tell.
    """
    long_ago = Now() - STALE
    letters = Delivery.objects.filter(mailing=OuterRef("pk"))
    overdue = letters.filter(state=State.PENDING, due_at__lt=long_ago)
    running = Mailing.objects.filter(state=Mailing.State.RUNNING).filter(Exists(overdue))
    running.exclude(Exists(letters.filter(sent_at__gte=long_ago))).update(
        state=Mailing.State.PAUSED, reason=gettext_noop("中断超过 6 小时；确认不是恢复的旧备份后，按“继续”")
    )


def pause_all(**_: object) -> None:
    """The database may be a restored one: its mailings know nothing of the letters that left since."""
    Mailing.objects.filter(state=Mailing.State.RUNNING).update(
        state=Mailing.State.PAUSED, reason=gettext_noop("数据库可能是恢复的备份；查清哪些读者已经收到后，再按“继续”")
    )


def resume(mailing: Mailing) -> bool:
    """An editor presses Resume: what waits is due from now on, and what a dead relay refused is tried once more."""
    done = Mailing.objects.filter(pk=mailing.pk, state=Mailing.State.PAUSED).update(
        state=Mailing.State.RUNNING, reason=""
    )
    if done:
        streaks.take_up(mailing.pk)
        Delivery.objects.filter(mailing=mailing, state=State.PENDING).update(due_at=Now())
    return bool(done)


def ask_the_relay(carrier: Carrier) -> None:
    """Settle the unknown ones by Message-ID, where the relay can say."""
    for delivery in Delivery.objects.filter(state=State.UNKNOWN).order_by("pk"):
        taken = carrier.took(delivery.message_id)
        if taken is None:
            return
        if taken:
            was_sent(delivery)
        else:
            send_again(delivery)


def was_sent(delivery: Delivery) -> bool:
    """A person, or the relay, says that an unknown letter arrived."""
    row = Delivery.objects.filter(pk=delivery.pk, state=State.UNKNOWN)
    return bool(row.update(state=State.SENT, sent_at=Now(), worker="", error="", in_streak=False))


def send_again(delivery: Delivery) -> bool:
    """A person, or the relay, says that it did not arrive; or wants to try a failed one once more."""
    rows = Delivery.objects.filter(pk=delivery.pk, state__in=[State.UNKNOWN, State.FAILED])
    done = rows.update(state=State.PENDING, worker="", attempts=0, due_at=Now(), error="", in_streak=False)
    if done:
        ended = Mailing.objects.filter(pk=delivery.mailing_id, state__in=ENDED)
        ended.update(state=Mailing.State.RUNNING, reason="")
    return bool(done)


def finish_mailings() -> None:
    """Mailings with nothing left to send are finished, unless a person must say how an unknown delivery ended."""
    letters = Delivery.objects.filter(mailing=OuterRef("pk"))
    unsent = letters.filter(state__in=[State.PENDING, State.CLAIMED, State.COMMITTING])
    unknown = letters.filter(state=State.UNKNOWN)
    through = Mailing.objects.filter(state__in=[Mailing.State.RUNNING, Mailing.State.DOUBTFUL]).exclude(Exists(unsent))
    through.exclude(Exists(unknown)).update(state=Mailing.State.FINISHED, reason="")
    through.filter(Exists(unknown), state=Mailing.State.RUNNING).update(
        state=Mailing.State.DOUBTFUL, reason=gettext_noop("有邮件不确定是否送达；请逐封核对，全部核对后即完成")
    )
