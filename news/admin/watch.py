"""Published links on the desk: how each fares, since when, and what an editor can do."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from news.models import GONE, LinkState, Watch

NEXT_STEP = {
    LinkState.UNKNOWN: _("还没有检查过，今夜会检查。"),
    LinkState.OK: _("一切正常，不用处理。"),
    LinkState.CHANGED: _("看看改动。影响摘要就改条目；无碍就选“改动已看过”。"),
    LinkState.BLOCKED: _("网站要求人工验证，程序不会绕过，明夜再查。可以用浏览器打开看看。"),
    LinkState.UNREACHABLE: _("网站没有给出页面，明夜再查。一直如此就用浏览器打开看看。"),
    LinkState.DELETED: _("到“失效的原文”换一篇讲同一件事的文章。"),
    LinkState.VIOLATION: _("到“失效的原文”换一篇讲同一件事的文章。"),
    LinkState.EXPIRED: _("到“失效的原文”换成长期链接。"),
    LinkState.NOT_FOUND: _("到“失效的原文”换一篇讲同一件事的文章。"),
    LinkState.MOVED: _("到“失效的原文”换成新地址。"),
}


@admin.register(Watch)
class WatchAdmin(admin.ModelAdmin[Watch]):
    list_display = ["url", "state", "is_confirmed", "since", "checked_at", "next_at", "failures", "comparison"]
    list_filter = ["state", "is_confirmed", "is_active"]
    search_fields = ["url", "article__title"]
    actions = ["check_now", "mark_seen"]
    fields = [
        "address",
        "article",
        ("state", "is_confirmed", "since"),
        "next_step",
        "reason",
        "moved_to",
        "comparison",
        ("checked_at", "next_at", "failures"),
        ("published_at", "is_active"),
    ]
    readonly_fields = [name for group in fields for name in ([group] if isinstance(group, str) else group)]

    class Media:
        css: ClassVar = {"all": ["css/desk.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # a link is watched because it was published

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("链接"))
    def address(self, watch: Watch) -> SafeString:
        return format_html('<a href="{0}" rel="noopener noreferrer nofollow">{0}</a>', watch.url)

    @admin.display(description=_("下一步"))
    def next_step(self, watch: Watch) -> str:
        if watch.state in GONE and not watch.is_confirmed:
            return str(_("一小时后再问一次，确认之前读者看不到。"))
        return str(NEXT_STEP[LinkState(watch.state)])

    @admin.display(description=_("改动"))
    def comparison(self, watch: Watch) -> SafeString | str:
        if watch.state != LinkState.CHANGED or not watch.article_id:
            return "—"
        address = f"{reverse('admin:news_snapshot_compare')}?article={watch.article_id}"
        return format_html('<a href="{}">{}</a>', address, _("看改动"))

    @admin.action(description=_("现在检查所选链接"), permissions=["change"])
    def check_now(self, request: HttpRequest, chosen: QuerySet[Watch]) -> None:
        count = chosen.filter(is_active=True).update(next_at=Now())
        text = ngettext("%d 条链接将在一分钟内检查", "%d 条链接将在一分钟内检查", count) % count
        self.message_user(request, text, messages.SUCCESS)

    @admin.action(description=_("改动已看过"), permissions=["change"])
    def mark_seen(self, request: HttpRequest, chosen: QuerySet[Watch]) -> None:
        """Fine until the page says something else again: it is compared with what was read last (news/watching.py)."""
        count = chosen.filter(state=LinkState.CHANGED).update(state=LinkState.OK, since=Now())
        self.message_user(request, ngettext("%d 处改动已看过", "%d 处改动已看过", count) % count, messages.SUCCESS)
