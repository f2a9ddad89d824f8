"""The pages of names: everything about one, merged addresses, and what stays hidden."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from digest.briefings.models import Briefing, Item, ItemName
from digest.briefings.names import note_names, renote_batch
from news.models import Name
from news.names import edit, find_in
from news.names.starter import install_starter_names
from tests.news.articles import make_article

Issue = Callable[..., Briefing]


@pytest.fixture(autouse=True)
def _starter(db: None) -> None:
    install_starter_names()


def _page(client: Client, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "lxml")


def _labels(item: Item) -> list[str]:
    return [row.name.label for row in ItemName.objects.filter(item=item).order_by("place")]


def test_an_item_is_listed_under_the_names_of_its_words_and_of_its_articles_subject(issue: Issue) -> None:
    article = make_article("高通与龙芯", "爱立信没有来。英伟达到场。代码在 https://github.com/demo-lab/edge 。")
    find_in(article)
    briefing = issue("2023-03-10", {"headline": "WTM2101 用进助听器", "text": "知存科技供货。", "article": article})
    assert _labels(briefing.items.get()) == ["WTM2101", "知存科技", "高通", "龙芯中科", "demo-lab/edge"]


def test_a_names_page_lists_its_items_newest_first_and_what_stands_beside_it(client: Client, issue: Issue) -> None:
    issue("2023-03-03", {"headline": "知存科技融资"}, {"headline": "别的事"})
    issue("2023-03-10", {"headline": "知存科技的 WTM2101"}, {"headline": "草莓"})
    issue("2023-03-17", {"headline": "知存科技的草稿"}, published=False)
    page = _page(client, "/names/witmem/")
    assert page.h1.get_text() == "知存科技"
    assert [link.get_text() for link in page.select(".entries h2 a")] == ["知存科技的 WTM2101", "知存科技融资"]
    assert [link["href"] for link in page.select(".name-beside a")] == ["/names/wtm2101/"]
    assert [bar["height"] for bar in page.select("svg rect")] == ["60.0", "60.0"]
    assert page.svg["aria-label"] == "知存科技：20230303 至 20230310 共 2 条，最高在 20230303，占 50%"
    assert page.select("[style]") == []


def test_the_page_of_all_names_goes_by_kind_and_searches_any_spelling(client: Client, issue: Issue) -> None:
    issue("2023-03-10", {"headline": "英伟达与高通"}, {"headline": "高通的芯片"})
    page = _page(client, "/names/")
    assert [" ".join(one.get_text().split()) for one in page.select(".name-kind li")] == ["高通 2", "英伟达 1"]
    assert [one.get_text() for one in _page(client, "/names/?q=輝達").select(".name-list a")] == ["英伟达"]
    assert [one.get_text() for one in _page(client, "/names/?kind=company").select(".name-list a")] == [
        "高通",
        "英伟达",
    ]
    assert client.get("/names/?kind=person").status_code == 404


def test_a_merged_names_address_leads_to_the_other_and_a_forbidden_one_is_gone(client: Client, issue: Issue) -> None:
    briefing = issue("2023-03-10", {"headline": "输入法：讯飞星火与科大讯飞"})
    one, target = Name.objects.get(slug="spark-desk"), Name.objects.get(slug="iflytek")
    edit.merge([one], target)
    answer = client.get("/names/spark-desk/")
    assert (answer.status_code, answer["Location"]) == (301, "/names/iflytek/")
    while renote_batch():
        pass
    assert _labels(briefing.items.get()) == ["科大讯飞"]
    edit.forbid([target])
    assert client.get("/names/iflytek/").status_code == 404
    assert _page(client, "/issues/20230310/").select(".item-names") == []


def test_what_an_editor_took_from_the_article_is_not_shown_on_its_item(issue: Issue) -> None:
    article = make_article("高通", "高通。")
    mention = find_in(article)[0]
    item = issue("2023-03-10", {"headline": "高通的消息", "article": article}).items.get()
    assert _labels(item) == ["高通"]
    edit.take_away(mention)
    while renote_batch():
        pass
    assert _labels(item) == []


def test_an_item_shows_its_names_as_links(client: Client, issue: Issue) -> None:
    item = issue("2023-03-10", {"headline": "Hailo-15 与树莓派"}).items.get()
    links = _page(client, item.get_absolute_url()).select(".item-names a")
    assert [(link.get_text(), link["href"]) for link in links] == [
        ("Hailo-15", "/names/hailo-15/"),
        ("树莓派", "/names/raspberry-pi/"),
    ]
    english = client.get(item.get_absolute_url(), headers={"accept-language": "en"})
    assert "Raspberry Pi</a>" in english.content.decode()


@pytest.mark.parametrize("address", ["/names/", "/names/qualcomm/", "/trends/", "/issues/20230310/", "/sitemap.xml"])
def test_pages_ask_as_often_for_three_items_as_for_one(client: Client, issue: Issue, address: str) -> None:
    briefing = issue("2023-03-10", {"headline": "高通与龙芯"}, {"headline": "高通与英特尔"})
    one = _queries(client, address)
    for position in (3, 4, 5):
        item = Item.objects.create(briefing=briefing, position=position, headline="高通、英伟达、树莓派与龙芯")
        note_names([item])
    assert _queries(client, address) == one


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
