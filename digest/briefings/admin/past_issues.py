"""导入往期: files are chosen, what they hold is shown, and only then is anything taken in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digest.briefings.admin.may import may_import
from digest.briefings.models import Briefing
from digest.briefings.past_issues import PastIssue
from digest.briefings.past_issues_take import LARGEST_BYTES, plan, read_file, take

MOST = 60  # files at once
MOST_BYTES = 3_000_000  # of all together: they travel through the preview's form


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files of one field."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        chosen = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in chosen]


class FilesForm(forms.Form):
    chosen = FilesField(
        label=gettext_lazy("往期简报的文件"),
        widget=Files(attrs={"accept": ".md,.markdown,.txt,text/markdown,text/plain"}),
        help_text=gettext_lazy(
            "Markdown 或纯文本，一期一个文件，可以一次选多个；文件名里最好有日期，如 20230310.md。"
            "下一步先看读出了什么。"
        ),
    )

    def clean_chosen(self) -> list[UploadedFile[bytes]]:
        files: list[UploadedFile[bytes]] = self.cleaned_data["chosen"]
        if len(files) > MOST or sum(one.size or 0 for one in files) > MOST_BYTES:
            raise forms.ValidationError(_("一次最多 60 个文件，合起来不超过 3 MB。请分几次导入。"))
        return files


class PastIssues:
    """The view, in the urls of the issues' admin."""

    def __init__(self, desk: admin.ModelAdmin[Briefing]) -> None:
        self.desk = desk

    def urls(self) -> list[URLPattern]:
        view = self.desk.admin_site.admin_view(self.view)
        return [path("import/", view, name="briefings_import")]

    def view(self, request: HttpRequest) -> HttpResponse:
        """GET the form; POST of files shows what is in them; POST of what was shown takes it in."""
        if not may_import(request):
            raise PermissionDenied
        if request.method == "POST" and "take" in request.POST:
            return self._take(request)
        form = FilesForm(request.POST or None, request.FILES or None)
        plans = None
        if request.method == "POST" and form.is_valid():
            found = [(str(one.name), one.read(LARGEST_BYTES + 1)) for one in form.cleaned_data["chosen"]]
            issues = [read_file(name, content) for name, content in found]
            plans = [(made, _as_text(content)) for made, (_name, content) in zip(plan(issues), found, strict=True)]
        return self._page(request, form, plans)

    def _take(self, request: HttpRequest) -> HttpResponse:
        names, texts = request.POST.getlist("name")[:MOST], request.POST.getlist("text")[:MOST]
        issues: list[PastIssue] = [read_file(name, text.encode()) for name, text in zip(names, texts, strict=False)]
        done = [made for made in take(issues, request.user) if made.can_be_taken]  # type: ignore[arg-type]
        for made in done:
            briefing = Briefing.objects.get(date=str(made.issue.date))
            self.desk.log_addition(request, briefing, _("导入 %(name)s") % {"name": made.issue.name})
        count = {"issues": len(done), "items": sum(len(made.items) for made in done)}
        text = _("收了 %(issues)s 期 %(items)s 条，发布在原来的日期，没有寄给任何人。") % count
        self.desk.message_user(request, text, messages.SUCCESS if done else messages.WARNING)
        return redirect("admin:briefings_briefing_changelist")

    def _page(self, request: HttpRequest, form: FilesForm, plans: Any) -> HttpResponse:
        context: dict[str, Any] = {
            **self.desk.admin_site.each_context(request),
            "opts": self.desk.opts,
            "title": _("导入往期"),
            "form": form,
            "plans": plans,
            "any": any(made.can_be_taken for made, _text in plans or []),
        }
        return TemplateResponse(request, "admin/briefings/briefing/import.html", context)


def _as_text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""
