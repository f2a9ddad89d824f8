"""Every view of the desk, asked as each group: the list is the desk's own, so a new view must be put into the table."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver

from digest.accounts.groups import GROUPS, codenames, make_groups
from digest.accounts.models import MadeGroup
from digest.briefings.models import Briefing, Item
from tests.digest.accounts.views import ACTIONS, VIEWS

pytestmark = pytest.mark.django_db
SHORT = {"A": "作者", "E": "编辑", "P": "发布者", "O": "运维"}
NUMBER = "999999999"  # of no row: who may ask is told 404, or sent on; who may not is told 403 first
POSTED = {  # answer POST alone
    *("news_topic_answer", "news_topic_example", "news_topic_threshold_set", "news_health_act", "news_story_split"),
    *("news_story_apart", "news_story_no_copy", "news_story_merge", "news_story_followup", "news_story_undo"),
    *("mailing_mailing_steer", "mailing_delivery_settle", "briefings_replace", "briefings_deny", "news_name_split"),
    "outgoing_mailhold_release",
}


def views(patterns: list, before: str = "") -> Iterator[tuple[str, str]]:
    """(name, address) of each named view of the desk."""
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from views(one.url_patterns, before + str(one.pattern))
        elif isinstance(one, URLPattern) and one.name:
            route = before + str(one.pattern)
            for part in ("<int:pk>", "<path:object_id>", "<id>"):
                route = route.replace(part, NUMBER)
            route = route.replace("<uuid:pk>", str(UUID(int=0)))
            yield one.name, "/admin/" + route.replace("<str:verb>", "pause").replace("<str:name>", "none")


FOUND = dict(views(admin.site.get_urls()))
OPEN = {"login", "logout", "index", "jsi18n", "password_change", "password_change_done", "autocomplete", "view_on_site"}


def person(*groups: str, permissions: tuple[str, ...] = ()) -> Client:
    taken = User.objects.count()
    user = User.objects.create_user(f"person{taken}", "one@example.org", is_staff=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def status(client: Client, name: str) -> int:
    address = FOUND[name]
    return (client.post(address) if name in POSTED else client.get(address)).status_code


def test_the_table_has_every_view_and_none_more() -> None:
    assert set(FOUND) - OPEN == set(VIEWS)


@pytest.mark.parametrize("short", SHORT)
def test_each_group_reaches_what_the_table_says_and_nothing_else(short: str) -> None:
    client = person(SHORT[short])
    found = {name: status(client, name) for name in VIEWS}
    assert {name for name, code in found.items() if code != 403} == {n for n, who in VIEWS.items() if short in who}
    assert set(found.values()) <= {200, 302, 403, 404}


def test_who_is_in_no_group_reaches_nothing() -> None:
    client = person()
    assert {name for name in VIEWS if status(client, name) != 403} == {n for n, who in VIEWS.items() if "-" in who}


def actions(client: Client) -> set[str]:
    """Of every list: the actions that this person is offered, and may post."""
    request = RequestFactory().get("/admin/")
    request.user = User.objects.get(pk=client.session["_auth_user_id"])
    return {
        f"{model._meta.model_name}.{name}"
        for model, desk in admin.site._registry.items()
        for name in desk.get_actions(request)
    }


@pytest.mark.parametrize("short", SHORT)
def test_each_group_is_offered_the_actions_that_the_table_says(short: str) -> None:
    assert actions(person(SHORT[short])) == {name for name, who in ACTIONS.items() if short in who}


def test_every_action_names_the_permission_that_it_takes() -> None:
    for desk in admin.site._registry.values():
        for action, name, _words in desk._get_base_actions():
            assert name == "delete_selected" or action.allowed_permissions, name


@pytest.fixture
def draft() -> Briefing:
    briefing = Briefing.objects.create(date=date(2026, 11, 27))
    Item.objects.create(briefing=briefing, position=1, headline="标题", text="正文", url="https://a.example/1")
    return briefing


def test_to_change_issues_does_not_publish_them(draft: Briefing) -> None:
    address = f"/admin/briefings/briefing/{draft.pk}/publish/"
    author = person("作者", permissions=("change_briefing",))
    assert (author.get(address).status_code, author.post(address).status_code) == (403, 403)
    draft.refresh_from_db()
    assert draft.published_at is None
    assert person("发布者").post(address).status_code == 302
    draft.refresh_from_db()
    assert draft.published_at is not None


def test_an_author_changes_drafts_and_an_editor_what_is_published(draft: Briefing) -> None:
    address = f"/admin/briefings/briefing/{draft.pk}/change/"
    author, editor = person("作者"), person("编辑")
    draft.publish(None)
    assert [client.post(address, {}).status_code for client in (author, editor)] == [403, 200]
    assert author.get(address).status_code == 200  # to read
    assert author.get(f"/admin/briefings/briefing/{draft.pk}/candidates/").status_code == 403


def test_buttons_stand_only_where_they_may_be_pressed(draft: Briefing) -> None:
    form, listed = f"/admin/briefings/briefing/{draft.pk}/change/", "/admin/briefings/briefing/"
    publish, compose, past = f"/{draft.pk}/publish/", "/briefing/compose/", "/briefing/import/"
    seen = {}
    for short, name in SHORT.items():
        client = person(name)
        content = client.get(form).content.decode() + client.get(listed).content.decode()
        seen[short] = [button in content for button in (publish, compose, past)]
    assert seen == {"A": [False, True, False], "E": [False, True, False], "P": [True, False, True], "O": [False] * 3}
    content = {name: person(name).get("/admin/mailing/mailing/").content.decode() for name in ("发布者", "运维")}
    assert ["/mailing/outbox/" in content[name] for name in content] == [False, True]
    assert ["/mailing/test/" in content[name] for name in content] == [True, False]


def test_the_groups_are_made_once_and_stay_as_the_operator_left_them() -> None:
    assert {group.name for group in Group.objects.all()} == set(GROUPS) == set(SHORT.values())
    for name in GROUPS:
        held = Group.objects.get(name=name).permissions.values_list("content_type__app_label", "codename")
        assert set(held) == codenames(name)
    Group.objects.get(name="作者").permissions.clear()
    Group.objects.filter(name="编辑").update(name="Redaktion")
    Group.objects.get(name="发布者").delete()
    call_command("migrate", verbosity=0)
    assert {group.name for group in Group.objects.all()} == {"作者", "Redaktion", "运维"}
    assert not Group.objects.get(name="作者").permissions.exists()


def test_a_group_of_that_name_from_before_is_not_touched() -> None:
    MadeGroup.objects.filter(name="编辑").delete()
    Group.objects.get(name="编辑").permissions.clear()
    make_groups()
    assert not Group.objects.get(name="编辑").permissions.exists()
    assert MadeGroup.objects.filter(name="编辑").exists()


def test_an_operator_makes_no_superuser_and_touches_none() -> None:
    root = User.objects.create_superuser("root", password="correct horse battery")
    operator = person("运维")
    mine = User.objects.get(groups__name="运维")
    given = {"username": mine.username, "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    given |= {"email": "one@example.org"}
    given |= {"date_joined_0": "2026-11-27", "date_joined_1": "10:00:00", "groups": [mine.groups.get().pk]}
    given |= {"user_permissions": [Permission.objects.get(codename="publish_briefing").pk]}
    assert operator.post(f"/admin/auth/user/{mine.pk}/change/", given).status_code == 302
    mine.refresh_from_db()
    assert (mine.is_superuser, mine.user_permissions.count()) == (False, 0)
    for what in ("change", "delete", "password"):
        assert operator.post(f"/admin/auth/user/{root.pk}/{what}/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [root.pk], "post": "yes"}
    operator.post("/admin/auth/user/", chosen)
    assert User.objects.filter(pk=root.pk).exists()
