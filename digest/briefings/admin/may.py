"""Who may do what to an issue beyond Django's view, add, change and delete."""

from django.http import HttpRequest

from digest.briefings.models import Briefing


def may_publish(request: HttpRequest) -> bool:
    return request.user.has_perm("briefings.publish_briefing")


def may_touch(request: HttpRequest, briefing: Briefing | None) -> bool:
    """Drafts are open to whoever may change issues; what is published takes a permission of its own."""
    return briefing is None or not briefing.is_published or may_correct(request)


def may_correct(request: HttpRequest) -> bool:
    return request.user.has_perm("briefings.correct_briefing")


def may_import(request: HttpRequest) -> bool:
    """An imported issue stands in the archive at once, so it takes what publishing takes."""
    return request.user.has_perm("briefings.add_briefing") and may_publish(request)
