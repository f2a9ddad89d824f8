"""Generators of hostile text: each fills `size` characters with one pattern that has been slow somewhere."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Hostile:
    """A text of a beginning, a unit that is repeated up to the size asked for, and an end."""

    name: str
    unit: str
    begin: str = ""
    end: str = ""

    def text(self, size: int) -> str:
        room = max(0, size - len(self.end))
        times = max(0, room - len(self.begin)) // len(self.unit) + 1
        return ((self.begin + self.unit * times)[:room] + self.end)[:size]


COMMON = (
    Hostile("closing brackets", ")", "http://a.cn/"),
    Hostile("&amp;", "&amp;"),
    Hostile("unclosed tags", "<div><p class=a><span>"),
    Hostile("one long line", "a"),
    Hostile("short lines", "a\n"),
    Hostile("a Han sentence", "今天上海发布新芯片，算力提升一倍。"),
    Hostile("mixed scripts", "e\u0301\u0308Ａ漢ｶﾞ①\ufdfaא漢"),
    Hostile("blanks to the last", " ", "a", "b"),
    Hostile("digits", "1,234.5:6-"),
    Hostile("quotes and escapes", "\\\"'\\x26\\u0026“”"),
    Hostile("links", "[a](http://a.cn/b?c=d&e=f) "),
    Hostile("half-open marks", "<!--<script <a href='](http://《["),
    Hostile("control characters", "\x00\x1f\u200b\u202e"),
    Hostile("blanks", " "),
    Hostile("line breaks", "\r\n"),
    Hostile("brackets", "([{<《“"),
    Hostile("asterisks", "*a**_"),
    Hostile("nested JSON", '[{"a":'),
    Hostile("equal signs", "a = "),
)
