"""The editor's desk takes the place of Django's stock admin site."""

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    default_site = "digest.desk.Desk"
