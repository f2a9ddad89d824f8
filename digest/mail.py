"""The one door to mail: letters with a text and an HTML part, and the outbox for a site without a relay."""

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.charset import BASE64, SHORTEST, Charset
from email.header import Header
from email.message import Message
from email.policy import compat32
from email.utils import formataddr, getaddresses, make_msgid
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template import Context, loader
from django.utils.encoding import punycode
from django.utils.translation import override

from digest import sender as senders
from digest.outgoing.sequence import take_number

OUTBOX_NAME = re.compile(r"\d{8}T\d{6}\.\d{6}-[0-9a-f]{20}\.eml")
SUBJECT_LENGTH = 150
LINE = 76  # of a header with encoded words (RFC 2047, 2)


def post(
    template: str,
    to: str | Sequence[str],
    context: Mapping[str, Any],
    *,
    headers: Mapping[str, str] | None = None,
    message_id: str | None = None,
    language: str | None = None,
) -> None:
    """Send one letter made of `templates/emails/<template>/{subject.txt,body.txt,body.html}`.

    Raises smtplib.SMTPException or OSError where the relay does not take it: call it from a task, not from a view.
    `message_id` should be the same for each try of one letter, so that a mailbox can drop the second copy.
    """
    letter(template, to, context, headers=headers, message_id=message_id, language=language).send()


def letter(
    template: str,
    to: str | Sequence[str],
    context: Mapping[str, Any],
    *,
    headers: Mapping[str, str] | None = None,
    message_id: str | None = None,
    language: str | None = None,
    sender: str | None = None,
) -> "Letter":
    """The letter, not yet sent. Every link in it begins with SITE_URL, never with what a request calls us."""
    known = {"site_url": settings.SITE_URL, "site_name": settings.SITE_NAME, "publisher": settings.PUBLISHER}
    values = known | dict(context)
    with override(language or settings.LANGUAGE_CODE):
        subject = " ".join(_plain(f"emails/{template}/subject.txt", values).split())
        text = _plain(f"emails/{template}/body.txt", values)
        html = loader.render_to_string(f"emails/{template}/body.html", values)
    made = Letter(
        subject=subject[:SUBJECT_LENGTH],
        body=text.strip() + "\n",
        from_email=senders.quoted(sender or settings.DEFAULT_FROM_EMAIL),
        to=[to] if isinstance(to, str) else list(to),
        headers={
            "Message-ID": message_id or make_msgid(domain=site_host()),
            "Auto-Submitted": "auto-generated",
            **(headers or {}),
        },
    )
    made.attach_alternative(html, "text/html")
    made.encoding = _charset()
    return made


def list_headers(list_name: str, unsubscribe_url: str, mailto_subject: str) -> dict[str, str]:
    """What a letter to many carries: RFC 2919 (List-Id), RFC 2369 and RFC 8058 (one-click; the address is HTTPS)."""
    desk = envelope_address(settings.NEWSLETTER_FROM_EMAIL)
    return {
        "List-Id": f"<{list_name}.{site_host()}>",
        "List-Unsubscribe": f"<{unsubscribe_url}>, <mailto:{desk}?subject={quote(mailto_subject)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "bulk",
    }


def site_host() -> str:
    """The site's name as it stands in Message-ID and List-Id."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return "localhost" if ":" in host else punycode(host)


def envelope_address(sender: str) -> str:
    """A sender's bare address in ASCII, as MAIL FROM and the list headers need it."""
    local, _at, domain = senders.address(sender).rpartition("@")
    return f"{local}@{punycode(domain)}"


def _plain(name: str, values: dict[str, Any]) -> str:
    """A text template's output; nothing is escaped, for no browser reads it."""
    template = loader.get_template(name).template  # type: ignore[attr-defined]
    return str(template.render(Context(values, autoescape=False)))


def _charset() -> Charset:
    """UTF-8 in base64: no line is over 998 bytes and nothing in it depends on 8BITMIME (RFC 5321, 6152)."""
    charset = Charset("utf-8")
    charset.header_encoding, charset.body_encoding = SHORTEST, BASE64
    return charset


