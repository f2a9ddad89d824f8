"""A Token: what lets another program put links or pages in. Only its hash is kept; it is shown once."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# What a token may be good for. Closed list.
SCOPES = {"links": _("收链接"), "pages": _("交网页"), "read": _("查询处理进度")}


class Token(models.Model):
    name = models.CharField(_("用途"), max_length=100)
    scopes = ArrayField(models.CharField(max_length=10, choices=SCOPES.items()), verbose_name=_("权限"))
    digest = models.CharField(max_length=64, unique=True, editable=False)  # sha256 of the token, in hex
    hint = models.CharField(_("开头"), max_length=8, editable=False)
    expires_at = models.DateTimeField(_("有效期至"), null=True, blank=True)
    is_revoked = models.BooleanField(_("已停用"), default=False)
    used_at = models.DateTimeField(_("上次使用"), null=True, blank=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("创建人")
    )
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("接口令牌")
        verbose_name_plural = pgettext_lazy("plural", "接口令牌")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"
