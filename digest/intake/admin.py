"""The intake on the desk: tips to be taken or declined, and the tokens of other programs."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from digest.intake import tips, tokens
from digest.intake.models import SCOPES, Tip, Token
from news.models import Article, Stage
from news.tasks import ring


@admin.register(Tip)
class TipAdmin(admin.ModelAdmin[Tip]):
    list_display = ["canonical_url", "note", "name", "times", "status", "known", "created_at"]
    list_filter = ["status"]
    search_fields = ["canonical_url", "note", "name"]
    actions = ["take", "decline"]
    fields = ("link", "note", "name", "times", "status", "known", "article", "decided_by", "decided_at", "created_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tip]:
        known = Article.objects.filter(canonical_url=OuterRef("canonical_url"))
        return super().get_queryset(request).annotate(_known=Exists(known))

    @admin.display(description=_("文章已有"), boolean=True)
    def known(self, tip: Tip) -> bool:
        return tip._known  # type: ignore[attr-defined]

    @admin.display(description=_("链接"))
    def link(self, tip: Tip) -> SafeString:
        return format_html('<a href="{0}" rel="noopener noreferrer nofollow">{0}</a>', tip.canonical_url)

    @admin.action(description=_("采用所选荐稿"), permissions=["change"])
    def take(self, request: HttpRequest, chosen: QuerySet[Tip]) -> None:
        editor: Any = request.user
        count = sum(tips.take(tip, editor) for tip in chosen)
        ring(Stage.FOUND)
        words = ngettext("采用了 %d 篇，正在抓取", "采用了 %d 篇，正在抓取", count) % count
        self.message_user(request, words, messages.SUCCESS)

    @admin.action(description=_("不采用所选荐稿"), permissions=["change"])
    def decline(self, request: HttpRequest, chosen: QuerySet[Tip]) -> None:
        editor: Any = request.user
        count = sum(tips.decline(tip, editor) for tip in chosen)
        words = ngettext("%d 篇不采用", "%d 篇不采用", count) % count
        self.message_user(request, words, messages.SUCCESS)


class TokenForm(forms.ModelForm[Token]):
    scopes = forms.MultipleChoiceField(
        label=_("权限"), choices=list(SCOPES.items()), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Token
        fields = ["name", "scopes", "expires_at"]


@admin.register(Token)
class TokenAdmin(admin.ModelAdmin[Token]):
    form = TokenForm
    list_display = ["name", "hint", "scope_list", "standing", "expires_at", "used_at", "made_by"]
    list_select_related = ["made_by"]
    actions = ["revoke"]
    fields = ["name", "scopes", "expires_at"]

    def get_fields(self, request: HttpRequest, obj: Token | None = None) -> list[Any]:
        return ["name", "hint", "scope_list", "expires_at", "is_revoked", "used_at", "made_by"] if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Token | None = None) -> list[Any]:
        """What a token is good for stays as it was shown: other scopes, another token."""
        return ["hint", "scope_list", "used_at", "made_by"] if obj else []

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **(kwargs | ({"form": forms.ModelForm} if obj else {})))

    @admin.display(description=_("权限"))
    def scope_list(self, token: Token) -> str:
        return "、".join(str(SCOPES.get(scope, scope)) for scope in token.scopes)

    @admin.display(description=_("状态"))
    def standing(self, token: Token) -> str:
        if token.is_revoked:
            return str(_("已停用"))
        is_over = token.expires_at is not None and token.expires_at <= timezone.now()
        return str(_("已过期") if is_over else _("有效"))

    def save_model(self, request: HttpRequest, token: Token, form: Any, change: bool) -> None:
        if not change:
            token.made_by = request.user  # type: ignore[assignment]
            self._secret_of(request, token)
        super().save_model(request, token, form, change)

    def _secret_of(self, request: HttpRequest, token: Token) -> None:
        """Made here, shown in the answer to this very request, and kept nowhere."""
        secret = tokens.fresh()
        tokens.put(token, secret)
        request.META["jianbao.secret"] = secret

    def response_add(self, request: HttpRequest, obj: Token, post_url_continue: str | None = None) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("令牌已创建"),
            "token": obj,
            "secret": request.META.pop("jianbao.secret"),
        }
        return TemplateResponse(request, "admin/intake/token/made.html", context)

    @admin.action(description=_("停用所选令牌"), permissions=["change"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[Token]) -> None:
        count = chosen.update(is_revoked=True)
        words = ngettext("停用了 %d 个令牌", "停用了 %d 个令牌", count) % count
        self.message_user(request, words, messages.SUCCESS)
