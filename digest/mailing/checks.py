"""What `manage.py check` says about the settings of mail, in local mode too; production refuses to start with it."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks

from digest import sender

SENDERS = {"FROM_EMAIL": "DEFAULT_FROM_EMAIL", "NEWSLETTER_FROM_EMAIL": "NEWSLETTER_FROM_EMAIL"}


@checks.register
def senders(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """A warning, not an error: letters put the quotes in themselves where they can."""
    given = {variable: getattr(settings, name) for variable, name in SENDERS.items()}
    given |= {f"EDITORS_EMAIL, {number}": value for number, value in enumerate(settings.EDITORS_EMAIL, 1)}
    found = [(variable, sender.problem(value)) for variable, value in given.items()]
    return [checks.Warning(f"{variable}: {wrong}", id="mailing.W001") for variable, wrong in found if wrong]
