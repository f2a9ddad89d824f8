"""Snapshots on the desk: read as text, compared sentence by sentence, taken away as a file. Never served as a page."""

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from news import snapshots
from news.changes import compare, reading
from news.models import Article, PageState, Snapshot


@admin.register(Snapshot)
class SnapshotAdmin(admin.ModelAdmin[Snapshot]):
    list_display = ["fetched_at", "article", "state", "origin", "size", "links"]
    list_filter = ["state", "origin"]
    list_select_related = ["article"]
    search_fields = ["article__title", "url"]
    fields = [
        "article",
        ("fetched_at", "state", "origin", "added_by"),
        ("status", "content_type", "size"),
        "address",
        "links",
        "text",
    ]
    readonly_fields = [name for group in fields for name in ([group] if isinstance(group, str) else group)]

    class Media:
        css: ClassVar = {"all": ["css/desk.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return lookup == "article__id__exact" or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Snapshot]:
        return super().get_queryset(request).defer("packed")

    def get_urls(self) -> list[URLPattern]:
        mine = [
            path("compare/", self.admin_site.admin_view(self.compare_view), name="news_snapshot_compare"),
            path("<int:pk>/download/", self.admin_site.admin_view(self.download_view), name="news_snapshot_download"),
        ]
        return mine + super().get_urls()

    @admin.display(description=_("地址"))
    def address(self, snapshot: Snapshot) -> SafeString:
        return format_html('<a href="{0}" rel="noopener noreferrer nofollow">{0}</a>', snapshot.url)

    @admin.display(description=_("查看"))
    def links(self, snapshot: Snapshot) -> SafeString:
        return format_html(
            '<a href="{}?article={}">{}</a> · <a href="{}">{}</a>',
            reverse("admin:news_snapshot_compare"),
            snapshot.article_id,
            _("比较"),
            reverse("admin:news_snapshot_download", args=[snapshot.pk]),
            _("下载原始文件"),
        )

    @admin.display(description=_("内容"))
    def text(self, snapshot: Snapshot) -> SafeString:
        """What the page said, by today's extractor, as plain text; a notice where it was no article."""
        page = snapshots.read(snapshot)
        said = reading(page) if page.text else page.reason
        return format_html('<div class="desk-text">{}</div>', said or "—")

    def compare_view(self, request: HttpRequest) -> HttpResponse:
        """Two copies of one article side by side in time; without a choice, the first and the newest."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        article = get_object_or_404(Article, pk=_number(request, "article"))
        rows = list(article.snapshots.defer("packed").order_by("fetched_at", "id"))
        older, newer = _chosen(request, article, rows)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("比较快照"),
            "article": article,
            "rows": rows,
            "older": older,
            "newer": newer,
            "comparison": compare(_reading(older), _reading(newer)) if older and newer else None,
        }
        return TemplateResponse(request, "admin/news/compare.html", context)

    def download_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The bytes as they came: an attachment of no type that a browser would open, and sandboxed if one did."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        snapshot = get_object_or_404(Snapshot, pk=pk)
        response = HttpResponse(snapshot.body, content_type="application/octet-stream")
        response["Content-Disposition"] = f'attachment; filename="snapshot-{snapshot.pk}.html.txt"'
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["Cache-Control"] = "private, no-store"
        return response


def _chosen(request: HttpRequest, article: Article, rows: list[Snapshot]) -> tuple[Snapshot | None, Snapshot | None]:
    """The two that were asked for, the older one first; else what the article was read from and the newest page."""
    if not rows:
        return None, None
    known = {row.pk: row for row in rows}
    printed = snapshots.printed_copy(article) or rows[0]
    newest = next((row for row in reversed(rows) if row.state == PageState.OK and row != printed), rows[-1])
    first = known.get(_number(request, "a", printed.pk), printed)
    second = known.get(_number(request, "b", newest.pk), newest)
    older, newer = sorted([first, second], key=rows.index)
    return older, newer


def _number(request: HttpRequest, name: str, default: int | None = None) -> int:
    """A row's number out of the address; nothing typed there reaches the database otherwise."""
    given = request.GET.get(name, "")
    if given.isascii() and given.isdigit() and len(given) <= 18:
        return int(given)
    if default is None:
        raise Http404
    return default


def _reading(snapshot: Snapshot) -> str:
    page = snapshots.read(snapshot)
    return reading(page) if page.text else page.reason
