"""Feeds, read by a feed reader: RSS, Atom, JSON Feed; whole and by topic."""

import json
import warnings
from collections.abc import Callable
from datetime import timedelta

import feedparser
import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree

from digest.briefings.models import Briefing
from news.models import Topic

Issue = Callable[..., Briefing]
SITE = "http://127.0.0.1:8000"


@pytest.fixture
def week(issue: Issue, topic: Callable[..., Topic]) -> Briefing:
    issue("2023-03-03", {"headline": "旧条"})
    issue("2023-03-17", {"headline": "未发布"}, published=False)
    made = {"text": "第一段。\n\n- 甲", "source_name": "示例号", "topics": [topic()], "is_machine_made": True}
    return issue(
        "2023-03-10", {"headline": "芯片 <新> & 旧\x0b\uffff\u202e", "notice": "经授权", **made}, {"headline": "第二条"}
    )


def read(client: Client, address: str) -> feedparser.FeedParserDict:
    response = client.get(address)
    assert response.status_code == 200
    etree.fromstring(response.content)  # well-formed for a strict parser too
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        parsed = feedparser.parse(response.content, response_headers={"content-type": response["Content-Type"]})
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


@pytest.mark.parametrize(("address", "version"), [("/feed.rss", "rss20"), ("/feed.atom", "atom10")])
def test_the_whole_feed_brings_issues_in_full(client: Client, week: Briefing, address: str, version: str) -> None:
    parsed = read(client, address)
    assert parsed.version == version
    assert (parsed.feed.title, parsed.feed.link, parsed.feed.language) == ("AI 简报", f"{SITE}/", "zh-Hans")
    assert [(entry.title, entry.link, entry.id) for entry in parsed.entries] == [
        ("AI 简报 20230310 期", f"{SITE}/issues/20230310/", f"{SITE}/issues/20230310/"),
        ("AI 简报 20230303 期", f"{SITE}/issues/20230303/", f"{SITE}/issues/20230303/"),
    ]
    entry = parsed.entries[0]
    assert tuple(entry.published_parsed[:5]) == (2023, 3, 10, 10, 0)
    assert [tag.term for tag in entry.tags] == ["芯片"]
    content = BeautifulSoup(entry.content[0].value, "lxml")
    assert [h.get_text() for h in content.find_all("h2")] == ["1. 芯片 <新> & 旧", "2. 第二条"]
    assert [li.get_text() for li in content.find_all("li")] == ["甲"]
    assert content.a["href"] == "https://mp.weixin.qq.com/s/a1"
    assert content.get_text().count("【AI 生成】") == 1
    assert "经授权" in content.get_text()


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_a_topics_feed_brings_items(client: Client, week: Briefing, kind: str) -> None:
    parsed = read(client, f"/topics/chips/feed.{kind}")
    assert parsed.feed.title == "AI 简报：芯片"
    first = week.items.get(position=1)
    assert [(entry.title, entry.link) for entry in parsed.entries] == [
        ("芯片 <新> & 旧", SITE + first.get_absolute_url())
    ]
    assert "【AI 生成】" in parsed.entries[0].content[0].value


def test_json_feed(client: Client, week: Briefing) -> None:
    response = client.get("/feed.json")
    data = json.loads(response.content)
    assert response["Content-Type"] == "application/feed+json; charset=utf-8"
    assert data["version"] == "https://jsonfeed.org/version/1.1"
    assert (data["home_page_url"], data["feed_url"]) == (f"{SITE}/", f"{SITE}/feed.json")
    assert [item["id"] for item in data["items"]] == [f"{SITE}/issues/20230310/", f"{SITE}/issues/20230303/"]
    first = data["items"][0]
    assert first["date_published"] == "2023-03-10T10:00:00+00:00"
    assert first["tags"] == ["芯片"]
    assert first["_jianbao"] == {"about": f"{SITE}/about/#ai", "ai_generated": True}
    assert data["items"][1]["_jianbao"]["ai_generated"] is False
    assert [item["title"] for item in json.loads(client.get("/topics/chips/feed.json").content)["items"]] == [
        "芯片 <新> & 旧"
    ]


@pytest.mark.parametrize("address", ["/feed.rss", "/feed.atom", "/feed.json", "/topics/chips/feed.rss"])
def test_a_reader_who_has_it_is_told_so(client: Client, week: Briefing, address: str) -> None:
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(address, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    item = week.items.get(position=1)
    item.text = "改过了"
    item.save()
    Briefing.objects.filter(pk=week.pk).update(changed_at=week.changed_at + timedelta(minutes=1))
    changed = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_an_empty_site_has_valid_feeds(client: Client, db: None) -> None:
    assert read(client, "/feed.rss").entries == []
    assert read(client, "/feed.atom").entries == []
    assert json.loads(client.get("/feed.json").content)["items"] == []


def test_hostile_text_is_text_in_feeds(client: Client, issue: Issue) -> None:
    bad = "]]></title><script>alert(1)</script>\x00".replace("\x00", "\x0c")
    issue("2023-03-10", {"headline": bad, "text": bad + "[x](javascript:alert(1))", "notice": bad})
    for address in ("/feed.rss", "/feed.atom"):
        entry = read(client, address).entries[0]
        assert BeautifulSoup(entry.content[0].value, "lxml").find_all(["script", "img", "iframe"]) == []
        assert [a["href"] for a in BeautifulSoup(entry.content[0].value, "lxml").find_all("a")] == [
            "https://mp.weixin.qq.com/s/a1"
        ]


def test_feeds_ask_as_often_for_three_items_as_for_one(client: Client, issue: Issue) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get("/feed.rss")
        return len(caught)

    issue("2023-03-10", {})
    one = queries()
    issue("2023-03-17", {}, {}, {})
    issue("2023-03-24", {})
    assert queries() == one
