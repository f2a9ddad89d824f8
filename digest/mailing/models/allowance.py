"""An Allowance: how often something was done for one key, in a sliding window kept by one statement."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

Limit = tuple[int, timedelta]  # at most so many times in so long

# The limit stands in the WHERE of the very statement that counts: of 500 requests at once, one takes the last place.
TAKE = """
INSERT INTO mailing_allowance AS held (key, recent) VALUES (%(key)s, ARRAY[clock_timestamp()])
ON CONFLICT (key) DO UPDATE SET recent = (clock_timestamp() || held.recent)[1:%(kept)s]
WHERE {limits} RETURNING 1
"""


class Allowance(models.Model):
    key = models.CharField(max_length=300, unique=True)
    recent = ArrayField(models.DateTimeField(), default=list)  # newest first, as many as the largest limit asks for

    class Meta:
        verbose_name = "allowance"

    def __str__(self) -> str:
        return self.key

    @classmethod
    def take(cls, key: str, limits: Sequence[Limit]) -> bool:
        """Count one more for `key` where every limit allows it; False, and nothing counted, where one does not."""
        clauses: list[str] = []
        values: dict[str, Any] = {"key": key, "kept": max(times for times, _ in limits)}
        for place, (times, span) in enumerate(limits):
            clauses.append(
                f"(held.recent[%(times{place})s] IS NULL"
                f" OR held.recent[%(times{place})s] <= clock_timestamp() - %(span{place})s)"
            )
            values |= {f"times{place}": times, f"span{place}": span}
        with connection.cursor() as cursor:
            cursor.execute(TAKE.format(limits=" AND ".join(clauses)), values)
            return cursor.fetchone() is not None
