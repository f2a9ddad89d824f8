"""What an editor says of one article changes the filing of the next, and is never overridden."""

from datetime import timedelta

import pytest
from django.utils import timezone

from news.models import Article, ArticleTopic, Topic, TopicHead, TopicReview, TopicScores
from news.tag import file_lately, file_topics
from news.topics.learn import learn, learn_if_due
from news.topics.progress import months, trainings
from news.topics.review import confirm, judge
from tests.news.articles import make_article

pytestmark = pytest.mark.django_db

KETTLES = [
    ("会自己烧水的茶壶上市", "茶壶里有一颗芯片，水开了会叫主人。售价二百元，首批卖完。"),
    ("能泡四种茶的茶壶开卖", "这把茶壶的芯片记得四种水温，售价三百元。"),
    ("茶壶厂推出带芯片的新款", "新款茶壶用芯片控制水温，比旧款贵五十元。"),
]
NEXT = ("带芯片的茶壶又出新款", "这一款茶壶由芯片控制水温，还能预约，售价四百元。")


def slugs(article: Article) -> set[str]:
    return {row.topic.slug for row in file_topics(article)}


def test_refused_articles_change_the_next_like_them(few_topics: dict[str, Topic], admin_user: object) -> None:
    chips = few_topics["chips"]
    following = make_article(*NEXT)
    other = make_article("低功耗推理芯片量产", "这颗芯片采用存算一体架构，算力两万亿次。")
    assert ("chips" in slugs(following), "chips" in slugs(other)) == (True, True)
    for title, text in KETTLES:
        article = make_article(title, text)
        file_topics(article)
        judge(article, admin_user, {chips.pk: False})
    head = learn()
    assert head is not None
    assert (head.reviews, "chips" in slugs(following), "chips" in slugs(other)) == (3, False, True)
    assert set(TopicScores.objects.values_list("head", flat=True)) == {None, head.pk}


def test_an_added_topic_is_learned_too(few_topics: dict[str, Topic], admin_user: object) -> None:
    science, following = few_topics["science"], make_article(*NEXT)
    assert "science" not in slugs(following)
    for title, text in KETTLES:
        judge(make_article(title, text), admin_user, {science.pk: True})
    learn()
    assert "science" in slugs(following)
    why = following.filed.get(topic=science).why
    assert set(why["corrected"]) <= set(Article.objects.exclude(pk=following.pk).values_list("pk", flat=True))
    assert why["corrected"]


def test_a_topic_that_an_editor_judged_is_left_alone_for_ever(few_topics: dict[str, Topic], admin_user: object) -> None:
    article = make_article("低功耗推理芯片量产", "这颗芯片采用存算一体架构，算力两万亿次。")
    file_topics(article)
    confirm(article, admin_user, [few_topics["science"].pk])
    learn()
    assert slugs(article) == {"science"}
    assert set(article.filed.values_list("by", flat=True)) == {ArticleTopic.By.EDITOR}


def test_a_review_remembers_what_the_machine_had_said(few_topics: dict[str, Topic], admin_user: object) -> None:
    chips, embedded = few_topics["chips"], few_topics["embedded"]
    article = make_article("低功耗推理芯片量产", "这颗芯片采用存算一体架构，算力两万亿次。")
    file_topics(article)
    machine = sorted(article.filed.values_list("topic_id", flat=True))
    review = confirm(article, admin_user, [embedded.pk])
    assert review is not None
    assert (review.machine, review.right, len(review.judged)) == (machine, [embedded.pk], 5)
    assert confirm(article, admin_user, [embedded.pk]) is None  # nothing new was said
    turned = judge(article, admin_user, {chips.pk: True})
    assert turned is not None
    assert (turned.judged, turned.right, turned.machine) == ([chips.pk], [chips.pk], [chips.pk])


def test_learning_waits_for_a_pause_and_happens_once(few_topics: dict[str, Topic], admin_user: object) -> None:
    assert learn_if_due() is None
    judge(make_article(*NEXT), admin_user, {few_topics["chips"].pk: False})
    assert learn_if_due() is None
    TopicReview.objects.update(at=timezone.now() - timedelta(seconds=30))
    assert learn_if_due() is not None
    assert learn_if_due() is None
    Topic.objects.create(slug="tea", name="茶", name_en="Tea", description="与茶有关的一切。")
    assert learn_if_due() is not None


def test_only_the_newest_heads_keep_their_weights(few_topics: dict[str, Topic], admin_user: object) -> None:
    judge(make_article(*NEXT), admin_user, {few_topics["chips"].pk: False})
    for _ in range(5):
        learn()
    assert [bool(packed) for packed in TopicHead.objects.values_list("packed", flat=True)] == [True] * 3 + [False] * 2
    assert [course.cases for course in trainings(few_topics["chips"])] == [0] * 5


def test_a_head_of_other_vectors_is_not_used(few_topics: dict[str, Topic], admin_user: object) -> None:
    article = make_article(*NEXT)
    before = [(row.topic_id, row.score) for row in file_topics(article)]
    for title, text in KETTLES:
        judge(make_article(title, text), admin_user, {few_topics["chips"].pk: False})
    learn()
    TopicHead.objects.update(encoder="another@1")
    assert [(row.topic_id, row.score) for row in file_topics(article)] == before


def test_an_editors_threshold_is_kept_to_the_letter(few_topics: dict[str, Topic], admin_user: object) -> None:
    for title, text in KETTLES:
        confirm(make_article(title, text), admin_user, [few_topics["science"].pk])
    learn()
    article = make_article(*NEXT)
    assert "science" in slugs(article)
    value = article.filed.get(topic=few_topics["science"]).score
    Topic.objects.filter(slug="science").update(threshold=value + 0.01, is_threshold_own=True)
    assert "science" not in slugs(article)
    Topic.objects.filter(slug="science").update(threshold=value, is_threshold_own=True)
    assert "science" in slugs(article)


def test_months_count_what_the_machine_had_right(few_topics: dict[str, Topic], admin_user: object) -> None:
    chips = few_topics["chips"]
    right = make_article("低功耗推理芯片量产", "这颗芯片采用存算一体架构，算力两万亿次。")
    wrong = make_article(*NEXT)
    for article, belongs in ((right, True), (wrong, False)):
        file_topics(article)
        judge(article, admin_user, {chips.pk: belongs})
    (month,) = months(chips)
    assert (month.cases, month.precision, month.recall, month.width) == (2, 0.5, 1.0, 67)


def test_what_nobody_judged_is_filed_anew(few_topics: dict[str, Topic], admin_user: object) -> None:
    make_article(*NEXT, stage="summarised")
    judge(make_article(*KETTLES[0], stage="summarised"), admin_user, {few_topics["chips"].pk: False})
    assert file_lately() == 1
