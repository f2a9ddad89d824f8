"""The clockwork of the intake."""

from celery import shared_task

from digest.intake import limits


@shared_task
def forget_old() -> None:
    """Drop the counts that no limit looks at any more."""
    limits.forget()
