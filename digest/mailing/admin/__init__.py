"""The post's part of the desk."""

from digest.mailing.admin.deliveries import DeliveryAdmin
from digest.mailing.admin.mailings import MailingAdmin
from digest.mailing.admin.subscribers import SubscriberAdmin

__all__ = ["DeliveryAdmin", "MailingAdmin", "SubscriberAdmin"]
