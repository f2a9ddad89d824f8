"""The programs' door: a token is the whole credential, and every refusal has its status and its words."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from digest.intake import limits, tokens
from digest.intake.models import Token
from digest.intake.refusal import REASONS
from news.models import Article, Lead, Snapshot, Stage

pytestmark = pytest.mark.django_db
LINKS, SENT, READ = "/api/v1/links", "/api/v1/pages", "/api/v1/articles/{}"
PAGES = Path(__file__).resolve().parent.parent.parent / "pages" / "mp.weixin.qq.com"
GOOD, BLOCKED = ((PAGES / f"{name}.html").read_bytes() for name in ("article_2025", "blocked"))
OWN_URL = "https://mp.weixin.qq.com/s/OwnPage_0"


def secret(*scopes: str, **columns: Any) -> str:
    return tokens.make("剪藏程序", scopes, **columns)[1]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def send(given: Any, token: str, **more: Any) -> Any:
    body = given if isinstance(given, bytes) else json.dumps(given).encode()
    more = {"content_type": "application/json", "headers": bearer(token)} | more
    return Client(enforce_csrf_checks=True).post(LINKS, body, **more)


def send_page(body: bytes, token: str, kind: str = "text/html", query: str = "") -> Any:
    return Client().post(SENT + query, body, content_type=kind, headers=bearer(token))


def refused(answer: Any) -> tuple[int, str]:
    given = answer.json()
    assert given["message"]
    assert given["next"]
    return answer.status_code, given["error"]


# ---- links


def test_links_are_taken_each_with_its_fate() -> None:
    editor = User.objects.create_user("editor")
    token = secret("links", by=editor)
    answer = send({"text": "看 https://a.example/1 和 http://127.0.0.1/"}, token)
    article = Article.objects.get()
    assert answer.status_code == 200
    assert [(one["fate"], one["article"], one["reason"]) for one in answer.json()["links"]] == [
        ("added", article.pk, ""),
        ("refused", None, "host"),
    ]
    assert list(Lead.objects.values_list("added_by", "note")) == [(editor.pk, "剪藏程序")]
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in answer
    assert send({"url": "https://a.example/1#x"}, token).json()["links"][0]["fate"] == "known"


def test_a_dry_run_stores_nothing() -> None:
    answer = send({"url": "https://a.example/1", "dry_run": True}, secret("links")).json()
    assert (answer["dry_run"], answer["links"][0]["fate"]) == (True, "added")
    assert Article.objects.count() == 0


BAD_LINKS = [
    (b"{", {}, (400, "json")),
    (b"[1]", {}, (400, "json")),
    (b"\xff\xfe", {}, (400, "json")),
    (b"[" * 100_000, {}, (400, "json")),
    ({"text": 7}, {}, (422, "fields")),
    ({"text": "https://a.example/1", "dry_run": "yes"}, {}, (422, "fields")),
    ({"text": "没有链接"}, {}, (422, "no_link")),
    ({}, {}, (422, "no_link")),
    ({"text": " ".join(f"https://a.example/{n}" for n in range(501))}, {}, (422, "too_many")),
    ({"text": "a" * 2**20}, {}, (413, "too_large")),
    (b"text=https://a.example/1", {"content_type": "application/x-www-form-urlencoded"}, (415, "type")),
]


@pytest.mark.parametrize(("given", "more", "wanted"), BAD_LINKS, ids=lambda value: str(value)[:30])
def test_bad_input_is_told(given: Any, more: dict[str, Any], wanted: tuple[int, str]) -> None:
    assert refused(send(given, secret("links"), **more)) == wanted
    assert Article.objects.count() == 0


def test_too_many_links_are_refused_before_any_is_weighed() -> None:
    token = secret("links")
    text = " ".join(f"https://a.cn/{number}" for number in range(30_000))
    with CaptureQueriesContext(connection) as asked:
        assert refused(send({"text": text}, token)) == (422, "too_many")
    assert not [query["sql"] for query in asked if '"news_article"' in query["sql"]]


# ---- tokens


def test_a_token_is_kept_as_its_hash_alone() -> None:
    token, word = tokens.make("程序", ["links"])
    assert word.startswith("jb_")
    assert word not in json.dumps(list(Token.objects.values()), default=str)
    assert tokens.find(word) == token
    assert Token.objects.get().used_at is not None


def test_no_token_no_entry() -> None:
    gone = User.objects.create_user("gone", is_active=False)
    hour = timedelta(hours=1)
    words = [
        "",
        "jb_wrong",
        "\u4e2d",
        Token.objects.create(name="x", scopes=["links"], digest="0" * 64, hint="jb_").digest,
        secret("links", expires_at=timezone.now() - hour),
        secret("links", by=gone),
    ]
    revoked, word = tokens.make("x", ["links"])
    Token.objects.filter(pk=revoked.pk).update(is_revoked=True)
    for one in [*words, word]:
        answer = send({"url": "https://a.example/1"}, one.encode("utf-8").decode("latin-1"))
        assert refused(answer) == (401, "token")
        assert answer["WWW-Authenticate"] == 'Bearer realm="jianbao"'
    assert refused(Client().post(LINKS, {}, headers={"Authorization": f"Basic {secret('links')}"})) == (401, "token")
    assert send({"url": "https://a.example/1"}, secret("links", expires_at=timezone.now() + hour)).status_code == 200


def test_a_signed_in_editor_is_nobody_here(admin_client: Client) -> None:
    given = json.dumps({"url": "https://a.example/1"})
    assert admin_client.post(LINKS, given, content_type="application/json").status_code == 401


@pytest.mark.parametrize("scope", ["links", "pages", "read"])
def test_a_scope_opens_its_own_door_alone(scope: str) -> None:
    token = secret(scope)
    article = Article.objects.create(canonical_url="https://a.example/0", url="https://a.example/0", host="a.example")
    doors = {
        "links": send({"url": "https://a.example/1"}, token),
        "pages": send_page(GOOD, token),
        "read": Client().get(READ.format(article.pk), headers=bearer(token)),
    }
    assert {name: answer.status_code for name, answer in doors.items()} == {
        name: 200 if name == scope else 403 for name in doors
    }
    assert {refused(answer) for name, answer in doors.items() if name != scope} == {(403, "scope")}


def test_a_token_may_be_used_sixty_times_a_minute() -> None:
    token, other = secret("read"), secret("read")
    asked = [Client().get(READ.format(1), headers=bearer(token)) for _ in range(limits.A_TOKEN[0][0] + 1)]
    assert [answer.status_code for answer in asked] == [404] * 60 + [429]
    assert asked[-1]["Retry-After"] == "60"
    assert Client().get(READ.format(1), headers=bearer(other)).status_code == 404


def test_guessing_is_slowed_down_for_the_guesser_alone() -> None:
    guesses = [Client().get(READ.format(1), headers=bearer(f"jb_{n}")).status_code for n in range(21)]
    assert guesses == [401] * 20 + [429]
    assert Client().get(READ.format(1), headers=bearer(secret("read"))).status_code == 404


def test_only_the_one_method_is_taken() -> None:
    answer = Client().get(LINKS, headers=bearer(secret("links")))
    assert refused(answer) == (405, "method")
    assert answer["Allow"] == "POST"
    assert refused(Client().delete(READ.format(1))) == (405, "method")


# ---- pages


def test_a_page_is_taken_as_it_is() -> None:
    answer = send_page(GOOD, secret("pages"), query="?url=https://mp.weixin.qq.com/s/OwnPage_0")
    article = Article.objects.get()
    assert answer.json() | {"title": ""} == {
        "fate": "taken",
        "article": article.pk,
        "canonical_url": OWN_URL,
        "title": "",
    }
    assert (article.stage, Snapshot.objects.get().size) == (Stage.FETCHED, len(GOOD))


def test_a_page_is_taken_as_a_form() -> None:
    given = {"page": SimpleUploadedFile("x.html", GOOD, "text/html"), "url": OWN_URL}
    answer = Client(enforce_csrf_checks=True).post(SENT, given, headers=bearer(secret("pages")))
    assert (answer.status_code, answer.json()["canonical_url"]) == (200, OWN_URL)


def test_an_archive_may_come_without_its_own_head() -> None:
    body = b"--x\r\nContent-Type: text/html\r\nContent-Location: https://mp.weixin.qq.com/s/OwnPage_0\r\n\r\n" + GOOD
    answer = send_page(body + b"\r\n--x--\r\n", secret("pages"), "multipart/related; boundary=x")
    assert (answer.status_code, answer.json()["canonical_url"]) == (200, OWN_URL)


def test_a_verification_page_is_told_for_what_it_is() -> None:
    answer = send_page(BLOCKED, secret("pages"), query="?url=" + OWN_URL)
    assert refused(answer) == (422, "page")
    assert answer.json()["reason"] == "blocked"
    assert "验证" in answer.json()["next"]
    assert Article.objects.count() == 0


BAD_PAGES = [
    (b"\x89PNG\r\n\x1a\n" + bytes(50), "text/html", 422),
    (b" ", "text/html", 422),
    (GOOD, "image/png", 415),
    (GOOD, "", 415),
    (b"a" * (12 * 2**20 + 1), "text/html", 413),
    (bytes(50 * 2**20), "multipart/form-data; boundary=x", 413),
    (b"no boundary here", "multipart/form-data", 400),
    (b"--x\r\nbroken", "multipart/form-data; boundary=x", 422),
]


@pytest.mark.parametrize(("body", "kind", "status"), BAD_PAGES, ids=lambda value: str(value)[:20])
def test_what_is_no_page_is_told(body: bytes, kind: str, status: int) -> None:
    assert refused(send_page(body, secret("pages"), kind))[0] == status
    assert Article.objects.count() == 0


# ---- progress


def test_progress_says_how_far_and_what_next() -> None:
    article = Article.objects.create(
        canonical_url="https://a.example/0",
        url="https://a.example/0",
        host="a.example",
        stage=Stage.DROPPED,
        drop_reason="blocked",
        state="blocked",
    )
    given = Client().get(READ.format(article.pk), headers=bearer(secret("read"))).json()
    assert (given["stage"], given["drop_reason"], given["is_done"]) == ("dropped", "blocked", True)
    assert given["next"]
    for number in (article.pk + 1, 2**70):
        assert refused(Client().get(READ.format(number), headers=bearer(secret("read")))) == (404, "no_article")


def test_every_refusal_has_words_and_a_status() -> None:
    assert all(reason.message and reason.next and 400 <= reason.status < 500 for reason in REASONS.values())


# ---- the desk


def test_a_token_is_shown_once_and_then_never(admin_client: Client) -> None:
    given = {"name": "剪藏程序", "scopes": ["links", "read"], "expires_at_0": "", "expires_at_1": ""}
    made = admin_client.post(reverse("admin:intake_token_add"), given)
    assert made.status_code == 200
    token = Token.objects.get()
    word = made.context["secret"]
    assert f'value="{word}"' in made.content.decode()
    assert tokens.find(word) == token
    assert (token.scopes, token.made_by) == (["links", "read"], made.wsgi_request.user)
    for address in (reverse("admin:intake_token_changelist"), reverse("admin:intake_token_change", args=[token.pk])):
        page = admin_client.get(address)
        assert page.status_code == 200
        assert word not in page.content.decode()
    assert word not in str(dict(admin_client.session))


def test_a_token_is_revoked_from_the_list(admin_client: Client) -> None:
    token, word = tokens.make("程序", ["links"])
    given = {"action": "revoke", "_selected_action": [token.pk]}
    admin_client.post(reverse("admin:intake_token_changelist"), given)
    assert tokens.find(word) is None


def test_scopes_of_a_token_stay(admin_client: Client) -> None:
    token, _word = tokens.make("程序", ["links"])
    given = {"name": "新名字", "scopes": ["pages"], "expires_at_0": "", "expires_at_1": "", "is_revoked": "on"}
    assert admin_client.post(reverse("admin:intake_token_change", args=[token.pk]), given).status_code == 302
    token.refresh_from_db()
    assert (token.name, token.scopes, token.is_revoked) == ("新名字", ["links"], True)


def test_tokens_are_for_who_may(client: Client) -> None:
    client.force_login(User.objects.create_user("guest", password="a long enough word", is_staff=True))
    assert client.get(reverse("admin:intake_token_add")).status_code == 403
    assert client.get(reverse("admin:intake_token_changelist")).status_code == 403
