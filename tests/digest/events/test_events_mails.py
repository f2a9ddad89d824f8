"""What rows owe: who gets which mail, once."""

import smtplib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.db import connection
from django.utils import timezone

from digest import mail
from digest.events import mails
from digest.events.models import Event, Offer, Signup
from digest.events.signup import Person, cancel, confirm, lapse_all, sign_up
from digest.outgoing import strangers

pytestmark = pytest.mark.django_db


def sent() -> list[tuple[str, str]]:
    """Recipient and subject of each mail since the last call."""
    letters = [(letter.to[0], letter.subject) for letter in outbox.outbox]
    outbox.outbox.clear()
    return letters


def joined(event_pk: int, who: Person) -> Signup:
    """Signed up and confirmed."""
    signup = sign_up(event_pk, who)
    assert confirm(signup)
    return signup


def test_the_mail_tells_seat_or_place_and_carries_the_page(stop, person, settings):
    event = stop(seats=1)
    first, second = joined(event.pk, person(1)), joined(event.pk, person(2))
    assert mails.send_signup_mails() == 2
    bodies = [letter.body for letter in outbox.outbox]
    assert sent() == [
        ("guest1@example.com", "报名成功：示范训练营 · 青岛"),
        ("guest2@example.com", "候补第 1 位：示范训练营 · 青岛"),
    ]
    for signup, body in zip([first, second], bodies, strict=True):
        assert f"{settings.SITE_URL}/signups/{signup.token}/" in body
    assert mails.send_signup_mails() == 0


def test_moving_up_and_cancelling_are_told(stop, person):
    event = stop(seats=1)
    first = joined(event.pk, person(1))
    joined(event.pk, person(2))
    mails.send_signup_mails()
    sent()
    cancel(first)
    mails.send_signup_mails()
    assert sent() == [
        ("guest1@example.com", "已取消报名：示范训练营 · 青岛"),
        ("guest2@example.com", "轮到你了，有座位了：示范训练营 · 青岛"),
    ]


def test_whoever_moves_up_before_the_first_mail_gets_one_mail(stop, person):
    event = stop(seats=1)
    first = joined(event.pk, person(1))
    joined(event.pk, person(2))
    cancel(first)
    mails.send_signup_mails()
    assert sorted(sent()) == [
        ("guest1@example.com", "已取消报名：示范训练营 · 青岛"),
        ("guest2@example.com", "报名成功：示范训练营 · 青岛"),
    ]


def test_a_change_of_date_is_told_once_after_the_editor_is_done(stop, person):
    event = stop(seats=1, starts_at=None)
    joined(event.pk, person(1))
    mails.send_signup_mails()
    assert sent() == [("guest1@example.com", "已登记意向：示范训练营 · 青岛")]
    event.refresh_from_db()
    for days in (3, 4):
        event.starts_at = timezone.now() + timedelta(days=days)
        event.save()
    mails.owe_news_of_changes()
    assert mails.send_signup_mails() == 0
    Event.objects.update(changed_at=timezone.now() - timedelta(minutes=11))
    for _ in range(2):
        mails.owe_news_of_changes()
        mails.send_signup_mails()
    assert sent() == [("guest1@example.com", "日期定了：示范训练营 · 青岛")]


def test_a_called_off_stop_is_told_to_seated_and_waiting_but_not_to_who_left(stop, person):
    event = stop(seats=1)
    joined(event.pk, person(1))
    joined(event.pk, person(2))
    cancel(joined(event.pk, person(3)))
    mails.send_signup_mails()
    sent()
    event.refresh_from_db()
    event.state = Event.State.CANCELLED
    event.save()
    Event.objects.update(changed_at=timezone.now() - timedelta(minutes=11))
    mails.owe_news_of_changes()
    mails.send_signup_mails()
    assert sent() == [
        ("guest1@example.com", "活动取消：示范训练营 · 青岛"),
        ("guest2@example.com", "活动取消：示范训练营 · 青岛"),
    ]


