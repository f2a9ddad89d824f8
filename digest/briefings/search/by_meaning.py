"""Items whose text means something like the query: an exact scan of the published items' vectors."""

import numpy as np
from django.db.models import QuerySet
from pgvector.django import CosineDistance

from digest.briefings.models import Item

MOST = 50


def by_meaning(rows: "QuerySet[Item]", model: str, vector: np.ndarray, limit: int = MOST) -> list[tuple[int, float]]:
    """(key, cosine) of the nearest items that have a vector of this model, nearest first."""
    distance = CosineDistance("search_entry__vector", vector)
    near = rows.filter(search_entry__model=model).order_by(distance, "-pk")
    return [(pk, 1 - far) for pk, far in near.annotate(far=distance).values_list("pk", "far")[:limit]]
