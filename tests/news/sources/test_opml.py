"""Sources out as OPML and in again, other readers' files, and files that mean harm."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from news.models import Source
from news.sources import opml
from news.sources.base import SourceError

pytestmark = pytest.mark.django_db
COLUMNS = ("name", "kind", "address", "options", "cadence", "is_active")
SOURCES: list[dict[str, Any]] = [
    {"name": '芯片 <笔记> & "引号"', "kind": "feed", "address": "https://blog.example/feed?a=1&b=2"},
    {
        "name": "全文",
        "kind": "feed",
        "address": "https://b.example/f",
        "options": {"text": "never", "folder": "厂商/芯片"},
    },
    {
        "name": "合集",
        "kind": "wechat_album",
        "address": "https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzA%3D&album_id=1",
        "options": {"reverse": True, "folder": "厂商"},
        "cadence": timedelta(minutes=15),
    },
    {"name": "作者", "kind": "baidu_author", "address": "https://author.baidu.com/home/1546", "is_active": False},
    {
        "name": "搜索",
        "kind": "baidu_news",
        "address": "",
        "options": {"words": "端侧 大模型"},
        "cadence": timedelta(days=1),
    },
    {
        "name": "列表",
        "kind": "page",
        "address": "https://c.example/news",
        "options": {"selector": "ul > li a[href^='/n']", "folder": "厂商/芯片"},
    },
    {"name": "清单", "kind": "links", "address": "https://c.example/links.txt", "options": {"contains": "weixin"}},
    {"name": "交来的", "kind": "wechat_list", "address": ""},
]


def rows() -> list[tuple[Any, ...]]:
    return list(Source.objects.order_by("name").values_list(*COLUMNS))


def test_what_goes_out_comes_in_equal() -> None:
    for source in SOURCES:
        Source.objects.create(**source)
    Source.inbox()
    data = opml.dump(Source.objects.order_by("name"))
    Source.objects.filter(kind="inbox").delete()
    before = rows()
    assert {outcome.fate for outcome in opml.take_in(opml.load(data))} == {opml.Fate.KNOWN}
    Source.objects.all().delete()
    assert [outcome.fate for outcome in opml.take_in(opml.load(data))] == [opml.Fate.ADDED] * len(SOURCES)
    assert rows() == before
    assert opml.load(opml.dump(Source.objects.order_by("name"))) == opml.load(data)


FOREIGN = """<?xml version="1.0"?><opml version="1.0"><head><title>x</title></head><body>
<outline text="技术"><outline text="芯片"><outline text="甲" type="rss" xmlUrl="https://a.example/feed" htmlUrl="https://a.example/"/>
<outline title="甲" xmlUrl="https://b.example/feed"/></outline></outline>
<outline text="甲又来" xmlUrl="https://a.example/feed"/><outline text="内网" xmlUrl="http://127.0.0.1/feed"/>
<outline text="空夹"/><outline text="R&D" type="rss" xmlUrl="https://c.example/?a=1&b=2"/></body></opml>"""


def test_a_file_of_another_reader() -> None:
    outcomes = opml.take_in(opml.load(FOREIGN.encode()))
    assert [(outcome.fate, outcome.found.name) for outcome in outcomes] == [
        ("added", "甲"),
        ("added", "甲"),
        ("known", "甲又来"),
        ("refused", "内网"),
        ("added", "R&D"),
    ]
    assert "内网或保留地址" in outcomes[3].advice
    assert list(Source.objects.order_by("pk").values_list("name", "address", "options")) == [
        ("甲", "https://a.example/feed", {"folder": "技术/芯片"}),
        ("甲 2", "https://b.example/feed", {"folder": "技术/芯片"}),
        ("R&D", "https://c.example/?a=1&b=2", {}),
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'<!DOCTYPE opml [<!ENTITY a "x">]><opml><body><outline xmlUrl="&a;"/></body></opml>', "hostile"),
        (b"<opml><head/></opml>", "no_list"),
        (b"<html><body>x</body></html>", "no_list"),
        (b"", "no_list"),
        (b"\x00\x01\x02" * 100, "unreadable"),
        (b"<opml><body>" + b" " * (2 * 2**20) + b"</body></opml>", "too_large"),
    ],
)
def test_a_file_that_is_none_or_means_harm_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(SourceError) as caught:
        opml.load(data)
    assert caught.value.reason == reason


def test_outlines_without_end_are_cut() -> None:
    deep = "<outline text='a'>" * 100 + "<outline xmlUrl='https://a.example/deep'/>" + "</outline>" * 100
    wide = "<outline xmlUrl='https://a.example/wide'/>" * 6000
    assert opml.load(f"<opml><body>{deep}</body></opml>".encode()) == []
    assert len(opml.load(f"<opml><body>{wide}</body></opml>".encode())) == opml.MAX_OUTLINES


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "sources.opml"
    Source.objects.create(**SOURCES[0])
    call_command("opml", "export", str(file))
    Source.objects.all().delete()
    call_command("opml", "import", str(file))
    assert rows() == [(*(SOURCES[0][name] for name in COLUMNS[:3]), {}, timedelta(hours=1), True)]
    assert capsys.readouterr().out.splitlines()[1].startswith("已加入\t芯片")
    file.write_text("<html></html>", encoding="utf-8")
    with pytest.raises(CommandError, match="找不到文章列表"):
        call_command("opml", "import", str(file))
    with pytest.raises(CommandError, match="No such file"):
        call_command("opml", "import", str(tmp_path / "missing"))


def test_of_one_name_99_sources_are_made_by_few_queries(django_assert_max_num_queries: Any) -> None:
    found = [opml.Found("甲", "feed", f"https://a.example/{number}") for number in range(300)]
    Source.objects.create(name="甲 7", kind="feed", address="https://b.example/")
    with django_assert_max_num_queries(4 * 300):
        outcomes = opml.take_in(found)
    assert [outcome.fate for outcome in outcomes] == ["added"] * 98 + ["refused"] * 202
    assert {outcome.advice for outcome in outcomes[98:]} == {"同名的来源太多，请改名后再导入。"}
    assert [outcome.fate for outcome in opml.take_in(found[:98])] == ["known"] * 98
    assert not Source.objects.filter(name="甲 100").exists()
