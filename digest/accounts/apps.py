"""The room's name for Django."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "digest.accounts"
    verbose_name = _("登录和用户组")

    def ready(self) -> None:
        from digest.accounts.groups import make_groups

        post_migrate.connect(make_groups, sender=self, dispatch_uid="ready-made groups")
