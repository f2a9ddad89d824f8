"""The nouns of the intake."""

from digest.intake.models.allowance import Allowance
from digest.intake.models.tip import Tip
from digest.intake.models.token import SCOPES, Token

__all__ = ["SCOPES", "Allowance", "Tip", "Token"]
