"""Subscribing by double opt-in: what an address is sent, how often, and that nobody learns who is subscribed."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from digest.mailing import answer, tokens
from digest.mailing import subscribe as verbs
from digest.mailing.models import Consent, Subscriber
from digest.outgoing.models import Allowance
from tests.digest.mailing.conftest import topic

pytestmark = pytest.mark.django_db(transaction=True)
CONFIRM = re.compile(r"https://news\.example(/subscribe/confirm/\S+/)")
Status = Subscriber.Status


def stamp(age=5.0):
    with patch("django.core.signing.time.time", return_value=timezone.now().timestamp() - age):
        return signing.dumps(0, salt="digest.mailing.stamp")


def send_form(client, email="ada@reader.example", *, ip="198.51.100.7", **given):
    values = {"email": email, "stamp": stamp(), "language": "zh-hans"} | given
    return client.post("/subscribe/", values, REMOTE_ADDR=ip)


def without_nonces(response):
    return re.sub(rb'csrfmiddlewaretoken" value="\w+"|name="stamp" value="[^"]+"', b"", response.content)


def test_from_the_form_to_confirmed(client, sink):
    chips = topic("chips")
    page = send_form(client, " Ada@Reader.Example ", topics=[chips.pk], language="en")
    assert page.status_code == 200
    waiting = Subscriber.objects.get()
    assert (waiting.email, waiting.status, list(waiting.topics.all())) == ("ada@reader.example", Status.UNCONFIRMED, [])
    assert answer.answer_all() == 1
    assert answer.answer_all() == 0
    assert sink.recipients() == ["ada@reader.example"]
    link = CONFIRM.search(sink.parsed().get_body(("plain",)).get_content()).group(1)
    assert client.get(link).status_code == 200
    assert Subscriber.objects.get().status == Status.UNCONFIRMED
    assert client.post(link).status_code == 200
    subscriber = Subscriber.objects.get()
    assert (subscriber.status, subscriber.language, list(subscriber.topics.all())) == (Status.CONFIRMED, "en", [chips])
    assert subscriber.wish == {}
    assert client.post(link).status_code == 200
    assert list(Consent.objects.values_list("act", "way")) == [("confirmed", "link")]


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_no_prefetch_changes_anything(client, reader, method):
    waiting = reader("w@reader.example", status=Status.UNCONFIRMED)
    confirmed = reader()
    for path in (
        "/subscribe/confirm/" + tokens.confirming(waiting) + "/",
        "/unsubscribe/" + tokens.lasting(confirmed, "unsubscribe") + "/",
        "/preferences/" + tokens.lasting(confirmed, "preferences") + "/",
    ):
        for _ in range(3):
            getattr(client, method)(path)
    assert list(Subscriber.objects.order_by("id").values_list("status", flat=True)) == ["unconfirmed", "confirmed"]
    assert Consent.objects.count() == 0


def test_the_same_page_whatever_the_state(client, reader, django_assert_num_queries):
    reader("confirmed@reader.example")
    reader("waiting@reader.example", status=Status.UNCONFIRMED)
    reader("gone@reader.example", status=Status.UNSUBSCRIBED)
    reader("blocked@reader.example", is_blocked=True)
    for address in ("/subscribe/", "/subscribe/link/"):
        pages = set()
        for name in ("new", "confirmed", "waiting", "gone", "blocked"):
            values = {"email": f"{name}@reader.example", "stamp": stamp()}
            with django_assert_num_queries(2):  # the network's limit, and one statement for whoever it is
                response = client.post(address, values, REMOTE_ADDR="198.51.100.9")
            pages.add((response.status_code, without_nonces(response)))
        assert len(pages) == 1


def test_what_each_state_is_sent(sink, reader):
    reader("confirmed@reader.example")
    reader("gone@reader.example", status=Status.UNSUBSCRIBED)
    reader("blocked@reader.example", is_blocked=True)
    for name in ("confirmed", "gone", "blocked"):
        verbs.ask(f"{name}@reader.example")
    answer.answer_all()
    got = {letter.rcpt_tos[0]: sink.parsed(number)["Subject"] for number, letter in enumerate(sink.letters)}
    assert got == {
        "confirmed@reader.example": "您的 AI 简报 管理链接",
        "gone@reader.example": "请确认订阅 AI 简报",
    }


def test_asking_again_changes_nothing_of_a_subscriber(reader):
    subscriber = reader(language="en")
    verbs.ask(subscriber.email, [topic("chips").pk], "zh-hans")
    subscriber.refresh_from_db()
    assert (subscriber.status, subscriber.language, subscriber.wish) == (Status.CONFIRMED, "en", {})


def test_a_mailbox_gets_one_letter_a_day_and_three_a_month_from_however_many_networks(client, sink):
    for number in range(60):
        spelling = f"vic.tim+{number}@gmail.com" if number % 2 else "victim@gmail.com"
        send_form(client, spelling, ip=f"198.51.{number}.7")
        answer.answer_all()
    assert len(sink.letters) == 1
    sent = []
    for day in range(1, 40):
        Allowance.objects.filter(key__startswith="stranger:").update(recent=[])
        earlier = [timezone.now() - timedelta(days=day - then, minutes=1) for then in reversed(sent)]
        Allowance.objects.filter(key__startswith="stranger:").update(recent=earlier)
        verbs.ask("victim@gmail.com")
        before = len(sink.letters)
        answer.answer_all()
        if len(sink.letters) > before:
            sent.append(day)
    assert sent == [1, 2, 3, 31, 32, 33]


def test_a_network_asks_twenty_times_an_hour(client):
    codes = [send_form(client, f"a{n}@reader.example", ip=f"2001:db8::{n:x}").status_code for n in range(30)]
    assert codes == [200] * 20 + [429] * 10
    assert Subscriber.objects.count() == 20
    assert send_form(client, ip="2001:db8:0:1::1").status_code == 200


def test_a_robot_is_answered_like_anybody_and_nothing_is_kept(client):
    thanks = without_nonces(send_form(client))
    assert without_nonces(send_form(client, "b@reader.example", website="http://spam.example")) == thanks
    assert list(Subscriber.objects.values_list("email", flat=True)) == ["ada@reader.example"]


@pytest.mark.parametrize("given", [0.5, "", "forged", 3 * 86400.0])
def test_a_hasty_form_is_shown_again_and_nothing_is_kept(client, given):
    page = send_form(client, stamp=stamp(given) if isinstance(given, float) else given)
    assert page.status_code == 200
    assert "再按一次" in page.content.decode()
    assert 'value="ada@reader.example"' in page.content.decode()
    assert Subscriber.objects.count() == 0


def test_a_confirming_link_ends_after_seven_days_and_offers_another(client, sink, reader):
    waiting = reader(status=Status.UNCONFIRMED)
    eight_days_ago = timezone.now().timestamp() - 8 * 86400
    with patch("django.core.signing.time.time", return_value=eight_days_ago):
        link = f"/subscribe/confirm/{tokens.confirming(waiting)}/"
    assert client.get(link).status_code == 410
    assert client.post(link).status_code == 410
    assert Subscriber.objects.get().status == Status.UNCONFIRMED
    assert client.post(link, {"again": "1"}).status_code == 200
    answer.answer_all()
    fresh = CONFIRM.search(sink.parsed().get_body(("plain",)).get_content()).group(1)
    client.post(fresh)
    assert Subscriber.objects.get().status == Status.CONFIRMED


def test_a_confirming_link_from_before_the_unsubscribing_confirms_nothing(client, reader):
    subscriber = reader(status=Status.UNCONFIRMED)
    link = f"/subscribe/confirm/{tokens.confirming(subscriber)}/"
    client.post(link)
    verbs.unsubscribe(subscriber)
    assert client.post(link).status_code == 410
    assert Subscriber.objects.get().status == Status.UNSUBSCRIBED


def test_links_survive_a_new_secret_key_and_five_years(client, reader, settings):
    subscriber = reader()
    link = "/unsubscribe/" + tokens.lasting(subscriber, "unsubscribe") + "/"
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "x" * 60, []
    with patch("django.core.signing.time.time", return_value=timezone.now().timestamp() + 6 * 365 * 86400):
        assert client.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Subscriber.objects.get().status == Status.UNSUBSCRIBED


def test_a_link_is_good_for_one_person_and_one_purpose(client, reader):
    ada, bob = reader(), reader("bob@reader.example")
    good = tokens.lasting(ada, "preferences")
    flipped = good[:-1] + ("0" if good[-1] != "0" else "1")
    mixed = bob.handle + good[16:]
    for bad in (flipped, mixed, tokens.lasting(ada, "unsubscribe"), good[:16], "é" * 48, "0" * 48):
        assert client.get(f"/preferences/{bad}/").status_code == 404
        assert client.post(f"/preferences/{bad}/", {"language": "en"}).status_code == 404
    assert client.get(f"/unsubscribe/{good}/").status_code == 404
    assert client.post(f"/unsubscribe/{good}/", {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert client.get("/subscribe/confirm/forged/").status_code == 404
    assert set(Subscriber.objects.values_list("status", "language")) == {("confirmed", "zh-hans")}


def test_preferences_without_a_password(client, reader):
    subscriber, chips = reader(), topic("chips")
    address = "/preferences/" + tokens.lasting(subscriber, "preferences") + "/"
    response = client.post(address, {"topics": [chips.pk], "language": "en", "is_paused": "on"})
    assert (response.status_code, response["Location"]) == (302, address)
    subscriber.refresh_from_db()
    assert (list(subscriber.topics.all()), subscriber.language, subscriber.is_paused) == ([chips], "en", True)
    until = subscriber.paused_until
    client.post(address, {"language": "en", "is_paused": "on"})
    subscriber.refresh_from_db()
    assert (list(subscriber.topics.all()), subscriber.paused_until) == ([], until)
    client.post(address, {"language": "zh-hans"})
    subscriber.refresh_from_db()
    assert (subscriber.is_paused, subscriber.language) == (False, "zh-hans")


def test_no_number_of_a_row_is_in_a_link(reader):
    subscriber = reader(pk=987654321)
    for link in (
        tokens.preferences_url(subscriber),
        tokens.unsubscribe_url(subscriber),
        tokens.confirm_url(subscriber),
    ):
        assert "987654321" not in link


def test_a_foreign_host_name_gets_nowhere(client, sink):
    assert send_form(client, HTTP_HOST="evil.example").status_code == 200  # a field, not a header
    response = client.post("/subscribe/", {"email": "b@reader.example", "stamp": stamp()}, HTTP_HOST="evil.example")
    assert response.status_code == 400
    client.post("/subscribe/", {"email": "c@reader.example", "stamp": stamp()}, HTTP_X_FORWARDED_HOST="evil.example")
    answer.answer_all()
    assert sink.recipients() == ["ada@reader.example", "c@reader.example"]
    for number in (0, 1):
        assert b"evil.example" not in sink.letters[number].original_content


def test_the_visitors_forms_need_a_csrf_token(reader):
    client = Client(enforce_csrf_checks=True)
    waiting = reader(status=Status.UNCONFIRMED)
    link = "/preferences/" + tokens.lasting(waiting, "preferences") + "/"
    for address in ("/subscribe/", "/subscribe/link/", "/subscribe/confirm/" + tokens.confirming(waiting) + "/", link):
        assert client.post(address, {"email": "x@reader.example"}).status_code == 403


def test_a_relay_that_is_down_loses_no_answer(settings, sink):
    verbs.ask("ada@reader.example")
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    for _ in range(8):
        Subscriber.objects.update(answer_due_at=timezone.now())
        assert answer.answer_all() == 0
    settings.EMAIL_PORT = port
    Subscriber.objects.update(answer_due_at=timezone.now())
    assert answer.answer_all() == 1
    assert sink.recipients() == ["ada@reader.example"]


def test_asking_while_a_letter_is_under_way_owes_no_second_one(sink):
    verbs.ask("ada@reader.example")
    answer._claim()  # a worker has it, or died with it
    verbs.ask("ada@reader.example")
    assert answer.answer_all() == 0
    Subscriber.objects.update(answer_due_at=timezone.now())  # its lease ends
    assert answer.answer_all() == 1
    assert sink.recipients() == ["ada@reader.example"]


def test_unconfirmed_addresses_are_forgotten(reader):
    month_ago = timezone.now() - timedelta(days=31)
    reader("old@reader.example", status=Status.UNCONFIRMED, asked_at=month_ago)
    reader("new@reader.example", status=Status.UNCONFIRMED)
    reader("gone@reader.example", status=Status.UNSUBSCRIBED, asked_at=month_ago)
    verbs.forget_unconfirmed()
    assert set(Subscriber.objects.values_list("email", flat=True)) == {"new@reader.example", "gone@reader.example"}
