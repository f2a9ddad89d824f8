"""What every letter of an issue carries, on the bytes that the relay got (P2, E8)."""

import re

import pytest

from digest.mailing import start, tokens
from digest.mailing.send import deliver

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def posted(sink, reader, issue):
    subscriber = reader()
    issue()
    start.post_briefings()
    deliver()
    return sink, subscriber


def test_the_headers(posted):
    sink, subscriber = posted
    letter, delivery = sink.parsed(), subscriber.deliveries.get()
    unsubscribe = tokens.unsubscribe_url(subscriber)
    assert letter["Subject"] == "AI 简报 20230310 期：新芯片 <省电> 一半"
    assert letter["From"] == "AI 简报 <briefing@news.example>"
    assert letter["To"] == "ada@reader.example"
    assert letter["Message-ID"] == f"<i20230310.d{delivery.pk}@news.example>"
    assert letter["List-Id"] == "<briefing.news.example>"
    assert letter["List-Unsubscribe"] == (
        f"<{unsubscribe}>, <mailto:briefing@news.example?subject=unsubscribe%20{subscriber.handle}>"
    )
    assert unsubscribe.startswith("https://news.example/unsubscribe/")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Precedence"] == "bulk"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"].datetime.year >= 2024
    assert [letter.get_all(name) for name in ("Bcc", "Cc")] == [None, None]
    assert sink.letters[0].mail_from == "briefing@news.example"


def test_the_bytes(posted):
    content = posted[0].letters[0].original_content
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", content) is None
    assert max(len(line) for line in content.split(b"\r\n")) <= 998
    assert content.isascii()
    assert b"Subject: =?utf-8?" in content


def test_both_parts(posted):
    sink, subscriber = posted
    letter = sink.parsed()
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    text, html = (part.get_content() for part in letter.iter_parts())
    for link in (tokens.preferences_url(subscriber), tokens.unsubscribe_url(subscriber)):
        assert link in text
        assert link in html
    assert "https://news.example/issues/20230310/" in text
    assert "1. 新芯片 <省电> 一半" in text
    assert "1. 新芯片 &lt;省电&gt; 一半" in html
    assert ".以点开头的一行" in text.splitlines()
    assert "<em>摘要</em>" in html
    assert "https://mp.weixin.qq.com/s/abc" in html
    assert "某公众号" in html
    assert html.count("摘要由人工智能生成") == text.count("摘要由人工智能生成") == 1


def test_no_tracking(posted):
    html = posted[0].parsed().get_body(("html",)).get_content()
    assert re.findall(r"<(?:img|script|iframe|link)\b", html) == []


def test_in_english_for_who_chose_it(sink, reader, issue):
    reader(language="en")
    issue()
    start.post_briefings()
    deliver()
    assert '<html lang="en">' in sink.parsed().get_body(("html",)).get_content()
