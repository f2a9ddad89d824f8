"""Chooses the face of a story; a story that nobody stands in any more goes."""

from django.db.models.functions import Length

from news.models import Story

LONG_ENOUGH = 3_000  # letters; a longer text is no better


def choose_best(story: Story) -> None:
    """No copy; an original before a reprint, the fuller text first, then what came first."""
    rows = story.articles.filter(duplicate_of=None).annotate(letters=Length("text"))
    members = rows.values_list("is_original", "letters", "pk")
    ordered = sorted(members, key=lambda row: (row[0] is True, min(row[1], LONG_ENOUGH), -row[2]))
    best = ordered[-1][2] if ordered else None
    if best is None and not story.articles.exists():
        Story.objects.filter(pk=story.pk).delete()  # the object keeps its key: who holds it may still name it
    elif best != story.best_id:
        story.best_id = best
        story.save(update_fields=["best"])
