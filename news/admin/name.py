"""Names on the desk: approve what was suggested, forbid, spell, and the pages of name_pages.py."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from news.admin.name_pages import NamePages
from news.models import Alias, Name
from news.names import edit
from news.names.file import free_slug
from news.names.fold import key_of

FIELDS: list[Any] = ["label", "label_en", "kind", "slug", "description", "context", "state", "merged_into", "pages"]


class AliasForm(forms.ModelForm[Alias]):
    class Meta:
        model = Alias
        fields = ["text", "is_ambiguous", "is_exact"]

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].strip()
        if not self.instance.is_pattern:
            try:
                edit.check_spelling(text, self.instance)
            except edit.Refused as refused:
                raise forms.ValidationError(str(refused)) from refused
            self.instance.key = key_of(text)
        return text


class AliasInline(admin.TabularInline[Alias, Name]):
    model = Alias
    form = AliasForm
    extra = 1
    fk_name = "name"
    verbose_name_plural = _("写法：大小写、全半角、繁简、连字符不必另写")


class WaitingFilter(admin.SimpleListFilter):
    title = _("要处理的")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("两篇以上提到，待确认"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Name]) -> QuerySet[Name]:
        waiting = Name.objects.to_judge().values("pk")
        return queryset.filter(pk__in=waiting).order_by("-article_count") if self.value() else queryset


@admin.register(Name)
class NameAdmin(admin.ModelAdmin[Name]):
    list_display = ["label", "label_en", "kind", "state", "article_count", "merged_into"]
    list_filter = [WaitingFilter, "state", "kind"]
    list_select_related = ["merged_into"]
    search_fields = ["label", "label_en", "aliases__text"]
    ordering = ["-article_count", "label"]
    actions = ["approve", "forbid", "merge"]
    inlines = [AliasInline]
    fields = FIELDS
    readonly_fields = ["state", "merged_into", "pages"]
    change_form_template = "admin/news/name/change_form.html"

    class Media:
        css: ClassVar = {"all": ["css/desk.css"]}

    def view_on_site(self, name: Name) -> str | None:
        return name.get_absolute_url() if name.state in (Name.State.PUBLIC, Name.State.MERGED) else None

    def get_urls(self) -> list[URLPattern]:
        return [*NamePages(self).urls(), *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Name | None = None) -> list[str]:
        # An address that was public once leads there for ever.
        return [*self.readonly_fields, *(["slug"] if obj else [])]

    def get_fields(self, request: HttpRequest, obj: Name | None = None) -> Any:
        later = {"slug", "state", "merged_into", "pages"}
        return [name for name in FIELDS if obj or name not in later]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # it would come again with the next article: forbid it instead

    @admin.display(description=_("提到它的文章"))
    def pages(self, name: Name) -> SafeString:
        address = reverse("admin:news_name_mentions", args=[name.pk])
        text = ngettext("%d 篇文章", "%d 篇文章", name.article_count) % name.article_count
        return format_html('<a href="{}">{}</a>', address, text)

    def save_model(self, request: HttpRequest, obj: Name, form: Any, change: bool) -> None:
        """What an editor adds by hand is public at once."""
        if not change:
            obj.slug, obj.state = free_slug(obj.label, obj.label_en), Name.State.PUBLIC
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        name: Name = form.instance
        changed = [alias.pk for formset in formsets for alias in [*formset.new_objects, *_changed(formset)]]
        if not name.aliases.exists() and not Alias.objects.filter(key=key_of(name.label)).exists():
            changed.append(edit.spell(name, name.label).pk)
        edit.spelled(Alias.objects.filter(pk__in=changed))

    @admin.action(description=_("确认所选名称：公开"), permissions=["change"])
    def approve(self, request: HttpRequest, chosen: QuerySet[Name]) -> None:
        count = edit.approve(chosen)
        self.message_user(request, ngettext("公开了 %d 个名称", "公开了 %d 个名称", count) % count, messages.SUCCESS)

    @admin.action(description=_("不收录所选名称"), permissions=["change"])
    def forbid(self, request: HttpRequest, chosen: QuerySet[Name]) -> None:
        count = edit.forbid(chosen)
        text = ngettext("%d 个名称不再收录", "%d 个名称不再收录", count) % count
        self.message_user(request, text, messages.SUCCESS)

    @admin.action(description=_("合并所选名称…"), permissions=["change"])
    def merge(self, request: HttpRequest, chosen: QuerySet[Name]) -> HttpResponse:
        keys = "&".join(f"name={key}" for key in chosen.values_list("pk", flat=True)[:50])
        return HttpResponseRedirect(f"{reverse('admin:news_name_merge')}?{keys}")


def _changed(formset: Any) -> list[Alias]:
    return [alias for alias, _fields in formset.changed_objects]
