"""The editor's desk takes the place of Django's stock admin site."""

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    default_site = "digest.desk.Desk"

    def ready(self) -> None:
        """Also make our Celery the one that a task rung from a web request's thread finds."""
        super().ready()
        from digest.celery import app

        app.set_default()
