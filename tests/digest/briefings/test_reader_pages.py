"""The reader's pages show what was published, all of it, and nothing else."""

import json
import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client

from digest.briefings.models import Briefing, Item
from news.models import Topic

Issue = Callable[..., Briefing]
MakeTopic = Callable[..., Topic]


def soup(client: Client, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "lxml")


def words(tag: Tag | None) -> str:
    assert tag is not None
    return " ".join(tag.get_text(" ").split())


def test_an_empty_site_tells_an_editor_what_to_do(client: Client, db: None) -> None:
    page = soup(client, "/")
    assert words(page.h1) == "第一期还在路上"
    assert page.select_one("main ol a")["href"] == "/admin/"
    assert len(page.select("main ol li")) == 3


def test_the_home_page_is_the_newest_published_issue(client: Client, issue: Issue) -> None:
    issue("2023-03-03", {})
    issue("2023-03-10", {})
    issue("2023-03-17", {}, published=False)
    page = soup(client, "/")
    assert words(page.h1) == "AI 简报 20230310 期"
    assert page.find("link", rel="canonical")["href"].endswith("/issues/20230310/")


def test_an_issue_shows_everything_of_an_item(client: Client, issue: Issue, topic: MakeTopic) -> None:
    issue(
        "2023-03-10",
        {
            "headline": "助听器里的芯片",
            "text": "第一段。\n\n- 甲\n\n> 引文",
            "url": "https://mp.weixin.qq.com/s/abc",
            "source_name": "示例号",
            "notice": "经授权转载",
            "topics": [topic()],
            "is_machine_made": True,
        },
        {"headline": "第二条", "url": ""},
        lead="导语**要点**",
        closing="下期见",
    )
    page = soup(client, "/issues/20230310/")
    item = page.select_one("#item-1")
    assert words(item.h2) == "1. 助听器里的芯片"
    assert words(item.select_one(".source")) == "示例号"
    original = item.select_one("a.original")
    assert (original["href"], original["rel"]) == ("https://mp.weixin.qq.com/s/abc", ["noopener", "nofollow"])
    assert words(original) == "原文 mp.weixin.qq.com"
    assert str(item.select_one(".prose")) == (
        '<div class="prose"><p>第一段。</p>\n<ul>\n<li>甲</li>\n</ul>\n<blockquote>\n<p>引文</p>\n</blockquote>\n</div>'
    )
    assert words(item.select_one(".notice")) == "经授权转载"
    assert [(a["href"], words(a)) for a in item.select(".topics a")] == [("/topics/chips/", "芯片")]
    assert (item.select_one(".ai")["href"], words(item.select_one(".ai"))) == ("/about/#ai", "AI 生成")
    assert item.select_one(".permalink")["href"] == Item.objects.get(position=1).get_absolute_url()
    assert page.select("#item-2 .original, #item-2 .ai, #item-2 .source, #item-2 .notice") == []
    assert [a["href"] for a in page.select(".contents a")] == ["#item-1", "#item-2"]
    assert str(page.select_one(".lead")) == '<div class="prose lead"><p>导语<strong>要点</strong></p>\n</div>'
    assert words(page.select_one(".closing")) == "下期见"
    assert words(page.select_one(".dateline")) == "2023年3月10日 星期五 2 条 约读 1 分钟"


def test_an_address_that_is_no_web_address_is_not_linked(client: Client, issue: Issue) -> None:
    issue("2023-03-10", {"url": "javascript:alert(1)"}, {"url": "https://[bad"})
    assert soup(client, "/").select("a.original") == []


def test_hostile_text_stays_text(client: Client, issue: Issue, topic: MakeTopic) -> None:
    bad = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    issue("2023-03-10", {"headline": bad, "text": bad, "source_name": bad, "notice": bad}, lead=bad, closing=bad)
    for address in ("/", Item.objects.get().get_absolute_url(), "/search/?q=alert", "/archive/2023/"):
        page = soup(client, address)
        assert [tag.get("src") or tag["type"] for tag in page.find_all("script") if not _ours(tag)] == []
        assert [tag["src"] for tag in page.find_all("img")] == ["/static/icons/favicon.svg"]


def _ours(script: Tag) -> bool:
    if script.get("type") == "application/ld+json":
        return bool(json.loads(script.string or ""))
    return script["src"] in ("/static/js/contents.js", "/static/js/suggest.js") and not script.string


def test_characters_that_turn_a_line_around_are_not_shown(client: Client, issue: Issue) -> None:
    issue("2023-03-10", {"headline": "芯\u202e片", "text": "一\u2066二", "source_name": "号\u200e"}, {})
    for address in ("/", Item.objects.get(position=1).get_absolute_url(), "/search/?q=芯片", "/archive/2023/"):
        body = client.get(address).content.decode()
        assert "芯片" in re.sub("</?mark>", "", body)
        assert re.findall("[\u200e\u202e\u2066]", body) == []


def test_the_sample_issue_says_so(client: Client, issue: Issue) -> None:
    briefing = issue("2023-03-10", {}, is_sample=True)
    for address in (briefing.get_absolute_url(), briefing.items.get().get_absolute_url()):
        assert words(soup(client, address).select_one(".sample strong")) == "示例内容"
    Briefing.objects.update(is_sample=False)
    assert soup(client, "/").select(".sample") == []


