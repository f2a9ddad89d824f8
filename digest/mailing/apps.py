"""The room's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailingConfig(AppConfig):
    name = "digest.mailing"
    verbose_name = _("邮件订阅")

    def ready(self) -> None:
        from digest.mailing.takeback import pause_all
        from digest.outgoing.sequence import mail_held

        mail_held.connect(pause_all)
