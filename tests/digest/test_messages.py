"""The English of the interface: complete, and nothing on an English page is left in Chinese but what editors wrote."""

import datetime
import re
from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext, override

from digest import mail, messages
from digest.briefings.index import index
from digest.briefings.models import Briefing
from digest.events.models import Event, Offer, Signup, Tour
from digest.mailing import tokens
from digest.mailing.compose import compose_test
from digest.mailing.freeze import freeze
from digest.mailing.models import Mailing, Subscriber
from news.models import Article, DropReason, Source, Stage, Topic

HAN = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")
OWN_NAMES = {"中文", "简体中文"}  # of languages, each in its own words
PLACES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?[a-z][^>]*>")
SHOWN = ("title", "alt", "aria-label", "placeholder", "value")


@pytest.fixture(autouse=True)
def _compiled(settings: Any) -> None:
    messages.compile_catalogue()
    settings.LOCALE_PATHS = list(settings.LOCALE_PATHS)  # Django reads the catalogues anew
    settings.SITE_NAME, settings.PUBLISHER = "Weekly", "The desk"


@pytest.fixture
def site(db: None) -> dict[str, Any]:
    """One of each thing that pages show. All that editors wrote is ASCII, so any Han is the interface's."""
    topic = Topic.objects.create(slug="chips", name="Chips", name_en="Chips", description="About chips")
    issue = _issue(datetime.date(2023, 3, 10), topic)
    _issue(datetime.date(2023, 3, 3), topic)
    tour = Tour.objects.create(
        name="A tour", slug="a-tour", contact_wechat="desk", contact_note="name", contact_remark="a remark"
    )
    tour.briefings.add(issue)
    soon = timezone.now() + datetime.timedelta(days=30)
    known: dict[str, Any] = {"tour": tour, "city": "Here", "venue": "Hall", "address": "1 Road"}
    stops = {
        "dated": Event.objects.create(**known, starts_at=soon, ends_at=soon + datetime.timedelta(hours=2), seats=2),
        "undated": Event.objects.create(**known),
        "full": Event.objects.create(**known, starts_at=soon, seats=0),
        "called_off": Event.objects.create(**known, starts_at=soon, state=Event.State.CANCELLED),
        "over": Event.objects.create(**known, starts_at=timezone.now() - datetime.timedelta(days=1)),
    }
    return {"issue": issue, "topic": topic, "tour": tour, "stops": stops}


def _issue(day: datetime.date, topic: Topic) -> Briefing:
    briefing = Briefing.objects.create(date=day, lead="A lead.", published_at=timezone.now())
    for position in (1, 2):
        item = briefing.items.create(
            position=position,
            headline=f"GPT {position}",
            text="Words.",
            url="https://a.example/",
            source_name="A paper",
        )
        item.is_machine_made = True
        item.save()
        item.topics.add(topic)
        index([item])
    return briefing