def test_an_item_knows_its_neighbours_and_its_issue(client: Client, issue: Issue) -> None:
    briefing = issue("2023-03-10", {"headline": "甲"}, {"headline": "乙"}, {"headline": "丙"})
    first, second, third = briefing.items.all()
    page = soup(client, second.get_absolute_url())
    assert words(page.h1) == "乙"
    assert page.select_one(".from a")["href"] == "/issues/20230310/#item-2"
    assert [(a["rel"], a["href"]) for a in page.select(".turn a")] == [
        (["prev"], first.get_absolute_url()),
        (["next"], third.get_absolute_url()),
    ]
    assert [a["rel"] for a in soup(client, first.get_absolute_url()).select(".turn a")] == [["next"]]


def test_an_issue_knows_the_issues_before_and_after(client: Client, issue: Issue) -> None:
    issue("2023-03-03", {})
    issue("2023-03-10", {})
    issue("2023-03-17", {})
    issue("2023-03-24", {}, published=False)
    assert [words(a) for a in soup(client, "/issues/20230310/").select(".turn a")] == [
        "上一期 AI 简报 20230303 期",
        "下一期 AI 简报 20230317 期",
    ]
    assert [words(a) for a in soup(client, "/").select(".turn a")] == ["上一期 AI 简报 20230310 期"]


def test_nothing_of_an_unpublished_issue_is_seen(client: Client, issue: Issue, topic: MakeTopic) -> None:
    chips = topic()
    issue("2023-03-03", {"headline": "已发布", "topics": [chips]})
    draft = issue("2023-03-10", {"headline": "未定稿甲乙丙", "topics": [chips]}, published=False)
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.get(draft.items.get().get_absolute_url()).status_code == 404
    assert client.get("/archive/2023/4/").status_code == 404
    addresses = ["/", "/archive/", "/archive/2023/", "/archive/2023/3/", "/topics/", "/topics/chips/", "/sitemap.xml"]
    addresses += ["/search/?q=未定稿", "/feed.rss", "/feed.atom", "/feed.json", "/topics/chips/feed.rss", "/feeds/"]
    for address in addresses:
        body = client.get(address).content.decode()
        assert "未定稿甲乙丙" not in body, address
        assert "20230310" not in body, address
        assert draft.items.get().get_absolute_url() not in body, address


@pytest.mark.parametrize(
    "address",
    [
        "/issues/20230230/",
        "/issues/２０２３０３１０/",
        "/issues/00000000/",
        "/items/999999999999999999999/",
        "/items/0/",
        "/archive/0/",
        "/archive/99999/",
        "/archive/2023/13/",
        "/archive/2023/0/",
        "/topics/none/",
        "/topics/none/feed.rss",
    ],
)
def test_what_is_not_there_is_a_404(client: Client, issue: Issue, address: str) -> None:
    issue("2023-03-10", {})
    response = client.get(address)
    assert response.status_code == 404
    page = BeautifulSoup(response.content, "lxml")
    assert (words(page.h1), words(page.h2)) == ("没有这个页面", "Page not found")


def test_the_archive_counts_by_year_and_month(client: Client, issue: Issue) -> None:
    for day in ("2022-12-30", "2023-03-03", "2023-03-10", "2023-01-06"):
        issue(day, {"headline": f"头条{day}"})
    page = soup(client, "/archive/")
    assert [words(h) for h in page.select(".year h2")] == ["2023 年 3 期", "2022 年 1 期"]
    assert [(a["href"], words(a)) for a in page.select(".months a")] == [
        ("/archive/2023/3/", "3 月 2"),
        ("/archive/2023/1/", "1 月 1"),
        ("/archive/2022/12/", "12 月 1"),
    ]
    assert [words(h) for h in soup(client, "/archive/2023/3/").select(".past h2")] == [
        "AI 简报 20230310 期",
        "AI 简报 20230303 期",
    ]
    assert [words(li) for li in soup(client, "/archive/2022/").select(".past li")] == ["头条2022-12-30"]


def test_topics_are_counted_and_paged(client: Client, issue: Issue, topic: MakeTopic) -> None:
    chips, llm = topic(position=1), topic("llm", "大模型", "Large models", position=0)
    topic("empty", "空", "Empty")
    issue("2023-03-10", *[{"headline": f"条{n}", "topics": [chips]} for n in range(1, 22)], {"topics": [chips, llm]})
    assert [words(h) for h in soup(client, "/topics/").select(".subjects h2")] == ["大模型 1 条", "芯片 22 条"]
    assert len(soup(client, "/topics/chips/").select(".entry")) == 20
    second = soup(client, "/topics/chips/?page=2")
    assert [words(h) for h in second.select(".entry h2")] == ["条21", "标题22"]
    assert words(second.select_one(".pages span")) == "第 2 页，共 2 页"
    assert second.find("link", rel="canonical")["href"].endswith("/topics/chips/?page=2")
    assert len(soup(client, "/topics/chips/?page=" + "9" * 5000).select(".entry")) == 20


def test_the_interface_speaks_english_and_the_text_stays_chinese(client: Client, issue: Issue) -> None:
    issue("2023-03-10", {"headline": "标题"})
    response = client.post("/i18n/setlang/", {"language": "en", "next": "/issues/20230310/"})
    assert (response.status_code, response["Location"]) == (302, "/issues/20230310/")
    page = soup(client, "/issues/20230310/")
    assert page.html["lang"] == "en"
    assert page.select_one("article.issue")["lang"] == "zh-Hans"
    assert words(page.select_one("time")) == "Friday, March 10, 2023"
    assert client.get("/i18n/setlang/").status_code in (302, 405)
    assert page.select_one(".language [aria-pressed]").get_text() == "English"
