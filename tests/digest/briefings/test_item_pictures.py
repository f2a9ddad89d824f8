"""Pictures in items: those of the item's own article and uploaded ones; any other leaves its words."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from digest.briefings.item_pictures import note_pictures
from digest.briefings.lint import lint
from digest.briefings.markdown import clean, images, to_html, to_letter
from digest.briefings.models import Briefing, Item
from digest.mailing.freeze import freeze
from news.models import Article, Picture, PictureState
from news.pictures import address_of, markdown_of, register
from tests.news.articles import make_article

pytestmark = pytest.mark.django_db
URL = "https://mmbiz.example/中 图/1.png?a=1&b=2"
Issue = Callable[..., Briefing]


@pytest.fixture
def article() -> Article:
    article = make_article("标题", "正文")
    register(article, f'<img src="{URL.replace("&", "&amp;")}">')
    Picture.objects.update(state=PictureState.OK, width=1600, height=800)
    return article


@pytest.fixture
def picture(article: Article) -> Picture:
    return article.pictures.get()


@pytest.fixture
def uploaded() -> Picture:
    return Picture.objects.create(key="f" * 64, url="", host="", state=PictureState.OK, width=40, height=30)


def shown(html: str) -> list[Tag]:
    return BeautifulSoup(html, "lxml").select("img[loading]")


def test_a_picture_on_our_pages(picture: Picture) -> None:
    (image,) = shown(to_html(f"看图：![示意](<{URL}>)", [picture]))
    assert image.attrs == {
        "src": address_of(picture),
        "alt": "示意",
        "width": "1600",
        "height": "800",
        "loading": "lazy",
        "referrerpolicy": "no-referrer",
    }


def test_a_picture_in_a_letter_has_a_whole_address_and_fits(picture: Picture) -> None:
    (image,) = shown(to_letter(f"![示意](<{URL}>)", [picture]))
    assert (image["src"], image["width"], image["height"]) == (settings.SITE_URL + address_of(picture), "600", "300")


def test_our_own_addresses_with_and_without_an_old_signature(uploaded: Picture) -> None:
    for address in (
        f"/pictures/{uploaded.key}",
        f"/pictures/{uploaded.key}.old",
        settings.SITE_URL + address_of(uploaded),
    ):
        (image,) = shown(to_html(f"![图]({address})", [uploaded]))
        assert image["src"] == address_of(uploaded)


def test_what_is_copied_from_the_desk_works(picture: Picture, uploaded: Picture) -> None:
    for one in (picture, uploaded):
        (image,) = shown(to_html(markdown_of(one), [picture, uploaded]))
        assert image["src"] == address_of(one)


def test_no_other_image_passes_the_second_lock(picture: Picture) -> None:
    for address in ("https://evil.example/1.png", "//evil.example/1.png", "data:image/png;base64,AA", "/other/x.png"):
        assert "src" not in clean(f'<img src="{address}" onerror="x" style="x">')
    html = to_letter(f"![示意](<{URL}>)", [picture])
    assert clean(html) == html


def test_names_of_pictures_in_a_text() -> None:
    assert images("![甲](/pictures/x) 字 ![](https://a.example/1.png)\n\n`![码](y)`") == [
        ("/pictures/x", "甲"),
        ("https://a.example/1.png", ""),
    ]


def test_an_item_shows_its_own_articles_pictures_and_uploads_alone(
    client: Client, issue: Issue, article: Article, uploaded: Picture
) -> None:
    register(make_article("别的", "别的"), '<img src="https://a.example/other.png">')
    text = f"![示意](<{URL}>) ![上传](/pictures/{uploaded.key}) ![别篇](https://a.example/other.png)"
    briefing = issue("2023-03-10", {"text": text, "article": article})
    note_pictures(briefing.items.all())
    for address in (briefing.get_absolute_url(), briefing.items.get().get_absolute_url()):
        page = client.get(address).content.decode()
        assert [image["src"] for image in shown(page)] == [address_of(article.pictures.get()), address_of(uploaded)]
        assert "别篇" in page
        assert "other.png" not in page
    assert set(Picture.objects.exclude(wanted_at=None)) == {article.pictures.get(), uploaded}


def test_feeds_and_letters_have_whole_addresses(client: Client, issue: Issue, article: Article) -> None:
    briefing = issue("2023-03-10", {"text": f"![示意](<{URL}>)", "article": article})
    note_pictures(briefing.items.all())
    whole = settings.SITE_URL + address_of(article.pictures.get())
    (entry,) = client.get(reverse("feed_json")).json()["items"]
    assert [image["src"] for image in shown(entry["content_html"])] == [whole]
    (item,) = freeze(briefing)["items"]
    assert [image["src"] for image in shown(item["html"])] == [whole]


def test_what_an_editor_saves_is_noted(admin_client: Client, issue: Issue, article: Article) -> None:
    briefing = issue("2023-03-10", {"text": "没有图", "article": article}, published=False)
    page = admin_client.get(reverse("admin:briefings_briefing_change", args=[briefing.pk]))
    form = page.context["adminform"].form
    (formset,) = [one.formset for one in page.context["inline_admin_formsets"]]
    data = {**_values(form), **_values(formset.management_form), **_values(formset.forms[0])}
    data["items-0-text"] = f"![示意](<{URL}>)"
    answer = admin_client.post(page.request["PATH_INFO"], data)
    assert answer.status_code == 302
    assert list(briefing.items.get().pictures.all()) == list(article.pictures.all())


def _values(form: Any) -> dict[str, Any]:
    values = {field.html_name: field.value() for field in form}
    return {name: value for name, value in values.items() if value is not None}


def test_pages_of_one_and_of_three_items_ask_the_same(
    client: Client, issue: Issue, article: Article, django_assert_num_queries: Any
) -> None:
    item = {"text": f"![示意](<{URL}>)", "article": article}
    one, three = issue("2023-03-10", item), issue("2023-03-17", item, item, item)
    note_pictures(Item.objects.all())
    with django_assert_num_queries(_queries(client, one)):
        page = client.get(three.get_absolute_url())
    assert len(shown(page.content.decode())) == 3


def _queries(client: Client, briefing: Briefing) -> int:
    client.get(briefing.get_absolute_url())
    with CaptureQueriesContext(connection) as queries:
        client.get(briefing.get_absolute_url())
    return len(queries)


def test_what_lint_says_of_pictures(issue: Issue, article: Article, uploaded: Picture) -> None:
    Picture.objects.filter(pk=uploaded.pk).update(state=PictureState.FAILED)
    text = f"![](<{URL}>) ![甲](/pictures/{uploaded.key}) ![乙](https://a.example/x.png)"
    briefing = issue("2023-03-10", {"text": text, "article": article, "source_name": "某号"}, published=False)
    assert [finding.message for finding in lint(briefing)] == [
        "图片没有文字说明：在 ![ 与 ] 之间写上画的是什么，看不到图的读者靠它",
        f"图片取不到：换一张，或上传自己的：/pictures/{uploaded.key}",
        "图片不会显示：它既不是这篇文章里的，也没有上传过：https://a.example/x.png",
    ]
    assert not any(finding.blocks for finding in lint(briefing))
