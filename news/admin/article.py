"""Articles on the desk: how far each has come, why one was dropped, and what a person can do next."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from news.admin import states
from news.admin.picture import page_preview, picture_list
from news.admin.topic_inline import TopicInline
from news.models import Article, ArticleTopic, DropReason, Lead, PageState, Source, Stage, Summary
from news.search import find
from news.tasks import ring, ring_for_topics
from news.topics.review import Standing

PLAIN, MARKED = SafeString("{}"), SafeString("<mark>{}</mark>")


class LeadInline(admin.TabularInline[Lead, Article]):
    model = Lead
    extra = 0
    fields = ["source", "url", "note", "added_by", "created_at"]
    readonly_fields = ["source", "url", "note", "added_by", "created_at"]
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin[Article]):
    list_display = ["heading", "account", "published_at", "standing", "again"]
    list_filter = ["stage", "state", "drop_reason", "topics", "is_sample"]
    search_fields = ["title", "canonical_url", "account"]
    date_hierarchy = "created_at"
    actions = ["retry", "discard"]
    inlines = [TopicInline, LeadInline]
    fields = [
        "heading",
        "address",
        ("stage", "state", "drop_reason"),
        "next_step",
        "state_reason",
        ("account", "byline", "published_at", "is_original"),
        ("story", "duplicate_of", "duplicate_why"),
        "summary",
        "body",
        "page",
        "picture_list",
        "snapshot_list",
        ("attempts", "due_at", "leased_until"),
        "error",
    ]

    class Media:
        css: ClassVar = {"all": ["css/desk.css"]}

    readonly_fields = [name for group in fields for name in ([group] if isinstance(group, str) else group)]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # articles come through the inbox

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        """Also by the words of the text, as readers search: Django's own search looks into the short columns alone."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if not search_term:
            return found, may_repeat
        by_words = find(Article.objects.all(), search_term).order_by()
        return queryset.filter(Q(pk__in=found.values("pk")) | Q(pk__in=by_words.values("pk"))), may_repeat

    @admin.display(description=_("标题"), ordering="title")
    def heading(self, article: Article) -> str:
        return article.title or article.canonical_url

    @admin.display(description=_("链接"))
    def address(self, article: Article) -> SafeString:
        return format_html('<a href="{0}" rel="noopener noreferrer nofollow">{0}</a>', article.canonical_url)

    @admin.display(description=_("下一步"))
    def next_step(self, article: Article) -> SafeString:
        return states.next_step(article)

    @admin.display(description=_("进展"), ordering="stage")
    def standing(self, article: Article) -> str:
        """How far it came; of one that came through, what its page says by now."""
        if article.drop_reason:
            return article.get_drop_reason_display()
        if article.state in ("", PageState.OK):
            return article.get_stage_display()
        return f"{article.get_stage_display()} · {article.get_state_display()}"

    @admin.display(description=_("自动重试"), ordering="retry_at")
    def again(self, article: Article) -> str:
        return states.moment(article.retry_at) if article.retry_at else "—"

    @admin.display(description=_("摘要与依据"))
    def summary(self, article: Article) -> SafeString:
        made: Summary | None = article.summaries.order_by("-created_at").first()
        if not made:
            return SafeString("—")
        text = '<p class="desk-text">{}</p><p class="desk-why">{}</p>'
        return format_html(text, made.text, _("依据是下面正文中标出的句子。"))

    @admin.display(description=_("正文"))
    def body(self, article: Article) -> SafeString:
        """The text, with the sentences marked that its summary rests on."""
        made: Summary | None = article.summaries.order_by("-created_at").first()
        pieces: list[tuple[SafeString, str]] = []
        end = 0
        for proof in made.evidence if made and made.text_hash == article.text_hash else []:
            pieces.append((PLAIN, article.text[end : proof["start"]]))
            pieces.append((MARKED, article.text[proof["start"] : proof["end"]]))
            end = proof["end"]
        pieces.append((PLAIN, article.text[end:] or "—"))
        marked = format_html_join("", "{}", ((format_html(shape, piece),) for shape, piece in pieces))
        return format_html('<div class="desk-text">{}</div>', marked)

    @admin.display(description=_("版面预览"))
    def page(self, article: Article) -> SafeString:
        return page_preview(article)

    @admin.display(description=_("图片"))
    def picture_list(self, article: Article) -> SafeString:
        return picture_list(article)

    @admin.display(description=_("快照"))
    def snapshot_list(self, article: Article) -> SafeString:
        rows = article.snapshots.defer("packed")
        lines = ((f"{one.fetched_at:%Y-%m-%d %H:%M}", one.status, one.size, one.get_state_display()) for one in rows)
        found = format_html("<ul>{}</ul>", format_html_join("", "<li>{} · HTTP {} · {} B · {}</li>", lines))
        address = f"{reverse('admin:news_snapshot_changelist')}?article__id__exact={article.pk}"
        return format_html('{} <a href="{}">{}</a>', found, address, _("阅读与比较快照"))

    @admin.action(description=_("重新抓取所选文章"), permissions=["change"])
    def retry(self, request: HttpRequest, chosen: QuerySet[Article]) -> None:
        count = 0
        for article in chosen.filter(stage__in=[Stage.DROPPED, Stage.SUMMARISED, Stage.FOUND]):
            # By hand, so the visit is a person's from now on: what robots.txt says to machines does not stop it.
            known = {"source": Source.inbox(), "url": article.canonical_url}
            article.leads.get_or_create(**known, defaults={"added_by_id": request.user.pk})
            article.retry()
            count += 1
        ring(Stage.FOUND)
        self.message_user(request, ngettext("%d 篇已重新排队", "%d 篇已重新排队", count) % count, messages.SUCCESS)

    @admin.action(description=_("舍弃所选文章"), permissions=["change"])
    def discard(self, request: HttpRequest, chosen: QuerySet[Article]) -> None:
        count = chosen.filter(items=None).update(
            stage=Stage.DROPPED, drop_reason=DropReason.BY_EDITOR, retry_at=None, lease="", changed_at=Now()
        )
        self.message_user(request, ngettext("%d 篇已舍弃", "%d 篇已舍弃", count) % count, messages.SUCCESS)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Whatever an editor touches among the topics is an editor's word from then on, and a lesson (news/topics)."""
        before = Standing(form.instance) if formset.model is ArticleTopic else None
        for row in formset.save(commit=False):
            if isinstance(row, ArticleTopic):
                row.by = ArticleTopic.By.EDITOR
            row.save()
        for row in formset.deleted_objects:
            if isinstance(row, ArticleTopic):  # kept as a refusal, or the machine would file it there again
                ArticleTopic.objects.filter(pk=row.pk).update(by=ArticleTopic.By.EDITOR, is_rejected=True)
            else:
                row.delete()
        formset.save_m2m()
        if before and (formset.new_objects or formset.changed_objects or formset.deleted_objects):
            before.note_all(request.user)
            ring_for_topics()
