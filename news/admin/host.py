"""What an editor sees and does of a host: until when it rests and why, its pace, and the word to go on earlier."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from news.admin.states import moment
from news.models import Host

SLOWEST_S = 3600


@admin.display(description=_("现在"), ordering="next_at")
def rest(host: Host) -> str:
    """In words; a pause between two visits is no rest."""
    if host.closed_until:
        told = _("连续 %(n)s 次要求验证，暂停访问到 %(moment)s") % {
            "n": host.walls,
            "moment": moment(host.closed_until),
        }
    elif (host.next_at - timezone.now()).total_seconds() > host.seconds_between:
        told = _("网站要求稍后再来，%(moment)s 以后再访问") % {"moment": moment(host.next_at)}
    else:
        told = str(_("可以访问"))
    return str(told)


@admin.action(description=_("提前重新访问所选主机（网站若仍要求验证，会关得更久）"), permissions=["change"])
def reopen(model_admin: Any, request: HttpRequest, chosen: QuerySet[Host]) -> None:
    """Only what walls closed: a time that the site itself named (Retry-After) is kept."""
    asked = chosen.count()
    opened = Host.objects.filter(pk__in=chosen.values("pk")).reopen()
    told = ngettext("%d 个主机已放行，按原间隔访问", "%d 个主机已放行，按原间隔访问", opened) % opened
    model_admin.message_user(request, told, messages.WARNING if opened else messages.INFO)
    if opened < asked:
        model_admin.message_user(
            request, _("其余主机没有因验证页被关，或是网站自己要求等待，不能提前。"), messages.INFO
        )


def pace_field() -> forms.FloatField:
    text = _("留空用默认间隔；robots.txt 要求更久时以它为准。")
    label = _("两次访问的最小间隔（秒）")
    return forms.FloatField(label=label, required=False, min_value=0, max_value=SLOWEST_S, help_text=text)
