"""What a browser saved or an editor pasted is opened; what is no page is refused with a reason."""

import base64
import quopri

import pytest

from news.extract import read
from news.extract.saved import MAX_IN, MAX_OUT, NotSaved, Saved, is_saved_page, open_saved

URL = "https://mp.weixin.qq.com/s/OwnPage_mht"
PAGE = '<html><body><div id="js_content"><p>存成一个文件的一页。</p></div></body></html>'.encode()


def archive(
    body: bytes = PAGE, way: str = "quoted-printable", charset: str = "", start: str = "", before: bytes = b""
) -> bytes:
    packed = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}.get(way, bytes)(body)
    lines = [
        b"From: <Saved by Blink>",
        b"Snapshot-Content-Location: " + URL.encode(),
        b"MIME-Version: 1.0",
        b'Content-Type: multipart/related;\r\n\ttype="text/html";' + start.encode() + b'\r\n\tboundary="--x--"',
        b"",
        b"",
        before + b"----x--",
        b"Content-Type: text/html" + charset.encode(),
        b"Content-ID: <root@own>",
        b"Content-Transfer-Encoding: " + way.encode(),
        b"Content-Location: https://mp.weixin.qq.com/s/other",
        b"",
        packed,
        b"----x--",
        b"Content-Type: image/png",
        b"Content-Transfer-Encoding: base64",
        b"",
        b"iVBORw0KGgo=",
        b"----x----",
    ]
    return b"\r\n".join(lines)


@pytest.mark.parametrize("way", ["quoted-printable", "base64", "8bit"])
def test_a_web_archive_gives_its_page_and_its_address(way):
    saved = open_saved(archive(way=way), "x.mht")
    assert (saved.body.strip(), saved.url, saved.content_type) == (PAGE, URL, "text/html")
    assert read(saved.body, url=saved.url).text == "存成一个文件的一页。"


def test_an_archives_charset_is_handed_on():
    saved = open_saved(archive(PAGE.decode().encode("gb18030"), charset='; charset="gb2312"'))
    assert saved.content_type == "text/html; charset=gb2312"
    assert read(saved.body, content_type=saved.content_type).text == "存成一个文件的一页。"


def test_the_part_that_start_names_is_the_page():
    frame = b"----x--\r\nContent-Type: text/html\r\nContent-ID: <frame@own>\r\n\r\n<p>frame</p>\r\n"
    saved = open_saved(archive(before=frame, start=' start="<root@own>";'))
    assert saved.body.strip() == PAGE


def test_a_message_of_one_part_is_the_page():
    data = b"MIME-Version: 1.0\nContent-Type: text/html\nContent-Location: https://example.com/a\n\n<p>a</p>"
    assert open_saved(data) == Saved(b"<p>a</p>", "https://example.com/a", "text/html")


@pytest.mark.parametrize(
    ("top", "url"),
    [
        ("<!-- saved from url=(0041)https://mp.weixin.qq.com/s?a=1&amp;b=2 -->", "https://mp.weixin.qq.com/s?a=1&b=2"),
        (
            "<!--\n Page saved with SingleFile \n url: https://example.com/a \n saved date: x\n-->",
            "https://example.com/a",
        ),
        ('<meta name="savepage-url" content="https://example.com/b">', "https://example.com/b"),
        ("<!-- saved from url=(0014)about:internet -->", ""),
        ("", ""),
    ],
)
def test_the_address_that_a_saver_wrote_is_found(top, url):
    assert open_saved(f"<!DOCTYPE html>{top}<html><body>x</body></html>".encode()).url == url


def test_pasted_html_needs_no_document_around_it():
    pasted = '<div id="js_content"><p>粘贴的一段。</p></div>'.encode()
    assert open_saved(pasted).body == pasted
    assert open_saved("<p>粘贴</p>".encode("utf-16")).body[:2] == b"\xff\xfe"


def test_pictures_packed_into_the_page_are_taken_out_and_still_counted():
    packed = b"A" * (MAX_OUT + 1)
    data = b'<html><div id="js_content"><p>a</p><img src="data:image/webp;base64,' + packed + b'"></div></html>'
    saved = open_saved(data, "x.html")
    assert saved.body == b'<html><div id="js_content"><p>a</p><img src="data:,"></div></html>'
    page = read(saved.body)
    assert (page.images, page.html) == (1, "<p>a</p>")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"<p>" + b"a" * MAX_IN, "too_large"),
        (b"<p>" + b"a" * MAX_OUT, "too_large"),
        ("只是一段话".encode(), "no_page"),
        (b'{"html": "<p>a</p>"}', "no_page"),
        (b"<?xml version='1.0'?><rss><item><p>a</p></item></rss>", "no_page"),
        (b"%PDF-1.7 <a >", "no_page"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<p>", "broken_archive"),
        (
            b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: image/png\n\n<p>",
            "broken_archive",
        ),
        (b"MIME-Version: 1.0\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\nPHA+A", "broken_archive"),
    ],
)
def test_what_is_no_page_is_refused_with_a_reason(data, reason):
    with pytest.raises(NotSaved) as told:
        open_saved(data)
    assert told.value.reason == reason


@pytest.mark.parametrize(
    ("name", "data", "wanted"),
    [
        ("a.html", b"", True),
        ("a.bin.HTM", b"\x8b\x00", True),
        ("a.mhtml", b"x", True),
        ("a", b"\n<!DOCTYPE html><html>", True),
        ("a.txt", b"<!-- x --><html >", True),
        ("a.txt", archive(), True),
        ("a.md", b"# x\n<p>a</p>", False),
        ("a.xml", b"<?xml version='1.0'?><rss>", False),
        ("a.jsonl", b"{}", False),
        ("a.txt", b"From: a\nTo: b\n\n<html>", False),
    ],
)
def test_a_file_among_others_is_told_by_name_or_beginning(name, data, wanted):
    assert is_saved_page(data, name) is wanted


def test_comments_before_a_page_cost_one_pass() -> None:
    """Without an end to the tries, each comment more doubles the time."""
    assert open_saved(b"<!---->" * 5_000 + b"<html>a</html>").body == b"<!---->" * 5_000 + b"<html>a</html>"
    with pytest.raises(NotSaved, match="no_page"):
        open_saved(b"<!---->" * 5_000)
