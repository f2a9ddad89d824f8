"""An Allowance of the intake: how often a network sent a tip, or a token was used."""

from digest.allowance import AbstractAllowance


class Allowance(AbstractAllowance):
    class Meta:
        verbose_name = "allowance"
