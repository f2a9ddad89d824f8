"""The nouns of the post."""

from digest.mailing.models.allowance import Allowance
from digest.mailing.models.consent import Consent
from digest.mailing.models.delivery import Delivery
from digest.mailing.models.mailing import Mailing
from digest.mailing.models.subscriber import Subscriber

__all__ = ["Allowance", "Consent", "Delivery", "Mailing", "Subscriber"]
