"""Receives one request, within the limits of size, and answers it."""

import copy
import re
from typing import Any

from waitress.parser import HTTPRequestParser, ParsingError
from waitress.receiver import ChunkedReceiver
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import BadRequest

REASONS = {
    400: ("Bad Request", "请求格式不正确。", "The request is malformed."),
    408: ("Request Timeout", "请求没有及时发完。", "The request was not completed in time."),
    413: ("Content Too Large", "提交的内容太大。", "The request body is too large."),
    431: ("Request Header Fields Too Large", "请求头太大。", "The request header is too large."),
    500: ("Internal Server Error", "服务器出错，请稍后再试。", "The server failed. Please try again later."),
    501: ("Not Implemented", "服务器不支持这种请求。", "The server does not support this request."),
}

# Waitress matches a header against a pattern that costs the square of a run of blanks: 2 s for 16 KiB of them.
_BLANKS = re.compile(rb"(?<![ \t])(?:(?:\r\n)?[ \t]){256}")


def refusal(status: int) -> bytes:
    """The whole response by which the server itself refuses a request; the connection is closed after it."""
    reason, chinese, english = REASONS[status]
    body = f"{chinese}\n{english}\n".encode()
    head = f"HTTP/1.1 {status} {reason}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Cache-Control: no-store\r\nConnection: close\r\n\r\n" + body


class Request(HTTPRequestParser):  # type: ignore[misc]
    """Waitress compares the body with `adj.max_request_body_size`; here the limit depends on the path."""

    adj: Any
    completed: bool

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        if isinstance(self.body_rcv, ChunkedReceiver) and not self.completed:
            line = max(self.body_rcv.control_line, self.body_rcv.trailer, key=len)
            if len(line) > self.adj.limits.chunk_line_bytes:
                self.error, self.completed = BadRequest("chunk line too long"), True
            payload = len(self.body_rcv)
            if self.body_bytes_received - payload > self.adj.limits.max_extra(payload):
                self.error, self.completed = BadRequest("chunks too small"), True
        if self.completed:
            self.expect_continue = False  # waitress would ask for the body of a request that it has refused
        return consumed

    def parse_header(self, header_plus: bytes) -> None:
        if _BLANKS.search(header_plus):
            raise ParsingError("too many blanks")
        super().parse_header(header_plus)
        self.adj = copy.copy(self.adj)
        self.adj.max_request_body_size = self.adj.limits.max_body(self.path) + 1  # waitress refuses what is as large


class Refusal(ErrorTask):  # type: ignore[misc]
    def execute(self) -> None:
        status = self.request.error.code
        self.wrote_header = self.close_on_finish = self.channel.is_refused = True
        self.channel.server.count(str(status))
        self.channel.write_soon(refusal(status))


class Task(WSGITask):  # type: ignore[misc]
    """Calls Django, with the environment that gunicorn's own workers give it."""

    chunked_response: bool
    wrote_header: bool
    content_bytes_written: int

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        server = self.channel.server
        environ |= {"SERVER_NAME": server.effective_host, "SERVER_SOFTWARE": "jianbao", "wsgi.multiprocess": True}
        if environ.get("HTTP_X_FORWARDED_PROTO") == "https" and server.may_forward(environ["REMOTE_ADDR"]):
            environ["wsgi.url_scheme"] = "https"
        if self.request.command == "HEAD":
            environ.pop("wsgi.file_wrapper", None)  # waitress sends such a file past `write`
        return environ

    def write(self, data: bytes) -> None:
        """Waitress leaves it to the application to send no body in answer to HEAD; Django leaves it to the server."""
        if self.request.command == "HEAD":
            self.content_bytes_written += len(data)
            data = b""
        if self.complete and not self.wrote_header and self.has_body and 0 < len(data) <= (self.content_length or 0):
            self._write_with_header(data)
        else:
            super().write(data)

    def _write_with_header(self, data: bytes) -> None:
        """Send header and body at once: waitress alone sends a packet for each, and wakes the client twice."""
        header: bytes = self.build_response_header()
        self.wrote_header = True
        self.content_bytes_written += len(data)
        self.channel.write_soon(header + data)

    def finish(self) -> None:
        if not self.wrote_header:
            self.write(b"")
        self.chunked_response = self.chunked_response and self.request.command != "HEAD"
        super().finish()