@pytest.fixture
def reader(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


def test_the_catalogue_says_everything_that_the_source_says() -> None:
    assert messages.problems() == []


def test_the_english_has_the_placeholders_and_the_tags_of_the_chinese() -> None:
    wrong = []
    for message in messages._read():
        expected = sorted(PLACES.findall(_parts(message.id)[0]))
        wrong += [said for said in _parts(message.string) if message.id and sorted(PLACES.findall(said)) != expected]
    assert wrong == []


def test_the_english_is_in_english() -> None:
    said = [part for message in messages._read() if message.id for part in _parts(message.string)]
    assert [part for part in said if HAN.search(part)] == []
    assert len(said) > 500


def _parts(said: Any) -> list[str]:
    """The forms of a message with a plural, or the one form of another."""
    return list(said) if isinstance(said, tuple) else [str(said)]


def test_the_compiled_catalogue_switches_both_ways() -> None:
    with override("en"):
        english = [gettext("订阅"), gettext("往期"), ngettext("%d 篇已舍弃", "%d 篇已舍弃", 1) % 1]
        english.append(ngettext("%d 篇已舍弃", "%d 篇已舍弃", 2) % 2)
    with override("zh-hans"):
        chinese = [gettext("订阅"), gettext("往期"), ngettext("%d 篇已舍弃", "%d 篇已舍弃", 1) % 1]
    assert english == ["Subscribe", "Archive", "1 article discarded", "2 articles discarded"]
    assert chinese == ["订阅", "往期", "1 篇已舍弃"]


def test_only_a_post_changes_the_language(client: Client) -> None:
    asked = client.get("/i18n/setlang/", {"language": "en", "next": "/about/"})
    assert (asked.status_code, dict(asked.cookies)) == (302, {})
    chosen = client.post("/i18n/setlang/", {"language": "en", "next": "/about/"})
    assert (chosen.status_code, chosen["Location"]) == (302, "/about/")
    assert chosen.cookies["django_language"].value == "en"
    assert _heading(client) == "About Weekly"
    assert client.post("/i18n/setlang/", {"language": "zh-hans"}).cookies["django_language"].value == "zh-hans"
    assert _heading(client) == "关于Weekly"


def _heading(client: Client) -> str:
    return BeautifulSoup(client.get("/about/").content, "lxml").select("h1")[0].get_text()


def test_a_language_costs_no_query(client: Client, site: dict[str, Any]) -> None:
    counts = []
    for language in ("zh-hans", "en"):
        client.cookies["django_language"] = language
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_site_without_an_issue_is_in_english(reader: Client, db: None) -> None:
    paths = ("/", "/archive/", "/topics/", "/events/")
    assert {path: left for path in paths if (left := _left(reader, path))} == {}


def test_the_readers_pages_are_in_english(reader: Client, site: dict[str, Any]) -> None:
    paths = ["/", "/issues/20230303/", site["issue"].items.get(position=1).get_absolute_url(), "/archive/"]
    paths += ["/archive/2023/", "/archive/2023/3/", "/topics/", "/topics/chips/", "/about/", "/feeds/", "/search/"]
    paths += ["/search/?q=gpt", "/search/?q=nowhere", "/search/?q=%21", "/search/?q=" + "gpt+" * 40]
    assert {path: left for path in paths if (left := _left(reader, path))} == {}
    page = BeautifulSoup(reader.get("/archive/2023/3/").content, "lxml")
    assert [h.get_text() for h in page.select("h1, h2")][:2] == ["March 2023", "Weekly, issue 20230310"]
    assert "Friday, March 10, 2023" in reader.get("/").content.decode()


def test_the_pages_of_events_are_in_english(reader: Client, site: dict[str, Any]) -> None:
    stops = [stop.get_absolute_url() for stop in site["stops"].values()]
    paths = ["/events/", site["tour"].get_absolute_url(), *stops]
    paths += [reverse("offer", args=["a-tour", kind]) for kind in Offer.Kind.values]
    paths += [reverse("event_thanks", args=[site["stops"]["dated"].pk]), reverse("offer_thanks", args=["a-tour"])]
    assert {path: left for path in paths if (left := _left(reader, path))} == {}
    assert {path: left for path in (stops[0], paths[-3]) if (left := _left(reader, path, {"email": "nobody"}))} == {}
    for state in Signup.State.values:
        signup = site["stops"]["dated"].signups.create(
            number=len(state), state=state, name="Ann", email=f"{state}@a.example", company="School"
        )
        assert _left(reader, signup.get_absolute_url()) == set(), state


def test_the_pages_of_subscribing_are_in_english(reader: Client, site: dict[str, Any]) -> None:
    assert {path: left for path in ("/subscribe/", "/subscribe/link/") if (left := _left(reader, path))} == {}
    for address in ("nobody", "名@a.example", "ann@a.example"):
        assert _left(reader, "/subscribe/", {"email": address}) <= {address}
    one = Subscriber.objects.create(email="bob@a.example", status="confirmed")
    paths = [
        f"/preferences/{tokens.lasting(one, 'preferences')}/",
        f"/unsubscribe/{tokens.lasting(one, 'unsubscribe')}/",
    ]
    assert {path: left for path in paths if (left := _left(reader, path))} == {}
    assert _left(reader, paths[1], {}) == set()
    assert _left(reader, paths[0]) == set()


def test_the_desk_is_in_english(reader: Client, site: dict[str, Any]) -> None:
    reader.force_login(User.objects.create_superuser("ann", "ann@a.example", "x"))
    _work_on_the_desk(site)
    paths = ["/admin/", reverse("admin:news_inbox"), reverse("admin:briefings_briefing_compose")]
    issue = site["issue"]
    paths += [reverse(f"admin:briefings_briefing_{page}", args=[issue.pk]) for page in ("publish", "candidates")]
    paths += [reverse("admin:mailing_outbox"), reverse("admin:mailing_mailing_test")]
    for number, group in enumerate(Group.objects.all()):  # their names are rows, in the language of who made them
        Group.objects.filter(pk=group.pk).update(name=f"Group {number}")
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        paths.append(reverse(f"{name}_changelist"))
        first = model._default_manager.first()
        if first and model not in (User, Group):  # the names of permissions are Django's, stored in one language
            paths.append(reverse(f"{name}_change", args=[first.pk]))
    assert {path: left for path in paths if (left := _left(reader, path))} == {}
    pasted = {"text": "https://mp.weixin.qq.com/s?tempkey=a&src=11 http://127.0.0.1/ https://a.example/x"}
    assert _left(reader, reverse("admin:news_inbox"), pasted) == set()


def _work_on_the_desk(site: dict[str, Any]) -> None:
    """Something in every list, and something that waits for a person."""
    Source.objects.create(name="Inbox", kind="inbox")
    Briefing.objects.create(date=datetime.date(2023, 3, 17))
    for number, reason in enumerate(DropReason.values):
        Article.objects.create(
            canonical_url=f"https://a.example/{number}", url="x", stage=Stage.DROPPED, drop_reason=reason
        )
    one = Subscriber.objects.create(email="bob@a.example", status="confirmed")
    mailing = Mailing.objects.create(
        briefing=site["issue"],
        issue=freeze(site["issue"]),
        state="held",
        reason="发布已超过 6 小时，需编辑确认后才寄出",
    )
    mailing.deliveries.create(briefing=site["issue"], subscriber=one, state="unknown")
    site["stops"]["dated"].signups.create(number=1, state="seated", name="Ann", email="ann@a.example")
    Offer.objects.create(tour=site["tour"], kind="venue", city="Here", name="Ann", contact="ann@a.example")


def test_the_letters_are_in_english(site: dict[str, Any]) -> None:
    letters = [
        mail.letter("confirm", "a@a.example", {"confirm_url": "u", "days": 7}, language="en"),
        mail.letter("link", "a@a.example", {"preferences_url": "u"}, language="en"),
        *_letters_of_signups(site),
    ]
    with override("en"):
        issue = freeze(site["issue"])
    links = {"preferences_url": "p", "unsubscribe_url": "u"}
    for is_test in (True, False):
        context = {"issue": issue, "is_test": is_test, **links}
        letters.append(mail.letter("briefing", "a@a.example", context, language="en"))
    left = [(letter.subject, said) for letter in letters for said in HAN.findall(_everything(letter))]
    assert left == []
    assert compose_test(issue, "a@a.example").subject == "［测试］Weekly 20230310 期：GPT 1"
    assert letters[-1].subject == "Weekly, issue 20230310: GPT 1"


def _letters_of_signups(site: dict[str, Any]) -> Iterator[mail.Letter]:
    for event in site["stops"].values():
        for state in Signup.State.values:
            for news in Signup.News.values:
                signup = Signup(event=event, number=1, state=state, name="Ann", email="a@a.example", mail_news=news)
                links = {"page": "p", "event_page": "e", "place": 3}
                known = {"signup": signup, "event": event, "tour": site["tour"], "news": news, **links}
                yield mail.letter("signup", signup.email, known, language="en")


def _everything(letter: mail.Letter) -> str:
    return "\n".join([str(letter.subject), str(letter.body), *(str(content) for content, _ in letter.alternatives)])


def _left(client: Client, path: str, data: dict[str, str] | None = None) -> set[str]:
    """What a page shows in Chinese, outside what is marked as Chinese."""
    response = client.get(path) if data is None else client.post(path, data, follow=True)
    assert response.status_code in (200, 422, 429), path
    page = BeautifulSoup(response.content, "lxml")
    shown = [(node.parent, str(node)) for node in page.find_all(string=True) if node.parent.name not in {"script"}]
    shown += [(tag, tag[name]) for tag in page.find_all(True) for name in SHOWN if tag.get(name)]
    return {text.strip() for tag, text in shown if HAN.search(text) and not _is_chinese(tag)} - OWN_NAMES


def _is_chinese(tag: Tag | None) -> bool:
    while tag is not None and not tag.get("lang"):
        tag = tag.parent
    return tag is not None and str(tag["lang"]).startswith("zh")
