"""Pictures on the desk: what became of each, an editor's own, and the Markdown that puts one into an item."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from news.models import Article, Picture, PictureState
from news.pictures import MEDIA_TYPES, Unfit, address_of, discard, keep_upload, markdown_of, read_upload, shown_html
from news.tasks import ring_for_pictures

REFUSED = {
    "not_raster": _("这不是 PNG、JPEG、GIF 或 WebP 图片（SVG 不收）。请另存为其中一种，再上传。"),
    "too_large": _("文件超过 5 MB。请先压缩，再上传。"),
    "too_many_pixels": _("图片超过 2000 万像素。请先缩小，再上传。"),
    "undecodable": _("图片已损坏或不完整。请用看图软件打开、另存，再上传。"),
}
COPY_HELP = _("把一行 Markdown 复制到条目的摘要里，并在 [ ] 之间写上图里是什么。")


class UploadForm(forms.ModelForm[Picture]):
    upload = forms.FileField(
        label=_("图片文件"),
        help_text=_(
            "PNG、JPEG、GIF、WebP，最大 5 MB。会重新编码：位置等附带信息去掉，动图只留第一帧，宽度最多 1600 像素。"
        ),
        widget=forms.FileInput(attrs={"accept": ",".join(MEDIA_TYPES.values())}),
    )

    class Meta:
        model = Picture
        fields: list[str] = []

    def clean_upload(self) -> Any:
        try:
            return read_upload(self.cleaned_data["upload"])
        except Unfit as unfit:
            raise forms.ValidationError(REFUSED[unfit.reason], code=unfit.reason) from unfit


@admin.register(Picture)
class PictureAdmin(admin.ModelAdmin[Picture]):
    list_display = ["thumbnail", "origin", "state", "reason", "pixels", "size", "created_at"]
    list_filter = ["state"]
    search_fields = ["url", "key", "articles__title"]
    actions = ["fetch_again"]
    readonly_fields = [
        *("image", "markdown", "origin", "state", "reason", "attempts", "next_at"),
        *("pixels", "size", "fetched_at", "article_list"),
    ]

    class Media:
        css = {"all": ["css/desk.css"]}

    def get_fields(self, request: HttpRequest, obj: Picture | None = None) -> list[Any]:
        return list(self.readonly_fields) if obj else ["upload"]

    def get_readonly_fields(self, request: HttpRequest, obj: Picture | None = None) -> list[Any]:
        return list(self.readonly_fields) if obj else []

    def get_form(self, request: HttpRequest, obj: Picture | None = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **kwargs) if obj else UploadForm

    def save_model(self, request: HttpRequest, obj: Picture, form: Any, change: bool) -> None:
        if not change:
            kept = keep_upload(form.cleaned_data["upload"])
            obj.pk, obj.key = kept.pk, kept.key

    def response_add(self, request: HttpRequest, obj: Picture, post_url_continue: str | None = None) -> HttpResponse:
        """To the page where the Markdown to copy stands."""
        self.message_user(request, _("图片已保存"), messages.SUCCESS)
        return redirect("admin:news_picture_change", obj.pk)

    def delete_model(self, request: HttpRequest, obj: Picture) -> None:
        discard(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Picture]) -> None:
        for picture in queryset:
            discard(picture)

    @admin.action(description=_("重新抓取所选图片"), permissions=["change"])
    def fetch_again(self, request: HttpRequest, chosen: QuerySet[Picture]) -> None:
        again = {"state": PictureState.WAITING, "attempts": 0, "next_at": Now(), "wanted_at": Now()}
        count = chosen.exclude(url="").update(**again)
        ring_for_pictures()
        self.message_user(request, ngettext("%d 张已重新排队", "%d 张已重新排队", count) % count, messages.SUCCESS)

    @admin.display(description=_("缩略图"))
    def thumbnail(self, picture: Picture) -> SafeString:
        return _image(picture, "desk-thumbnail")

    @admin.display(description=_("图片"))
    def image(self, picture: Picture) -> SafeString:
        return _image(picture, "desk-picture")

    @admin.display(description="Markdown")
    def markdown(self, picture: Picture) -> SafeString:
        return format_html('<code>{}</code><p class="desk-why">{}</p>', markdown_of(picture), COPY_HELP)

    @admin.display(description=_("来历"), ordering="host")
    def origin(self, picture: Picture) -> str:
        return picture.url or str(_("编辑上传"))

    @admin.display(description=_("像素"))
    def pixels(self, picture: Picture) -> str:
        return f"{picture.width} × {picture.height}" if picture.width else "—"

    @admin.display(description=_("出现在"))
    def article_list(self, picture: Picture) -> SafeString:
        return format_html_join("", "<p>{}</p>", ((str(article),) for article in picture.articles.all()[:20]))


def page_preview(article: Article) -> SafeString:
    """The body with its pictures, as our own copies show them."""
    return format_html('<div class="desk-page">{}</div>', shown_html(article) or "—")


def picture_list(article: Article) -> SafeString:
    """Each picture of the article, with the Markdown to copy."""
    rows = [
        (_image(one, "desk-thumbnail"), one.get_state_display(), markdown_of(one))
        for one in article.pictures.order_by("pk")
    ]
    if not rows:
        return SafeString("—")
    listed = format_html_join("", "<li>{} {} <code>{}</code></li>", rows)
    return format_html('<p class="desk-why">{}</p><ul class="desk-pictures">{}</ul>', COPY_HELP, listed)


def _image(picture: Picture, css: str) -> SafeString:
    shape = '<img class="{}" src="{}" alt="{}" loading="lazy">'
    return format_html(shape, css, address_of(picture), picture.reason or picture.get_state_display())
