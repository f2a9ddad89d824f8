"""What to ask first, and what another threshold would change."""

import numpy as np
import pytest

from news.models import Topic
from news.tag import doubt, file_topics
from news.topics.ask import in_turn, to_ask
from news.topics.current import thresholds_of
from news.topics.preview import what_changes
from news.topics.review import judge
from tests.news.articles import make_article


def test_of_two_alike_only_one_is_asked_early() -> None:
    vectors = np.array([[1, 0, 0], [1, 0.01, 0], [0, 1, 0], [0, 0, 1]], np.float32)
    assert in_turn([0.9, 0.89, 0.5, 0.2], vectors, 3) == [0, 2, 3]
    assert in_turn([], np.zeros((0, 3), np.float32), 3) == []


def test_doubt_is_greatest_at_thresholds() -> None:
    thresholds = {1: 0.5, 2: 0.5, 3: 0.5}
    assert doubt({1: 0.5, 2: 0.5, 3: 0.01}, thresholds) == 2
    assert doubt({1: 0.99, 2: 0.01, 3: 0.01}, thresholds) < 0.05


@pytest.mark.django_db
def test_the_doubtful_is_asked_and_the_answered_is_not(few_topics: dict[str, Topic], admin_user: object) -> None:
    plain = make_article("周末去郊外看银杏", "山路两旁的叶子都黄了。")
    unclear = make_article("手机里的芯片贵不贵", "店主说，换一块主板比买新手机还贵。")
    for article in (plain, unclear):
        file_topics(article)
    questions = to_ask()
    assert [question.article for question in questions] == [unclear, plain]
    assert len(questions[0].ahead) + len(questions[0].others) == 5
    judge(unclear, admin_user, {questions[0].choices[0].topic.pk: True})
    assert [question.article for question in to_ask()] == [plain]


@pytest.mark.django_db
def test_a_threshold_is_tried_without_being_set(few_topics: dict[str, Topic], admin_user: object) -> None:
    chips = few_topics["chips"]
    sure = make_article("低功耗推理芯片量产", "这颗芯片采用存算一体架构，算力两万亿次。")
    away = make_article("周末去郊外看银杏", "山路两旁的叶子都黄了。")
    settled = make_article("国产处理器完成流片", "新处理器采用十二纳米工艺。")
    for article in (sure, away, settled):
        file_topics(article)
    judge(settled, admin_user, {chips.pk: True})
    nearly = sorted(row.score for row in sure.filed.filter(topic=chips))[0]
    none, all_of_them, same = (
        what_changes(chips, value) for value in (1.0, 0.0, thresholds_of([chips], None)[chips.pk])
    )
    assert nearly < 1
    assert ([a.title for a in none.go], none.come, none.go_count, none.looked_at) == ([sure.title], [], 1, 2)
    assert ([a.title for a in all_of_them.come], all_of_them.stay) == ([away.title], 1)
    assert (same.come, same.go, same.stay) == ([], [], 1)
    assert Topic.objects.get(slug="chips").threshold == chips.threshold
