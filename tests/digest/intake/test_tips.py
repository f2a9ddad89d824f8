"""Tips: kept for an editor, counted when they come again, and never fetched before somebody said yes."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import Permission, User
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digest.intake import tips
from digest.intake.models import Allowance, Tip
from news.models import TIPS, Article, Lead, Source
from news.sources.inbox import paste, weigh

pytestmark = pytest.mark.django_db
LINK = "https://mp.weixin.qq.com/s/AbC"


def stamp(age: float = 5.0) -> str:
    with patch("django.core.signing.time.time", return_value=timezone.now().timestamp() - age):
        return signing.dumps(0, salt="digest.intake.stamp")


def recommend(client: Client, text: str = LINK, *, ip: str = "198.51.100.7", **given: Any) -> Any:
    return client.post("/tips/", {"text": text, "stamp": stamp()} | given, REMOTE_ADDR=ip)


@pytest.fixture
def editor(client: Client) -> User:
    user = User.objects.create_superuser("editor", password="a long enough word")
    client.force_login(user)
    return user


def act(client: Client, action: str, *chosen: Tip) -> Any:
    given = {"action": action, "_selected_action": [tip.pk for tip in chosen]}
    return client.post(reverse("admin:intake_tip_changelist"), given)


def test_a_tip_waits_for_an_editor_and_nothing_is_fetched(client: Client) -> None:
    answer = recommend(client, f"老师推荐：{LINK}#rd 还有 https://b.example/2", note=" 讲得\n清楚 ", name="小李")
    assert (answer.status_code, answer.url) == (302, "/tips/thanks/")
    tip = Tip.objects.get()
    assert (tip.canonical_url, tip.url) == (LINK, f"{LINK}#rd")
    assert (tip.note, tip.name, tip.times, tip.status) == ("讲得 清楚", "小李", 1, Tip.Status.WAITING)
    assert (Article.objects.count(), Lead.objects.count()) == (0, 0)
    assert "收到了，谢谢" in client.get(answer.url).content.decode()


def test_the_same_page_again_is_counted_and_keeps_the_first_words(client: Client) -> None:
    recommend(client)
    recommend(client, f"{LINK}?scene=1", note="第二个人的理由")
    recommend(client, note="第三个人的理由")
    assert list(Tip.objects.values_list("times", "note")) == [(3, "第二个人的理由")]


def test_the_thanks_say_nothing_of_what_is_known(client: Client) -> None:
    paste("https://a.example/known")
    answers = [recommend(client, url) for url in (LINK, LINK, "https://a.example/known")]
    assert {(answer.status_code, answer.url, answer.content) for answer in answers} == {(302, "/tips/thanks/", b"")}


BAD = [
    ("今天没有链接", "这里没有找到链接"),
    ("https://mp.weixin.qq.com/s?src=11&timestamp=1&ver=2&signature=3", "这是临时链接"),
    ("http://127.0.0.1/admin/", "网站名不完整"),
    ("http://nas.local/1", "内部网络"),
    ("", "这个字段是必填项"),
    ("https://a.example/" + "a" * 4000, "链接太长"),
]


@pytest.mark.parametrize(("text", "words"), BAD)
def test_a_link_that_cannot_be_read_is_told(client: Client, text: str, words: str) -> None:
    answer = recommend(client, text)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert Tip.objects.count() == 0


def test_a_robot_is_thanked_and_nothing_is_kept(client: Client) -> None:
    assert recommend(client, website="https://spam.example/").status_code == 302
    assert Tip.objects.count() == 0


@pytest.mark.parametrize("given", ["", "forged", 0, 25 * 3600])
def test_who_is_too_fast_or_has_no_stamp_presses_once_more(client: Client, given: str | int) -> None:
    answer = recommend(client, stamp=given if isinstance(given, str) else stamp(given))
    assert "再按一次“推荐”" in answer.content.decode()
    assert Tip.objects.count() == 0


def test_a_network_may_recommend_ten_an_hour(client: Client) -> None:
    statuses = [recommend(client, f"https://a.example/{number}").status_code for number in range(11)]
    assert statuses == [302] * 10 + [429]
    assert recommend(client, LINK, ip="203.0.113.9").status_code == 302
    assert Tip.objects.count() == 11
    Allowance.objects.update(recent=[timezone.now() - timedelta(hours=2)])
    assert recommend(client, "https://a.example/99").status_code == 302


def test_the_form_needs_its_token() -> None:
    client = Client(enforce_csrf_checks=True)
    assert recommend(client).status_code == 403
    assert Tip.objects.count() == 0


def test_the_form_is_found_from_every_page(client: Client) -> None:
    assert '<a href="/tips/">' in client.get("/about/").content.decode()
    assert "enctype" not in client.get("/tips/").content.decode()


# ---- the desk


def test_an_editor_takes_a_tip(client: Client, editor: User) -> None:
    recommend(client, note="讲得清楚", name="小李")
    act(client, "take", Tip.objects.get())
    tip, article = Tip.objects.get(), Article.objects.get()
    assert (tip.status, tip.article, tip.decided_by) == (Tip.Status.TAKEN, article, editor)
    assert article.canonical_url == LINK
    assert list(Lead.objects.values_list("source__kind", "note", "added_by")) == [(TIPS, "小李：讲得清楚", editor.pk)]
    assert list(Source.objects.due()) == []


def test_an_editor_declines_a_tip(client: Client, editor: User) -> None:
    recommend(client)
    act(client, "decline", Tip.objects.get())
    act(client, "take", Tip.objects.get())
    assert Tip.objects.get().status == Tip.Status.DECLINED
    assert Article.objects.count() == 0


def test_of_two_editors_one_decides(editor: User) -> None:
    tip = tips.recommend(weigh(LINK), "", "")
    assert [tips.take(tip, editor), tips.decline(tip, editor), tips.take(tip, editor)] == [True, False, False]
    assert Tip.objects.get().status == Tip.Status.TAKEN


def test_what_readers_wrote_is_escaped_on_the_desk(client: Client, editor: User) -> None:
    recommend(client, note="<script>alert(1)</script>", name="<b>x</b>")
    listed = client.get(reverse("admin:intake_tip_changelist")).content.decode()
    one = client.get(reverse("admin:intake_tip_change", args=[Tip.objects.get().pk])).content.decode()
    for page in (listed, one):
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_list_says_what_is_known_with_as_many_queries_for_three(
    client: Client, editor: User, django_assert_num_queries: Any
) -> None:
    address = reverse("admin:intake_tip_changelist")
    paste("https://a.example/0")
    tips.recommend(weigh("https://a.example/0"), "", "")
    client.get(address)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        assert client.get(address).content.decode().count("icon-yes") == 1
    for number in (1, 2):
        tips.recommend(weigh(f"https://a.example/{number}"), "", "")
    with django_assert_num_queries(len(one)):
        assert client.get(address).content.decode().count("icon-yes") == 1


def test_taking_needs_the_right_to(client: Client) -> None:
    tip = tips.recommend(weigh(LINK), "", "")
    guest = User.objects.create_user("guest", password="a long enough word", is_staff=True)
    client.force_login(guest)
    assert act(client, "take", tip).status_code == 403
    guest.user_permissions.add(Permission.objects.get(codename="view_tip"))
    act(client, "take", tip)
    assert Tip.objects.get().status == Tip.Status.WAITING
    guest.user_permissions.add(Permission.objects.get(codename="change_tip"))
    act(client, "take", tip)
    assert Tip.objects.get().status == Tip.Status.TAKEN
