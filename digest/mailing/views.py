"""The reader's pages of the post. No GET changes anything: mail scanners follow every link."""

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from digest.mailing import limits, tokens
from digest.mailing import subscribe as verbs
from digest.mailing.forms import AddressForm, PreferencesForm, SubscribeForm
from digest.mailing.models import Subscriber

pages = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@pages
def subscribe(request: HttpRequest) -> HttpResponse:
    """The same answer for an address that is new, known, confirmed, unsubscribed or blocked (P4)."""
    form = SubscribeForm(request.POST or None)
    if request.method != "POST":
        return render(request, "mailing/subscribe.html", {"form": form})
    if form.is_from_a_robot:
        return render(request, "mailing/sent.html")
    if not form.is_valid():
        return render(request, "mailing/subscribe.html", {"form": form})
    if form.is_hasty:
        form = form.again(gettext("请确认邮箱无误，再按一次“订阅”。"))
        return render(request, "mailing/subscribe.html", {"form": form})
    if not limits.may_ask(request):
        return _too_many(request)
    wanted = form.cleaned_data
    verbs.ask(wanted["email"], [topic.pk for topic in wanted["topics"]], wanted["language"])
    return render(request, "mailing/sent.html")


@never_cache
@pages
def send_link(request: HttpRequest) -> HttpResponse:
    """The link to the preferences, for who lost every letter; says nothing of whether the address is known."""
    form = AddressForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "mailing/send_link.html", {"form": form})
    if not limits.may_ask(request):
        return _too_many(request)
    verbs.ask_for_link(form.cleaned_data["email"])
    return render(request, "mailing/sent.html")


@never_cache
@pages
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A button; pressing it confirms. A link that is too old offers a new one."""
    try:
        subscriber = tokens.confirms(token)
    except tokens.Expired as late:
        return _expired(request, late.subscriber)
    except signing.BadSignature:
        raise Http404 from None
    if request.method != "POST":
        return render(request, "mailing/confirm.html", {"subscriber": subscriber})
    verbs.confirm(subscriber)
    if subscriber.status != Subscriber.Status.CONFIRMED:  # unsubscribed between our look and the press
        return _expired(request, subscriber)
    links = {"preferences_url": tokens.preferences_url(subscriber)}
    return render(request, "mailing/confirmed.html", {"subscriber": subscriber, **links})


@never_cache
@pages
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """Topics, language and a pause, without a password: the link is the key."""
    subscriber = tokens.holder(token, "preferences")
    if subscriber is None:
        raise Http404
    form = PreferencesForm(request.POST or None, instance=subscriber)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        verbs.change(subscriber, topics=wanted["topics"], language=wanted["language"], paused=wanted["is_paused"])
        messages.success(request, gettext("已保存。"))
        return redirect("preferences", token=token)
    links = {"unsubscribe_token": tokens.lasting(subscriber, "unsubscribe")}
    return render(request, "mailing/preferences.html", {"form": form, "subscriber": subscriber, **links})


@csrf_exempt  # RFC 8058: the mail provider posts, without cookies; the token is the whole credential
@never_cache
@pages
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button. POST of `List-Unsubscribe=One-Click` unsubscribes; a stale link is answered alike."""
    subscriber = tokens.holder(token, "unsubscribe")
    if request.method != "POST":
        if subscriber is None:
            raise Http404
        return render(request, "mailing/unsubscribe.html", {"subscriber": subscriber, "token": token})
    if request.POST.get("List-Unsubscribe") != "One-Click":
        return render(request, "mailing/unsubscribe.html", {"token": token})
    if subscriber:
        verbs.unsubscribe(subscriber, way="button" if request.POST.get("button") else "one-click")
    return render(request, "mailing/unsubscribed.html")


def _expired(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    if request.method == "POST" and "again" in request.POST:
        if not limits.may_ask(request):
            return _too_many(request)
        verbs.ask_again(subscriber)
        return render(request, "mailing/sent.html")
    return render(request, "mailing/expired.html", status=410)


def _too_many(request: HttpRequest) -> HttpResponse:
    return render(request, "mailing/too_many.html", status=429)
