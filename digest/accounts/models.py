"""How often somebody tried a password; and which of the ready-made groups were made."""

from django.db import models

from digest.allowance import AbstractAllowance


class Allowance(AbstractAllowance):
    class Meta:
        verbose_name = "allowance"


class MadeGroup(models.Model):
    """A ready-made group that was made once: it is not made again, whatever became of it."""

    name = models.CharField(max_length=150, unique=True)

    def __str__(self) -> str:
        return self.name
