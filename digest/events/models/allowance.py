"""An Allowance of the trainings: how often a network sent a form."""

from digest.allowance import AbstractAllowance


class Allowance(AbstractAllowance):
    class Meta:
        verbose_name = "allowance"
