"""A Briefing: a dated issue, "AI 简报 20230310 期"."""

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class BriefingQuerySet(models.QuerySet["Briefing"]):
    def published(self) -> "BriefingQuerySet":
        return self.filter(published_at__isnull=False)

    def fed(self) -> "BriefingQuerySet":
        """What feeds bring: an imported issue is no news to anybody."""
        return self.published().filter(is_imported=False)

    def newest_first(self) -> "BriefingQuerySet":
        return self.order_by("-date")


class Briefing(models.Model):
    date = models.DateField(_("日期"), unique=True)
    lead = models.TextField(_("导语"), blank=True, help_text=_("可用 Markdown"))
    closing = models.TextField(_("结语"), blank=True, help_text=_("可用 Markdown"))
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)  # goes up with every save: P27
    # Printed elsewhere, before this site: it stands in the archive at its date, and is never posted or fed as new.
    is_imported = models.BooleanField(_("导入的往期"), default=False, editable=False)
    is_sample = models.BooleanField(_("示例"), default=False, editable=False)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    changed_at = models.DateTimeField(_("修改时间"), auto_now=True)

    objects = BriefingQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("an issue", "简报")
        verbose_name_plural = pgettext_lazy("issues", "简报")
        ordering = ["-date"]
        # Whoever may change an issue writes drafts; what readers have before them takes one of these.
        permissions = [("publish_briefing", "发布简报"), ("correct_briefing", "修改已发布的简报")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("briefing", args=[self.number])

    @property
    def number(self) -> str:
        return f"{self.date:%Y%m%d}"

    @property
    def title(self) -> str:
        return gettext("%(name)s %(number)s 期") % {"name": settings.SITE_NAME, "number": self.number}

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    def publish(self, by: User | None) -> bool:
        """Make the issue public, once. True where this call did it; two presses at a time publish once (P29)."""
        now = timezone.now()
        done = Briefing.objects.filter(pk=self.pk, published_at=None).update(
            published_at=now, published_by=by, version=models.F("version") + 1, changed_at=now
        )
        self.refresh_from_db()
        return bool(done)
