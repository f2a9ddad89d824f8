"""What pages say about themselves to machines: JSON-LD, Open Graph, the AI label, sitemap, robots."""

import json
from collections.abc import Callable

from bs4 import BeautifulSoup
from django.test import Client

from digest.briefings.models import Briefing
from news.models import Topic

Issue = Callable[..., Briefing]
MakeTopic = Callable[..., Topic]


def soup(client: Client, address: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(address).content, "lxml")


def test_metadata_tells_machines_what_it_is(client: Client, issue: Issue) -> None:
    briefing = issue("2023-03-10", {"headline": "甲", "text": "摘要。", "is_machine_made": True}, {"headline": "乙"})
    page = soup(client, "/")
    data = json.loads(page.find("script", type="application/ld+json").string)
    first, second = briefing.items.all()
    assert (data["@type"], data["headline"]) == ("NewsArticle", "AI 简报 20230310 期")
    assert data["datePublished"] == "2023-03-10T10:00:00+00:00"
    generated = "https://schema.org/TrainedAlgorithmicMediaDigitalSource"
    assert [part.get("digitalSourceType") for part in data["hasPart"]] == [generated, None]
    assert page.find("meta", property="og:title")["content"] == "AI 简报 20230310 期"
    assert page.find("meta", attrs={"name": "description"})["content"] == "甲；乙"
    assert json.loads(page.find("meta", attrs={"name": "AIGC"})["content"])["AIGC"]["Label"] == "1"
    one = soup(client, first.get_absolute_url())
    own = json.loads(one.find("script", type="application/ld+json").string)
    assert (own["digitalSourceType"], own["isBasedOn"]) == (generated, "https://mp.weixin.qq.com/s/a1")
    assert one.find("meta", attrs={"name": "AIGC"})
    assert soup(client, second.get_absolute_url()).find("meta", attrs={"name": "AIGC"}) is None
    assert [link["type"] for link in page.find_all("link", rel="alternate")] == [
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
    ]


def test_sitemap_and_robots(client: Client, issue: Issue, topic: MakeTopic) -> None:
    briefing = issue("2023-03-10", {"topics": [topic()]})
    places = [tag.get_text() for tag in BeautifulSoup(client.get("/sitemap.xml").content, "xml").find_all("loc")]
    item = briefing.items.get().get_absolute_url()
    paths = [
        "/",
        "/archive/",
        "/topics/",
        "/names/",
        "/trends/",
        "/about/",
        "/topics/chips/",
        "/issues/20230310/",
        item,
    ]
    assert places == [f"http://127.0.0.1:8000{path}" for path in paths]
    robots = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/\n" in robots
    assert robots.endswith("Sitemap: http://127.0.0.1:8000/sitemap.xml\n")
