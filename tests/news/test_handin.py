"""Hand-in: what an editor brings is read like a fetched page, is told for what it is, and harms no good copy."""

import html
import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from news import pipeline
from news.canonical import REASONS as LINK_REASONS
from news.extract import STATES
from news.extract.saved import REASONS as FILE_REASONS
from news.handin import WORDS, Fate, hand_in
from news.models import Article, Lead, Origin, Snapshot, Stage
from news.sources.inbox import paste

PAGES = Path(__file__).resolve().parent.parent / "pages" / "mp.weixin.qq.com"
GOOD, BLOCKED = ((PAGES / f"{name}.html").read_bytes() for name in ("article_2025", "blocked"))
GOLD = json.loads((PAGES / "article_2025.json").read_text(encoding="utf-8"))
SHORT_URL = "https://mp.weixin.qq.com/s/AAAAAAAAAAAAAAAAAAAAAA"
PLAIN = """<!doctype html><html><head><meta charset="utf-8"><title>焊台的用法</title></head>
<body><article><h1>焊台的用法</h1>
<p>先把焊台的温度调到三百五十度，等指示灯不再闪，再碰第一个焊点。</p><script>alert(1)</script>
<p onclick="alert(2)">烙铁头要常擦，擦完马上蘸一点锡，免得氧化发黑，下次就难上锡了。</p>
<p>焊完先断电，再把烙铁插回架子，等它凉透了才能收起来，旁边别放纸。</p></article></body></html>"""

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> User:
    user = User.objects.create_superuser("editor", password="a long enough word")
    client.force_login(user)
    return user


def upload(content: bytes, name: str = "page.html") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def post(client: Client, query: str = "", **given: Any) -> Any:
    return client.post(reverse("admin:news_handin") + query, given)


# ---- what becomes of a page


def test_a_page_finds_its_blocked_article_and_is_read(editor: User) -> None:
    [outcome] = paste(SHORT_URL)
    Article.objects.update(stage=Stage.DROPPED, drop_reason="blocked", state="blocked", error="challenge", attempts=3)
    receipt = hand_in(GOOD, name="x.html", url=SHORT_URL + "#rd", by=editor)
    assert (receipt.fate, receipt.reason) == (Fate.TAKEN, "")
    article = Article.objects.get()
    assert article == outcome.article
    assert (article.stage, article.drop_reason, article.error, article.attempts) == (Stage.FETCHED, "", "", 0)
    snapshot = Snapshot.objects.get()
    assert (snapshot.origin, snapshot.added_by, snapshot.status) == (Origin.HAND, editor, 0)
    pipeline.advance(Stage.FETCHED)
    article.refresh_from_db()
    assert (article.stage, article.title) == (Stage.READ, GOLD["title"])


def test_an_unknown_page_makes_an_article_of_its_own_address(editor: User) -> None:
    page = PLAIN.replace("<title>", '<link rel="canonical" href="https://a.example/solder?utm_source=x"><title>')
    receipt = hand_in(page.encode(), by=editor)
    assert receipt.fate == Fate.TAKEN
    assert Article.objects.get().canonical_url == "https://a.example/solder"
    assert list(Lead.objects.values_list("url", "added_by__username")) == [("https://a.example/solder", "editor")]


def test_no_page_speaks_for_another_site() -> None:
    page = PLAIN.replace("<title>", f'<link rel="canonical" href="{SHORT_URL}"><title>')
    hand_in(page.encode(), url="https://evil.example/1")
    assert Article.objects.get().canonical_url == "https://evil.example/1"


def test_a_page_without_an_address_is_asked_for_one() -> None:
    receipt = hand_in(PLAIN.encode())
    assert (receipt.fate, receipt.reason) == (Fate.REFUSED, "no_address")
    assert "文章链接" in receipt.advice
    assert Article.objects.count() == 0


ADDRESSES = [
    ("https://mp.weixin.qq.com/s?src=11&timestamp=1&ver=2&signature=3", "temporary"),
    ("http://127.0.0.1/", "host"),
    ("http://nas.local/1", "inside"),
    ("file:///home/a.html", "scheme"),
]


@pytest.mark.parametrize(("url", "reason"), ADDRESSES)
def test_an_address_that_nothing_can_be_filed_under_is_told(url: str, reason: str) -> None:
    assert hand_in(PLAIN.encode(), url=url).reason == reason


