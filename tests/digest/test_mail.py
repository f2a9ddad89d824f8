"""The one door to mail: letters of two parts, and the outbox of a site without a relay."""

import email
import email.policy
import re
import stat
from email.header import decode_header, make_header

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


def lines_of(letter) -> list[bytes]:
    return mail.as_bytes(letter).partition(b"\r\n\r\n")[0].split(b"\r\n")


@pytest.mark.parametrize("text", ["汉" * 150, "芯片 AI " * 25, "汉" + "x" * 60 + "汉字" * 40, "😀" * 70, "Ü" * 150])
def test_encoded_words_are_of_75_characters_and_lines_of_76(text):
    """RFC 2047, 2; for each length, since the break falls elsewhere with each letter."""
    for length in range(1, len(text) + 1):
        name, to = text[:length].strip(), ["编辑 <a@b.example>"] * 3
        letter = mail.Letter(name, "x", f"{name} <desk@{'news.' * 9}example>", to)
        lines = lines_of(letter)
        words = [word for line in lines for word in re.findall(rb"=\?\S+?\?=(?=[\s,]|$)", line)]
        assert max(map(len, words), default=0) <= 75
        assert max(map(len, lines)) <= 76
        # Not by email.policy: it puts a blank between two encoded words of a name (CPython #92081).
        read = {name: str(make_header(decode_header(value))) for name, value in letter.message().items()}
        assert read["Subject"] == name
        assert read["From"] == f"{name} <desk@{'news.' * 9}example>"
        assert read["To"].replace(" ,", ",") == ", ".join(to)


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("Ada, VP of AI <desk@example.org>", "Ada, VP of AI"),
        ("AI 简报, 编辑部 <desk@example.org>", "AI 简报, 编辑部"),
        ('"Ada, VP of AI" <desk@example.org>', "Ada, VP of AI"),
        ('"AI 简报, 编辑部" <desk@example.org>', "AI 简报, 编辑部"),
        ('"Ada \\"the VP\\"" <desk@example.org>', 'Ada "the VP"'),
        ("A.I. Digest (weekly) <desk@example.org>", "A.I. Digest (weekly)"),
        ("AI 简报 <desk@example.org>", "AI 简报"),
        ("desk@example.org", ""),
    ],
)
def test_a_senders_name_is_one_name_whatever_is_in_it(sender, name):
    letter = mail.letter("confirm", "ada@reader.example", CONTEXT, sender=sender)
    read = email.message_from_bytes(mail.as_bytes(letter), policy=email.policy.SMTP)
    (found,) = read["From"].addresses
    assert (found.display_name, found.addr_spec) == (name, "desk@example.org")
    assert mail.envelope_address(sender) == mail.envelope_address(letter.from_email) == "desk@example.org"


def test_hosts_in_han_are_ascii_in_headers(settings):
    settings.SITE_URL = "https://简报.example"
    settings.NEWSLETTER_FROM_EMAIL = "AI 简报 <desk@简报.example>"
    headers = mail.list_headers("briefing", "https://xn--4ru366c.example/u/t/", "unsubscribe h")
    assert headers["List-Id"] == "<briefing.xn--4ru366c.example>"
    assert "<mailto:desk@xn--4ru366c.example?" in headers["List-Unsubscribe"]
    letter = mail.letter("confirm", "a@b.example", CONTEXT, headers=headers, sender=settings.NEWSLETTER_FROM_EMAIL)
    lines = lines_of(letter)
    assert next(line for line in lines if line.startswith(b"From")).endswith(b"<desk@xn--4ru366c.example>")
    assert all(line.isascii() for line in lines)
    assert b"Message-ID: =?" not in b"\r\n".join(lines)
