"""The room's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutgoingConfig(AppConfig):
    name = "digest.outgoing"
    verbose_name = _("邮件安全")
