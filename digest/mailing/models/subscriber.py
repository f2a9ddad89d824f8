"""A Subscriber: an address with its consent."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from digest.addresses import is_role

LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]  # each in its own words


def new_handle() -> str:
    return secrets.token_hex(8)


def new_secret() -> str:
    return secrets.token_hex(16)


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    def mailable(self) -> "SubscriberQuerySet":
        """Who may be mailed an issue at this moment."""
        return self.filter(self.mailable_q())

    @staticmethod
    def mailable_q(prefix: str = "") -> Q:
        awake = Q(**{f"{prefix}paused_until": None}) | Q(**{f"{prefix}paused_until__lte": timezone.now()})
        return awake & Q(**{f"{prefix}status": Subscriber.Status.CONFIRMED, f"{prefix}is_blocked": False})


class Subscriber(models.Model):
    class Status(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("待确认")
        CONFIRMED = "confirmed", _("已确认")
        UNSUBSCRIBED = "unsubscribed", _("已退订")

    email = models.EmailField(_("邮箱"), max_length=254, unique=True)  # as addresses.normalise() writes it
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.UNCONFIRMED, db_index=True)
    topics = models.ManyToManyField("news.Topic", blank=True, related_name="+", verbose_name=_("主题"))  # none = all
    language = models.CharField(_("语言"), max_length=10, choices=LANGUAGES, default="zh-hans")
    paused_until = models.DateTimeField(_("暂停至"), null=True, blank=True)
    is_blocked = models.BooleanField(
        _("不再发信"), default=False, help_text=_("投诉或退信；只有编辑能解除，重新订阅也不会解除")
    )
    is_sample = models.BooleanField(_("示例"), default=False, editable=False)

    # What the links are made of (tokens.py). Neither depends on SECRET_KEY.
    handle = models.CharField(max_length=16, unique=True, default=new_handle, editable=False)
    secret = models.CharField(max_length=32, default=new_secret, editable=False)
    round = models.PositiveIntegerField(default=0, editable=False)  # goes up with every unsubscribing: old confirm
    # links end with it

    # What was asked for and is not yet confirmed; a stranger may have typed it, so it is kept apart.
    wish = models.JSONField(default=dict, blank=True, editable=False)  # {"topics": [id], "language": str}
    answer_due_at = models.DateTimeField(null=True, blank=True, editable=False)  # we owe this address a letter
    answer_tries = models.PositiveSmallIntegerField(default=0, editable=False)

    asked_at = models.DateTimeField(_("申请时间"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True, editable=False)
    unsubscribed_at = models.DateTimeField(_("退订时间"), null=True, blank=True, editable=False)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("订阅者")
        verbose_name_plural = pgettext_lazy("plural", "订阅者")
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(fields=["answer_due_at"], name="answers_due", condition=Q(answer_due_at__isnull=False)),
            models.Index(fields=["confirmed_at"], name="confirmed_at", condition=Q(status="confirmed")),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_paused(self) -> bool:
        return bool(self.paused_until and self.paused_until > timezone.now())

    @property
    def is_role(self) -> bool:
        return is_role(self.email)
