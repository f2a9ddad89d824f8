"""Views ask the database as often for many rows as for one, change nothing, and show drafts only as previews."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from digest.briefings.index import index
from digest.briefings.models import Briefing, Item
from digest.briefings.views import issue_page
from news.models import Topic

Issue = Callable[..., Briefing]
MakeTopic = Callable[..., Topic]


@pytest.mark.parametrize(
    "address", ["/", "/issues/20230310/", "/archive/2023/", "/topics/", "/topics/chips/", "/search/?q=标题"]
)
def test_pages_ask_as_often_for_three_items_as_for_one(
    client: Client, issue: Issue, topic: MakeTopic, address: str
) -> None:
    chips = topic()
    briefing = issue("2023-03-10", {"topics": [chips]})
    one = _queries(client, address)
    for position in (2, 3):
        item = Item.objects.create(briefing=briefing, position=position, headline=f"标题{position}")
        item.topics.add(chips)
    index(Item.objects.all())
    assert _queries(client, address) == one


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_no_reading_page_changes_anything_or_takes_a_post(client: Client, issue: Issue) -> None:
    issue("2023-03-10", {})
    before = list(Briefing.objects.values_list("version", "changed_at"))
    for address in ("/", "/issues/20230310/", "/archive/", "/topics/", "/search/", "/about/", "/feed.rss", "/feeds/"):
        assert client.post(address).status_code == 405
        assert client.head(address).status_code == 200
    assert list(Briefing.objects.values_list("version", "changed_at")) == before


def test_the_preview_of_a_draft_is_marked_and_leads_nowhere_public(issue: Issue) -> None:
    draft = issue("2023-03-10", {"headline": "草稿"}, published=False)
    request = RequestFactory().get("/admin/preview/")
    request.user = AnonymousUser()
    page = BeautifulSoup(issue_page(request, draft, preview=True).content, "lxml")
    assert " ".join(page.select_one(".banner").get_text().split()) == "预览 这一期尚未发布，只有编辑能看到。"
    assert page.select(".permalink, .subscribe, script") == []
    assert page.find("meta", attrs={"name": "robots"})["content"] == "noindex"
