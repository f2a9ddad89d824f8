"""An Attempt: how often one network sent one kind of form within one hour."""

from django.db import models


class Attempt(models.Model):
    form = models.CharField(max_length=20)
    network = models.CharField(max_length=64)  # a keyed hash: the address itself is not kept
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "network", "hour"], name="attempt_one_row_an_hour")]

    def __str__(self) -> str:
        return f"{self.form} {self.hour:%Y-%m-%d %H} × {self.count}"
