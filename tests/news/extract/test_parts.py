"""The small parts: charset, dates, JavaScript literals, states."""

from datetime import date, datetime

import pytest

from news.extract import literal, states
from news.extract.base import BEIJING, Unreadable
from news.extract.charset import decode
from news.extract.dates import from_epoch, from_shown

PROSE = "<html><meta charset=x><p>我们的模型在这里，不大，也不慢。</p>"
TRADITIONAL = "<p>我們的模型在這裡，不大，也不慢，中國的開發者說這個很好。</p>"


@pytest.mark.parametrize(
    "declared", ["", "text/html; charset=utf-8", "text/html; charset=gbk", "charset=utf-7", "charset=rot13"]
)
@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "utf-8-sig", "utf-16"])
def test_bytes_decide_the_charset(charset, declared):
    assert decode(PROSE.encode(charset), declared) == PROSE


@pytest.mark.parametrize("declared", ["", "text/html; charset=big5"])
def test_big5_is_told_from_gb18030(declared):
    assert decode(TRADITIONAL.encode("big5"), declared) == TRADITIONAL


def test_utf7_is_text_and_nothing_more():
    assert decode(b"+ADw-script+AD4-", "text/html; charset=utf-7") == "+ADw-script+AD4-"


def test_utf8_saved_as_latin1_is_undone_and_real_latin_stays():
    assert decode("百度安全验证".encode().decode("latin-1").encode()) == "百度安全验证"
    assert decode("<p>Déjà vu — naïve café ÀÉÎ</p>".encode()) == "<p>Déjà vu — naïve café ÀÉÎ</p>"


def test_a_few_bad_bytes_are_replaced_and_packed_bytes_refused():
    assert decode(PROSE.encode()[:-9] + b"\xff" + PROSE.encode()[-4:]).count("\ufffd") > 0
    with pytest.raises(Unreadable, match="undecoded"):
        decode(bytes(range(256)) * 20)


def test_nul_never_reaches_the_database():
    assert decode(b"a\x00b") == "ab"


SHOWN = [
    ("2026年04月03日 08:25", datetime(2026, 4, 3, 8, 25, tzinfo=BEIJING)),
    ("发布于 2025-3-4 9:05:06", datetime(2025, 3, 4, 9, 5, 6, tzinfo=BEIJING)),
    ("2025-03-04T01:30:00Z", datetime(2025, 3, 4, 9, 30, tzinfo=BEIJING)),
    ("2025-03-04T01:30:00.123+0000", datetime(2025, 3, 4, 9, 30, tzinfo=BEIJING)),
    ("2017-01-18", date(2017, 1, 18)),
    ("2025/2/30", None),
    ("昨天", date(2019, 3, 1)),
    ("3天前", date(2019, 2, 27)),
    ("2月18日", date(2019, 2, 18)),
    ("12月31日", date(2018, 12, 31)),
    ("刚刚好", None),
]


@pytest.mark.parametrize(("text", "wanted"), SHOWN)
def test_shown_times_are_read_in_beijing(text, wanted):
    assert from_shown(text, datetime(2019, 3, 2, 1, 0, tzinfo=BEIJING)) == wanted


def test_epochs_must_be_of_our_time():
    assert from_epoch("1762747210") == datetime(2025, 11, 10, 12, 0, 10, tzinfo=BEIJING)
    assert from_epoch("1762747210000") == from_epoch("1762747210")
    assert [from_epoch(value) for value in ("0", "", "abc", "99999999999", "100000000")] == [None] * 5


def test_a_literal_is_read_and_never_run():
    found = literal.read_object(
        r"""x = {a: JsDecode('\x3cp\x3e\x0a'), "b": '8' * 1, n: {a: 'deep', }, l: [ {u: '1'}, 'z', ], e: '' || '7',
        t: true, c: '', c: 'full' , d: 'C:\\x5cn\\', f: '\ud83d\ude00', // '{'
        }; more""",
        4,
    )
    names = ("a", "b", "e", "t", "c", "d", "f", "none")
    assert [found.text(name) for name in names] == ["<p>\n", "8", "7", "true", "full", "C:\\n\\", "😀", ""]
    assert (found.text("n", "a"), found.text("a", "n"), found.text("n")) == ("deep", "", "")
    assert [item.text("u") for item in found.items_of("l")] == ["1"]


@pytest.mark.parametrize("text", ["{a: 'x'", "{", "{a: [{}", "{'", "{" * 100, "{a:{" * 50 + "}" * 100])
def test_a_literal_that_does_not_end_is_broken(text):
    with pytest.raises(literal.Broken):
        literal.read_object(text, 0)


NOTICES = [
    ("该内容已被发布者删除", "deleted"),
    ("This content has been deleted by the author.", "deleted"),
    ("此内容因违规无法查看", "violation"),
    ("此内容发送失败无法查看", "unavailable"),
    ("账号已迁移至新账号", "moved"),
    ("您的访问过于频繁", "blocked"),
    ("今天天气很好", None),
]


@pytest.mark.parametrize(("said", "state"), NOTICES)
def test_the_words_of_a_notice_name_the_state(said, state):
    found = states.of_words(said)
    assert (found.state if found else None) == state
