"""Search finds Chinese, Latin and mixed words in published items, and answers every query kindly."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.test import Client

from digest.briefings.models import Briefing, Item
from digest.briefings.search import find as search
from digest.briefings.search import marked
from news.models import Topic

Issue = Callable[..., Briefing]
CHIP = {"headline": "助听器用上存算一体芯片", "text": "WTM2101 做乘加。", "source_name": "示例电子"}
CAMERA = {"headline": "Hailo-15 上市", "text": "面向摄像机，算力 20 TOPS，国产芯", "source_name": "示例视觉"}
MODEL = {"headline": "多模态大模型 GPT-4", "text": "提到存算、一体两个词，但不连在一起；芯片只是背景。"}


@pytest.fixture
def library(issue: Issue) -> Briefing:
    return issue("2023-03-10", CHIP, CAMERA, MODEL)


def found(query: str, **filters: str) -> list[int]:
    return [hit.item.position for hit in search(query, **filters).hits]


@pytest.mark.parametrize(
    ("query", "positions"),
    [
        ("芯片", [1, 3]),  # the headline weighs more than the text
        ("存算一体", [1]),
        ("“存算一体”", [1]),
        ('"存算 一体"', [3]),  # punctuation does not part a phrase
        ("存算 一体", [1, 3]),
        ("Hailo-15", [2]),
        ("hailo15", [2]),
        ("GPT-4", [3]),
        ("ＧＰＴ－４", [3]),
        ("ｇｐｔ", [3]),
        ("wtm2101", [1]),
        ("芯", [1, 2, 3]),
        ("示例电子", [1]),
        ("芯片 助听器", [1]),
        ("20 TOPS", [2]),
        ("量子", []),
    ],
)
def test_words_find_items(library: Briefing, query: str, positions: list[int]) -> None:
    assert sorted(found(query)) == positions


def test_the_headline_weighs_more_than_the_text(library: Briefing) -> None:
    assert found("芯片") == [1, 3]
    Item.objects.filter(position=3).update(headline="芯片芯片")
    Item.objects.filter(position=1).update(headline="助听器", text="芯片")
    call_command("reindex")
    assert found("芯片") == [3, 1]


def test_two_words_written_as_one_find_what_has_both(library: Briefing) -> None:
    result = search("大模型芯片")
    assert ([hit.item.position for hit in result.hits], result.is_loose) == ([3], False)
    assert ([hit.item.position for hit in search("芯片 摄像机").hits], search("芯片 摄像机").is_loose) == ([2], True)
    loose = search("助听器电池芯片")
    assert ([hit.item.position for hit in loose.hits], loose.is_loose) == ([1], True)
    assert (found("“大模型芯片”"), search("芯片").is_loose) == ([], False)
    assert search("量子大模").hits == []


def test_drafts_are_not_found(library: Briefing, issue: Issue) -> None:
    issue("2023-03-17", {"headline": "存算一体新品"}, published=False)
    assert found("存算一体") == [1]


def test_filters_by_topic_and_year(library: Briefing, issue: Issue, topic: Callable[..., Topic]) -> None:
    chips = topic()
    issue("2022-12-30", {}, {}, {}, {}, {"headline": "旧芯片", "topics": [chips]})
    assert sorted(found("芯片")) == [1, 3, 5]
    assert found("芯片", year="2022") == [5]
    assert found("芯片", topic="chips") == [5]
    assert found("芯片", topic="chips", year="2023") == []
    assert sorted(found("芯片", topic="\x00", year="0 OR 1=1")) == [1, 3, 5]


def test_what_an_item_says_now_is_what_is_found(library: Briefing) -> None:
    Item.objects.filter(position=1).update(headline="改了", text="新词：光计算")
    assert found("光计算") == []
    call_command("reindex")
    assert found("光计算") == [1]
    assert found("“存算一体”") == []


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "芯" * 20_000,
        "'\\'' & | ! <-> :* ()",
        "\u202e\u200b\ud7ff",
        "1 " * 20_000,
        "🤖" * 500,
        "'; DROP TABLE x --",
    ],
)
def test_any_text_can_be_indexed_and_asked_for(client: Client, issue: Issue, text: str) -> None:
    issue("2023-03-10", {"headline": text[:300], "text": text, "source_name": text[:200]})
    for query in (text, f'"{text}"', f"{text} {text}"):
        assert client.get("/search/", {"q": query}).status_code == 200


@pytest.mark.parametrize("query", ["", " ", "???", "“”", '"', "\x00", "&|!():*", "%", "\u200b", "' OR 1=1"])
def test_a_query_without_words_is_answered_kindly(client: Client, library: Briefing, query: str) -> None:
    response = client.get("/search/", {"q": query, "page": "-1", "topic": "\x00", "year": "２０２３"})
    page = BeautifulSoup(response.content, "lxml")
    assert response.status_code == 200
    assert page.select("main .entry") == []
    assert page.h1.get_text() == "搜索"


def test_a_long_query_is_cut_and_says_so(client: Client, library: Briefing) -> None:
    page = BeautifulSoup(client.get("/search/", {"q": "芯片" * 500}).content, "lxml")
    assert page.select_one(".banner").get_text() == "查询太长，只用了前 100 个字。"
    assert len(page.select_one("#q")["value"]) == 100


def test_the_page_shows_hits_with_marks_and_keeps_the_choice(client: Client, library: Briefing) -> None:
    page = BeautifulSoup(client.get("/search/", {"q": "ＧＰＴ 芯片", "year": "2023"}).content, "lxml")
    assert page.select_one(".tally").get_text() == "找到 1 条"
    hit = page.select_one(".entry")
    assert [mark.get_text() for mark in hit.select("mark")] == ["GPT", "芯片"]
    assert hit.a["href"] == Item.objects.get(position=3).get_absolute_url()
    assert page.select_one("#year [selected]")["value"] == "2023"
    assert page.find("meta", attrs={"name": "robots"})["content"] == "noindex"


def test_nothing_found_offers_other_ways(client: Client, library: Briefing) -> None:
    page = BeautifulSoup(client.get("/search/?q=量子").content, "lxml")
    assert [a["href"] for a in page.select(".words a")] == ["/topics/", "/archive/"]


def test_results_are_paged(client: Client, issue: Issue) -> None:
    issue("2023-03-10", *[{"headline": f"芯片{n}"} for n in range(21)])
    page = BeautifulSoup(client.get("/search/?q=芯片&year=2023").content, "lxml")
    assert len(page.select(".entry")) == 20
    assert page.select_one(".pages a")["href"] == "?q=%E8%8A%AF%E7%89%87&year=2023&page=2"


def test_marks_escape_what_they_mark() -> None:
    assert marked([("<b>", False), ("芯片&", True), ("</b>", False)]) == "&lt;b&gt;<mark>芯片&amp;</mark>&lt;/b&gt;"


def test_a_long_headline_is_shown_whole(issue: Issue) -> None:
    issue("2023-03-10", {"headline": "甲" * 150 + "芯片" + "乙" * 100})
    assert search("芯片").hits[0].headline == "甲" * 150 + "<mark>芯片</mark>" + "乙" * 100
