"""The topics of an article on its page: why each, and what an editor says of it."""

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from news.models import Article, ArticleTopic


class TopicInline(admin.TabularInline[ArticleTopic, Article]):
    model = ArticleTopic
    extra = 1
    fields = ["topic", "is_rejected", "by", "score", "reason", "example"]
    readonly_fields = ["by", "score", "reason", "example"]

    @admin.display(description=_("理由"))
    def reason(self, filed: ArticleTopic) -> SafeString:
        return reason(filed)

    @admin.display(description=_("例句"))
    def example(self, filed: ArticleTopic) -> SafeString:
        """Sends the page's own form elsewhere: no script, and no form within a form."""
        if not filed.pk:
            return SafeString("")
        words = _("设为反例") if filed.is_rejected else _("设为例句")
        address = reverse("admin:news_topic_example", args=[filed.pk])
        shape = '<button class="button" formaction="{}" formnovalidate aria-label="{}">{}</button>'
        return format_html(shape, address, f"{words}：{filed.topic}", words)


def reason(filed: ArticleTopic) -> SafeString:
    """Why the machine filed it there, in words: terms, examples, and what it learned from editors."""
    parts = [*_formula(filed.why), *_learned(filed.why)]
    return format_html_join(SafeString("<br>"), "{}", ((part,) for part in parts)) if parts else SafeString("—")


def _formula(why: dict[str, Any]) -> list[str]:
    terms = "、".join(why.get("terms", []))
    examples = "；".join(f"{text}（{cosine:.2f}）" for text, cosine in why.get("examples", []))
    found = [gettext("关键词：%s") % terms] if terms else []
    return found + ([gettext("相近的例句：%s") % examples] if examples else [])


def _learned(why: dict[str, Any]) -> list[str | SafeString]:
    found: list[str | SafeString] = []
    if up := why.get("up"):
        found.append(gettext("编辑的纠正里，这些词说明属于：%s") % "、".join(up))
    if down := why.get("down"):
        found.append(gettext("编辑的纠正里，这些词说明不属于：%s") % "、".join(down))
    if ids := why.get("corrected"):
        titles = Article.objects.filter(pk__in=ids).values_list("pk", "title")
        links = ((reverse("admin:news_article_change", args=[pk]), title or str(pk)) for pk, title in titles)
        said = ngettext("与纠正过的文章相近：", "与纠正过的文章相近：", len(titles))
        found.append(format_html("{}{}", said, format_html_join("；", '<a href="{}">{}</a>', links)))
    return found