def test_who_has_a_seat_is_reminded_once_the_day_before(stop, person):
    soon, later = timezone.now() + timedelta(hours=30), timezone.now() + timedelta(hours=40)
    for event in (stop(seats=1, starts_at=soon), stop(seats=1, starts_at=later), stop(starts_at=soon)):
        for n in (1, 2):
            joined(event.pk, person(n))
    Event.objects.filter(pk=event.pk).update(state=Event.State.CANCELLED)
    mails.send_signup_mails()
    sent()
    for hours_ago, told in [(11, []), (13, [("guest1@example.com", "别忘了：示范训练营 · 青岛")]), (13, [])]:
        Signup.objects.update(mail_claimed_at=timezone.now() - timedelta(hours=hours_ago))
        mails.owe_reminders()
        mails.send_signup_mails()
        assert sent() == told


HOSTILE = {"name": "快来领奖", "company": "冒牌公司", "phone": "555", "note": "点这里"}


def test_a_stranger_gets_one_letter_a_day_with_no_word_of_the_visitors(stop, person):
    """However many seats and stops are asked for in his name; and no seat stays taken."""
    events = [stop(seats=3) for _ in range(4)]
    for event in events:
        sign_up(event.pk, person(1, **HOSTILE))
        sign_up(event.pk, person(2, email="guest1+again@example.com", **HOSTILE))
        mails.send_signup_mails()
    letters = outbox.outbox
    assert [(letter.to, letter.subject) for letter in letters] == [
        (["guest1@example.com"], "请确认报名：示范训练营 · 青岛")
    ]
    whole = letters[0].subject + letters[0].body + letters[0].alternatives[0][0]
    assert [word for word in HOSTILE.values() if word in whole] == []
    sent()
    assert [Event.objects.get(pk=event.pk).taken for event in events] == [2] * 4
    an_hour_ago = timezone.now() - timedelta(minutes=61)
    Signup.objects.update(created_at=an_hour_ago, mail_claimed_at=an_hour_ago)
    assert (lapse_all(), lapse_all()) == (8, 0)
    assert [Event.objects.get(pk=event.pk).taken for event in events] == [0] * 4
    for event in events:
        event.refresh_from_db()
        event.state = Event.State.CANCELLED
        event.save()
    Event.objects.update(changed_at=timezone.now() - timedelta(minutes=11))
    mails.owe_news_of_changes()
    mails.owe_reminders()
    assert (mails.send_signup_mails(), sent()) == (0, [])


def test_subscribing_and_signing_up_share_the_strangers_limit(stop, person):
    assert strangers.may_write_to("guest1@example.com")
    signup = sign_up(stop().pk, person(1))
    assert (mails.send_signup_mails(), sent()) == (0, [])
    assert confirm(signup)  # at the desk, on the telephone
    assert mails.send_signup_mails() == 1
    assert sent() == [("guest1@example.com", "报名成功：示范训练营 · 青岛")]


def test_who_confirmed_a_subscription_today_is_no_stranger(stop, person):
    assert strangers.may_write_to("guest1@example.com")
    strangers.has_confirmed("guest1@example.com")
    sign_up(stop().pk, person(1))
    assert (mails.send_signup_mails(), mails.send_signup_mails()) == (1, 0)


def test_who_confirmed_once_may_sign_up_for_more_on_one_day(stop, person):
    first = sign_up(stop().pk, person(1))
    sign_up(stop(city="北京").pk, person(1))
    mails.send_signup_mails()
    assert sent() == [("guest1@example.com", "请确认报名：示范训练营 · 青岛")]
    confirm(first)
    mails.send_signup_mails()
    assert sorted(sent()) == [
        ("guest1@example.com", "报名成功：示范训练营 · 青岛"),
        ("guest1@example.com", "请确认报名：示范训练营 · 北京"),
    ]
    for n in range(7):
        sign_up(stop(city=f"城{n}").pk, person(1))
    mails.send_signup_mails()
    assert len(sent()) == 4  # five a day in all


