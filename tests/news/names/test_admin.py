"""The editors' pages of names: approve, merge, split, take a mention away; nothing by a GET."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from news.models import Alias, Mention, Name
from news.names import edit, find_in
from tests.news.articles import make_article

pytestmark = pytest.mark.django_db
State = Name.State


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("chief"))
    return client


def _form(**values: object) -> dict[str, object]:
    inline = {"aliases-TOTAL_FORMS": 1, "aliases-INITIAL_FORMS": 0, "aliases-MIN_NUM_FORMS": 0}
    return {"kind": "company", "label_en": "", "description": "", "context": "", **inline, **values}


def test_a_name_added_by_hand_is_public_with_its_spellings(desk: Client) -> None:
    answer = desk.post(
        "/admin/news/name/add/", _form(label="深蓝芯片", label_en="DeepBlue", **{"aliases-0-text": "深蓝"})
    )
    assert answer.status_code == 302
    name = Name.objects.get()
    assert (name.slug, name.state) == ("deepblue", State.PUBLIC)
    assert sorted(name.aliases.values_list("key", flat=True)) == ["深 蓝"]


def test_a_spelling_of_another_name_is_refused_in_words(desk: Client) -> None:
    name = Name.objects.create(kind="company", slug="a", label="甲公司", state=State.PUBLIC)
    edit.spell(name, "Alpha")
    answer = desk.post("/admin/news/name/add/", _form(label="乙公司", **{"aliases-0-text": "ＡＬＰＨＡ"}))
    assert answer.context["errors"] == [["“ＡＬＰＨＡ”已是“甲公司”的写法；可以合并这两个名称。"]]


def test_suggestions_wait_on_the_first_page_and_are_approved(desk: Client) -> None:
    for title in ("甲", "乙"):
        find_in(make_article(title, "厂商发布了 QX7310 芯片。"))
    assert desk.get("/admin/").context["name_count"] == 1
    name = Name.objects.get()
    listed = desk.get("/admin/news/name/?waiting=1")
    assert list(listed.context["cl"].queryset) == [name]
    desk.post("/admin/news/name/", {"action": "approve", "_selected_action": [name.pk]})
    assert Name.objects.get().state == State.PUBLIC
    assert desk.get("/admin/").context["name_count"] == 0


def test_names_are_merged_into_one_of_them_and_split_again(desk: Client) -> None:
    one, two = (
        Name.objects.create(kind="company", slug=slug, label=label, state=State.PUBLIC)
        for slug, label in (("a", "甲公司"), ("b", "乙公司"))
    )
    for name in (one, two):
        edit.spell(name, name.label)
    answer = desk.post("/admin/news/name/", {"action": "merge", "_selected_action": [one.pk, two.pk]}, follow=True)
    assert answer.redirect_chain[0][0].startswith("/admin/news/name/merge/?name=")
    assert Name.objects.filter(state=State.MERGED).count() == 0
    desk.post("/admin/news/name/merge/", {"name": [one.pk, two.pk], "target": two.pk})
    assert desk.get("/names/a/")["Location"] == "/names/b/"
    alias = Alias.objects.get(text="甲公司")
    assert desk.get(f"/admin/news/name/split/{alias.pk}/").status_code == 405
    assert "原属“甲公司”" in desk.get(f"/admin/news/name/{two.pk}/change/").content.decode()
    desk.post(f"/admin/news/name/split/{alias.pk}/")
    assert desk.get("/names/a/").status_code == 200


def test_a_name_is_merged_into_another_by_any_of_its_spellings(desk: Client) -> None:
    one, two = (
        Name.objects.create(kind="company", slug=slug, label=label, state=State.PUBLIC)
        for slug, label in (("a", "甲公司"), ("b", "乙公司"))
    )
    edit.spell(two, "Beta Corp")
    desk.post("/admin/news/name/merge/", {"name": [one.pk], "other": "BETA corp", "target": one.pk}, follow=True)
    one.refresh_from_db()
    assert one.merged_into == two
    answer = desk.post("/admin/news/name/merge/", {"name": [two.pk], "other": "没有的"})
    assert [str(message) for message in answer.context["messages"]] == ["没有写作“没有的”的名称。"]


def test_a_wrong_mention_is_taken_away_and_given_back(desk: Client) -> None:
    name = Name.objects.create(kind="company", slug="a", label="甲公司", state=State.PUBLIC)
    edit.spell(name, name.label)
    article = make_article("标题", "甲公司到场。")
    mention = find_in(article)[0]
    address = f"/admin/news/name/{name.pk}/mentions/"
    assert "标题" in desk.get(address).content.decode()
    desk.post(address, {"mention": mention.pk})
    assert (Mention.objects.get().is_rejected, Name.objects.get().article_count) == (True, 0)
    desk.post(address, {"mention": mention.pk})
    assert (Mention.objects.get().is_rejected, Name.objects.get().article_count) == (False, 1)


def test_who_may_not_change_names_sees_none_of_these_pages(client: Client) -> None:
    client.force_login(User.objects.create_user("guest", is_staff=True))
    for address in ("/admin/news/name/merge/", "/admin/news/name/1/mentions/", "/admin/news/name/split/1/"):
        assert client.get(address).status_code == 403
