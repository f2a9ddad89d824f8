"""Reads a JavaScript object as WeChat writes it: `{a: JsDecode('\\x3cp'), b: '8' * 1, c: [], }`. Nothing is run."""

import re
from itertools import islice
from typing import TypeAlias

# The strings come first, unrolled and possessive: one pass, no going back, whatever the page holds.
_TOKEN = re.compile(
    r"\s*+(?:(?P<string>'[^'\\]*+(?:\\.[^'\\]*+)*+'|\"[^\"\\]*+(?:\\.[^\"\\]*+)*+\")"
    r"|(?P<word>[\w$.]++)|(?P<mark>[{}\[\]():,])|(?P<rest>//[^\n]*+|/\*.*?\*/)|(?P<open>['\"]|/\*)|.)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(\r\n|.))", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "", "\n": "", "\r\n": ""}
_JSDECODE = re.compile(r"\\x(5c|0d|22|26|27|3c|3e|0a)", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")
# Nearly all escapes of a body, replaced without a call each; safe while no backslash is itself escaped.
_COMMON = tuple((f"\\x{ord(c):02x}", c) for c in "<>\"'&\n\r")
MAX_DEPTH = 40
MAX_TOKENS = 50_000  # the largest record seen has 3,100; each costs about half a µs


class Broken(ValueError):
    """The literal does not end, nor does a string or a comment in it, or it is nested or long beyond reason."""


class Literal(dict[str, "Value"]):
    """An object as read: its strings stay as written until somebody asks for one."""

    def text(self, *path: str) -> str:
        """The string at the end of a path of keys, decoded; empty when there is none."""
        value = self.at(*path)
        return decode(value) if isinstance(value, str) else ""

    def items_of(self, *path: str) -> list["Literal"]:
        """The objects in the list at the end of a path of keys."""
        value = self.at(*path)
        return [item for item in value if isinstance(item, Literal)] if isinstance(value, list) else []

    def at(self, *path: str) -> "Value | None":
        value: Value | None = self
        for key in path:
            value = value.get(key) if isinstance(value, Literal) else None
        return value


Value: TypeAlias = "str | Literal | list[Value]"


def read_object(text: str, start: int) -> Literal:
    """The object whose `{` stands at `start`. Raises Broken when the text ends before the object does.

    A key that comes twice keeps the longer value: WeChat writes content_noencode empty and then full.
    """
    root = _read(text, start)
    if not isinstance(root, Literal):
        raise Broken("no object")
    return root


def read_list(text: str, start: int) -> list[Literal]:
    """The objects of the list whose `[` stands at `start`. Raises Broken when the text ends before the list does."""
    root = _read(text, start)
    return [item for item in root if isinstance(item, Literal)] if isinstance(root, list) else []


def _read(text: str, start: int) -> "Literal | list[Value]":
    root: Literal | list[Value] | None = None
    around: list[Literal | list[Value]] = []
    key, value = "", ""
    for match in islice(_TOKEN.finditer(text, start), MAX_TOKENS):
        if match["open"]:  # it goes on to the end of the page, and so might thousands behind it
            raise Broken("open")
        mark = match["mark"] or ""
        if match["string"] or match["word"]:
            value = _stronger(value, match["string"] or match["word"])
        elif mark == ":":
            key, value = decode(value), ""
        elif mark and mark in "{[":
            child: Literal | list[Value] = Literal() if mark == "{" else []
            root = child if root is None else root
            _put(around, key, child)
            around.append(child)
            key, value = "", ""
        elif mark and mark in "}],":
            if value:
                _put(around, key, value)
            key, value = "", ""
            if mark != "," and around.pop() is root:
                return root
        if len(around) > MAX_DEPTH or not around:
            raise Broken("depth")
    raise Broken("end")


def _stronger(value: str, token: str) -> str:
    """In `JsDecode('x')`, `'8' * 1` and `'' || 'y'` the longest string counts, not what stands around it."""
    if value[:1] in ("'", '"') and (token[0] not in "'\"" or len(token) < len(value)):
        return value
    return token


def _put(around: "list[Literal | list[Value]]", key: str, value: "Value") -> None:
    if not around:
        return
    parent = around[-1]
    if isinstance(parent, list):
        parent.append(value)
    elif key and len(value) >= len(parent.get(key, "")):
        parent[key] = value


def decode(token: str) -> str:
    """The text of a JavaScript string token, with the second `\\xNN` decoding that WeChat's JsDecode does."""
    if token[:1] not in ("'", '"'):
        return token
    plain = token[1:-1]
    if "\\\\" not in plain:
        for code, character in _COMMON:
            plain = plain.replace(code, character)
    if "\\" in plain:
        plain = _ESCAPE.sub(_escaped, plain)
        plain = _JSDECODE.sub(lambda match: chr(int(match[1], 16)), plain)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _SURROGATE.search(plain) else plain


def _escaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _SIMPLE.get(match[3], match[3])
