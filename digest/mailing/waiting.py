"""What of the post waits for a person: for the first page of the desk."""

from django.urls import reverse
from django.utils.translation import gettext

from digest.mailing.models import Delivery, Mailing
from digest.outgoing.models import MailHold


def waiting_for_a_person() -> list[tuple[str, str, int]]:
    """(label, address of the list, how many) for each that is not nothing; three queries."""
    mailings, deliveries = reverse("admin:mailing_mailing_changelist"), reverse("admin:mailing_delivery_changelist")
    stopped = Mailing.objects.filter(state__in=[Mailing.State.HELD, Mailing.State.PAUSED]).count()
    unknown = Delivery.objects.filter(state=Delivery.State.UNKNOWN).count()
    held = MailHold.objects.filter(released_at=None).count()
    found = [
        (gettext("所有邮件停寄，等人放行"), reverse("admin:outgoing_mailhold_changelist"), held),
        (gettext("待放行或暂停的群发"), mailings, stopped),
        (gettext("不确定是否送达的邮件"), f"{deliveries}?state__exact=unknown", unknown),
    ]
    return [line for line in found if line[2]]
