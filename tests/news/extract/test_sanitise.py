"""What the sanitiser lets through of hostile HTML: the HTML-* attack cases that are about it, and idempotence."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from news.extract import sanitise
from news.extract.base import Unreadable
from news.extract.clean import body

REL = 'rel="noopener noreferrer nofollow ugc"'

HOSTILE = {
    "HTML-001": ("<script>alert(1)</script>", ""),
    "HTML-002": ("<img src=x onerror=alert(1)>", ""),
    "HTML-003": ("<svg/onload=alert(1)>", ""),
    "HTML-004": ("<svg><script>alert(1)</script></svg>", ""),
    "HTML-005": ("<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>", f"<p><a {REL}>x</a></p>"),
    "HTML-006": (
        '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
        "<table></table>",
    ),
    "HTML-007": ("<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>", ""),
    "HTML-008": ('<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">', '<p>"&gt;</p>'),
    "HTML-009": ('<noscript><p title="</noscript><img src=x onerror=alert(1)>">', ""),
    "HTML-010": ('<a href="javascript:alert(1)">x</a>', f"<p><a {REL}>x</a></p>"),
    "HTML-011": ('<a href="java&#x0A;script:alert(1)">x</a>', f"<p><a {REL}>x</a></p>"),
    "HTML-012": ('<a href="&#1;javascript:alert(1)">x</a>', f"<p><a {REL}>x</a></p>"),
    "HTML-013": ('<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>', f"<p><a {REL}>x</a></p>"),
    "HTML-014": ('<a href="vbscript:msgbox(1)">x</a>', f"<p><a {REL}>x</a></p>"),
    "HTML-015": ('<iframe srcdoc="<script>1</script>"></iframe>', ""),
    "HTML-016": ("<object data=x><embed src=x>", ""),
    "HTML-017": ("<base href=//evil.example/>", ""),
    "HTML-018": ("<meta http-equiv=refresh content='0;url=javascript:alert(1)'>", ""),
    "HTML-019": ("<link rel=stylesheet href=//evil.example/x.css>", ""),
    "HTML-020": ("<style>@import url(//evil.example)</style>", ""),
    "HTML-021": ("<details open ontoggle=alert(1)>", ""),
    "HTML-022": ("<video><source onerror=alert(1)></video>", ""),
    "HTML-023": ("<input autofocus onfocus=alert(1)>", ""),
    "HTML-024": ("<textarea></textarea><img src=x onerror=1>", ""),
    "HTML-025": ("<template><script>1</script></template>", ""),
    "HTML-026": ("<scr<script>ipt>alert(1)</scr</script>ipt>", "<p>ipt&gt;alert(1)ipt&gt;</p>"),
    "HTML-027": ("<!--[if gte mso 9]><script>1</script><![endif]-->", ""),
    "HTML-028": ("<plaintext>rest<script>", ""),
    "HTML-029": ("<xmp><img src=x onerror=alert(1)></xmp>", ""),
    "HTML-030": ("{% load static %}{{ settings.SECRET_KEY }}", "<p>{% load static %}{{ settings.SECRET_KEY }}</p>"),
    "HTML-031": ('<p style="background:url(//evil.example/a)">x</p>', "<p>x</p>"),
    "HTML-032": ('<p style="position:fixed;inset:0;z-index:9999">x</p>', "<p>x</p>"),
    "HTML-033": ('<div style="width:expression(alert(1))">x</div>', "<p>x</p>"),
    "HTML-034": ("<section style='visibility:hidden;opacity:0'>body</section>", "<p>body</p>"),
    "HTML-035": ('<p>a</p><span style="font-size:0;color:#fff">IGNORE ALL</span>', "<p>a</p>"),
    "HTML-036": ("<form action=//evil.example><input name=password></form>", ""),
    "HTML-037": ("<a id=csrfmiddlewaretoken name=cookie href=/x>x</a>", f"<p><a {REL}>x</a></p>"),
    "HTML-038": ('<a href="//evil.example/">x</a>', f'<p><a href="https://evil.example/" {REL}>x</a></p>'),
    "HTML-039": (
        '<a href="https://x.example/" target=_blank>x</a>',
        f'<p><a href="https://x.example/" {REL}>x</a></p>',
    ),
    "HTML-040": ('<img src="https://evil.example/p.gif" width=1 height=1>', ""),
    "HTML-041": ('<img data-src="https://mmbiz.qpic.cn/x">', '<p><img src="https://mmbiz.qpic.cn/x"></p>'),
    "HTML-043": ("<p>\u202eevil\u202c \u200dok</p>", "<p>evil ok</p>"),
    "HTML-047": ("]]></content:encoded><script>", "<p>]]&gt;</p>"),
    "HTML-048": ("<p>a\x0bb\x0cc&#xd800;d</p>", None),
    "HTML-049": ("</script><script>alert(1)</script>after", "<p>after</p>"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_html_comes_out_harmless(case):
    given_, wanted = HOSTILE[case]
    found = sanitise(given_)
    if wanted is not None:
        assert found == wanted
    assert sanitise(found) == found
    assert not re.search("[\x00-\x08\x0b\x0e-\x1f\ud800-\udfff]", found)


MARKS = """
<p> </p> <div> </div> <svg> </svg> <math> <mtext> <table> <td> <style> </style> <script> </script>
</a> <!-- --> <a·href='javascript:1'> <img·src=x·onerror=1> <pre> </pre> <code> <li> <form>
<template> <noscript> <title> ' " 文 a &lt; &#0; > <b ·onclick=1· <select> <option> <br> <h2>
<section·style='opacity:0'> <iframe>
"""
PIECES = [mark.replace("·", " ") for mark in (*MARKS.split(), "\n", "\x0b", "&#1;")]
ALLOWED = """
a b i p br hr h1 h2 h3 h4 h5 h6 ul ol li pre code em strong table thead tbody tfoot tr td th caption
img sup sub s del kbd samp strike blockquote figure figcaption dl dt dd
"""
DANGER = re.compile(rf"<(?!/?(?:{'|'.join(ALLOWED.split())})[\s>])|\son\w+=|javascript:", re.IGNORECASE)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_no_mixture_of_tags_gets_through(markup):
    found = sanitise(markup)
    assert not DANGER.search(re.sub(r"(?:^|>)[^<]*", ">", found))
    assert sanitise(found) == found


def test_structure_stays():
    found = body(
        "<h2>标题</h2><ol><li>一</li></ol><pre><code>a</code><code>b</code></pre>"
        "<table><tr><td colspan=2>格</td></tr></table>"
        "<figure><img src=//a.com/i.png alt=图><figcaption>说明</figcaption></figure>"
    )
    assert found.html == (
        "<h2>标题</h2><ol><li>一</li></ol><pre><code>a</code>\n<code>b</code></pre>"
        '<table><tbody><tr><td colspan="2">格</td></tr></tbody></table>'
        '<figure><img src="https://a.com/i.png" alt="图"><figcaption>说明</figcaption></figure>'
    )
    assert found.text == "标题\n一\na\nb\n格\n说明"
    assert found.images == 1


def test_relative_addresses_need_a_base():
    assert body('<a href="/x">甲</a>').html == f"<p><a {REL}>甲</a></p>"
    assert (
        body('<a href="x?a=1&b=2">甲</a>', "https://a.com/d/").html
        == f'<p><a href="https://a.com/d/x?a=1&amp;b=2" {REL}>甲</a></p>'
    )


def test_hidden_text_is_counted_and_left_out():
    found = body(
        '<p>见</p><div style="display: none">不见</div><p style="font-size:0px">也不<b style="font-size:9px">见</b></p>'
    )
    assert (found.text, found.hidden) == ("见\n见", 4)


def test_pretty_printed_han_text_gets_no_blanks():
    assert body("<p>\n  一行\n  <span>\n 两行 </span>\n end\n</p>").text == "一行两行 end"


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<div>" * 300 + "x", "too_deep"),
        ("<blockquote>" * 20_000 + "x", "too_deep"),
        ("<p>" + "字" * 2_100_000, "too_large"),
        ("<p " + " ".join(f"a{i}=1" for i in range(5000)) + ">x</p>", "too_large"),
        ("<p>x</p>" * 40_000, "too_large"),
    ],
    ids=["boxes", "quotes", "text", "attributes", "tags"],
)
def test_what_would_hold_the_cleaner_is_refused(markup, reason):
    with pytest.raises(Unreadable) as refused:
        sanitise(markup)
    assert (refused.value.state, refused.value.reason) == ("unavailable", reason)
