"""Topics on the desk: nothing changes by looking, each press is an editor's word, and pages cost few queries."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from news.models import ArticleTopic, Topic, TopicExample, TopicReview
from news.tag import file_topics
from tests.news.articles import make_article

pytestmark = pytest.mark.django_db
CHIP = ("低功耗推理芯片量产", "这颗芯片采用存算一体架构，算力两万亿次。")


def test_yes_no_and_all_at_once(few_topics: dict[str, Topic], admin_client: Client) -> None:
    chips, science = few_topics["chips"], few_topics["science"]
    first, second = (make_article(f"{CHIP[0]}{n}", CHIP[1]) for n in range(2))
    for article in (first, second):
        file_topics(article)
    page = admin_client.get(reverse("admin:news_topic_ask")).content.decode()
    assert (page.count('class="topic-question"'), TopicReview.objects.count()) == (2, 0)
    admin_client.post(reverse("admin:news_topic_answer", args=[first.pk]), {"no": chips.pk})
    assert first.filed.get(topic=chips).is_rejected
    admin_client.post(reverse("admin:news_topic_answer", args=[second.pk]), {"topic": [chips.pk, science.pk]})
    filed = second.filed.filter(is_rejected=False)
    assert set(filed.values_list("topic__slug", "by")) == {("chips", "editor"), ("science", "editor")}
    assert list(TopicReview.objects.values_list("by__username", flat=True)) == ["admin", "admin"]
    assert "没有要核对的文章" in admin_client.get(reverse("admin:news_topic_ask")).content.decode()


def test_a_threshold_is_seen_then_set_then_given_back(few_topics: dict[str, Topic], admin_client: Client) -> None:
    chips = few_topics["chips"]
    file_topics(make_article(*CHIP))
    address = reverse("admin:news_topic_threshold", args=[chips.pk])
    page = admin_client.get(address, {"threshold": "0.99999"}).content.decode()
    assert "最近 1 篇里：增加 0 篇，去掉 1 篇，0 篇不变" in page
    assert not Topic.objects.get(slug="chips").is_threshold_own
    admin_client.post(address + "set/", {"threshold": "0.7"})
    assert Topic.objects.values_list("threshold", "is_threshold_own").get(slug="chips") == (0.7, True)
    admin_client.post(address + "set/", {"automatic": "1"})
    assert Topic.objects.values_list("threshold", "is_threshold_own").get(slug="chips") == (0.7, False)
    admin_client.post(address + "set/", {"threshold": "7"})
    assert Topic.objects.get(slug="chips").threshold == 0.7
    assert admin_client.get(address, {"threshold": "seven"}).context["change"] is None


def test_a_title_becomes_an_example_or_a_counter_example(few_topics: dict[str, Topic], admin_client: Client) -> None:
    article = make_article(*CHIP)
    file_topics(article)
    filed = article.filed.get(topic=few_topics["chips"])
    address = reverse("admin:news_topic_example", args=[filed.pk])
    assert admin_client.get(address).status_code == 405
    admin_client.post(address)
    assert TopicExample.objects.get(text=CHIP[0]).is_positive
    ArticleTopic.objects.filter(pk=filed.pk).update(is_rejected=True)
    admin_client.post(address)
    assert not TopicExample.objects.get(text=CHIP[0]).is_positive


def test_saving_corrections_on_an_article_is_a_review(few_topics: dict[str, Topic], admin_client: Client) -> None:
    article = make_article(*CHIP)
    machine = [row.topic_id for row in file_topics(article)]
    address = reverse("admin:news_article_change", args=[article.pk])
    admin_client.post(address, _form(article, rejected={few_topics["chips"].pk}))
    review = TopicReview.objects.get()
    assert (review.machine, len(review.judged)) == (sorted(machine), 5)
    assert review.right == sorted(set(machine) - {few_topics["chips"].pk})
    assert set(article.filed.values_list("by", flat=True)) == {"editor"}
    admin_client.post(address, _form(article, rejected={few_topics["chips"].pk}))  # nothing was changed
    assert TopicReview.objects.count() == 1


def test_a_typed_threshold_is_the_editors(few_topics: dict[str, Topic], admin_client: Client) -> None:
    chips = few_topics["chips"]
    form = {name: getattr(chips, name) for name in ("name", "name_en", "slug", "description", "terms", "position")}
    form |= {"threshold": "0.81", "is_active": "on", "examples-TOTAL_FORMS": "0", "examples-INITIAL_FORMS": "0"}
    assert admin_client.post(reverse("admin:news_topic_change", args=[chips.pk]), form).status_code == 302
    assert Topic.objects.values_list("threshold", "is_threshold_own").get(slug="chips") == (0.81, True)
    answer = admin_client.post(reverse("admin:news_topic_change", args=[chips.pk]), form | {"threshold": "1.5"})
    assert "阈值在 0 和 1 之间。" in answer.content.decode()


@pytest.mark.parametrize("name", ["news_topic_ask", "news_topic_answer", "news_topic_threshold", "news_topic_example"])
def test_a_helper_without_the_right_may_not(name: str, few_topics: dict[str, Topic], client: Client) -> None:
    helper = User.objects.create_user("helper", password="x", is_staff=True)
    helper.user_permissions.add(Permission.objects.get(codename="view_source"))
    client.force_login(helper)
    words = [] if name.endswith("ask") else [1]
    ask = client.post if name.endswith(("answer", "example")) else client.get
    assert ask(reverse(f"admin:{name}", args=words)).status_code == 403


def test_three_questions_cost_as_many_queries_as_one(few_topics: dict[str, Topic], admin_client: Client) -> None:
    counts = []
    for number in (1, 2):
        for n in range(number):
            file_topics(make_article(f"{CHIP[0]}{number}{n}", CHIP[1]))
        with CaptureQueriesContext(connection) as queries:
            admin_client.get(reverse("admin:news_topic_ask"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def _form(article: Any, rejected: set[int]) -> dict[str, Any]:
    rows = list(article.filed.order_by("-score"))
    form: dict[str, Any] = {"leads-TOTAL_FORMS": "0", "leads-INITIAL_FORMS": "0"}
    form |= {"filed-TOTAL_FORMS": str(len(rows)), "filed-INITIAL_FORMS": str(len(rows))}
    for place, row in enumerate(rows):
        form |= {
            f"filed-{place}-id": row.pk,
            f"filed-{place}-article": article.pk,
            f"filed-{place}-topic": row.topic_id,
        }
        form |= {f"filed-{place}-is_rejected": "on"} if row.topic_id in rejected else {}
    return form
