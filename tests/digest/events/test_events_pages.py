"""The pages: what a visitor sees, and that sending a form tells nothing about who signed up."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digest.events.models import Offer, Signup, Tour
from digest.events.signup import sign_up

pytestmark = pytest.mark.django_db
FIELDS = {"name": "来宾", "email": "guest@example.com", "company": "示范公司"}


def test_the_list_shows_cities_with_date_or_pending_and_the_contact(client, tour, stop):
    stop(city="青岛")
    stop(city="成都", city_en="", starts_at=None, position=1)
    page = client.get("/events/").content.decode()
    assert page.index("青岛") < page.index("成都")
    for text in ("示范训练营", "日期待定", "demo_desk", "公司+姓名", reverse("offer", args=["demo-camp", "venue"])):
        assert text in page


def test_a_closed_tour_is_not_listed_but_its_page_says_so(client, tour, stop):
    event = stop()
    Tour.objects.update(is_open=False)
    assert "示范训练营" not in client.get("/events/").content.decode()
    assert "不再接受报名" in client.get(tour.get_absolute_url()).content.decode()
    assert "现在不接受报名" in client.get(event.get_absolute_url()).content.decode()
    assert client.get(reverse("offer", args=[tour.slug, "venue"])).status_code == 404


@pytest.mark.parametrize("path", ["/events/", "/tours/demo-camp/"])
def test_one_stop_or_three_cost_the_same_queries(client, tour, stop, path, django_assert_num_queries):
    stop()
    client.get(path)
    with django_assert_num_queries(2):
        client.get(path)
    stop(), stop()
    with django_assert_num_queries(2):
        client.get(path)


def test_three_tours_cost_as_many_queries_as_one(client, tour, stop, django_assert_num_queries):
    for n in (1, 2):
        stop(tour=Tour.objects.create(name=f"另一个{n}", slug=f"other-{n}"))
    with django_assert_num_queries(2):
        client.get("/events/")


def test_signing_up_stores_the_row_and_answers_with_the_same_page_for_everybody(client, stop):
    event = stop(seats=1)
    answers = [client.post(event.get_absolute_url(), FIELDS) for _ in range(2)]
    assert [(a.status_code, a["Location"]) for a in answers] == [(302, f"/events/{event.pk}/thanks/")] * 2
    signup = Signup.objects.get()
    assert (signup.name, signup.email, signup.company, signup.state) == (
        "来宾",
        "guest@example.com",
        "示范公司",
        "seated",
    )
    assert client.get(answers[0]["Location"]).status_code == 200


def test_a_form_without_csrf_token_is_refused(stop):
    answer = Client(enforce_csrf_checks=True).post(stop().get_absolute_url(), FIELDS)
    assert (answer.status_code, Signup.objects.count()) == (403, 0)


def test_a_filled_trap_gets_the_same_answer_and_no_row(client, stop):
    answer = client.post(stop().get_absolute_url(), FIELDS | {"website": "http://spam.example"})
    assert (answer.status_code, Signup.objects.count()) == (302, 0)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "长" * 5000),
        ("name", " \u3000\t "),
        ("name", "\u202e\u200b\u2066"),
        ("name", ""),
        ("email", "a@localhost"),
        ("email", "a@[127.0.0.1]"),
        ("email", "İ@b.co"),
        ("email", "a@b.co\r\nBcc: v@x.example"),
        ("email", "l" * 65 + "@b.co"),
        ("email", "a@" + "b" * 60 + ("." + "c" * 60) * 4 + ".co"),
        ("email", "a@b.co\u202e"),
    ],
)
def test_what_cannot_be_a_name_or_an_address_is_shown_again_with_a_reason(client, stop, field, value):
    answer = client.post(stop().get_absolute_url(), FIELDS | {field: value})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert Signup.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  李\u3000明 ", "李 明"),
        ("\u202eevil\u202c", "evil"),
        ("a\x00b", "ab"),
        ("👩\u200d💻 工程师", "👩\u200d💻 工程师"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("张三\r\nBcc: v@x", "张三 Bcc: v@x"),
    ],
)
def test_names_are_kept_readable_on_one_line_and_escaped(client, stop, typed, stored):
    client.post(stop().get_absolute_url(), FIELDS | {"name": typed})
    signup = Signup.objects.get()
    assert signup.name == stored
    assert "姓名</dt>" not in client.get(signup.get_absolute_url()).text  # of a mailbox whose owner never said so
    client.post(reverse("signup_confirm", args=[signup.token]))
    page = client.get(signup.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert stored.replace("<", "&lt;").replace(">", "&gt;") in page


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Guest@Example.COM ", "guest@example.com"),
        ("ｇｕｅｓｔ＠example.com", "guest@example.com"),
        ("a@例子.中国", "a@xn--fsqu00a.xn--fiqs8s"),
    ],
)
def test_one_mailbox_is_one_spelling(client, stop, typed, stored):
    client.post(stop().get_absolute_url(), FIELDS | {"email": typed})
    assert Signup.objects.get().email == stored


def test_a_stop_that_closes_between_page_and_post_says_so(client, stop):
    event = stop(state="closed")
    answer = client.post(event.get_absolute_url(), FIELDS)
    assert answer.status_code == 409
    assert "停止报名" in answer.content.decode()


def test_own_page_shows_the_place_and_looking_at_it_changes_nothing(client, stop, person):
    event = stop(seats=0)
    sign_up(event.pk, person(1))
    second = sign_up(event.pk, person(2))
    answer = client.get(second.get_absolute_url())
    assert "候补第 2 位" in answer.content.decode()
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("same-origin", "noindex")
    assert "no-store" in answer["Cache-Control"]
    for name in ("signup_cancel", "signup_join", "signup_confirm"):
        assert client.get(reverse(name, args=[second.token])).status_code == 405
    second.refresh_from_db()
    assert second.state == "waiting"


def test_confirm_by_its_button_in_time_and_late(client, stop, person):
    signup = sign_up(stop().pk, person())
    button = reverse("signup_confirm", args=[signup.token])
    page = client.get(signup.get_absolute_url()).text
    assert ("待确认" in page, "确认报名</button>" in page) == (True, True)
    answer = client.post(button, follow=True).text
    assert ("已有座位" in answer, "确认报名</button>" in answer) == (True, False)
    Signup.objects.update(confirmed_at=None, state="cancelled", lapsed_at=timezone.now())
    page = client.get(signup.get_absolute_url()).text
    assert ("没有及时确认，名额已经让出" in page, "确认报名</button>" in page) == (True, True)
    assert "已有座位" in client.post(button, follow=True).text


@pytest.mark.parametrize("field", ["name", "company"])
@pytest.mark.parametrize(
    "typed",
    [
        *(
            "看 http://a.example",
            "www.领奖",
            "win.top",
            "a@b.example",
            "ａ．com",
            "点 x。cn 领",
            "qq.com/abc",
            "t.me/x",
        ),
        *("WIN.XYZ", "领奖.中国", "三.com帮"),
    ],
)
def test_a_link_in_a_name_is_refused(client, stop, field, typed):
    answer = client.post(stop().get_absolute_url(), FIELDS | {field: typed})
    assert (answer.status_code, "这里请不要写网址。" in answer.text) == (422, True)
    assert not Signup.objects.exists()


@pytest.mark.parametrize("typed", ["J.R. Smith", "St. John", "Node.js 小组", "A.I.公司", "李.明", "第3.5组"])
def test_a_name_with_a_dot_is_none(client, stop, typed):
    assert client.post(stop().get_absolute_url(), FIELDS | {"name": typed}).status_code == (
        422 if "com" in typed else 302
    )


def test_cancel_by_its_button(client, stop, person):
    signup = sign_up(stop().pk, person())
    answer = client.post(reverse("signup_cancel", args=[signup.token]), follow=True)
    assert "已取消" in answer.content.decode()
    signup.refresh_from_db()
    assert signup.state == "cancelled"


@pytest.mark.parametrize("path", ["/signups/guess/", "/events/99999999999999999999/", "/events/0/", "/tours/none/"])
def test_what_is_not_there_is_404(client, db, path):
    assert client.get(path).status_code == 404


def test_limits_count_by_network_and_cannot_be_dodged_by_a_header(client, tour, settings):
    address = reverse("offer", args=[tour.slug, "prizes"])
    form = {"city": "成都", "name": "来宾", "contact": "wechat-id", "message": "十块开发板"}
    answers = [client.post(address, form, HTTP_X_FORWARDED_FOR=f"10.0.0.{n}").status_code for n in range(12)]
    assert answers == [302] * 10 + [429] * 2
    assert Offer.objects.count() == 10
    assert client.post(address, form, REMOTE_ADDR="203.0.113.9").status_code == 302


def test_behind_a_proxy_the_last_trusted_entry_counts(client, tour, settings):
    settings.TRUSTED_PROXIES = 1
    address = reverse("offer", args=[tour.slug, "prizes"])
    form = {"city": "成都", "name": "来宾", "contact": "wechat-id"}
    forged = [f"10.0.0.{n}, 2001:db8::{n:x}" for n in range(11)]  # one /64
    assert [client.post(address, form, HTTP_X_FORWARDED_FOR=f).status_code for f in forged] == [302] * 10 + [429]


def test_an_offer_is_stored_as_new_and_kinds_are_a_closed_list(client, tour):
    form = {"city": "成都", "name": "来宾", "contact": "wechat-id", "message": "有投影\n\n\n\n可坐 40 人\u202e"}
    answer = client.post(reverse("offer", args=[tour.slug, "venue"]), form)
    assert answer["Location"] == f"/tours/{tour.slug}/offer/thanks/"
    offer = Offer.objects.get()
    assert (offer.kind, offer.state, offer.message) == ("venue", "new", "有投影\n\n可坐 40 人")
    assert client.post(reverse("offer", args=[tour.slug, "money"]), form).status_code == 404


def test_maps_and_codes_lead_to_the_place_and_the_page(client, stop):
    event = stop(venue="示范大厦", address="香港中路 1 号 & <b>")
    page = client.get(event.get_absolute_url()).content.decode()
    assert "https://uri.amap.com/search?keyword=%E9%9D%92%E5%B2%9B+" in page
    assert "&lt;b&gt;" in page
    code = client.get(reverse("event_qr", args=[event.pk]))
    assert code["Content-Type"] == "image/svg+xml"
    assert b"<script" not in code.content
    assert b"style=" not in code.content


def test_english_pages_name_the_city_in_english(client, stop):
    page = client.get(stop().get_absolute_url(), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Qingdao" in page
