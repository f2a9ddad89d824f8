"""The nouns of the trainings."""

from digest.events.models.allowance import Allowance
from digest.events.models.event import Event
from digest.events.models.offer import Offer
from digest.events.models.signup import Signup
from digest.events.models.tour import Tour

__all__ = ["Allowance", "Event", "Offer", "Signup", "Tour"]
