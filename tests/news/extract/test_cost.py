"""Pages that are made to cost: each is refused or read at once, and exactly so."""

import time
from datetime import datetime

import pytest

from news.extract import clean, generic, literal, markup, read
from news.extract.base import BEIJING, Unreadable
from news.sources import xml
from news.summarise.unfit import unfit
from news.text import normalise


def test_boxes_that_never_close_are_too_deep_and_no_reason_to_ask_again() -> None:
    wechat = b"<html><body><div id='js_content'>" + b"<div>" * 100_000
    assert (read(wechat).state, read(wechat).reason) == ("unavailable", "too_deep")
    other = b"<html><body>" + b"<div>" * 100_000
    assert (read(other).state, read(other).reason) == ("unavailable", "too_large")


def test_ampersands_cost_no_function_each() -> None:
    page = b"<html><body><p>" + b"&amp;" * 40_000 + b"</p></body></html>"
    assert read(page).text == "&" * 40_000
    root = xml.parse("<a>" + "&" * 40_000 + "&nbsp;&lt;</a>")
    assert root is not None
    assert root.text == "&" * 40_000 + "\xa0<"


def test_a_tag_that_never_ends_swallows_the_rest() -> None:
    assert markup.metas('<meta name=a content="b">' + "<meta name='c" * 99_999) == {"a": "b"}


def test_a_text_longer_than_any_article_is_refused() -> None:
    assert len(clean.body("字" * clean.MAX_TEXT).text) == clean.MAX_TEXT
    with pytest.raises(Unreadable, match="too_large"):
        clean.body("字" * (clean.MAX_TEXT + 1))


def test_one_character_never_becomes_eighteen() -> None:
    assert (normalise("\ufdfa"), normalise("\ufdfb")) == ("صلعم", "جل")


def test_a_long_sentence_is_judged_by_its_ends() -> None:
    assert unfit("a" * 200_000 + "。") == ""
    assert unfit("a" * 200_000 + "：") == "opening"


BEGIN = f"<html><head><title>题</title></head><body><article><h1>标题</h1><p>{'正文。' * 60}</p>"
END = "</article></body></html>"


@pytest.mark.parametrize(
    "hostile",
    [
        "<time" + " a" * 100_000,
        ("<time" + " a" * 20) * 4_000,
        ("<link" + " rel=canonical." * 20) * 2_000,
        "</article><script " + "<script " * 100_000 + "></script>",
        "<h1>" * 200 + "a" * 10_000,
    ],
)
def test_tags_that_do_not_end_are_gone_through_once(hostile: str) -> None:
    began = time.process_time()
    page = read(f"{BEGIN}{hostile}{END}".encode())
    assert time.process_time() - began < 2
    assert page.state in ("ok", "unavailable")


def test_what_a_page_says_of_itself_is_read_from_whole_tags() -> None:
    head = (
        '<link rel="icon" href="/i.png"><link data-x="a>b" rel=canonical href="https://a.cn/1">'
        '<script>var a = 1</script><script type="application/ld+json">{"headline": "甲", "author": "乙"}</script>'
    )
    page = read(f"<html><head>{head}</head><body><article><p>{'正文。' * 60}</p>"
                f'<time class=a datetime="2024-03-05T08:00:00+08:00">昨天</time>{END}'.encode())  # fmt: skip
    assert (page.state, page.title, page.byline, page.canonical_url) == ("ok", "甲", "乙", "https://a.cn/1")
    assert page.published == datetime(2024, 3, 5, 8, tzinfo=BEIJING)


def test_a_page_too_heavy_for_trafilatura_is_read_by_its_marked_part() -> None:
    """Or whole, with its chrome, where it marks none; one of more than MAX_TAGS tags is refused."""
    line = f"<p>{'正文。' * 10}</p>"
    chrome = f"<nav>{'<a href=/>栏目</a>' * 100}</nav>"
    most = generic.HEAVY_TAGS // 2
    teaser = "<article><p>另一篇</p></article>"
    for body, first in (
        (f"<main><article>{line * most}</article></main>{teaser}", "正文。" * 10),
        (f"{teaser}<article>{line * most}</article>{teaser}", "正文。" * 10),
        (line * most, "栏目" * 100),
    ):
        page = read(f"<html><body>{chrome}{body}</body></html>".encode())
        assert (page.state, page.text.split("\n")[0]) == ("ok", first)
        assert page.text.count("正文。" * 10) == most
    flood = read(f"<html><body>{'<br>' * markup.MAX_TAGS}{line}</body></html>".encode())
    assert (flood.state, flood.reason) == ("unavailable", "too_large")


def test_an_element_of_more_tags_than_any_page_has_is_too_large() -> None:
    wechat = b"<html><body><div id='js_content'>" + b"<div></div>" * 100_000 + b"</div></body></html>"
    assert (read(wechat).state, read(wechat).reason) == ("unavailable", "too_large")


def test_a_record_with_a_string_or_a_comment_that_does_not_end_is_broken() -> None:
    for text in ("{a: 'b", "{a: \"b', c: 1}", "{a: 1, /* c: 1}", "{" + "\\\"'a'" * 200_000 + "}"):
        with pytest.raises(literal.Broken, match="open"):
            literal.read_object(text, 0)
    assert literal.read_object("{a: 'b', /* it's */ c: 1, // it's\n}", 0) == {"a": "'b'", "c": "1"}


def test_a_record_of_more_tokens_than_any_page_has_is_broken() -> None:
    pairs = literal.MAX_TOKENS // 4  # a, :, 1 and the comma
    assert literal.read_object("{" + "a:1," * (pairs - 1) + "}", 0) == {"a": "1"}
    with pytest.raises(literal.Broken, match="end"):
        literal.read_object("{" + "a:1," * pairs + "}", 0)
