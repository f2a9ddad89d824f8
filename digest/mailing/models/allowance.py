"""An Allowance of the post: how often a mailbox was written to, and how often a network asked."""

from digest.allowance import AbstractAllowance


class Allowance(AbstractAllowance):
    class Meta:
        verbose_name = "allowance"
