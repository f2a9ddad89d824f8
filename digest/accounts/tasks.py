"""The clockwork of the accounts."""

from celery import shared_task

from digest.accounts import attempts


@shared_task
def forget_old() -> None:
    """Drop the counts that no limit looks at any more."""
    attempts.forget()
