"""What runs when. Everything here may run twice or late: each task finds out by itself what is due."""

from typing import Any


def every(seconds: float, task: str, queue: str) -> dict[str, Any]:
    # A ring that nobody answered before the next one is worth nothing.
    return {"task": task, "schedule": seconds, "options": {"queue": queue, "expires": seconds}}


TIMETABLE = {
    "ring for work that waits, take back what the dead held": every(10, "news.tasks.sweep", "default"),
}
