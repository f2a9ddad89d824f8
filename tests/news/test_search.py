"""Chinese search: any word of two characters is found in any sentence, and the passage shows why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.models import Article
from news.search import find, index_article, match, snippet, terms_for
from tests.news.articles import make_article


@pytest.fixture
def shelf(db: None) -> None:
    for title, text in [
        ("大模型在单片机上运行", "工程师把语言模型压缩到四兆字节。参考了 GPT-4o 的做法。"),
        ("新芯片发布", "这颗芯片的价格是三百元，支持 YOLOv5 的加速。It's fast."),
        ("周末徒步", "天气很好。"),
    ]:
        index_article(make_article(title, text, account="嵌入式小报"))


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("模型", ["大模型在单片机上运行"]),
        ("语言模型", ["大模型在单片机上运行"]),
        ("芯片", ["新芯片发布"]),
        ("芯片 价格", ["新芯片发布"]),
        ("芯片 天气", []),
        ("ｇｐｔ-4O", ["大模型在单片机上运行"]),
        ("gpt", ["大模型在单片机上运行"]),
        ("yolov5", ["新芯片发布"]),
        ("yolo", ["新芯片发布"]),
        ("YOLO v5", ["新芯片发布"]),
        ("單片機", ["大模型在单片机上运行"]),
        ("MCU", ["大模型在单片机上运行"]),
        ("怎么在单片机上运行大模型？", ["大模型在单片机上运行"]),
        ("“价格是三百”", ["新芯片发布"]),
        ("“芯片价格”", []),
        ("芯", ["新芯片发布"]),
        ("嵌入式小报 徒步", ["周末徒步"]),
        ("it's", ["新芯片发布"]),
        ("", []),
        ("？！ & | ' \\ :*", []),
    ],
)
@pytest.mark.usefixtures("shelf")
def test_who_is_found(query: str, titles: list[str]) -> None:
    assert [article.title for article in find(Article.objects.all(), query)] == titles


@pytest.mark.usefixtures("shelf")
def test_a_word_in_the_title_weighs_more() -> None:
    index_article(make_article("别的消息", "文末提到芯片。"))
    assert [article.title for article in find(Article.objects.all(), "芯片")] == ["新芯片发布", "别的消息"]


def test_literals() -> None:
    assert terms_for("芯片 AI", "") == "'芯片':1A 'ai':2A '片':1A '=芯片':1A '=ai':2A"
    assert terms_for("YOLOv5 Hailo-15", "") == (
        "'yolo':1A 'v5':2A 'hailo':3A '15':4A '=yolov5':1A '=hailo':3A '=15':4A '=hailo15':3A"
    )
    assert match("芯片 GPT-4 “大模型”") == "(('芯片') | ('chip')) & ('gpt' <-> '4') & ('大模' <-> '模型')"
    assert match("芯") == "'芯':*"


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["'\\:*&|!()<->" * 50, "长" * 60_000 + "尾巴", "\x01\ud800\u200b", "a" * 5_000])
def test_any_text_can_be_indexed(text: str) -> None:
    article = make_article("怪文", "占位")
    article.text = text
    index_article(article)
    assert find(Article.objects.all(), "怪文").get() == article


def test_snippet_marks_the_words_where_they_stand() -> None:
    assert snippet("工程师把大模型压缩了。", "模型") == [("工程师把大", False), ("模型", True), ("压缩了。", False)]
    assert snippet("ＡＩ said <b>hi</b>", "ai") == [("ＡＩ", True), (" said <b>hi</b>", False)]
    assert snippet("前" * 200 + "芯片" + "后" * 200, "芯片", 30) == [
        ("…", False),
        ("前" * 10, False),
        ("芯片", True),
        ("后" * 18, False),
        ("…", False),
    ]
    assert snippet("没有要找的词", "芯片") == [("没有要找的词", False)]
    assert snippet("", "芯片") == []


@given(text=st.text(max_size=200), query=st.text(max_size=20))
def test_snippet_is_always_a_passage_of_the_text(text: str, query: str) -> None:
    pieces = snippet(text, query, 40)
    inner = "".join(piece for piece, _ in pieces)
    assert inner.removeprefix("…").removesuffix("…") in text or inner in text


@pytest.mark.django_db
@given(query=st.text(max_size=60))
def test_no_query_is_an_error(query: str) -> None:
    assert list(find(Article.objects.all(), query)) == []


def test_the_passage_with_most_different_words_is_shown_however_many_hits_there_are() -> None:
    text = "芯片" + "。" * 200 + "芯片，模型" + "。" * 200 + "芯片 芯片 芯片"
    assert snippet(text, "芯片 模型", 30) == [
        ("…", False),
        ("。" * 10, False),
        ("芯片", True),
        ("，", False),
        ("模型", True),
        ("。" * 15, False),
        ("…", False),
    ]
    many = snippet("芯片 " * 60_000, "芯片", 6)
    assert many == [("芯片", True), (" ", False), ("芯片", True), (" ", False), ("…", False)]


def test_a_name_of_any_length_is_gone_through_once() -> None:
    assert terms_for("a" * 30_000, "") == f"'{'a' * 64}':1A '={'a' * 63}':1A"
