"""The exchange with the relay, by hand as far as the final dot: what was noted before it decides after a crash."""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend

from digest.mail import as_bytes, envelope_address

BeforeDot = Callable[[], bool]


class RelayDown(Exception):
    """The relay cannot be reached, or wants nothing from us now; no letter is to blame."""


class Refused(Exception):
    """The relay answered that it does not take this letter, for now or for good."""

    def __init__(self, code: int, reply: bytes) -> None:
        self.code, self.permanent = code, code >= 500
        super().__init__(f"{code} {reply.decode('utf-8', 'replace')}"[:480])


class Withheld(Exception):
    """`before_dot` said no; the relay has not got the letter."""


class Ambiguous(Exception):
    """The final dot left and no answer came: the relay may have taken the letter."""


class Carrier(Protocol):
    def carry(self, message: EmailMessage, recipient: str, before_dot: BeforeDot) -> None:
        """Hand one letter over. `before_dot` is called when all but the final dot is said; False calls it off."""

    def took(self, message_id: str) -> bool | None:
        """Whether a letter of this Message-ID was taken; None where the relay cannot be asked."""

    def close(self) -> None: ...


def carrier() -> Carrier:
    """The carrier for the site's EMAIL_BACKEND."""
    backend = get_connection()
    return SmtpCarrier(backend) if isinstance(backend, EmailBackend) else BackendCarrier(backend)


class SmtpCarrier:
    """Speaks SMTP over one connection that is kept between letters; Django's backend opens it (TLS, login)."""

    def __init__(self, backend: EmailBackend) -> None:
        self._backend = backend

    def carry(self, message: EmailMessage, recipient: str, before_dot: BeforeDot) -> None:
        data = as_bytes(message)
        sender = envelope_address(message.from_email)
        try:
            smtp = self._begin(sender, len(data))
            _expect(smtp.rcpt(recipient), 250, 251)
            _expect(smtp.docmd("DATA"), 354)
            smtp.send(_dotted(data))
        except Refused:
            self._rewind()
            raise
        except (smtplib.SMTPException, OSError) as lost:
            self.close()
            raise Refused(*_lost(lost)) from lost
        self._finish(smtp, before_dot)

    def took(self, message_id: str) -> bool | None:
        return None

    def close(self) -> None:
        with suppress(smtplib.SMTPException, OSError):
            self._backend.close()
        self._backend.connection = None

    @property
    def _connection(self) -> smtplib.SMTP:
        assert self._backend.connection is not None  # noqa: S101 it was opened
        return self._backend.connection

    def _begin(self, sender: str, size: int) -> smtplib.SMTP:
        """MAIL FROM over the kept connection; once more over a fresh one where the relay had tired of it."""
        if self._backend.connection is not None:
            with suppress(smtplib.SMTPServerDisconnected, OSError):
                code, reply = _mail(self._backend.connection, sender, size)
                if code != 421:
                    _expect((code, reply), 250)
                    return self._backend.connection
            self.close()
        smtp = self._open()
        code, reply = _mail(smtp, sender, size)
        if code == 421:
            self.close()
            raise RelayDown(f"421 {reply.decode('utf-8', 'replace')}")
        _expect((code, reply), 250)
        return smtp

    def _open(self) -> smtplib.SMTP:
        try:
            self._backend.open()
            smtp = self._connection
            smtp.ehlo_or_helo_if_needed()
        except (smtplib.SMTPException, OSError) as trouble:
            self.close()
            raise RelayDown(str(trouble)) from trouble
        # The dot is a packet of its own: with Nagle's algorithm it waits 40 ms for the acknowledgement.
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # type: ignore[union-attr]
        return smtp

    def _rewind(self) -> None:
        try:
            if self._connection.rset()[0] != 250:
                self.close()
        except (smtplib.SMTPException, OSError):
            self.close()

    def _finish(self, smtp: smtplib.SMTP, before_dot: BeforeDot) -> None:
        try:
            wanted = before_dot()
        except BaseException:
            self._hang_up()  # an orderly QUIT would be read as part of the letter
            raise
        if not wanted:
            self._hang_up()
            raise Withheld
        self._send_dot(smtp)
        try:
            code, reply = smtp.getreply()
        except (smtplib.SMTPException, OSError) as lost:
            self.close()
            raise Ambiguous(f"no answer after the final dot: {lost}") from lost
        if code == 421:
            self.close()
        _expect((code, reply), 250)

    def _send_dot(self, smtp: smtplib.SMTP) -> None:
        """Raises Refused where the dot certainly did not leave, Ambiguous where it may have."""
        # Checked after `before_dot`, not earlier: what the relay does while that writes to the database counts too.
        early = _early_reply(smtp)
        if early:
            self._hang_up()
            raise Refused(*early)
        try:
            smtp.sock.sendall(b".\r\n")  # type: ignore[union-attr] # it was opened
        except ConnectionError as lost:  # reset before the call: the kernel took none of the three bytes
            self._hang_up()
            raise Refused(*_lost(lost)) from lost
        except OSError as lost:
            self._hang_up()
            raise Ambiguous(f"the final dot may have left: {lost}") from lost

    def _hang_up(self) -> None:
        """End the connection in the middle of a letter; the relay must drop what it got (RFC 5321, 4.1.1.4)."""
        with suppress(smtplib.SMTPException, OSError):
            self._connection.close()
        self._backend.connection = None


