"""When a published briefing is posted, to whom, and when it waits for an editor."""

import email
import email.policy
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from digest.mailing import start
from digest.mailing import subscribe as verbs
from digest.mailing.models import Delivery, Mailing, Subscriber
from digest.mailing.send import deliver

pytestmark = pytest.mark.django_db(transaction=True)


def in_threads(function, times):
    def call(_):
        try:
            return function()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(call, range(times)))


def addresses():
    return list(Delivery.objects.order_by("subscriber__email").values_list("subscriber__email", flat=True))


def test_drafts_and_samples_are_not_taken_up(issue):
    issue(date=date(2023, 3, 3), published_at=None)
    issue(date=date(2023, 3, 10), is_sample=True)
    assert start.post_briefings() == 0
    assert Mailing.objects.count() == 0


def test_who_confirms_after_the_publication_gets_the_next_one(outbox_folder, reader, issue):
    reader("before@reader.example")
    first = issue()
    late = reader("after@reader.example", status="unconfirmed", confirmed_at=None)
    verbs.confirm(late)
    start.post_briefings()
    assert addresses() == ["before@reader.example"]
    deliver()
    issue(date=first.date + timedelta(days=7), published_at=timezone.now())
    start.post_briefings()
    assert addresses() == ["after@reader.example", "before@reader.example", "before@reader.example"]


def test_samples_are_readers_only_where_nothing_leaves(outbox_folder, reader, issue, settings):
    reader("sample@reader.example", is_sample=True)
    issue()
    start.post_briefings()
    assert addresses() == ["sample@reader.example"]
    settings.EMAIL_URL = "smtp://relay.example"
    deliver()
    assert list(Delivery.objects.values_list("state", flat=True)) == ["skipped"]
    assert not outbox_folder.exists()


def test_what_was_published_long_ago_waits_for_an_editor(outbox_folder, reader, issue):
    reader()
    briefing = issue(published_at=timezone.now() - timedelta(hours=7))
    start.post_briefings()
    start.post_briefings()
    deliver()
    mailing = Mailing.objects.get()
    assert (mailing.state, mailing.started_at, addresses()) == ("held", None, [])
    briefing.items.update(headline="放行前改正")
    editor = User.objects.create_user("editor")
    assert in_threads(lambda: start.release(mailing, editor), 8).count(True) == 1
    mailing.refresh_from_db()
    assert (mailing.state, mailing.started_by) == ("running", editor)
    assert mailing.issue["items"][0]["headline"] == "放行前改正"
    assert addresses() == ["ada@reader.example"]
    assert start.release(mailing, editor) is False


def test_many_schedulers_make_one_audience(reader, issue):
    for number in range(30):
        reader(f"r{number}@reader.example")
    issue()
    assert sum(in_threads(start.post_briefings, 8)) == 1
    assert Delivery.objects.count() == 30
    assert Mailing.objects.count() == 1


def test_as_many_queries_for_one_reader_and_for_many(reader, issue, django_assert_max_num_queries):
    Subscriber.objects.bulk_create(
        Subscriber(email=f"r{n}@reader.example", status="confirmed", confirmed_at=timezone.now() - timedelta(1))
        for n in range(200)
    )
    issue()
    with django_assert_max_num_queries(14):
        start.post_briefings()
    assert Delivery.objects.count() == 200


def test_the_letter_names_the_trainings_of_the_issue(outbox_folder, reader, issue):
    from digest import mail
    from digest.events.models import Event, Tour

    reader()
    briefing = issue()
    tour = Tour.objects.create(name="剪枝训练营", slug="pruning", contact_wechat="desk-1")
    tour.briefings.add(briefing)
    Event.objects.create(tour=tour, position=1, city="苏州", venue="图书馆")
    Event.objects.create(tour=tour, position=2, city="厦门", state="cancelled")
    start.post_briefings()
    deliver()
    (file,) = mail.outbox()
    letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    for part in ("plain", "html"):
        content = letter.get_body((part,)).get_content()
        assert [word in content for word in ("剪枝训练营", "苏州", "图书馆", "desk-1", "厦门")] == [True] * 4 + [False]
        assert "http://127.0.0.1:8000" + tour.get_absolute_url() in content
