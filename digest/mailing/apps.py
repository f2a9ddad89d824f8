"""The room's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailingConfig(AppConfig):
    name = "digest.mailing"
    verbose_name = _("邮件订阅")

    def ready(self) -> None:
        from digest.mailing import checks  # noqa: F401 it registers itself