def test_a_letter_that_is_tried_again_counts_once(sink, stop, person):
    sign_up(stop().pk, person(1))
    sink.handler.on_data = lambda letter: "451 later"
    assert (mails.send_signup_mails(), sink.letters) == (0, [])
    sink.handler.on_data = lambda letter: None
    Signup.objects.update(mail_due_at=timezone.now())
    assert mails.send_signup_mails() == 1
    assert sink.recipients() == ["guest1@example.com"]


def test_the_result_and_the_reminder_never_come_in_one_hour(stop, person):
    joined(stop(starts_at=timezone.now() + timedelta(hours=20)).pk, person(1))
    mails.send_signup_mails()
    mails.owe_reminders()
    mails.send_signup_mails()
    assert sent() == [("guest1@example.com", "报名成功：示范训练营 · 青岛")]
    Signup.objects.update(mail_claimed_at=timezone.now() - timedelta(hours=13))
    mails.owe_reminders()
    mails.send_signup_mails()
    assert sent() == [("guest1@example.com", "别忘了：示范训练营 · 青岛")]
    sign_up(Event.objects.get().pk, person(1))  # once more, at once: nothing
    assert (mails.send_signup_mails(), sent()) == (0, [])


def test_names_are_forgotten_half_a_year_after(stop, person):
    for days in (179, 181):
        event = stop(starts_at=timezone.now() + timedelta(days=9))
        joined(event.pk, person(days))
        Event.objects.filter(pk=event.pk).update(starts_at=timezone.now() - timedelta(days=days))
    Signup.objects.past_keeping().delete()
    assert list(Signup.objects.values_list("email", flat=True)) == ["guest179@example.com"]


def test_hostile_names_stay_text_in_both_parts(stop, person):
    joined(stop().pk, person(1, name="<script>x</script>"))
    mails.send_signup_mails()
    (letter,) = outbox.outbox
    html = letter.alternatives[0][0]
    assert "<script>x" in letter.body
    assert "<script>" not in html
    assert "&lt;script&gt;x" in html


def test_a_refusing_relay_is_tried_again_later_and_not_for_ever(stop, person, monkeypatch):
    def refuse(*args: object, **kwargs: object) -> None:
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(mail, "post", refuse)
    signup = joined(stop().pk, person())
    waits = []
    while Signup.objects.filter(mail_due_at__isnull=False).exists():
        Signup.objects.update(mail_due_at=timezone.now())
        mails.send_signup_mails()
        signup.refresh_from_db()
        if signup.mail_due_at:
            waits.append(round((signup.mail_due_at - timezone.now()) / timedelta(minutes=1)))
    assert waits == [1, 4, 16, 64, 256]
    assert (signup.mail_tries, signup.mail_sent_at) == (6, None)


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_send_each_mail_once(stop, person):
    event = stop(seats=5)
    for n in range(20):
        joined(event.pk, person(n))

    def work(_: int) -> int:
        try:
            return mails.send_signup_mails()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 20
    assert sorted(to for to, _ in sent()) == sorted(f"guest{n}@example.com" for n in range(20))


def test_a_thousand_offers_are_one_mail_to_the_editors(tour, settings):
    settings.EDITORS_EMAIL = ["desk@example.com"]
    Offer.objects.bulk_create(
        Offer(tour=tour, kind="venue", city="成都", name=f"来宾{n}", contact="w") for n in range(1000)
    )
    assert [mails.tell_editors_of_offers(), mails.tell_editors_of_offers()] == [1000, 0]
    (letter,) = outbox.outbox
    assert (letter.to, letter.subject) == (["desk@example.com"], "1000 条新的支持意向")
    assert "另有 950 条" in letter.body


def test_without_editors_nothing_is_sent_and_offers_stay_untold(tour, settings):
    settings.EDITORS_EMAIL = []
    Offer.objects.create(tour=tour, kind="venue", city="成都", name="来宾", contact="w")
    assert mails.tell_editors_of_offers() == 0
    assert (Offer.objects.untold().count(), sent()) == (1, [])
