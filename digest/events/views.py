"""The pages of the trainings: tours, stops, signing up, one's own sign-up, and the three offers."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from digest.events import ical, limits, maps, qr
from digest.events.forms import HoneypotForm, OfferForm, SignupForm
from digest.events.models import Event, Offer, Signup, Tour
from digest.events.signup import Refused, cancel, confirm, sign_up, take_part


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    return render(request, "events/events.html", {"tours": Tour.objects.open().for_reading()})


@require_safe
def tour(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Tour.objects.for_reading(), slug=slug)
    return render(request, "events/tour.html", {"tour": found})


@require_http_methods(["GET", "HEAD", "POST"])
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """A stop with its form. Whoever sends it gets the same answer, signed up before or not: the mail tells."""
    found = get_object_or_404(Event.objects.select_related("tour"), pk=pk)
    form = SignupForm(request.POST or None)
    if request.method != "POST":
        return _event_page(request, found, form)
    if not _may_send("signup", request, form):
        return _event_page(request, found, form, status=429)
    if not form.is_valid():
        return _event_page(request, found, form, status=422)
    if not form.is_trapped:
        try:
            sign_up(found.pk, form.person())
        except Refused as refusal:
            return render(request, "events/refused.html", {"event": found, "reason": refusal.reason}, status=409)
    return redirect("event_thanks", pk=found.pk)


@require_safe
def event_thanks(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Event.objects.select_related("tour"), pk=pk)
    return render(request, "events/event_thanks.html", {"event": found})


@require_safe
def event_ics(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Event.objects.dated().select_related("tour"), pk=pk)
    return _calendar(ical.stop_calendar(found), f"event-{found.pk}.ics")


@require_safe
def tour_ics(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Tour.objects.for_reading(), slug=slug)
    return _calendar(ical.tour_calendar(found), f"{found.slug}.ics")


@require_safe
def event_qr(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Event, pk=pk)
    return HttpResponse(qr.svg(settings.SITE_URL + found.get_absolute_url()), content_type=qr.CONTENT_TYPE)


@require_GET
@never_cache
def signup(request: HttpRequest, token: str) -> HttpResponse:
    """One's own sign-up. Looking at it changes nothing: mail programs open links by themselves."""
    found = get_object_or_404(Signup.objects.select_related("event__tour"), token=token)
    response = render(request, "events/signup.html", _own(found))
    # The address is the key, so no other site hears it. Under no-referrer a browser would post with "Origin: null".
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_POST
def signup_confirm(request: HttpRequest, token: str) -> HttpResponse:
    confirm(get_object_or_404(Signup, token=token))
    return redirect("signup", token=token)


@require_POST
def signup_cancel(request: HttpRequest, token: str) -> HttpResponse:
    cancel(get_object_or_404(Signup, token=token))
    return redirect("signup", token=token)


@require_POST
def signup_join(request: HttpRequest, token: str) -> HttpResponse:
    take_part(get_object_or_404(Signup, token=token))
    return redirect("signup", token=token)


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    found = get_object_or_404(Tour.objects.open(), slug=slug)
    if kind not in Offer.Kind.values:
        raise Http404
    form = OfferForm(request.POST or None)
    context = {"tour": found, "kind": Offer.Kind(kind), "form": form}
    if request.method != "POST":
        return render(request, "events/offer.html", context)
    if not _may_send("offer", request, form):
        return render(request, "events/offer.html", context, status=429)
    if not form.is_valid():
        return render(request, "events/offer.html", context, status=422)
    if not form.is_trapped:
        form.offer(found.pk, kind)
    return redirect("offer_thanks", slug=found.slug)


@require_safe
def offer_thanks(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "events/offer_thanks.html", {"tour": get_object_or_404(Tour, slug=slug)})


def _may_send(name: str, request: HttpRequest, form: HoneypotForm) -> bool:
    if limits.may_send(name, request):
        return True
    form.full_clean()
    form.add_error(None, _("同一网络提交得太频繁，请过一小时再试。"))
    return False


def _event_page(request: HttpRequest, found: Event, form: SignupForm, status: int = 200) -> HttpResponse:
    context = {"event": found, "form": form, "waiting_count": found.waiting_count, "maps": maps.links(found)}
    return render(request, "events/event.html", context, status=status)


def _calendar(content: bytes, filename: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return HttpResponse(content, content_type=ical.CONTENT_TYPE, headers=disposition)


def _own(found: Signup) -> dict[str, object]:
    return {"signup": found, "event": found.event, "place": found.place_in_line, "maps": maps.links(found.event)}
