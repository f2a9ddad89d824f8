"""Topics on the desk: a new one needs no code; what another threshold would change is seen before it is set."""

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from news.admin import topic_pages
from news.models import Topic, TopicExample
from news.tasks import ring_for_topics
from news.topics.ask import serving_key
from news.topics.current import head_for, thresholds_of


class ExampleInline(admin.TabularInline[TopicExample, Topic]):
    model = TopicExample
    extra = 1


class TopicForm(forms.ModelForm[Topic]):
    class Meta:
        model = Topic
        fields = ["threshold"]  # the desk shows those of TopicAdmin.fields

    def clean_threshold(self) -> float:
        threshold = self.cleaned_data["threshold"]
        if not 0 <= threshold <= 1:
            raise forms.ValidationError(_("阈值在 0 和 1 之间。"))
        return threshold


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin[Topic]):
    form = TopicForm
    inlines = [ExampleInline]
    fields = [
        *("name", "name_en", "slug", "description", "terms"),
        ("threshold", "is_threshold_own"),
        *("position", "is_active"),
    ]
    list_display = ["name", "name_en", "slug", "in_use", "article_count", "position", "is_active"]
    list_editable = ["position", "is_active"]
    prepopulated_fields = {"slug": ["name_en"]}
    search_fields = ["name", "name_en", "slug"]
    change_form_template = "admin/news/topic/change_form.html"
    change_list_template = "admin/news/topic/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Topic]:
        return super().get_queryset(request).annotate(_articles=Count("filed", filter=Q(filed__is_rejected=False)))

    def get_urls(self) -> list[URLPattern]:
        return topic_pages.urls(self.admin_site) + super().get_urls()

    @admin.display(description=_("文章数"), ordering="_articles")
    def article_count(self, topic: Topic) -> int:
        return topic._articles  # type: ignore[attr-defined]

    @admin.display(description=_("现在的阈值"))
    def in_use(self, topic: Topic) -> str:
        value = thresholds_of([topic], head_for(serving_key()))[topic.pk]
        whose = _("编辑定") if topic.is_threshold_own else _("自动")
        return f"{value:.2f} · {whose}"

    def save_model(self, request: HttpRequest, obj: Topic, form: ModelForm[Topic], change: bool) -> None:
        """A threshold that an editor typed is kept to the letter, unless the box is unticked at the same time."""
        if "threshold" in form.changed_data and "is_threshold_own" not in form.changed_data:
            obj.is_threshold_own = True
        super().save_model(request, obj, form, change)
        ring_for_topics()
