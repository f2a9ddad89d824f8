"""Filing under topics: several at once, none for what fits none, with reasons, and the editor's word stands."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from news.models import ArticleTopic, Topic
from news.tag import file_topics
from news.topics import install_starter_topics
from tests.news.articles import make_article

pytestmark = pytest.mark.django_db

CHIP_TITLE = "初创公司推出面向摄像头的低功耗推理芯片"
CHIP_TEXT = "这颗芯片采用存算一体架构，算力两万亿次，功耗不到一瓦，可在边缘设备上做人形检测。开发板下月发货。"


FEW = ["chips", "embedded", "speech", "science", "industry"]  # each of the others would only cost time


@pytest.fixture(autouse=True)
def _topics(db: None) -> None:
    Topic.objects.all().delete()
    install_starter_topics()
    Topic.objects.exclude(slug__in=FEW).delete()


def slugs(filed: list[ArticleTopic]) -> set[str]:
    return {row.topic.slug for row in filed}


def test_an_article_gets_every_topic_that_fits_with_the_reason() -> None:
    filed = file_topics(make_article(CHIP_TITLE, CHIP_TEXT))
    assert slugs(filed) == {"chips", "embedded"}
    assert [row.score for row in filed] == sorted((row.score for row in filed), reverse=True)
    chips = next(row for row in filed if row.topic.slug == "chips")
    assert (chips.by, chips.is_rejected) == (ArticleTopic.By.MACHINE, False)
    assert chips.why["terms"] == ["芯片", "算力", "存算一体"]
    assert len(chips.why["examples"]) == 2


@pytest.mark.parametrize(
    ("title", "text"),
    [("周末去郊外看银杏", "山路两旁的叶子都黄了，记得带水和外套，中午可以在村口吃面。"), ("", "")],
)
def test_what_fits_no_topic_gets_none(title: str, text: str) -> None:
    assert file_topics(make_article(title, text)) == []


def test_twice_is_as_once_and_a_changed_text_is_filed_anew() -> None:
    article = make_article(CHIP_TITLE, CHIP_TEXT)
    first = [(row.pk, row.topic_id, row.score) for row in file_topics(article)]
    assert [(row.pk, row.topic_id, row.score) for row in file_topics(article)] == first
    article.title, article.text = "语音合成模型开放试听", "新的语音合成服务可以模仿音色，支持三种方言的语音。"
    assert slugs(file_topics(article)) == {"speech"}


def test_an_editors_word_is_never_overridden() -> None:
    article = make_article(CHIP_TITLE, CHIP_TEXT)
    chips, science = Topic.objects.get(slug="chips"), Topic.objects.get(slug="science")
    ArticleTopic.objects.create(article=article, topic=chips, by=ArticleTopic.By.EDITOR, is_rejected=True)
    ArticleTopic.objects.create(article=article, topic=science, by=ArticleTopic.By.EDITOR)
    assert slugs(file_topics(article)) == {"embedded", "science"}
    kept = article.filed.get(topic=chips)
    assert (kept.by, kept.is_rejected, kept.why) == (ArticleTopic.By.EDITOR, True, {})


def test_a_stricter_threshold_and_an_inactive_topic_count_at_once() -> None:
    article = make_article(CHIP_TITLE, CHIP_TEXT)
    Topic.objects.filter(slug="embedded").update(is_active=False)
    assert slugs(file_topics(article)) == {"chips"}
    Topic.objects.filter(slug="chips").update(threshold=1.0)
    assert slugs(file_topics(article)) == set()


def test_a_topic_that_an_editor_writes_works_with_no_code() -> None:
    Topic.objects.create(
        slug="farming",
        name="智慧农业",
        name_en="Farming",
        terms="灌溉\n大棚",
        description="田间与温室里的传感、灌溉与收成预测。",
    )
    article = make_article(
        "温室大棚装上了会自己浇水的系统", "传感器量土壤湿度，系统据此决定灌溉时间，番茄收成多了一成。"
    )
    assert "farming" in slugs(file_topics(article))


def test_the_whole_starter_set_files_each_kind_of_news_where_it_belongs() -> None:
    install_starter_topics()
    for title, text, expected in [
        ("目标检测新方法去掉了锚框", "在小目标上精度更高，代码已经开源。", {"detection", "opensource"}),
        ("编程智能体可以自己修复失败的测试", "新版本支持后台任务和技能市场。", {"agents"}),
        ("两家人工智能公司宣布合并", "交易价值二十亿美元，仍待监管批准。", {"industry"}),
        ("RT-Thread 新版本完善了网络框架", "实时操作系统社区发布更新。", {"rtos"}),
    ]:
        assert expected <= slugs(file_topics(make_article(title, text))), title


def test_queries_do_not_grow_with_the_topics() -> None:
    article = make_article(CHIP_TITLE, CHIP_TEXT)
    file_topics(article)
    with CaptureQueriesContext(connection) as queries:
        file_topics(article)
    # topics, examples, the model that serves, the head, the vector, what editors judged, a savepoint and its end,
    # clearing, two a topic that fits, the scores, the answer
    assert len(queries) == 11 + 2 * 2