def as_bytes(message: EmailMessage) -> bytes:
    """A message as it goes over the wire."""
    return message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg] # the stubs describe Django 6


class Letter(EmailMultiAlternatives):
    """Django's, but each header begins on the line of its name: filters and mailboxes mistrust an empty first line.

    Headers with encoded words are folded here. Django makes words of 76 characters, where 75 are allowed, and does not
    count the header's name (RFC 2047, 2). It is not sent while all mail is held (digest/outgoing).
    """

    def send(self, fail_silently: bool = False) -> int:  # type: ignore[override] # the stubs describe Django 6
        """Raises Held, an OSError, while all mail is held."""
        take_number()
        return super().send(fail_silently)

    def message(self) -> Message:  # type: ignore[override] # the stubs describe Django 6
        made: Message = super().message()
        made.policy = compat32.clone(max_line_length=998)  # a link is not broken off from its header's name
        if not self.subject.isascii():
            made.replace_header("Subject", _encoded(str(self.subject), "Subject"))
        for name, mailboxes in (("From", [self.from_email]), ("To", self.to)):
            if name in made and not "".join(mailboxes).isascii():
                made.replace_header(name, _folded(name, mailboxes))
        return made


def _encoded(text: str, header: str) -> str:
    # Header counts neither the space that begins a continued line nor, at times, the last letter of a word.
    return Header(text, "utf-8", header_name=header, maxlinelen=LINE - 1).encode()


def _folded(header: str, mailboxes: Sequence[str]) -> str:
    """The mailboxes as a header's value, each word and address on a line with room for it."""
    lines = [f"{header}:"]
    for number, (name, address) in enumerate(getaddresses(mailboxes), 1):
        words = [] if name.isascii() else _encoded(name, header).split("\n ")
        local, _at, domain = address.rpartition("@")
        bare = f"{local}@{punycode(domain)}"
        words += [f"<{bare}>"] if words else [formataddr((name, bare))]
        words[-1] += "," if number < len(mailboxes) else ""
        for word in words:
            if len(lines[-1]) + 1 + len(word) <= LINE or lines == [f"{header}:"]:
                lines[-1] += f" {word}"
            else:
                lines.append(f" {word}")
    return "\n".join(lines).removeprefix(f"{header}:").lstrip(" ")


class OutboxBackend(BaseEmailBackend):
    """Without EMAIL_URL every letter lies as an `.eml` under OUTBOX_DIR and can be read at the desk."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            _keep(as_bytes(message))
        return len(email_messages)

    def holds(self, message_id: str) -> bool:
        """Whether a letter of this Message-ID was taken: what a blind relay cannot say."""
        return any(Path(settings.OUTBOX_DIR).glob(f"*-{_mark(message_id)}.eml"))


def outbox() -> list[Path]:
    """The letters that lie in the outbox, newest first."""
    folder = Path(settings.OUTBOX_DIR)
    found = [path for path in folder.glob("*.eml") if OUTBOX_NAME.fullmatch(path.name)] if folder.exists() else []
    return sorted(found, reverse=True)


def _keep(letter_bytes: bytes) -> None:
    """Write the letter so that it is there once, whole or not at all, also through a power cut."""
    folder = Path(settings.OUTBOX_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = re.search(rb"(?im)^message-id:\s*(\S+)", letter_bytes)
    mark = _mark(found.group(1).decode("ascii", "replace") if found else os.urandom(16).hex())
    if any(folder.glob(f"*-{mark}.eml")):
        return  # a second try of one letter
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{mark}.eml"
    half = folder / f".{name}.{os.getpid()}"
    try:
        with os.fdopen(os.open(half, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(letter_bytes)
            file.flush()
            os.fsync(file.fileno())
        half.replace(folder / name)
    finally:
        with suppress(FileNotFoundError):
            half.unlink()


def _mark(message_id: str) -> str:
    return hashlib.sha256(message_id.encode()).hexdigest()[:20]
