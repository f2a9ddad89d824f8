"""An Allowance of the accounts: how often somebody tried a password."""

from digest.allowance import AbstractAllowance


class Allowance(AbstractAllowance):
    class Meta:
        verbose_name = "allowance"
