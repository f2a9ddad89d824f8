"""The one door to mail: letters of two parts, and the outbox of a site without a relay."""

import email
import email.policy
import stat

import pytest
from django.core.mail import EmailMessage, get_connection

from digest import mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def outbox_folder(settings, tmp_path):
    settings.EMAIL_BACKEND = "digest.mail.OutboxBackend"
    settings.OUTBOX_DIR = tmp_path / "outbox"
    return settings.OUTBOX_DIR


def read(file):
    return email.message_from_bytes(file.read_bytes(), policy=email.policy.SMTP)


CONTEXT = {"confirm_url": "https://news.example/subscribe/confirm/x&y/", "days": 7}


def test_a_letter_lies_in_the_outbox_with_both_parts(outbox_folder):
    mail.post("confirm", "ada@reader.example", CONTEXT, message_id="<a.1@news.example>", headers={"X-Kind": "test"})
    (file,) = mail.outbox()
    letter = read(file)
    assert letter["Subject"] == "请确认订阅 AI 简报"
    assert letter["To"] == "ada@reader.example"
    assert letter["Message-ID"] == "<a.1@news.example>"
    assert (letter["X-Kind"], letter["Auto-Submitted"]) == ("test", "auto-generated")
    text, html = (part.get_content() for part in letter.iter_parts())
    assert CONTEXT["confirm_url"] in text.splitlines()
    assert "https://news.example/subscribe/confirm/x&amp;y/" in html
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in outbox_folder.iterdir()] == [file.name]


def test_the_newest_letter_is_first_and_one_message_id_is_one_letter(outbox_folder):
    for number in range(5):
        mail.post("confirm", "ada@reader.example", CONTEXT, message_id=f"<a.{number}@news.example>")
    mail.post("confirm", "ada@reader.example", CONTEXT, message_id="<a.0@news.example>")
    assert [read(file)["Message-ID"] for file in mail.outbox()] == [f"<a.{n}@news.example>" for n in (4, 3, 2, 1, 0)]
    backend = get_connection()
    assert (backend.holds("<a.3@news.example>"), backend.holds("<a.9@news.example>")) == (True, False)


def test_other_mail_of_django_is_kept_too(outbox_folder):
    EmailMessage("题目", "正文", "a@b.example", ["c@d.example"]).send()
    assert [read(file)["Subject"] for file in mail.outbox()] == ["题目"]


def test_an_empty_or_missing_outbox(outbox_folder):
    assert mail.outbox() == []


def test_a_subject_is_one_line_of_bounded_length(settings):
    settings.SITE_NAME = "简报\r\nBcc: victim@x.example " + "长" * 300
    letter = mail.letter("confirm", "ada@reader.example", CONTEXT)
    assert letter.subject.startswith("请确认订阅 简报 Bcc: victim@x.example 长")
    assert len(letter.subject) == mail.SUBJECT_LENGTH
    lines = letter.message().as_bytes(linesep="\r\n").split(b"\r\n")
    assert not any(line.lower().startswith(b"bcc") for line in lines)
    assert max(len(line) for line in lines) <= 998


def test_list_headers(settings):
    settings.SITE_URL = "https://news.example"
    settings.NEWSLETTER_FROM_EMAIL = "AI 简报 <desk@news.example>"
    assert mail.list_headers("briefing", "https://news.example/unsubscribe/t/", "unsubscribe h") == {
        "List-Id": "<briefing.news.example>",
        "List-Unsubscribe": "<https://news.example/unsubscribe/t/>, <mailto:desk@news.example?subject=unsubscribe%20h>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "bulk",
    }


def test_headers_begin_on_the_line_of_their_name():
    headers = mail.list_headers("briefing", "https://news.example/unsubscribe/" + "0" * 48 + "/", "unsubscribe h")
    content = mail.letter("confirm", "a@b.example", CONTEXT, headers=headers).message().as_bytes(linesep="\r\n")
    assert b"Subject: =?utf-8?" in content
    assert b"List-Unsubscribe: <https://news.example/" in content
