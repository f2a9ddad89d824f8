"""The health board: every watched source and every host that must rest, in words, with what a person can do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from news import tasks
from news.models import Host, Source
from news.sources import health
from news.sources.poll import POLLED

NOTABLE = timedelta(minutes=1)  # a rest shorter than this is the usual pause between two requests


def urls(site: AdminSite) -> list[URLPattern]:
    return [
        path("health/", site.admin_view(board), name="news_health"),
        path("health/<int:pk>/<str:verb>/", site.admin_view(act), name="news_health_act"),
    ]


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("news.view_source"):
        raise PermissionDenied
    rows = health.board()
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "opts": Source._meta,
        "title": _("来源健康"),
        "rows": [(row, countdown(row.source.next_at, row.now)) for row in rows],
        "needing": sum(row.needs_a_person for row in rows),
        "hosts": _resting(),
        "may_change": request.user.has_perm("news.change_source"),
    }
    return TemplateResponse(request, "admin/news/source/health.html", context)


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Look now, pause or resume: by POST only."""
    if not request.user.has_perm("news.change_source"):
        raise PermissionDenied
    source = Source.objects.filter(pk=pk, kind__in=POLLED).first()
    if source is None or verb not in _VERBS:
        raise Http404
    columns, said = _VERBS[verb]
    Source.objects.filter(pk=pk).update(**columns)
    tasks.ring_for_sources()
    messages.success(request, said(source.name))
    return HttpResponseRedirect(reverse("admin:news_health"))


_VERBS: dict[str, tuple[dict[str, Any], Any]] = {
    "look": ({"next_at": Now(), "is_active": True}, lambda name: _("马上去看“%(name)s”。") % {"name": name}),
    "pause": ({"is_active": False}, lambda name: _("已停用“%(name)s”，不再自动查看。") % {"name": name}),
    "resume": (
        {"is_active": True, "next_at": Now(), "alerted_at": None},
        lambda name: _("已恢复“%(name)s”，马上去看。") % {"name": name},
    ),
}


@dataclass(frozen=True)
class Resting:
    """A host that is left alone for longer than usual."""

    name: str
    why: str
    until: datetime
    left: str


def _resting() -> list[Resting]:
    now = timezone.now()
    closed = Host.objects.filter(Q(next_at__gt=now + NOTABLE) | Q(walls__gt=0, next_at__gt=now)).order_by("-next_at")
    return [Resting(host.name, _why(host), host.next_at, countdown(host.next_at, now)) for host in closed[:100]]


def _why(host: Host) -> str:
    if host.walls:
        return ngettext("连续 %(n)s 次出现验证页", "连续 %(n)s 次出现验证页", host.walls) % {"n": host.walls}
    return _("网站要求稍后再来（Retry-After），或间隔设得较长")


def countdown(until: datetime, now: datetime) -> str:
    """The time that is left, in words."""
    minutes = -(-int((until - now).total_seconds()) // 60)
    if minutes <= 0:
        return _("马上")
    if minutes < 60:
        return ngettext("%(n)s 分钟后", "%(n)s 分钟后", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        hours = round(minutes / 60)
        return ngettext("约 %(n)s 小时后", "约 %(n)s 小时后", hours) % {"n": hours}
    days = round(minutes / 1440)
    return ngettext("约 %(n)s 天后", "约 %(n)s 天后", days) % {"n": days}
