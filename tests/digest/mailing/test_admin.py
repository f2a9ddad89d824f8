"""The post's part of the desk: what it shows, what it lets a person do, and what it keeps to itself."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone

from digest import mail
from digest.mailing import start, tokens
from digest.mailing.models import Consent, Delivery, Mailing, Subscriber
from digest.mailing.send import deliver
from digest.mailing.takeback import finish_mailings
from digest.mailing.waiting import waiting_for_a_person

pytestmark = pytest.mark.django_db
MAILING, DELIVERY = "/admin/mailing/mailing/", "/admin/mailing/delivery/"


@pytest.fixture
def held(outbox_folder, reader, issue):
    reader()
    issue(published_at=timezone.now() - timedelta(days=8))
    start.post_briefings()
    return Mailing.objects.get()


@pytest.fixture
def posted(outbox_folder, reader, issue):
    reader()
    issue()
    start.post_briefings()
    deliver()
    return Delivery.objects.get()


def test_no_secret_of_a_subscriber_is_shown(admin_client, reader):
    subscriber = reader()
    for path in ("", f"{subscriber.pk}/change/"):
        content = admin_client.get(f"/admin/mailing/subscriber/{path}").content.decode()
        assert subscriber.email in content
        assert subscriber.secret not in content
        assert tokens.lasting(subscriber, "preferences") not in content
        assert tokens.lasting(subscriber, "unsubscribe") not in content
    assert admin_client.get("/admin/mailing/subscriber/add/").status_code == 403


def test_the_desk_unsubscribes_and_it_is_recorded(admin_client, reader):
    subscriber = reader()
    admin_client.post(
        "/admin/mailing/subscriber/", {"action": "unsubscribe", "_selected_action": [subscriber.pk]}, follow=True
    )
    assert Subscriber.objects.get().status == "unsubscribed"
    assert list(Consent.objects.values_list("act", "way")) == [("unsubscribed", "desk")]


@pytest.mark.parametrize("path", ["/admin/mailing/subscriber/", DELIVERY, MAILING])
def test_lists_ask_as_many_queries_for_one_row_as_for_three(
    admin_client, reader, issue, path, django_assert_max_num_queries
):
    counts = []
    for number in range(1, 4):
        reader(f"r{number}@reader.example")
        issue(date=timezone.now().date() - timedelta(days=number))
        start.post_briefings()
        with django_assert_max_num_queries(25) as asked:
            assert admin_client.get(path).status_code == 200
        counts.append(len(asked))
    # The filter by mailing lists the mailings by one query, whatever their number.
    assert counts[1] == counts[2]


def test_a_held_mailing_goes_when_an_editor_presses_send(admin_client, held):
    page = admin_client.get(f"{MAILING}{held.pk}/change/").content.decode()
    assert 'name="order" value="send"' in page
    for _ in range(2):
        admin_client.post(f"{MAILING}{held.pk}/steer/", {"order": "send"})
    held.refresh_from_db()
    assert (held.state, held.started_by.username) == ("running", "admin")
    assert Delivery.objects.count() == 1
    admin_client.post(f"{MAILING}{held.pk}/steer/", {"order": "pause"})
    assert deliver() == 0
    admin_client.post(f"{MAILING}{held.pk}/steer/", {"order": "resume"})
    assert deliver() == 1
    assert "已发送 1" in admin_client.get(MAILING).content.decode()


def test_looking_changes_nothing_and_some_may_only_look(client, admin_client, held):
    assert admin_client.get(f"{MAILING}{held.pk}/steer/").status_code == 405
    author = User.objects.create_user("author", is_staff=True)
    author.user_permissions.add(Permission.objects.get(codename="view_mailing"))
    client.force_login(author)
    assert client.get(MAILING).status_code == 200
    assert client.post(f"{MAILING}{held.pk}/steer/", {"order": "send"}).status_code == 403
    for path in ("outbox/", "test/"):
        assert client.get(MAILING + path).status_code == 403
    held.refresh_from_db()
    assert held.state == "held"


@pytest.mark.parametrize(("answer", "state"), [("sent", "sent"), ("again", "pending")])
def test_an_unknown_delivery_has_a_button_each_way(admin_client, posted, answer, state):
    Delivery.objects.update(state="unknown")
    page = admin_client.get(f"{DELIVERY}{posted.pk}/change/").content.decode()
    assert 'value="sent"' in page
    assert 'value="again"' in page
    for _ in range(2):
        admin_client.post(f"{DELIVERY}{posted.pk}/settle/", {"answer": answer})
    posted.refresh_from_db()
    assert posted.state == state


def test_a_mailing_with_unknown_deliveries_says_so_and_leads_to_them(admin_client, posted):
    Delivery.objects.update(state="unknown")
    Mailing.objects.update(state="running")
    finish_mailings()
    page = admin_client.get(f"{MAILING}{posted.mailing_id}/change/").content.decode()
    assert "待核对" in page
    assert "有邮件不确定是否送达；请逐封核对，全部核对后即完成" in page
    listed = f"{DELIVERY}?mailing__id__exact={posted.mailing_id}&amp;state__exact=unknown"
    assert f'<a href="{listed}">核对不确定的 1 封</a>' in page
    admin_client.post(DELIVERY, {"action": "mark_sent", "_selected_action": [posted.pk]})
    assert "核对不确定的" not in admin_client.get(f"{MAILING}{posted.mailing_id}/change/").content.decode()
    finish_mailings()
    assert Mailing.objects.get().state == "finished"


def test_a_sent_delivery_cannot_be_sent_again_or_deleted(admin_client, posted):
    admin_client.post(f"{DELIVERY}{posted.pk}/settle/", {"answer": "again"})
    admin_client.post(DELIVERY, {"action": "send_again", "_selected_action": [posted.pk]})
    assert admin_client.post(f"{DELIVERY}{posted.pk}/delete/", {"post": "yes"}).status_code == 403
    posted.refresh_from_db()
    assert posted.state == "sent"


def test_the_outbox_is_read_as_text(admin_client, posted):
    (file,) = mail.outbox()
    listed = admin_client.get(f"{MAILING}outbox/").content.decode()
    assert "AI 简报 20230310 期：新芯片 &lt;省电&gt; 一半" in listed
    letter = admin_client.get(f"{MAILING}outbox/{file.name}/").content.decode()
    assert "1. 新芯片 &lt;省电&gt; 一半" in letter
    assert "<省电>" not in letter
    download = admin_client.get(f"{MAILING}outbox/{file.name}/eml/")
    assert (download.content, download["Content-Type"]) == (file.read_bytes(), "message/rfc822")


@pytest.mark.parametrize("name", ["..secret_key", "secret_key", "x.eml", "20230310T000000.000000-" + "0" * 20 + ".eml"])
def test_only_letters_of_the_outbox_are_read(admin_client, outbox_folder, name):
    for tail in ("", "eml/"):
        assert admin_client.get(f"{MAILING}outbox/{name}/{tail}").status_code == 404


def test_a_test_letter_goes_to_the_editor_alone(admin_client, outbox_folder, issue, reader):
    reader()
    draft = issue(published_at=None)
    admin_client.post(f"{MAILING}test/", {"briefing": draft.pk})
    (file,) = mail.outbox()
    admin_client.get(f"{MAILING}outbox/{file.name}/")
    content = file.read_bytes()
    assert b"\r\nTo: admin@example.com\r\n" in content
    assert b"List-Unsubscribe" not in content
    assert Mailing.objects.count() == 0


def test_an_editor_without_an_address_reads_the_test_letter_in_the_outbox(client, outbox_folder, issue, settings):
    client.force_login(User.objects.create_superuser("editor"))
    draft = issue(published_at=None)
    client.post(f"{MAILING}test/", {"briefing": draft.pk})
    (file,) = mail.outbox()
    assert b"\r\nTo: editor@localhost\r\n" in file.read_bytes()
    settings.EMAIL_URL = "smtp://relay.example"
    client.post(f"{MAILING}test/", {"briefing": draft.pk})
    assert len(mail.outbox()) == 1


def test_what_waits_for_a_person(admin_client, held, issue, django_assert_num_queries):
    issue(date=timezone.now().date())
    start.post_briefings()
    deliver()
    Delivery.objects.update(state="unknown")
    with django_assert_num_queries(3):
        found = waiting_for_a_person()
    assert found == [
        ("待放行或暂停的群发", MAILING, 1),
        ("不确定是否送达的邮件", f"{DELIVERY}?state__exact=unknown", 1),
    ]
    assert admin_client.get(found[1][1]).status_code == 200
