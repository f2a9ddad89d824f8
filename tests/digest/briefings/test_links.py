"""Published links are watched, told to readers when they are gone, and may be replaced from the same story."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from digest.briefings.links import ailing, offers, replace, watch_published
from digest.briefings.lint import lint
from digest.briefings.models import Briefing, Item
from digest.briefings.tasks import watch_published as ring
from news.models import Article, LinkState, Stage, Story, Watch

pytestmark = pytest.mark.django_db
Issue = Callable[..., Briefing]
LINK = "https://mp.weixin.qq.com/s/Se3xzcF6rtgcI7YXYgDZ8Q"
SINCE = timezone.make_aware(timezone.datetime(2026, 11, 20, 12))  # type: ignore[attr-defined]


def _article(url: str, **columns: Any) -> Article:
    known: dict[str, Any] = {"stage": Stage.SUMMARISED, "state": "ok", "title": url[-9:], "account": "某号"}
    return Article.objects.create(canonical_url=url, url=url, host="a.example", **known | columns)


def _gone(item: Item, state: str = LinkState.DELETED, **columns: Any) -> Watch:
    watch_published()
    Watch.objects.filter(items=item).update(**{"state": state, "is_confirmed": True, "since": SINCE} | columns)
    return Watch.objects.get(items=item)


def _item(briefing: Briefing, position: int = 1) -> Item:
    return briefing.items.get(position=position)


# --- which links are watched ------------------------------------------------------------------------------------------
def test_every_published_link_is_watched_once_however_it_is_spelled(issue: Issue) -> None:
    article = _article(LINK)
    other = issue("2023-03-03", {"url": LINK})
    briefing = issue(
        "2023-03-10", {"url": f"{LINK}#rd"}, {"url": "https://a.example/own"}, {"url": ""}, {"url": "http://x"}
    )
    issue("2023-03-17", {"url": "https://a.example/draft"}, published=False)
    issue("2023-03-24", {"url": "https://a.example/sample"}, is_sample=True)
    ring()
    watch = Watch.objects.get(url=LINK)
    assert (watch.article, watch.host, watch.published_at) == (article, "mp.weixin.qq.com", briefing.published_at)
    assert watch.next_at > timezone.now()
    watched = list(briefing.items.order_by("position").values_list("watch__url", flat=True))
    assert watched == [LINK, "https://a.example/own", None, None]
    assert _item(other).watch == watch
    before = list(Watch.objects.order_by("pk").values())
    ring()
    assert list(Watch.objects.order_by("pk").values()) == before
    assert len(before) == 2


def test_a_sample_article_in_an_editors_issue_is_not_watched(issue: Issue) -> None:
    issue("2023-03-10", {"article": _article("https://a.example/1", is_sample=True)})
    watch_published()
    assert not Watch.objects.exists()


def test_a_link_that_no_item_has_any_more_is_let_go_and_taken_up_again(issue: Issue) -> None:
    briefing = issue("2023-03-10", {"url": LINK})
    watch_published()
    briefing.items.all().delete()
    watch_published()
    assert not Watch.objects.get().is_active
    issue("2023-03-17", {"url": LINK})
    watch_published()
    assert Watch.objects.get().is_active


# --- what readers see -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_item_of_a_gone_link_says_so_in_words(client: Client, issue: Issue, language: str) -> None:
    item = _item(issue("2023-03-10", {"url": LINK, "text": "摘要还在。"}))
    _gone(item)
    with translation.override(language):
        said = str(LinkState.DELETED.label)
    for address in ("/", item.get_absolute_url()):
        page = BeautifulSoup(client.get(address, headers={"accept-language": language}).content, "lxml")
        gone = page.select_one(".byline .gone")
        assert gone is not None
        assert gone.get_text().startswith(said)
        assert "2026-11-20" in gone.get_text()
        link = page.select_one(".byline s a")
        assert link is not None
        assert (link["href"], "nofollow" in link["rel"]) == (LINK, True)
        assert "摘要还在。" in page.get_text()
    entry = BeautifulSoup(client.get("/search/?q=摘要", headers={"accept-language": language}).content, "lxml")
    assert entry.select_one(".entry .gone").get_text() == said  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("state", "is_confirmed"),
    [
        ("deleted", False),
        ("blocked", False),
        ("unreachable", False),
        ("changed", False),
        ("moved", False),
        ("ok", False),
    ],
)
def test_nothing_else_is_told_to_readers(client: Client, issue: Issue, state: str, is_confirmed: bool) -> None:
    item = _item(issue("2023-03-10", {"url": LINK}))
    _gone(item, state, is_confirmed=is_confirmed)
    page = BeautifulSoup(client.get(item.get_absolute_url()).content, "lxml")
    assert page.select(".gone, .byline s") == []


def test_feeds_say_nothing_of_it(client: Client, issue: Issue) -> None:
    _gone(_item(issue("2023-03-10", {"url": LINK})))
    assert "删除" not in client.get("/feed.rss").content.decode()


def test_a_page_with_three_gone_links_asks_as_often_as_with_one(client: Client, issue: Issue) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/").status_code == 200
        return len(asked)

    briefing = issue("2023-03-10", {})
    _gone(_item(briefing))
    one = queries()
    for position in (2, 3):
        item = Item.objects.create(briefing=briefing, position=position, headline="又", url=f"{LINK}{position}")
        _gone(item)
    assert queries() == one


# --- a replacement ----------------------------------------------------------------------------------------------------
@pytest.fixture
def gone(issue: Issue) -> Item:
    """A published item whose link is gone, in a story with other articles."""
    story = Story.objects.create()
    item = _item(issue("2023-03-10", {"url": LINK, "article": _article(LINK, story=story), "source_name": "甲"}))
    _article("https://a.example/copy", story=story, duplicate_of=item.article)
    _article("https://a.example/rest", story=story)
    _article("https://a.example/origin", story=story, is_original=True)
    story.best = _article("https://a.example/best", story=story, account="乙")
    story.save()
    _article("https://a.example/deleted", story=story, state="deleted")
    _article("https://a.example/unread", story=story, stage=Stage.READ)
    _article("https://a.example/other", story=Story.objects.create())
    Watch.objects.create(url="https://a.example/rest2", host="a.example", state="deleted", is_confirmed=True)
    _article("https://a.example/rest2", story=story)
    _gone(item)
    return Item.objects.get(pk=item.pk)


def test_offers_are_the_usable_articles_of_the_story_best_first(gone: Item) -> None:
    found = [offer.url.rpartition("/")[2] for offer in offers([gone])[gone.pk]]
    assert found == ["best", "origin", "rest", "copy"]


def test_a_moved_account_offers_its_new_address_first(gone: Item) -> None:
    Watch.objects.filter(items=gone).update(state="moved", is_confirmed=False, moved_to="https://a.example/new")
    found = ailing().get()
    assert [offer.url for offer in offers([found])[gone.pk]][:2] == ["https://a.example/new", "https://a.example/best"]
    _article("https://a.example/new", story=gone.article.story)  # type: ignore[union-attr]
    urls = [offer.url for offer in offers([found])[gone.pk]]
    assert urls.count("https://a.example/new") == 1


def test_offers_cost_the_same_for_one_item_and_for_three(gone: Item, issue: Issue) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            offers(ailing())
        return len(asked)

    one = queries()
    for day in (11, 12):
        _gone(_item(issue(f"2023-03-{day}", {"url": f"{LINK}{day}", "article": gone.article})))
    assert ailing().count() == 3
    assert queries() == one


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("editor", password="a long enough word"))
    return client


def test_an_editor_replaces_a_gone_link(desk: Client, gone: Item) -> None:
    page = desk.get(reverse("admin:briefings_gone"))
    assert b"https://a.example/best" in page.content
    version = gone.briefing.version
    address = reverse("admin:briefings_replace", args=[gone.pk])
    assert desk.post(address, {"url": "https://a.example/best"})["Location"] == reverse("admin:briefings_gone")
    gone.refresh_from_db()
    assert (gone.url, gone.source_name, gone.replaced_url) == ("https://a.example/best", "乙", LINK)
    assert gone.watch is not None
    assert (gone.watch.url, gone.watch.state, gone.watch.is_active) == ("https://a.example/best", "unknown", True)
    assert Briefing.objects.get().version == version + 1
    assert not ailing().exists()
    reader = BeautifulSoup(Client().get(gone.get_absolute_url()).content, "lxml")
    link = reader.select_one(".byline .original")
    assert link is not None
    assert (link["href"], link.get_text().split()[0]) == ("https://a.example/best", "原文（已换源）")
    inline = desk.get(reverse("admin:briefings_briefing_change", args=[gone.briefing_id])).content.decode()
    assert f"换源前：{LINK}" in inline
    assert lint(gone.briefing) == []
    watch_published()
    assert not Watch.objects.get(url=LINK).is_active


@pytest.mark.parametrize("url", ["https://evil.example/", "https://a.example/other", "javascript:alert(1)", ""])
def test_only_what_is_on_offer_can_be_chosen(desk: Client, gone: Item, url: str) -> None:
    answer = desk.post(reverse("admin:briefings_replace", args=[gone.pk]), {"url": url}, follow=True)
    assert "没有换" in answer.content.decode()
    gone.refresh_from_db()
    assert (gone.url, gone.replaced_url) == (LINK, "")


def test_two_presses_replace_once_and_the_first_address_stays_on_record(gone: Item) -> None:
    first, second = offers([gone])[gone.pk][:2]
    twin = Item.objects.get(pk=gone.pk)
    assert replace(gone, first)
    assert not replace(twin, second)
    assert replace(gone, second)
    assert Item.objects.values_list("url", "replaced_url").get() == (second.url, LINK)


def test_who_may_not_change_items_neither_sees_nor_replaces(client: Client, gone: Item) -> None:
    guest = User.objects.create_user("guest", password="a long enough word", is_staff=True)
    guest.user_permissions.add(Permission.objects.get(codename="view_item"))
    client.force_login(guest)
    address = reverse("admin:briefings_replace", args=[gone.pk])
    assert client.get(reverse("admin:briefings_gone")).status_code == 403
    assert client.post(address, {"url": "https://a.example/best"}).status_code == 403
    assert Client().post(address).status_code == 302  # to the sign-in
    assert "失效的原文" not in client.get(reverse("admin:index")).content.decode()
    gone.refresh_from_db()
    assert gone.url == LINK


def test_a_replacement_takes_a_post_with_its_token(gone: Item) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("editor", password="a long enough word"))
    address = reverse("admin:briefings_replace", args=[gone.pk])
    assert client.get(address).status_code == 405
    assert client.post(address, {"url": "https://a.example/best"}).status_code == 403
    gone.refresh_from_db()
    assert gone.url == LINK


def test_the_desk_counts_what_is_gone_and_what_changed(desk: Client, gone: Item) -> None:
    Watch.objects.create(url="https://a.example/changed", host="a.example", state=LinkState.CHANGED)
    said = BeautifulSoup(desk.get(reverse("admin:index")).content, "lxml").select_one(".desk-actions")
    assert said is not None
    lines = [" ".join(line.get_text().split()) for line in said.select("li")]
    assert {"失效的原文（1）", "原文有改动（1）"} <= set(lines)
    changed = said.find("a", string="原文有改动")
    assert desk.get(changed["href"]).context["cl"].result_count == 1  # type: ignore[index]


def test_another_link_typed_by_an_editor_forgets_what_became_of_the_old_one(desk: Client, gone: Item) -> None:
    data = {
        "date": "2023-03-10",
        "lead": "",
        "closing": "",
        "seen_version": gone.briefing.version,
        "items-TOTAL_FORMS": 1,
        "items-INITIAL_FORMS": 1,
        "items-0-id": gone.pk,
        "items-0-briefing": gone.briefing_id,
        "items-0-article": "",
        "items-0-position": 1,
        "items-0-headline": gone.headline,
        "items-0-text": gone.text,
        "items-0-url": gone.url,
    }
    address = reverse("admin:briefings_briefing_change", args=[gone.briefing_id])
    assert desk.post(address, data).status_code == 302
    gone.refresh_from_db()
    assert gone.watch is not None
    data |= {"items-0-url": "https://a.example/typed", "seen_version": Briefing.objects.get().version}
    assert desk.post(address, data).status_code == 302
    gone.refresh_from_db()
    assert gone.watch is None
    watch_published()
    gone.refresh_from_db()
    assert gone.watch is not None
    assert gone.watch.url == "https://a.example/typed"


# --- before publishing ------------------------------------------------------------------------------------------------
def test_lint_names_a_link_that_is_known_to_be_gone(gone: Item) -> None:
    draft = Briefing.objects.create(date=date(2023, 4, 1))
    Item.objects.create(briefing=draft, position=1, headline="新", text="文", source_name="某", url=f"{LINK}#rd")
    Watch.objects.create(url="https://a.example/u", host="a", state="deleted", since=timezone.now() - timedelta(days=1))
    Item.objects.create(
        briefing=draft, position=2, headline="新", text="文", source_name="某", url="https://a.example/u"
    )
    assert [(finding.message, finding.blocks) for finding in lint(draft)] == [
        ("原文链接已失效：原文已被作者删除", False),
    ]


def test_lint_names_an_article_that_was_dropped(issue: Issue) -> None:
    article = _article("https://a.example/1", stage=Stage.DROPPED, drop_reason="unreachable", state="")
    draft = issue("2023-03-10", {"url": article.url, "article": article, "source_name": "某"}, published=False)
    assert [finding.message for finding in lint(draft)] == ["文章未收录：多次尝试仍无法访问"]