FAILURES = [
    ("blocked", "blocked"),
    ("deleted", "deleted"),
    ("violation", "violation"),
    ("temporary_expired", "temporary_expired"),
    ("bad_request", "bad_request"),
    ("paid", "paid"),
    ("moved", "moved"),
]


@pytest.mark.parametrize(("name", "reason"), FAILURES)
def test_what_is_no_article_is_told_for_what_it_is(name: str, reason: str) -> None:
    receipt = hand_in((PAGES / f"{name}.html").read_bytes(), url=SHORT_URL)
    assert receipt.fate == Fate.REFUSED
    assert WORDS[receipt.reason] in (WORDS[reason], WORDS["preview"])
    assert (Article.objects.count(), Snapshot.objects.count()) == (0, 0)


BAD_FILES = [
    (b"", "empty"),
    (b"   \n", "empty"),
    (b"\x89PNG\r\n\x1a\n" + bytes(500), "no_page"),
    (b"%PDF-1.7 <p>", "no_page"),
    (b"PK\x03\x04" + b"<div>" * 10, "no_page"),
    (b"<p>" + b"a" * (12 * 2**20), "too_large"),
    (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n", "broken_archive"),
    (GOOD[: len(GOOD) // 3], "truncated"),
]


@pytest.mark.parametrize(("content", "reason"), BAD_FILES, ids=lambda value: str(value)[:20])
def test_what_is_no_page_is_told_for_what_it_is(content: bytes, reason: str) -> None:
    receipt = hand_in(content, url=SHORT_URL)
    assert (receipt.fate, receipt.reason) == (Fate.REFUSED, reason)
    assert Article.objects.count() == 0


def test_a_packed_archive_is_not_blown_up() -> None:
    """12 MiB of pictures in an archive of many parts: the page is taken, the rest never unpacked."""
    picture = b"--x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"A" * 2000 + b"\r\n"
    head = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n"
    page = b"--x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Location: https://a.example/1\r\n\r\n"
    receipt = hand_in(head + page + PLAIN.encode() + b"\r\n" + picture * 4000 + b"--x--", name="a.mht")
    assert (receipt.fate, receipt.reason) == (Fate.TAKEN, "")
    assert Snapshot.objects.get().size < 2000


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "utf-16"])
def test_the_charset_is_what_the_bytes_say(charset: str) -> None:
    """A page's own word is no more than a hint: each of these says that it is UTF-8."""
    receipt = hand_in(PLAIN.encode(charset), url="https://a.example/1")
    assert receipt.page
    assert receipt.page.title == "焊台的用法"


def test_a_good_copy_stays_unless_the_editor_says_so() -> None:
    hand_in(GOOD, url=SHORT_URL)
    pipeline.advance(Stage.FETCHED)
    before = Article.objects.values().get()
    assert hand_in(BLOCKED, url=SHORT_URL).fate == Fate.REFUSED
    assert hand_in(GOOD + b"<!-- again -->", url=SHORT_URL).fate == Fate.KEPT
    assert Article.objects.values().get() == before
    assert Snapshot.objects.count() == 1
    assert hand_in(GOOD + b"<!-- again -->", url=SHORT_URL, replace=True).fate == Fate.TAKEN
    assert Article.objects.get().stage == Stage.FETCHED


def test_a_page_for_a_given_article_must_be_its_own() -> None:
    given, _other = (outcome.article for outcome in paste("https://a.example/1 https://a.example/2"))
    assert hand_in(PLAIN.encode(), url="https://a.example/2", article=given).reason == "other_page"
    assert hand_in(PLAIN.encode(), url="https://b.example/1", article=given).reason == "other_page"
    assert hand_in(PLAIN.encode(), url="", article=given).article == given
    assert list(Article.objects.filter(stage=Stage.FETCHED)) == [given]


@pytest.mark.django_db(transaction=True)
def test_two_editors_with_the_same_page_make_one_article() -> None:
    def bring(_number: int) -> str:
        try:
            return hand_in(GOOD, url=SHORT_URL).fate
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(bring, range(8))) == {Fate.TAKEN}
    assert (Article.objects.count(), Snapshot.objects.count(), Lead.objects.count()) == (1, 1, 1)


def test_every_reason_has_words() -> None:
    assert {*FILE_REASONS, *LINK_REASONS, *STATES} - {"ok"} <= set(WORDS)


# ---- the desk


def test_an_uploaded_page_leads_to_its_article(client: Client, editor: User) -> None:
    answer = post(client, page=upload(GOOD, "../../etc/‮cron.html"), url=SHORT_URL)
    article = Article.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("admin:news_article_change", args=[article.pk]))
    assert f"已收下《{html.escape(GOLD['title'])}》" in client.get(answer.url).content.decode()


