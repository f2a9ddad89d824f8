"""Wrong passwords are limited: 5 a user and address, 30 a user, 100 a network; the right one does not pass a lock."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from digest.accounts import attempts
from digest.accounts.models import Allowance

LOGIN, RIGHT, WRONG = "/admin/login/", "correct horse battery", "wrong"
WORDS = "密码错误次数过多，请 15 分钟后再试。"


@pytest.fixture(autouse=True)
def _cheap_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def editor(db):
    return User.objects.create_superuser("Ada", "ada@example.org", RIGHT)


def log_in(password, name="Ada", address="198.51.100.7", client=None, **headers):
    client = client or Client()
    return client.post(LOGIN, {"username": name, "password": password}, REMOTE_ADDR=address, headers=headers)


def codes(count, password=WRONG, **given):
    return [log_in(password, **given).status_code for _ in range(count)]


def earlier(by):
    for row in Allowance.objects.all():
        row.recent = [moment - by for moment in row.recent]
        row.save()


def test_after_five_wrong_passwords_the_right_one_does_not_pass(editor):
    assert codes(5) == [200] * 5
    refused = log_in(RIGHT)
    assert refused.status_code == 429
    assert re.search(r'<p class="errornote">\s*(.*?)\s*</p>', refused.content.decode()).group(1) == WORDS
    assert 890 <= int(refused["Retry-After"]) <= 900
    assert "sessionid" not in refused.cookies
    earlier(timedelta(minutes=15))
    assert log_in(RIGHT).status_code == 302


def test_the_page_says_it_in_the_visitors_language(editor):
    codes(5)
    said = log_in(RIGHT, **{"accept-language": "en"}).content.decode()
    assert "Too many wrong passwords. Please try again in 15 minutes." in said


def test_sixty_wrong_ones_and_then_the_right_one(editor):
    assert codes(60) == [200] * 5 + [429] * 55
    assert log_in(RIGHT).status_code == 429


def test_a_success_forgets_the_wrong_ones_before_it(editor):
    assert codes(4) == [200] * 4
    assert log_in(RIGHT).status_code == 302
    assert codes(6) == [200] * 5 + [429]


@pytest.mark.parametrize("name", ["ada", "ADA", "Ａｄａ"])
def test_other_spellings_of_the_name_are_the_same_user(editor, name):
    codes(5, name=name)
    assert log_in(RIGHT).status_code == 429


def test_an_unknown_user_is_answered_like_a_known_one(editor):
    known, unknown = [], []
    for answers, name in ((known, "Ada"), (unknown, "Bob")):
        for _ in range(7):
            answer = log_in(WRONG, name=name)
            found = re.search(r'<p class="errornote">\s*(.*?)\s*</p>', answer.content.decode(), re.S)
            answers.append((answer.status_code, found.group(1)))
    assert known == unknown
    assert [status for status, _words in known] == [200] * 5 + [429] * 2


def test_another_address_is_another_count_up_to_thirty_a_user(editor):
    codes(5)
    assert log_in(WRONG, address="198.51.100.8").status_code == 200
    for last in range(9, 13):
        assert codes(6, address=f"198.51.100.{last}") == [200] * 5 + [429]
    assert codes(5, address="203.0.113.1") == [200] * 4 + [429]  # 5 + 1 + 20 + 4
    assert log_in(RIGHT, address="203.0.113.2").status_code == 429
    earlier(timedelta(hours=1))
    assert log_in(RIGHT, address="203.0.113.2").status_code == 302


def test_a_browser_that_logged_in_before_is_not_locked_out_by_strangers(editor):
    own = Client()
    assert log_in(RIGHT, address="203.0.113.2", client=own).status_code == 302
    assert own.post("/admin/logout/").status_code == 200
    for last in range(1, 8):
        codes(5, address=f"198.51.100.{last}")
    assert log_in(RIGHT, address="203.0.113.3").status_code == 429  # another browser
    assert log_in(RIGHT, address="203.0.113.3", client=own).status_code == 302


def test_the_mark_of_a_browser_is_good_for_one_user_and_has_a_limit_of_its_own(editor):
    User.objects.create_superuser("Bob", password=RIGHT)
    own = Client()
    log_in(RIGHT, name="Bob", client=own)
    mark = own.cookies["browser8000"]
    assert (mark["httponly"], mark["samesite"], mark["path"]) == (True, "Lax", "/admin/")
    for last in range(1, 7):
        codes(5, address=f"198.51.100.{last}")
    assert codes(1, address="203.0.113.1", client=own) == [429]  # Bob's mark does nothing for Ada
    for last in range(1, 7):
        assert codes(5, name="Bob", address=f"203.0.113.{last}", client=own) == [200] * 5
    assert codes(1, name="Bob", address="203.0.113.9", client=own) == [429]


def test_a_name_of_any_length_is_answered_at_once_and_logged_short(editor, caplog):
    assert codes(6, name="a\u0301\u0323" * 500_000) == [200] * 5 + [429]
    lines = [record.getMessage() for record in caplog.records if record.name == "digest.accounts.attempts"]
    assert [len(line) < 700 for line in lines] == [True] * 6


def test_many_names_from_one_network(editor):
    for number in range(100):
        assert log_in(WRONG, name=f"user{number}", address=f"198.51.100.{number % 9 + 1}").status_code == 200
    assert log_in(RIGHT, address="198.51.100.77").status_code == 429
    assert log_in(RIGHT, address="203.0.113.1").status_code == 302


def test_right_passwords_cost_nothing_of_the_wider_limits(editor):
    assert codes(40, RIGHT) == [302] * 40


def test_behind_a_proxy_only_what_the_proxy_wrote_counts(editor, settings):
    settings.TRUSTED_PROXIES = 1
    chosen = [
        log_in(WRONG, address="10.0.0.1", **{"x-forwarded-for": f"1.1.1.{n}, 198.51.100.7"}).status_code
        for n in range(6)
    ]
    assert chosen == [200] * 5 + [429]
    other = log_in(RIGHT, address="10.0.0.1", **{"x-forwarded-for": "198.51.100.7, 198.51.100.8"})
    assert other.status_code == 302


def test_without_a_proxy_a_header_changes_nothing(editor):
    chosen = [log_in(WRONG, **{"x-forwarded-for": f"1.1.1.{n}"}).status_code for n in range(6)]
    assert chosen == [200] * 5 + [429]


def test_it_is_logged_with_name_and_address_on_one_line(editor, caplog):
    codes(1, name="Ada\nx")
    codes(5)
    log_in(RIGHT)
    lines = [record.getMessage() for record in caplog.records if record.name == "digest.accounts.attempts"]
    assert lines[0] == "log-in as 'Ada\\nx' from 198.51.100.7: wrong name or password"
    assert lines[1] == "log-in as 'Ada' from 198.51.100.7: wrong name or password"
    assert re.fullmatch(
        r"log-in as 'Ada' from 198\.51\.100\.7: refused, too many wrong tries; open again in (89\d|900) s", lines[6]
    )
    assert len(lines) == 7


@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_once_five_are_checked():
    User.objects.create_superuser("Ada", password=RIGHT)

    def one(_):
        try:
            return log_in(WRONG).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as threads:
        assert sorted(threads.map(one, range(20))) == [200] * 5 + [429] * 15


def test_changing_the_password_asks_for_the_old_one_five_times(editor, client):
    client.force_login(editor)
    new = {"new_password1": "another long password", "new_password2": "another long password"}
    for _ in range(5):
        answer = client.post("/admin/password_change/", {"old_password": WRONG, **new})
        assert WORDS not in answer.content.decode()
    answer = client.post("/admin/password_change/", {"old_password": RIGHT, **new})
    assert answer.context["form"].errors["old_password"] == [WORDS]
    earlier(timedelta(minutes=15))
    assert client.post("/admin/password_change/", {"old_password": RIGHT, **new}).status_code == 302
    editor.refresh_from_db()
    assert editor.check_password("another long password")


def test_what_no_limit_looks_at_is_forgotten(editor):
    log_in(WRONG)
    log_in(RIGHT, address="203.0.113.1")  # leaves counts that are empty
    Allowance.objects.filter(key__startswith="user").update(recent=[timezone.now() - timedelta(minutes=61)])
    attempts.forget()
    assert sorted(row.key.partition(":")[0] for row in Allowance.objects.all()) == ["address", "network"]
