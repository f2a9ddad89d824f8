"""Sources on the desk: the form of each kind, the trial, the health board, files in and out; and who may."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from news.models import Article, Host, Lead, Source
from tests.news.http.hostile import page
from tests.news.sources.conftest import URL

pytestmark = pytest.mark.django_db
ADD = "/admin/news/source/add/"
FORM = {"name": "笔记", "address": URL, "cadence": "60", "option_text": "auto", "folder": "厂商", "is_active": "on"}
RSS = b"<rss><channel><title>t</title><item><title>First</title><link>https://blog.example/1</link></item></channel></rss>"


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("editor", password="a long enough word"))
    return client


def make(**columns: Any) -> Source:
    return Source.objects.create(**{"name": "笔记", "kind": "feed", "address": URL, **columns})


def text(response: Any) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_the_kind_comes_first_and_each_has_its_fields(editor: Client) -> None:
    kinds = text(editor.get(ADD))
    assert all(
        f'href="?kind={kind}"' in kinds for kind in ("feed", "page", "baidu_news", "wechat_album", "wechat_list")
    )
    assert 'name="option_selector"' in text(editor.get(f"{ADD}?kind=page"))
    news = text(editor.get(f"{ADD}?kind=baidu_news"))
    assert 'name="option_words"' in news
    assert 'name="address"' not in news
    assert 'name="cadence"' not in text(editor.get(f"{ADD}?kind=wechat_list"))


def test_a_source_is_added_with_its_options(editor: Client) -> None:
    assert editor.post(f"{ADD}?kind=feed", FORM).status_code == 302
    source = Source.objects.get()
    assert (source.kind, source.address, source.options) == ("feed", URL, {"text": "auto", "folder": "厂商"})
    assert source.cadence == timedelta(hours=1)


@pytest.mark.parametrize(
    ("kind", "changed", "said"),
    [
        ("feed", {"address": "http://10.0.0.1/x"}, "内网或保留地址"),
        ("feed", {"cadence": "5"}, "选择一个有效的选项"),
        ("page", {"option_selector": "li["}, "选择器写错了"),
        ("wechat_album", {}, "这不是合集链接"),
    ],
)
def test_bad_input_is_told_what_to_do(editor: Client, kind: str, changed: dict[str, str], said: str) -> None:
    assert said in text(editor.post(f"{ADD}?kind={kind}", FORM | changed))
    assert Source.objects.count() == 0


def test_another_address_begins_anew_and_another_name_does_not(editor: Client) -> None:
    source = make(
        etag='"a"', failures=3, error="dns: x", worked_at=timezone.now(), options={"text": "auto", "folder": "厂商"}
    )
    change = reverse("admin:news_source_change", args=[source.pk])
    assert "找不到这个网站" in text(editor.get(change))
    editor.post(change, FORM | {"name": "新名"})
    source.refresh_from_db()
    assert (source.name, source.etag, source.failures) == ("新名", '"a"', 3)
    editor.post(change, FORM | {"address": "https://other.example/feed"})
    source.refresh_from_db()
    assert (source.etag, source.failures, source.error, source.worked_at) == ("", 0, "", None)


def test_a_trial_shows_what_would_come_and_stores_nothing(editor: Client, answer: Callable[..., None]) -> None:
    answer(page(RSS, kind="application/rss+xml"))
    shown = text(editor.post(f"{ADD}?kind=feed", FORM | {"_try": "x"}))
    assert "共 1 条" in shown
    assert "First" in shown
    assert "将加入" in shown
    assert 'value="笔记"' in shown
    assert "超过上限" not in shown
    items = "".join(f"<item><link>https://blog.example/{n}</link></item>" for n in range(2_003))
    answer(page(f"<rss><channel><title>a</title>{items}</channel></rss>".encode(), kind="application/rss+xml"))
    assert "还有 3 条超过上限，没有读。" in text(editor.post(f"{ADD}?kind=feed", FORM | {"_try": "x"}))
    answer(page(b"", status="404 None"))
    assert "页面不存在" in text(editor.post(f"{ADD}?kind=feed", FORM | {"_try": "x"}))
    Host.objects.update(next_at=timezone.now() + timedelta(seconds=90))
    assert "刚访问过" in text(editor.post(f"{ADD}?kind=feed", FORM | {"_try": "x"}))
    assert "内网或保留地址" in text(
        editor.post(f"{ADD}?kind=feed", FORM | {"_try": "x", "address": "http://10.0.0.1/"})
    )
    assert (Source.objects.count(), Article.objects.count()) == (0, 0)


def test_a_trial_of_a_saved_source_changes_nothing(editor: Client, answer: Callable[..., None]) -> None:
    source = make(name="旧名")
    answer(page(RSS, kind="application/rss+xml"))
    change = reverse("admin:news_source_change", args=[source.pk])
    assert "First" in text(editor.post(change, FORM | {"_try": "x"}))
    source.refresh_from_db()
    assert source.name == "旧名"


def test_the_board_says_it_in_words(editor: Client) -> None:
    make(failures=2, error="not_found: status 404", next_at=timezone.now() + timedelta(minutes=50))
    Host.objects.create(name="mp.weixin.qq.com", walls=3, next_at=timezone.now() + timedelta(minutes=59, seconds=30))
    board = text(editor.get(reverse("admin:news_health")))
    for words in ("1 个来源需要人看一下", "页面不存在，已连续 2 次", "在浏览器里打开这个地址核对", "50 分钟后"):
        assert words in board
    assert "连续 3 次出现验证页" in board
    assert "约 1 小时后" in board
    assert "页面不存在" in text(editor.get("/admin/"))
    assert "出错" in text(editor.get(reverse("admin:news_source_changelist")))


def test_the_buttons_act_by_post_only(editor: Client) -> None:
    source = make(next_at=timezone.now() + timedelta(hours=9))

    def press(verb: str) -> Source:
        address = reverse("admin:news_health_act", args=[source.pk, verb])
        assert editor.get(address).status_code == 405
        assert editor.post(address).status_code == 302
        return Source.objects.get()

    assert press("pause").is_active is False
    resumed = press("resume")
    assert resumed.is_active
    assert resumed.next_at <= timezone.now()
    assert editor.post(reverse("admin:news_health_act", args=[source.pk, "drop"])).status_code == 404
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get())
    assert strict.post(reverse("admin:news_health_act", args=[source.pk, "pause"])).status_code == 403
    assert Source.objects.get().is_active


def test_each_page_is_for_who_may(client: Client) -> None:
    source = make()
    guest = User.objects.create_user("guest", password="a long enough word", is_staff=True)
    pages = [reverse("admin:news_health"), reverse("admin:news_opml"), reverse("admin:news_opml_export")]
    pages += [ADD, reverse("admin:news_source_listing", args=[source.pk])]
    assert {client.get(address).status_code for address in pages} == {302}
    client.force_login(guest)
    assert {client.get(address).status_code for address in pages} == {403}
    assert client.post(f"{ADD}?kind=feed", FORM | {"_try": "x"}).status_code == 403
    assert client.post(reverse("admin:news_health_act", args=[source.pk, "pause"])).status_code == 403
    guest.user_permissions.add(Permission.objects.get(codename="view_source"))
    board = text(client.get(reverse("admin:news_health")))
    assert "现在看" not in board
    assert client.post(reverse("admin:news_health_act", args=[source.pk, "pause"])).status_code == 403


def test_opml_in_and_out(editor: Client) -> None:
    outlines = b'<outline text="A" xmlUrl="https://a.example/f"/><outline text="B" xmlUrl="nothing"/>'
    file = b"<opml><body>" + outlines + b"</body></opml>"
    told = text(editor.post(reverse("admin:news_opml"), {"file": SimpleUploadedFile("x.opml", file)}))
    assert "文件里有 2 个来源" in told
    assert "已加入" in told
    assert "不能加入" in told
    hostile = SimpleUploadedFile("x.opml", b'<!DOCTYPE opml [<!ENTITY a "x">]><opml><body/></opml>')
    assert "已拒绝" in text(editor.post(reverse("admin:news_opml"), {"file": hostile}))
    exported = editor.get(reverse("admin:news_opml_export"))
    assert exported["Content-Disposition"] == 'attachment; filename="sources.opml"'
    assert b'xmlUrl="https://a.example/f"' in exported.content
    assert editor.post(reverse("admin:news_opml_export")).status_code == 405


def test_a_listing_is_handed_in(editor: Client) -> None:
    source = make(kind="wechat_list", address="")
    address = reverse("admin:news_source_listing", args=[source.pk])
    rows = b'{"app_msg_list": [{"title": "One", "link": "http://mp.weixin.qq.com/s/abcdefghijklmnopqrstuv"},'
    rows += b'{"title": "Two", "link": "http://mp.weixin.qq.com/s?timestamp=1&src=3&signature=x"}]}'
    told = text(editor.post(address, {"file": SimpleUploadedFile("list.json", rows)}))
    assert "已加入" in told
    assert "临时链接" in told
    assert Lead.objects.get().title == "One"
    assert "找不到文章列表" in text(editor.post(address, {"file": SimpleUploadedFile("x.html", b"<p>x</p>")}))
