"""That an item speaks of a name; and how far the items have been read with the newest names."""

from django.db import models

from news.models import Name


class ItemNameQuerySet(models.QuerySet["ItemName"]):
    def readable(self) -> "ItemNameQuerySet":
        """Those that a reader may see: of public names, in published issues."""
        return self.filter(name__state=Name.State.PUBLIC, item__briefing__published_at__isnull=False)

    def shown(self) -> "ItemNameQuerySet":
        """Those of public names, with the name, in their order."""
        return self.filter(name__state=Name.State.PUBLIC).select_related("name").order_by("place", "id")


class ItemName(models.Model):
    item = models.ForeignKey("briefings.Item", models.CASCADE, related_name="named")
    name = models.ForeignKey("news.Name", models.CASCADE, related_name="in_items")
    place = models.PositiveSmallIntegerField(default=0)  # in the order of first places

    objects = ItemNameQuerySet.as_manager()

    class Meta:
        ordering = ["place", "id"]
        constraints = [models.UniqueConstraint(fields=["item", "name"], name="one_row_an_item_and_name")]

    def __str__(self) -> str:
        return f"{self.name}: {self.item}"


class NamesNoted(models.Model):
    """One row: items with a key below `below` are still to be read with the names of `version`."""

    version = models.PositiveIntegerField(default=0)
    below = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.version} < {self.below}"
