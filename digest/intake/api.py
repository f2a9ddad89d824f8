"""What other programs call: links in, pages in, how far an article is. JSON out; a token is the whole credential."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from digest.intake import limits, tokens
from digest.intake.models import Token
from digest.intake.refusal import Refusal
from news.admin.states import NEXT_STEP
from news.canonical import find_links
from news.extract.saved import MAX_IN
from news.handin import Fate as PageFate
from news.handin import Receipt, hand_in
from news.models import Article, DropReason, Source, Stage
from news.sources.inbox import MOST, Outcome, add, foresee
from news.tasks import ring

LARGEST_JSON = 2**20
FORMS = ("multipart/form-data",)
PAGES = ("text/html", "application/xhtml+xml", "multipart/related", "message/rfc822", "application/octet-stream")

View = Callable[..., dict[str, Any]]


def for_token(scope: str, method: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """A view for programs with a token of `scope`. No cookie is read and none is set, so no CSRF check is needed."""

    def wrap(view: View) -> Callable[..., HttpResponse]:
        @never_cache
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, **named: Any) -> HttpResponse:
            try:
                if request.method != method:
                    raise Refusal("method")
                return JsonResponse(view(request, _token(request, scope), **named))
            except Refusal as refusal:
                return refusal.answer(method)
            except RequestDataTooBig:
                return Refusal("too_large").answer(method)
            except (MultiPartParserError, SuspiciousOperation, BadRequest):
                return Refusal("bad_request").answer(method)

        return answer

    return wrap


def _token(request: HttpRequest, scope: str) -> Token:
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    token = tokens.find(secret.strip()) if scheme.lower() == "bearer" else None
    if token is None:
        raise Refusal("token" if limits.may_guess(request) else "rate")
    if not limits.may_use(token):
        raise Refusal("rate")
    if scope not in token.scopes:
        raise Refusal("scope")
    return token


# ---- links


@for_token("links", "POST")
def links(request: HttpRequest, token: Token) -> dict[str, Any]:
    """Take the links of {"text": …} or {"url": …}; with "dry_run" only say what would become of each."""
    given = _json(request)
    text, is_trial = given.get("text") or given.get("url") or "", given.get("dry_run", False)
    if not isinstance(text, str) or not isinstance(is_trial, bool):
        raise Refusal("fields")
    found = find_links(text)
    if not found:
        raise Refusal("no_link")
    if len(found) > MOST:  # before any link is weighed: each costs a query
        raise Refusal("too_many")
    seen = foresee(found)
    if not is_trial:
        seen = [add(one.url, Source.inbox(), token.made_by, note=token.name) for one in seen]
        ring(Stage.FOUND)
    return {"dry_run": is_trial, "links": [_outcome(one) for one in seen]}


def _json(request: HttpRequest) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise Refusal("type")
    try:
        given = json.loads(_body(request, LARGEST_JSON))
    except (ValueError, RecursionError):
        raise Refusal("json") from None
    if not isinstance(given, dict):
        raise Refusal("json")
    return given


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "url": outcome.url,
        "canonical_url": outcome.canonical,
        "fate": outcome.fate.value,
        "reason": outcome.reason,
        "next": outcome.advice,
        "article": outcome.article.pk if outcome.article else None,
    }


# ---- pages


@for_token("pages", "POST")
def pages(request: HttpRequest, token: Token) -> dict[str, Any]:
    """Take one page: a form with the file `page` and perhaps `url`, or the page itself and perhaps `?url=`."""
    data, name, url = _page(request)
    receipt = hand_in(data, name=name, url=url, by=token.made_by)
    if receipt.fate == PageFate.REFUSED:
        raise Refusal("page", reason=receipt.reason, next=receipt.advice)
    ring(Stage.FETCHED)
    return _receipt(receipt)


def _page(request: HttpRequest) -> tuple[bytes, str, str]:
    if request.content_type in FORMS:
        _check_size(request, MAX_IN + LARGEST_JSON)
        file = request.FILES.get("page")
        if file is None:
            raise Refusal("no_page")
        return file.read(), file.name or "", request.POST.get("url", "")[:4000]
    if request.content_type not in PAGES:
        raise Refusal("type")
    data = _body(request, MAX_IN)
    head = f"MIME-Version: 1.0\r\nContent-Type: {request.headers['Content-Type']}\r\n\r\n".encode("latin-1", "replace")
    is_bare = request.content_type == "multipart/related" and b"mime-version" not in data[:4096].lower()
    return (head + data if is_bare else data), "", request.GET.get("url", "")[:4000]


def _receipt(receipt: Receipt) -> dict[str, Any]:
    article = receipt.article
    return {
        "fate": receipt.fate.value,
        "article": article.pk if article else None,
        "canonical_url": article.canonical_url if article else "",
        "title": receipt.page.title if receipt.page else "",
    }


def _body(request: HttpRequest, most: int) -> bytes:
    """The body as it is, read by hand: what Django reads for a form has another limit."""
    _check_size(request, most)
    body = request.read(most + 1)
    if len(body) > most:
        raise Refusal("too_large")
    return body


def _check_size(request: HttpRequest, most: int) -> None:
    said = request.META.get("CONTENT_LENGTH") or "0"
    if not said.isdigit() or int(said) > most:
        raise Refusal("too_large")


# ---- progress


@for_token("read", "GET")
def article(request: HttpRequest, token: Token, number: int) -> dict[str, Any]:
    """How far an article is, and what a person can do where it was dropped."""
    found = Article.objects.filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise Refusal("no_article")
    return {
        "article": found.pk,
        "canonical_url": found.canonical_url,
        "title": found.title,
        "account": found.account,
        "published_at": found.published_at.isoformat() if found.published_at else None,
        "stage": found.stage,
        "state": found.state,
        "drop_reason": found.drop_reason,
        "words": found.get_drop_reason_display() if found.drop_reason else found.get_stage_display(),
        "retry_at": found.retry_at.isoformat() if found.retry_at else None,
        "is_done": found.stage in (Stage.SUMMARISED, Stage.DROPPED) and found.retry_at is None,
        "next": str(NEXT_STEP[DropReason(found.drop_reason)]) if found.drop_reason else "",
    }
