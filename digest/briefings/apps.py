"""The room's name for Django."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class BriefingsConfig(AppConfig):
    name = "digest.briefings"
    verbose_name = pgettext_lazy("heading", "简报")