def test_pasted_source_is_taken_and_its_scripts_are_not_kept(client: Client, editor: User) -> None:
    assert post(client, html=PLAIN, url="https://a.example/1").status_code == 302
    pipeline.advance(Stage.FETCHED)
    article = Article.objects.get()
    assert "擦完马上蘸一点锡" in article.text
    assert "alert" not in article.html + article.text
    page = client.get(reverse("admin:news_article_change", args=[article.pk])).content.decode()
    assert "alert(" not in page


def test_a_refused_page_is_told_with_its_title_escaped(client: Client, editor: User) -> None:
    hostile = PLAIN.replace("<title>焊台的用法", "<title>&lt;script&gt;alert(3)&lt;/script&gt;焊台")
    page = post(client, html=hostile).content.decode()
    assert "网页里没有写明自己的地址" in page
    assert "<script>alert(3)" not in page
    assert Article.objects.count() == 0


def test_nothing_at_all_is_asked_for(client: Client, editor: User) -> None:
    assert "请选择保存的网页文件，或粘贴网页源码。" in post(client, url="https://a.example/1").content.decode()


def test_fifty_mebibytes_are_refused_before_they_are_read(client: Client, editor: User) -> None:
    answer = post(client, page=upload(b"<p>" + bytes(50 * 2**20)))
    assert answer.status_code == 413
    assert "文件太大" in answer.content.decode()


def test_a_paste_beyond_the_limit_of_forms_is_told(client: Client, editor: User) -> None:
    answer = post(client, html="<p>" + "a" * (6 * 2**20))
    assert answer.status_code == 413
    assert "文件太大" in answer.content.decode()


def test_a_file_larger_than_a_pasted_form_is_taken(client: Client, editor: User) -> None:
    page = PLAIN.replace("</body>", f"<img src='data:image/png;base64,{'A' * (8 * 2**20)}'></body>")
    assert post(client, page=upload(page.encode()), url="https://a.example/1").status_code == 302


def test_one_article_is_handed_in_for(client: Client, editor: User) -> None:
    [outcome] = paste("https://a.example/1")
    assert outcome.article
    query = f"?article={outcome.article.pk}"
    assert "交给这篇文章" in client.get(reverse("admin:news_handin") + query).content.decode()
    assert post(client, query, html=PLAIN).status_code == 302
    assert Article.objects.get().stage == Stage.FETCHED
    assert client.get(reverse("admin:news_handin") + "?article=999999").status_code == 404
    assert client.get(reverse("admin:news_handin") + "?article=x'").status_code == 200


def test_hand_in_is_for_who_may_change_articles(client: Client) -> None:
    addresses = [reverse("admin:news_handin"), reverse("admin:news_handin_receive")]
    assert [client.get(address).status_code for address in addresses] == [302, 302]
    guest = User.objects.create_user("guest", password="a long enough word", is_staff=True)
    client.force_login(guest)
    assert [client.get(address).status_code for address in addresses] == [403, 403]
    assert post(client, html=PLAIN, url="https://a.example/1").status_code == 403
    assert Article.objects.count() == 0
    guest.user_permissions.add(Permission.objects.get(codename="change_article"))
    assert [client.get(address).status_code for address in addresses] == [200, 200]


def test_a_foreign_form_hands_nothing_in(editor: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    assert post(client, html=PLAIN, url="https://a.example/1").status_code == 403
    assert Article.objects.count() == 0
    [token] = set(re.findall(r'csrfmiddlewaretoken" value="(\w+)"', _form(client)))
    assert post(client, html=PLAIN, url="https://a.example/1", csrfmiddlewaretoken=token).status_code == 302


def _form(client: Client) -> str:
    page = client.get(reverse("admin:news_handin")).content.decode()
    return page[page.index('enctype="multipart/form-data"') :]


def test_only_the_receiving_window_may_talk_with_its_opener(client: Client, editor: User) -> None:
    name = "Cross-Origin-Opener-Policy"
    window, form = (client.get(reverse(f"admin:{path}")) for path in ("news_handin_receive", "news_handin"))
    assert (window[name], form[name]) == ("unsafe-none", "same-origin")
    assert "'unsafe-inline'" not in window["Content-Security-Policy"]
    assert "data-receives" in window.content.decode()
    assert 'href="javascript:' in form.content.decode()
