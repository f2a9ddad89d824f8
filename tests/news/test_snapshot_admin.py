"""Copies of pages at the desk: read as text, compared, taken away as a file; for editors alone."""

import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from news import snapshots
from news.changes import reading, text_hash
from news.extract import read as read_page
from news.models import Article, LinkState, Snapshot, Watch
from tests.news.articles import make_article

PAGE = Path(__file__).resolve().parent.parent / "pages" / "mp.weixin.qq.com" / "article_2025.html"
OLD = PAGE.read_bytes()
NEW = OLD.replace("功耗只有四瓦".encode(), "功耗<b>其实</b>是九瓦&lt;script&gt;".encode())
HOUR = timedelta(hours=1)
COMPARE = "admin:news_snapshot_compare"
pytestmark = pytest.mark.django_db


def _copy(article: Article, body: bytes, days_ago: int) -> Snapshot:
    copy = Snapshot.objects.create(
        article=article,
        url="https://mp.weixin.qq.com/s/x",
        status=200,
        content_type="text/html; charset=utf-8",
        packed=zlib.compress(body),
        size=len(body),
        sha256=text_hash(str(hash(body))),
        state="ok",
        text_hash=text_hash(reading(read_page(body))),
    )
    Snapshot.objects.filter(pk=copy.pk).update(fetched_at=timezone.now() - timedelta(days=days_ago))
    return copy


@pytest.fixture
def article() -> Article:
    page = read_page(OLD)
    return make_article(page.title, reading(page).partition("\n")[2])


@pytest.fixture
def copies(article: Article) -> tuple[Snapshot, Snapshot]:
    return _copy(article, OLD, 3), _copy(article, NEW, 1)


def test_two_copies_are_compared_and_everything_is_escaped(
    admin_client: Client, article: Article, copies: tuple[Snapshot, Snapshot]
) -> None:
    answer = admin_client.get(reverse(COMPARE), {"article": article.pk})
    page = BeautifulSoup(answer.content, "lxml")
    assert [(line.select_one(".mark").get_text(), line.get_text()[:4]) for line in page.select(".deleted, .added")] == [  # type: ignore[union-attr]
        ("−", "−一支小"),
        ("+", "+一支小"),
    ]
    assert [gone.get_text() for gone in page.select("del")] == ["只有四"]
    assert "".join(new.get_text() for new in page.select("ins")) == "其实是九<script>"
    assert page.select("main script, .desk-compare script, .desk-compare b") == []
    assert (answer.context["older"], answer.context["newer"]) == copies
    turned = {"article": article.pk, "a": copies[1].pk, "b": copies[0].pk}
    assert admin_client.get(reverse(COMPARE), turned).context["older"] == copies[0]
    same = {"article": article.pk, "a": copies[0].pk, "b": copies[0].pk}
    assert "两份快照的文字没有不同。" in admin_client.get(reverse(COMPARE), same).content.decode()


def test_an_article_without_copies_says_so_and_odd_numbers_are_answered(admin_client: Client, article: Article) -> None:
    assert "还没有快照" in admin_client.get(reverse(COMPARE), {"article": article.pk}).content.decode()
    for odd in ("", "x", "-1", "9" * 30, "٣", "1e3", "999999"):
        assert admin_client.get(reverse(COMPARE), {"article": odd}).status_code == 404
        assert admin_client.get(reverse(COMPARE), {"article": article.pk, "a": odd}).status_code == 200


def test_a_copy_is_read_as_text(admin_client: Client, copies: tuple[Snapshot, Snapshot]) -> None:
    answer = admin_client.get(reverse("admin:news_snapshot_change", args=[copies[1].pk]))
    text = BeautifulSoup(answer.content, "lxml").select_one(".desk-text")
    assert text is not None
    assert "功耗其实是九瓦<script>" in text.get_text()
    assert text.find_all() == []


def test_the_bytes_leave_as_a_file_that_no_browser_opens(
    admin_client: Client, copies: tuple[Snapshot, Snapshot]
) -> None:
    answer = admin_client.get(reverse("admin:news_snapshot_download", args=[copies[0].pk]))
    assert answer.content == OLD
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == f'attachment; filename="snapshot-{copies[0].pk}.html.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_copies_are_for_those_who_may_see_them(client: Client, copies: tuple[Snapshot, Snapshot]) -> None:
    addresses = [
        f"{reverse(COMPARE)}?article={copies[0].article_id}",
        reverse("admin:news_snapshot_download", args=[copies[0].pk]),
        reverse("admin:news_snapshot_change", args=[copies[0].pk]),
        reverse("admin:news_snapshot_changelist"),
    ]
    assert [client.get(address).status_code for address in addresses] == [302] * 4
    guest = User.objects.create_user("guest", password="a long enough word", is_staff=True)
    client.force_login(guest)
    assert [client.get(address).status_code for address in addresses] == [403] * 4
    guest.user_permissions.add(Permission.objects.get(codename="view_snapshot"))
    assert [client.get(address).status_code for address in addresses] == [200] * 4


def test_an_article_leads_to_its_copies_alone(admin_client: Client, copies: tuple[Snapshot, Snapshot]) -> None:
    other = _copy(make_article("别的", "别的文章。"), b"<p>x</p>", 2)
    page = admin_client.get(reverse("admin:news_article_change", args=[other.article_id]))
    link = BeautifulSoup(page.content, "lxml").find("a", string="阅读与比较快照")
    rows = admin_client.get(link["href"]).context["cl"].result_list  # type: ignore[index]
    assert list(rows) == [other]


def test_of_a_page_that_says_something_else_every_night_few_copies_are_kept(article: Article) -> None:
    first = _copy(article, OLD, 100)
    for night in range(snapshots.MOST_KEPT + 3):
        _copy(article, OLD.replace("四瓦".encode(), f"{night}瓦".encode()), 50 - night)
    snapshots._drop_the_oldest(article)
    kept = article.snapshots.order_by("fetched_at")
    assert kept.count() == snapshots.MOST_KEPT + 1
    assert kept[0] == first


# --- the links ------------------------------------------------------------------------------------------------------
def test_watched_links_are_listed_asked_now_and_their_changes_seen(admin_client: Client, article: Article) -> None:
    watch = Watch.objects.create(
        url="https://a.example/1",
        host="a",
        article=article,
        state=LinkState.CHANGED,
        next_at=timezone.now() + HOUR,
    )
    listing = reverse("admin:news_watch_changelist")
    assert f"{reverse(COMPARE)}?article={article.pk}" in admin_client.get(listing).content.decode()
    page = admin_client.get(reverse("admin:news_watch_change", args=[watch.pk])).content.decode()
    assert "无碍就选“改动已看过”" in page
    admin_client.post(listing, {"action": "check_now", "_selected_action": [watch.pk]})
    watch.refresh_from_db()
    assert watch.next_at <= timezone.now()
    admin_client.post(listing, {"action": "mark_seen", "_selected_action": [watch.pk]})
    watch.refresh_from_db()
    assert watch.state == LinkState.OK


def test_the_list_of_links_asks_as_often_for_three_as_for_one(admin_client: Client, article: Article) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            admin_client.get(reverse("admin:news_watch_changelist"))
        return len(asked)

    Watch.objects.create(url="https://a.example/0", host="a", article=article, state=LinkState.CHANGED)
    one = queries()
    for number in (1, 2):
        Watch.objects.create(url=f"https://a.example/{number}", host="a", article=article, state=LinkState.CHANGED)
    assert queries() == one
