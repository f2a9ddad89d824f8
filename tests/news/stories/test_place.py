"""Copies, stories and what must not be taken for either; and two workers at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from news.embed.stored import vector_of
from news.models import Article, Story
from news.stories import place
from news.stories.judge import title_share
from tests.news.articles import make_article

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
TITLE = "晨星半导体发布门锁用推理芯片"
SENTENCES = [
    "晨星半导体周一发布了一颗为智能门锁设计的推理芯片，待机功耗为九十微瓦。",
    "芯片内部把存储器与乘加单元排在一起，运行人脸模型只需要四毫秒。",
    "公司总经理说，第一批两千块开发板会在六月寄给社区成员。",
    "配套的编译器可以读入常见框架的模型，并且自动选择八位或四位量化。",
    "三家门锁厂商已经开始试用，预计年底会有产品上市。",
    "芯片采用二十二纳米工艺，封装只有指甲盖的四分之一大小。",
]
TEXT = "".join(SENTENCES)


@pytest.fixture
def news(db: None) -> Article:
    article = make_article(TITLE, TEXT, published_at=MONDAY, account="晨星观察")
    place(article)
    return article


def test_the_first_of_its_kind_begins_a_story_and_is_its_best(news: Article) -> None:
    assert news.story is not None
    assert (news.story.best, news.duplicate_of, news.duplicate_why) == (news, None, "")


def test_a_reprint_with_a_third_left_out_is_a_copy(news: Article) -> None:
    reprint = make_article("门锁也有了自己的芯片", "编者按：值得一读。" + "".join(SENTENCES[:4]), account="每日芯闻")
    reprint.published_at = MONDAY + timedelta(days=9)
    assert place(reprint) == news.story
    assert (reprint.duplicate_of, reprint.duplicate_why) == (news, "94%：删节、改标题")
    assert Story.objects.get().best == news


def test_a_copy_of_a_copy_points_to_the_first(news: Article) -> None:
    for account in ("甲", "乙"):
        place(make_article("门锁芯片来了", TEXT, published_at=MONDAY, account=account))
    assert set(Article.objects.exclude(pk=news.pk).values_list("duplicate_of", flat=True)) == {news.pk}


def test_a_full_text_after_its_excerpt_is_not_hidden(db: None) -> None:
    excerpt = make_article(TITLE, "".join(SENTENCES[:2]), published_at=MONDAY, account="快讯")
    place(excerpt)
    full = make_article(TITLE, TEXT, published_at=MONDAY, account="晨星观察")
    assert place(full) == excerpt.story
    assert full.duplicate_of is None
    assert Story.objects.get().best == full


def test_the_same_event_in_other_words_is_one_story_and_no_copy(news: Article) -> None:
    other = make_article(
        "门锁推理芯片面世，晨星半导体称待机只耗九十微瓦",
        "一颗给智能门锁用的推理芯片周一亮相。晨星半导体介绍，它待机时耗电九十微瓦，识别人脸用时四毫秒，"
        "开发板六月开始寄出，首批两千块；编译器支持低比特量化。有三家门锁企业在试。",
        published_at=MONDAY + timedelta(hours=5),
        account="智能家居报",
    )
    assert place(other) == news.story
    assert other.duplicate_of is None


def test_the_same_event_months_later_is_another_story(news: Article) -> None:
    later = make_article(
        TITLE, "晨星半导体又发布了一颗门锁推理芯片，这次加入了语音。", published_at=MONDAY + timedelta(days=40)
    )
    assert place(later) != news.story


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "远山科技发布车载语音芯片",
            "远山科技今天介绍了新的车载语音芯片，可以在行驶噪声里听清四个座位的指令，样片八月提供。",
        ),
        (
            "晨星半导体完成新一轮融资",
            "晨星半导体宣布完成三亿元融资，由两家产业基金领投，资金用于扩建测试产线和招聘工程师。",
        ),
    ],
)
def test_like_news_of_another_event_is_another_story(news: Article, title: str, text: str) -> None:
    assert place(make_article(title, text, published_at=MONDAY)) != news.story


def test_one_accounts_own_footer_makes_no_copies(db: None) -> None:
    footer = (
        "本栏目每周一更新，汇集一周里和嵌入式智能有关的消息，欢迎把它转给同事，也欢迎写信告诉我们你想读到什么。" * 2
    )
    first = make_article("树莓派上的鸟类识别", "做法很简单。" + footer, published_at=MONDAY, account="周报")
    second = make_article("四位量化为什么够用", "误差并不大。" + footer, published_at=MONDAY, account="周报")
    assert place(first) != place(second)
    assert second.duplicate_of is None


def test_daily_columns_with_dates_for_titles_are_not_one_story(db: None) -> None:
    stories = {
        place(make_article(f"2026-03-0{day}", f"今日要闻：第{day}条消息是关于新模型的。" * 3, published_at=MONDAY))
        for day in (2, 3)
    }
    assert len(stories) == 2


def test_twice_is_as_once(news: Article) -> None:
    copy = make_article("门锁芯片来了", TEXT, published_at=MONDAY, account="乙")
    story = place(copy)
    assert [place(news), place(copy), place(news)] == [story] * 3
    news.refresh_from_db()
    copy.refresh_from_db()
    assert (news.duplicate_of, copy.duplicate_of, Story.objects.count()) == (None, news, 1)


def test_a_story_that_loses_its_only_article_goes(news: Article) -> None:
    stray = make_article("一篇别的文章", "讲的是另外一件事情，和上面那一篇没有什么关系。", published_at=MONDAY)
    place(stray)
    stray.title, stray.text = "门锁芯片来了", TEXT
    assert place(stray) == news.story
    assert Story.objects.count() == 1


def test_titles_share_terms_but_dates_are_none() -> None:
    assert title_share("芯片", "新芯片发布") == 1.0
    assert title_share("2026-03-02", "2026-03-02") == 0.0


@pytest.fixture
def two_copies(transactional_db: None) -> list[Article]:
    copies = [make_article(TITLE, TEXT, published_at=MONDAY, account=account) for account in "甲乙"]
    for copy in copies:
        vector_of(copy)
    return copies


def test_two_workers_with_the_same_news_make_one_story(two_copies: list[Article]) -> None:
    together = Barrier(2)

    def work(article: Article) -> int:
        try:
            together.wait()
            return place(article).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        stories = list(workers.map(work, two_copies))
    assert stories[0] == stories[1]
    assert sorted(Article.objects.values_list("duplicate_why", flat=True)) == ["", "100%"]
