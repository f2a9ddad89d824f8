"""Any bytes give a Page: no exception, and of a page that did not arrive whole never a part."""

import random
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from news.extract import STATES, read

PAGES = Path(__file__).resolve().parents[2] / "pages"
WHOLE = {
    name: (PAGES / name).with_suffix(".html").read_bytes()
    for name in (
        "mp.weixin.qq.com/article_2025",
        "mp.weixin.qq.com/article_2018",
        "mp.weixin.qq.com/image_post",
        "mp.weixin.qq.com/text_post",
        "mp.weixin.qq.com/share_card",
        "baijiahao.baidu.com/article_2019",
        "baijiahao.baidu.com/article_2025",
        "baijiahao.baidu.com/fragment",
        "example.com/article",
    )
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_page_cut_off_anywhere_is_no_article(name):
    page = WHOLE[name].rstrip()
    whole = read(page)
    trailer = page.rfind(b"</html>") + 7 if b"</html>" in page else len(page)
    for cut in range(1, trailer, max(1, len(page) // 150)):
        part = read(page[:cut])
        assert part.state != "ok" or (part.text, part.images) == (whole.text, whole.images), cut


@pytest.mark.parametrize("name", WHOLE)
def test_broken_bytes_raise_nothing(name):
    dice = random.Random(name)  # noqa: S311
    for _ in range(60):
        page = bytearray(WHOLE[name])
        for _ in range(dice.choice((1, 3, 30))):
            at = dice.randrange(len(page))
            page[at : at + dice.choice((0, 1, 1, 40))] = dice.randbytes(dice.choice((0, 1, 3)))
        found = read(bytes(page))
        assert found.state in STATES
        assert (found.state == "ok") == bool(found.text or found.images)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["", "text/html; charset=utf-7", "text/html; charset=../../x", "big5"]))
@example(b"", "")
@example(b"\xff\xfe<\x00p\x00>", "")
@example(b"<div id=js_content>", "")
@example(b"window.cgiDataNew = {{{", "")
@example(b'<script>window.jsonData = {"bsData": [1]}</script>', "")
@example(b"<html>" + b"<div>" * 5000 + b"</html>", "")
def test_any_bytes_give_a_page(body, content_type):
    assert read(body, content_type=content_type).state in STATES


MARKS = """
<html> </html> <body> </body> <div·id="js_content"> </div> <div> <p> 文字 <!-- --> <script>
</script> , ' [ ] = } window.cgiDataNew·=·{ title:·JsDecode('a') content_noencode:·'
item_show_type:·'8'·*·1 <meta·property="og:title"·content=" "> data-testid="article" <section·
window.jsonData·=·{ \x3c <article> </article> <div·class="weui-msg__title"> 已删除 <title> </title>
<svg>
"""
TAGS = st.sampled_from([mark.replace("·", " ") for mark in (*MARKS.split(), "\x00", "\ufffd")])


@settings(max_examples=300, deadline=None)
@given(st.lists(TAGS, max_size=40).map("".join))
def test_any_mixture_of_marks_gives_a_page(text):
    assert read(text.encode()).state in STATES


@pytest.mark.parametrize(
    "part",
    [
        "<div>",
        "<!--",
        "<script>",
        '<div "',
        '<meta property="a" ',
        "window.cgiDataNew = {a: [",
        "js_content ",
        "<a href=",
        "<title>",
    ],
)
def test_repetition_is_read_in_one_pass(part):
    """No clock here: what is quadratic would not end on 300 KB."""
    assert read(('<html><body><div id="js_content">' + part * (300_000 // len(part))).encode()).state != "ok"
