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
from digest.events.signup import cancel, sign_up

pytestmark = pytest.mark.django_db


def sent() -> list[tuple[str, str]]:
    """Recipient and subject of each mail since the last call."""
    letters = [(letter.to[0], letter.subject) for letter in outbox.outbox]
    outbox.outbox.clear()
    return letters


def test_the_mail_tells_seat_or_place_and_carries_the_page(stop, person, settings):
    event = stop(seats=1)
    first, second = sign_up(event.pk, person(1)), sign_up(event.pk, person(2))
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
    first = sign_up(event.pk, person(1))
    sign_up(event.pk, person(2))
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
    first = sign_up(event.pk, person(1))
    sign_up(event.pk, person(2))
    cancel(first)
    mails.send_signup_mails()
    assert sorted(sent()) == [
        ("guest1@example.com", "已取消报名：示范训练营 · 青岛"),
        ("guest2@example.com", "报名成功：示范训练营 · 青岛"),
    ]


def test_a_change_of_date_is_told_once_after_the_editor_is_done(stop, person):
    event = stop(seats=1, starts_at=None)
    sign_up(event.pk, person(1))
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
    sign_up(event.pk, person(1))
    sign_up(event.pk, person(2))
    cancel(sign_up(event.pk, person(3)))
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
            sign_up(event.pk, person(n))
    Event.objects.filter(pk=event.pk).update(state=Event.State.CANCELLED)
    mails.send_signup_mails()
    sent()
    for _ in range(2):
        mails.owe_reminders()
        mails.send_signup_mails()
    assert sent() == [("guest1@example.com", "别忘了：示范训练营 · 青岛")]


def test_names_are_forgotten_half_a_year_after(stop, person):
    for days in (179, 181):
        event = stop(starts_at=timezone.now() + timedelta(days=9))
        sign_up(event.pk, person(days))
        Event.objects.filter(pk=event.pk).update(starts_at=timezone.now() - timedelta(days=days))
    Signup.objects.past_keeping().delete()
    assert list(Signup.objects.values_list("email", flat=True)) == ["guest179@example.com"]


def test_hostile_names_stay_text_in_both_parts(stop, person):
    sign_up(stop().pk, person(1, name="<script>x</script>"))
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
    signup = sign_up(stop().pk, person())
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
        sign_up(event.pk, person(n))

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
