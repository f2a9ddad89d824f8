"""How often something was done for somebody, in a sliding window, counted in the database for all processes at once."""

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.crypto import salted_hmac

Limit = tuple[int, timedelta]  # at most so many times in so long

# The limit stands in the WHERE of the very statement that counts: of 500 requests at once, one takes the last place.
TAKE = """
INSERT INTO {table} AS held (key, recent) VALUES (%(key)s, ARRAY[clock_timestamp()])
ON CONFLICT (key) DO UPDATE SET recent = (clock_timestamp() || held.recent)[1:%(kept)s]
WHERE {limits} RETURNING 1
"""


class AbstractAllowance(models.Model):
    """Each room that limits something has a table of its own."""

    key = models.CharField(max_length=300, unique=True)
    recent = ArrayField(models.DateTimeField(), default=list)  # newest first, as many as the largest limit asks for

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.key

    @classmethod
    def take(cls, what: str, whom: str, limits: Sequence[Limit]) -> bool:
        """Count `what` once more for `whom` if every limit allows it; False, and nothing counted, if one does not.

        `whom` is a mailbox or a network. It is not kept, only a keyed hash of it.
        """
        key = _key(what, whom)
        clauses: list[str] = []
        values: dict[str, Any] = {"key": key, "kept": max(times for times, _ in limits)}
        for place, (times, span) in enumerate(limits):
            clauses.append(
                f"(held.recent[%(times{place})s] IS NULL"
                f" OR held.recent[%(times{place})s] <= clock_timestamp() - %(span{place})s)"
            )
            values |= {f"times{place}": times, f"span{place}": span}
        with connection.cursor() as cursor:
            cursor.execute(TAKE.format(table=cls._meta.db_table, limits=" AND ".join(clauses)), values)
            return cursor.fetchone() is not None

    @classmethod
    def wait(cls, what: str, whom: str, limits: Sequence[Limit]) -> timedelta:
        """How long until `take` would say yes, to whole seconds, one at least: for whom it just refused."""
        recent = cls._default_manager.filter(key=_key(what, whom)).values_list("recent", flat=True).first() or []
        now = timezone.now()
        left = [recent[times - 1] + span - now for times, span in limits if len(recent) >= times]
        return timedelta(seconds=max([1, *(math.ceil(one.total_seconds()) for one in left)]))

    @classmethod
    def give_back(cls, what: str, whom: str) -> None:
        """Take one count back: what was counted turned out not to be of the kind that is limited."""
        cls._default_manager.filter(key=_key(what, whom)).update(recent=RawSQL("recent[2:]", []))

    @classmethod
    def clear(cls, what: str, whom: str) -> None:
        """Drop all that was counted of `what` for `whom`."""
        cls._default_manager.filter(key=_key(what, whom)).delete()

    @classmethod
    def forget(cls, kept: timedelta) -> None:
        """Drop the counts that no limit of at most `kept` looks at any more."""
        cls._default_manager.filter(models.Q(recent__0__lt=Now() - kept) | models.Q(recent=[])).delete()


def _key(what: str, whom: str) -> str:
    return f"{what}:{salted_hmac('digest.allowance', whom, algorithm='sha256').hexdigest()}"
