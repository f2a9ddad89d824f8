"""A response's body: never more than the cap, never less than was promised."""

import re
import sys
import zlib
from http.client import HTTPMessage, HTTPResponse

from news.http.deadline import Deadline
from news.http.errors import FetchError, Reason

_AT_ONCE = 64 * 1024
_MEMBERS = 64  # gzip members in one body; every one costs an inflater, so thousands of empty ones are an attack


def read_body(response: HTTPResponse, deadline: Deadline, limit: int, cut: bool = False) -> bytes:
    """The decoded body, `limit` bytes at most on the wire and unpacked. Raises FetchError.

    `cut`: of a longer one the beginning is given, and the rest is left on the wire.
    `read1` and never `read`: it gives what has come, so that the deadline is looked at.
    """
    packed = _is_packed(response.headers)
    _check_framing(response, sys.maxsize if cut else limit)
    unpack = _Gunzip() if packed else _Plain()
    body, wire = bytearray(), 0
    while chunk := response.read1(min(_AT_ONCE, limit - wire + (not cut))):
        deadline.left()
        wire += len(chunk)
        try:
            body += _fed(unpack, chunk, wire, limit, len(body))
        except FetchError as error:
            if cut and error.reason == Reason.TOO_LARGE:
                return bytes(body)
            raise
    deadline.left()  # a connection that the deadline cut looks like one that ended
    if cut and wire == limit:
        return bytes(body)
    if response.length:
        raise FetchError(Reason.TRUNCATED, detail=f"{response.length} bytes are missing")
    unpack.finish()
    return bytes(body)


def _fed(unpack: "_Plain | _Gunzip", chunk: bytes, wire: int, limit: int, have: int) -> bytes:
    if wire > limit:
        raise FetchError(Reason.TOO_LARGE, detail=f"more than {limit} bytes")
    return unpack.feed(chunk, limit - have)


def _is_packed(headers: HTTPMessage) -> bool:
    """We ask for gzip; a server that answers with another coding, or a chain of them, is not understood but refused."""
    codings = [coding.strip().lower() for coding in ",".join(headers.get_all("content-encoding", [])).split(",")]
    if len(codings) > 1:
        raise FetchError(Reason.ENCODING_CHAIN, detail=", ".join(codings)[:100])
    if codings[0] not in ("", "identity", "gzip", "x-gzip"):
        raise FetchError(Reason.UNEXPECTED_ENCODING, detail=codings[0][:100])
    return codings[0] in ("gzip", "x-gzip")


def _check_framing(response: HTTPResponse, limit: int) -> None:
    transfer = response.headers.get_all("transfer-encoding", [])
    if transfer and (len(transfer) > 1 or not response.chunked):
        raise FetchError(Reason.ENCODING_CHAIN, detail=", ".join(transfer)[:100])
    lengths = {length.strip() for length in ",".join(response.headers.get_all("content-length", [])).split(",")} - {""}
    if len(lengths) > 1 or not all(re.fullmatch("[0-9]{1,18}", length) for length in lengths):
        raise FetchError(Reason.PROTOCOL, detail="lengths that contradict each other, or are none")
    if not response.chunked and any(int(length) > limit for length in lengths):
        raise FetchError(Reason.TOO_LARGE, detail=f"{lengths.pop()} bytes announced")


class _Plain:
    def feed(self, data: bytes, room: int) -> bytes:
        return data

    def finish(self) -> None:
        """Nothing can be missing: the framing was checked."""


class _Gunzip:
    """Unpacks no more than there is room for, and knows whether the end has come."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(31)
        self._members = 0
        self._started = False

    def feed(self, data: bytes, room: int) -> bytes:
        out = bytearray()
        while data := self._next_member(data):
            self._started = True
            out += self._inflate(data, room + 1 - len(out))
            if len(out) > room:
                raise FetchError(Reason.TOO_LARGE, detail="unpacks to more than is allowed")
            data = self._member.unused_data or self._member.unconsumed_tail
        return bytes(out)

    def finish(self) -> None:
        if self._started and not self._member.eof:
            raise FetchError(Reason.TRUNCATED, detail="the gzip stream has no end")

    def _next_member(self, data: bytes) -> bytes:
        """RFC 1952 lets members follow one another; zeros after the last are padding."""
        if not self._member.eof or not (data := data.lstrip(b"\0")):
            return data
        self._members += 1
        if self._members > _MEMBERS:
            raise FetchError(Reason.CORRUPT, detail="too many gzip members")
        self._member = zlib.decompressobj(31)
        return data

    def _inflate(self, data: bytes, room: int) -> bytes:
        try:
            return self._member.decompress(data, room)
        except zlib.error as error:
            raise FetchError(Reason.CORRUPT, detail=str(error)) from error
