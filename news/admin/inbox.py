"""The link inbox on the desk: what is pasted is shown link by link first; then the chosen ones are taken."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from news.canonical import find_links
from news.models import INBOX, Source, Stage
from news.sources.inbox import MOST, add, foresee
from news.tasks import ring


class PasteForm(forms.Form):
    """`box` is shown where there are several."""

    text = forms.CharField(
        label=_("粘贴任何文字"),
        max_length=200_000,
        help_text=_(
            "群聊记录、Markdown、网页源码都可以；其中的链接会被找出、规整、去重。下一步先看结果，再决定收哪些。"
        ),
        widget=forms.Textarea(attrs={"rows": 12, "class": "desk-paste", "autofocus": True}),
    )
    note = forms.CharField(
        label=_("备注（选填）"), max_length=500, required=False, help_text=_("和这些链接一起保存，只有编辑能看到。")
    )
    box = forms.ModelChoiceField(label=_("放进"), queryset=Source.objects.none(), required=False, empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        boxes = Source.objects.filter(kind=INBOX, is_active=True, is_sample=False).order_by("pk")
        if boxes.count() > 1:
            self.fields["box"].queryset = boxes  # type: ignore[attr-defined]
        else:
            del self.fields["box"]


class ChosenForm(PasteForm):
    """What comes back from the preview: the links as they were spelled, decided anew when they are taken."""

    text = None  # type: ignore[assignment]


def urls(site: AdminSite) -> list[URLPattern]:
    return [path("inbox/", site.admin_view(inbox), name="news_inbox")]


def inbox(request: HttpRequest) -> HttpResponse:
    """GET an empty box; POST of a text shows what would happen; POST of links takes them."""
    if not (request.user.has_perm("news.add_lead") or request.user.has_perm("news.add_source")):
        raise PermissionDenied
    if request.method == "POST" and "take" in request.POST:
        return _take(request)
    form = PasteForm(request.POST or None)
    if not form.is_valid():
        return _page(request, form=form)
    links = find_links(form.cleaned_data["text"])
    _say_what_is_left(request, len(links))
    seen = foresee(links[:MOST])
    if seen:
        form.fields["text"].widget.attrs.pop("autofocus")  # the button of what was found has it
    return _page(request, form=form, seen=seen, chosen=ChosenForm(request.POST, auto_id=False))


def _take(request: HttpRequest) -> HttpResponse:
    form = ChosenForm(request.POST)
    links = list(dict.fromkeys(request.POST.getlist("link")))[:MOST]
    if not form.is_valid() or not links:
        messages.warning(request, _("没有勾选任何链接，什么也没有收下。"))
        return _page(request, form=PasteForm())
    source = form.cleaned_data.get("box") or Source.inbox()
    outcomes = [add(link, source, request.user, note=form.cleaned_data["note"]) for link in links]  # type: ignore[arg-type]
    ring(Stage.FOUND)
    return _page(request, form=PasteForm(), outcomes=outcomes)


def _say_what_is_left(request: HttpRequest, found: int) -> None:
    left = found - MOST
    if left > 0:
        words = ngettext("还有 %d 个链接没有列出，请另外粘贴。", "还有 %d 个链接没有列出，请另外粘贴。", left)
        messages.warning(request, words % left)


def _page(request: HttpRequest, **context: Any) -> HttpResponse:
    context |= {**admin.site.each_context(request), "opts": Source._meta, "title": _("链接收件箱")}
    return TemplateResponse(request, "admin/news/inbox.html", context)
