"""Whether the disk has room for work that writes.

Crawling, mailing and everything else that runs by itself stops before the disk is full: PostgreSQL ends when it cannot
write its log, and readers must go on reading.
"""

import logging
import shutil
import time

from django.conf import settings

CHECK_SECONDS = 1.0

log = logging.getLogger(__name__)
_checked, _is_low = 0.0, False


def is_low() -> bool:
    """Whether less than MIN_FREE_MB is free where the site keeps its data; logs each change."""
    global _checked, _is_low
    now = time.monotonic()
    if now - _checked < CHECK_SECONDS:
        return _is_low
    _checked = now
    free = shutil.disk_usage(settings.VAR_DIR).free / 2**20
    low = free < settings.MIN_FREE_MB * (1.1 if _is_low else 1.0)  # 10 % more before work begins again
    if low != _is_low:
        _is_low = low
        if low:
            log.warning(
                "%.0f MiB are free on the disk of %s, %s are needed: crawling and mailing stop until there is room",
                free,
                settings.VAR_DIR,
                settings.MIN_FREE_MB,
            )
        else:
            log.warning("%.0f MiB are free again: crawling and mailing go on", free)
    return _is_low
