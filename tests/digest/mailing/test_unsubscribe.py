"""One-click unsubscribing as mail providers do it (RFC 8058): a POST without cookie, token, Referer or redirect."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.test.client import MULTIPART_CONTENT

from digest.mailing import tokens
from digest.mailing.models import Consent, Subscriber

pytestmark = pytest.mark.django_db(transaction=True)
BODY = b"List-Unsubscribe=One-Click"
BOUNDARY = "BoUnDaRyStRiNg"
MULTIPART = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--{BOUNDARY}--\r\n'
).encode()


def status():
    return Subscriber.objects.get().status


def without_nonces(response, path):
    return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", response.content.decode().replace(path, ""))


@pytest.fixture
def link(reader):
    return "/unsubscribe/" + tokens.lasting(reader(), "unsubscribe") + "/"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (BODY, "application/x-www-form-urlencoded"),
        (MULTIPART, f"multipart/form-data; boundary={BOUNDARY}"),
    ],
)
def test_one_click(link, body, content_type):
    provider = Client(enforce_csrf_checks=True)
    for _ in range(2):
        assert provider.post(link, body, content_type=content_type).status_code == 200
        provider.cookies.clear()
    assert status() == "unsubscribed"
    assert list(Consent.objects.values_list("act", "way")) == [("unsubscribed", "one-click")]


def test_twenty_at_once_are_one_change(link):
    def press(_):
        try:
            return Client(enforce_csrf_checks=True).post(link, {"List-Unsubscribe": "One-Click"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert list(pool.map(press, range(20))) == [200] * 20
    assert Consent.objects.count() == 1
    assert Subscriber.objects.get().round == 1


@pytest.mark.parametrize("body", [{}, {"List-Unsubscribe": "no"}, {"other": "One-Click"}])
def test_another_body_changes_nothing(link, body):
    assert Client(enforce_csrf_checks=True).post(link, body, content_type=MULTIPART_CONTENT).status_code == 200
    assert status() == "confirmed"


def test_a_stale_link_is_answered_alike(link):
    provider = Client(enforce_csrf_checks=True)
    stale = "/unsubscribe/" + "0" * 48 + "/"
    page = provider.post(stale, {"List-Unsubscribe": "One-Click"})
    assert page.status_code == 200
    assert status() == "confirmed"
    assert without_nonces(page, stale) == without_nonces(provider.post(link, {"List-Unsubscribe": "One-Click"}), link)


def test_the_button_of_the_page_works_without_cookies(link):
    person = Client(enforce_csrf_checks=True)
    page = person.get(link).content.decode()
    assert 'name="List-Unsubscribe" value="One-Click"' in page
    person.post(link, {"List-Unsubscribe": "One-Click", "button": "1"})
    assert status() == "unsubscribed"
    assert Consent.objects.get().way == "button"
