"""Topics on the desk: a new one needs no code."""

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from news.models import Topic, TopicExample


class ExampleInline(admin.TabularInline[TopicExample, Topic]):
    model = TopicExample
    extra = 1


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin[Topic]):
    inlines = [ExampleInline]
    list_display = ["name", "name_en", "slug", "threshold", "article_count", "position", "is_active"]
    list_editable = ["threshold", "position", "is_active"]
    prepopulated_fields = {"slug": ["name_en"]}
    search_fields = ["name", "name_en", "slug"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Topic]:
        return super().get_queryset(request).annotate(_articles=Count("filed", filter=Q(filed__is_rejected=False)))

    @admin.display(description=_("文章数"), ordering="_articles")
    def article_count(self, topic: Topic) -> int:
        return topic._articles  # type: ignore[attr-defined]
