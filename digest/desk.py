"""The editor's desk: Django's admin, with what waits for a person on its first page."""

import os
import secrets
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

FIRST_EDITOR = "editor"


class Desk(AdminSite):
    site_header = _("简报编辑台")
    site_title = _("简报编辑台")
    index_title = _("今天要做的事")
    index_template = "admin/desk.html"

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Wrong passwords are limited by the form; here the answer says so to programs, and a browser gets its mark."""
        from digest.accounts.browser import put_mark
        from digest.accounts.forms import LoginForm

        self.login_form = LoginForm
        response = super().login(request, extra_context)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if form and form.wait:
            response.status_code = 429
            response["Retry-After"] = str(int(form.wait.total_seconds()))
        if request.method == "POST" and response.status_code == 302:
            put_mark(request, response, request.user.get_username())
        return response

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Django's own, with the form that limits wrong old passwords; Django has no attribute for it."""
        from django.contrib.auth.views import PasswordChangeView

        from digest.accounts.forms import PasswordChangeForm

        request.current_app = self.name
        view = PasswordChangeView.as_view(
            form_class=PasswordChangeForm,
            success_url=reverse("admin:password_change_done", current_app=self.name),
            template_name=self.password_change_template or "registration/password_change_form.html",
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        return view(request)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, {**(extra_context or {}), **_today(request)})


def _today(request: HttpRequest) -> dict[str, Any]:
    """What the first page counts, as far as this person may see it: stages, what was dropped, the drafts, the post."""
    from digest.briefings.compose import unpublished
    from digest.briefings.links import ailing
    from digest.briefings.models import Briefing
    from digest.mailing.waiting import waiting_for_a_person
    from news import pipeline
    from news.models import Article, LinkState, Name, Stage, Watch
    from news.sources.health import needing_attention

    may = request.user.has_perm
    today: dict[str, Any] = {"newest": Briefing.objects.published().newest_first().first()}
    if may("news.view_article"):
        today["stages"] = [(Stage(stage).label, stage, count) for stage, count in pipeline.counts()]
        today["dropped"] = Article.objects.filter(stage=Stage.DROPPED).order_by("-changed_at")[:5]
    if may("news.add_lead") or may("news.add_source"):
        today["may_paste"] = True
    if may("briefings.add_briefing") and may("briefings.change_briefing"):
        today["may_compose"] = True
        today["candidate_count"] = unpublished().count()
        today["drafts"] = Briefing.objects.filter(published_at=None).order_by("date")
    if may("briefings.change_item") and may("briefings.correct_briefing"):
        today["gone_count"] = ailing().count()
    if may("news.view_source"):
        today["ailing_sources"] = needing_attention()
    if may("news.view_watch"):
        today["changed_count"] = Watch.objects.filter(state=LinkState.CHANGED, is_active=True).count()
    if may("news.change_name"):
        today["name_count"] = Name.objects.to_judge().count()
    if may("mailing.view_delivery"):
        today["waiting"] = waiting_for_a_person()
    return today


def make_first_editor() -> str:
    """Make an account where there is none, its password random. Returns one line on how to sign in.

    The password lies under var/ for its owner to read, so that a second start can still tell where it is.
    """
    from django.contrib.auth.models import User

    note = settings.VAR_DIR / "first-password"
    if User.objects.filter(is_superuser=True).exists():
        return f"name: {FIRST_EDITOR}, password: in {os.path.relpath(note)}" if note.exists() else ""
    password = secrets.token_urlsafe(12)
    note.unlink(missing_ok=True)
    with os.fdopen(os.open(note, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(password + "\n")
    User.objects.create_superuser(FIRST_EDITOR, password=password)
    return f"name: {FIRST_EDITOR}, password: {password}"