class BackendCarrier:
    """Any other backend of Django, the outbox above all: it takes a letter in one piece."""

    def __init__(self, backend: object) -> None:
        self._backend = backend

    def carry(self, message: EmailMessage, recipient: str, before_dot: BeforeDot) -> None:
        if not before_dot():
            raise Withheld
        try:
            self._backend.send_messages([message])  # type: ignore[attr-defined]
        except Exception as trouble:
            raise Ambiguous(str(trouble)) from trouble

    def took(self, message_id: str) -> bool | None:
        holds = getattr(self._backend, "holds", None)
        return holds(message_id) if holds else None

    def close(self) -> None:
        self._backend.close()  # type: ignore[attr-defined]


def _mail(smtp: smtplib.SMTP, sender: str, size: int) -> tuple[int, bytes]:
    return smtp.mail(sender, [f"size={size}"] if smtp.has_extn("size") else [])


def _early_reply(smtp: smtplib.SMTP) -> tuple[int, bytes] | None:
    """The refusal of a relay that answered or hung up before the final dot; None where it waits for it.

    It looks through smtplib's buffer, so it sees what arrived together with an earlier reply, and works over TLS.
    """
    sock: socket.socket = smtp.sock  # type: ignore[assignment] # it was opened
    seconds = sock.gettimeout()
    sock.settimeout(0)
    try:
        if not smtp.file.peek(1):  # type: ignore[union-attr] # it exists since the first reply
            sock.recv(1)  # peek() returns nothing both for "closed" and for "nothing yet"; this tells them apart
            return _lost("the relay closed it")
    except (BlockingIOError, ssl.SSLWantReadError):
        return None
    except OSError as lost:
        return _lost(lost)
    finally:
        sock.settimeout(seconds)
    try:
        code, reply = smtp.getreply()
    except (smtplib.SMTPException, OSError) as lost:
        return _lost(lost)
    return (code, reply) if code >= 400 else _lost(f"answered too early: {code}")


def _lost(how: object) -> tuple[int, bytes]:
    return 421, f"the connection was lost before the end of the letter: {how}".encode()


def _expect(answer: tuple[int, bytes], *codes: int) -> None:
    if answer[0] not in codes:
        raise Refused(*answer)


def _dotted(data: bytes) -> bytes:
    """The letter with its lines' leading dots doubled (RFC 5321, 4.5.2), up to its last line's end."""
    return re.sub(rb"(?m)^\.", b"..", data) + (b"" if data.endswith(b"\r\n") else b"\r\n")
