"""The trainings at the desk."""

from digest.events.admin.event import EventAdmin
from digest.events.admin.offer import OfferAdmin
from digest.events.admin.signup import SignupAdmin
from digest.events.admin.tour import TourAdmin

__all__ = ["EventAdmin", "OfferAdmin", "SignupAdmin", "TourAdmin"]
