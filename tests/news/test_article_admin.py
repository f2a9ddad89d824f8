"""The desk finds articles as an editor looks for them: by address, by title, by words of the text."""

import pytest
from django.urls import reverse

from news.models import Summary
from news.search import index_article
from tests.news.articles import make_article

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("烙铁", ["焊接入门", "工具清单"]),
        ("焊接", ["焊接入门"]),
        ("小报", ["焊接入门", "工具清单"]),
        ("example.com/tools", ["工具清单"]),
        ("天气", []),
        ("", ["焊接入门", "工具清单"]),
    ],
)
def test_articles_are_found_by_what_they_say(admin_client, query, titles):
    first = make_article("焊接入门", "先给烙铁上锡。", account="木工小报", canonical_url="https://example.com/start")
    index_article(first)
    index_article(make_article("工具清单", "一把烙铁。", account="木工小报", canonical_url="https://example.com/tools"))
    page = admin_client.get(reverse("admin:news_article_changelist"), {"q": query})
    assert {article.title for article in page.context["cl"].result_list} == set(titles)
    assert page.context["cl"].result_count == len(titles)


def test_the_sentences_that_carry_the_summary_are_marked_and_all_is_escaped(admin_client):
    article = make_article("焊接入门", "先给烙铁上锡。<b>再</b>把线头拧紧。")
    Summary.objects.create(
        article=article,
        summariser="extractive@1",
        text="先给烙铁上锡。",
        text_hash=article.text_hash,
        evidence=[{"sentence": "先给烙铁上锡。", "start": 0, "end": 7}],
    )
    page = admin_client.get(reverse("admin:news_article_change", args=[article.pk])).content.decode()
    assert "<mark>先给烙铁上锡。</mark>&lt;b&gt;再&lt;/b&gt;把线头拧紧。" in page
