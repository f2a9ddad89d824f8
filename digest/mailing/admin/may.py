"""Who may send. To change a mailing's or a delivery's row is not enough: each of these lets letters leave."""

from django.http import HttpRequest


def may_send(request: HttpRequest) -> bool:
    return request.user.has_perm("mailing.send_mailing")
