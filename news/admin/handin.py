"""Hand-in on the desk: a page that the site keeps from programs, pasted, uploaded or sent by the bookmarklet."""

import json
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from news.extract.saved import MAX_IN
from news.handin import Fate, Receipt, hand_in
from news.models import Article, Stage
from news.tasks import ring

LARGEST = MAX_IN + 64 * 1024  # of a request: the file, and the form around it
DRAINED = 64 * 2**20  # of a request that is too large: read to here, so that the browser hears the answer

# Runs in the page that the editor looks at; it sends that page to our own window alone.
BOOKMARKLET = """(()=>{const o=%(origin)s,w=open(%(window)s,"jianbao-handin");
if(!w){alert(%(blocked)s);return}
addEventListener("message",function take(e){
if(e.source!==w||e.origin!==o||!e.data||e.data.kind!=="jianbao-ready")return;
removeEventListener("message",take);
w.postMessage({kind:"jianbao-page",url:location.href,title:document.title,
html:"<!doctype html>"+document.documentElement.outerHTML},o)})})()"""


class HandInForm(forms.Form):
    page = forms.FileField(
        label=_("保存的网页"),
        required=False,
        allow_empty_file=True,
        help_text=_(".html、.htm、.mht 或 .mhtml，最大 12 MiB。"),
        widget=forms.FileInput(attrs={"accept": ".html,.htm,.xhtml,.mht,.mhtml,text/html,multipart/related"}),
    )
    html = forms.CharField(
        label=_("或者粘贴网页源码"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "class": "desk-paste", "spellcheck": "false"}),
    )
    url = forms.CharField(
        label=_("文章链接"),
        required=False,
        max_length=4000,
        help_text=_("网页里写明了自己的地址时可以不填。"),
        widget=forms.TextInput(attrs={"inputmode": "url", "class": "vTextField wide"}),
    )
    replace = forms.BooleanField(label=_("已有正文时，用这一页替换"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("page") and not given.get("html", "").strip() and not self.errors:
            raise forms.ValidationError(_("请选择保存的网页文件，或粘贴网页源码。"))
        return given

    def content(self) -> tuple[bytes, str]:
        """What was handed in, and the name it had; the name is looked at for its ending alone."""
        file = self.cleaned_data["page"]
        return (file.read(), file.name) if file else (self.cleaned_data["html"].encode("utf-8"), "")


def urls(site: AdminSite) -> list[URLPattern]:
    return [
        path("handin/", site.admin_view(_within_limits(handin)), name="news_handin"),
        path("handin/receive/", site.admin_view(receive), name="news_handin_receive"),
    ]


def handin(request: HttpRequest) -> HttpResponse:
    """GET the form, `?article=` for one article; POST a page of at most 12 MiB."""
    article = _article(request)
    form = HandInForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form=form, article=article)
    data, name = form.content()
    given = form.cleaned_data
    editor: Any = request.user  # admin_view let nobody else in
    receipt = hand_in(data, name=name, url=given["url"], by=editor, article=article, replace=given["replace"])
    if receipt.fate != Fate.TAKEN or not receipt.article:
        return _page(request, form=form, article=article, receipt=receipt)
    ring(Stage.FETCHED)
    title = receipt.page.title if receipt.page else ""
    messages.success(request, _("已收下《%s》，正在处理；刷新这一页看进度。") % title)
    return redirect("admin:news_article_change", receipt.article.pk)


def receive(request: HttpRequest) -> HttpResponse:
    """The window that the bookmarklet opens. Its form goes to `handin` like any other."""
    _article(request)
    answer = _page(request, form=HandInForm(), article=None, receives=True)
    # The window must be able to talk with the page that opened it; it holds nothing but an empty form.
    answer["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return answer


def _article(request: HttpRequest) -> Article | None:
    """The one that is handed in for, if the address names one; only for who may change articles."""
    if not request.user.has_perm("news.change_article"):
        raise PermissionDenied
    number = request.GET.get("article", "")
    return get_object_or_404(Article, pk=number) if number.isascii() and number.isdigit() and len(number) < 19 else None


def _page(request: HttpRequest, *, status: int = 200, receives: bool = False, **context: Any) -> TemplateResponse:
    context |= {
        **admin.site.each_context(request),
        "opts": Article._meta,
        "title": _("交稿"),
        "receives": receives,
        "largest": MAX_IN,
        "bookmarklet": _bookmarklet(request),
    }
    return TemplateResponse(request, "admin/news/handin.html", context, status=status)


def _bookmarklet(request: HttpRequest) -> str:
    values = {
        "origin": request.build_absolute_uri("/").rstrip("/"),
        "window": request.build_absolute_uri(reverse("admin:news_handin_receive")),
        "blocked": str(_("浏览器拦住了弹出窗口。请允许这个网站弹出窗口，再点一次书签。")),
    }
    code = BOOKMARKLET % {name: json.dumps(value, ensure_ascii=False) for name, value in values.items()}
    return "javascript:" + quote(code.replace("\n", ""), safe="(){}=>;,.!|&:/'+?-*")


def _within_limits(view: Any) -> Any:
    """Look at the size before anything is read: CSRF protection reads the form, so it stands inside."""

    @csrf_exempt
    def guarded(request: HttpRequest) -> HttpResponse:
        if _size(request) > LARGEST:
            _drain(request)
            return _too_large(request)
        try:
            return csrf_protect(view)(request)
        except RequestDataTooBig:  # of what was pasted; files have no part in this limit
            return _too_large(request)

    return guarded


def _size(request: HttpRequest) -> int:
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isdigit() else 0


def _drain(request: HttpRequest) -> None:
    left = DRAINED
    while left > 0 and (chunk := request.read(2**16)):
        left -= len(chunk)


def _too_large(request: HttpRequest) -> HttpResponse:
    article = _article(request)
    receipt = Receipt(Fate.REFUSED, article, "too_large")
    return _page(request, status=413, form=HandInForm(), article=article, receipt=receipt)
