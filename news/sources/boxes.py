"""The boxes that people drop links into, as kinds: nobody asks them."""

from django.utils.translation import gettext_lazy as _

from news.sources.base import Kind


class Inbox(Kind):
    label = _("链接收件箱")
    help = _("编辑粘贴的链接都在这里。")
    address_label = ""
    is_polled = False


class Tips(Kind):
    label = _("荐稿")
    help = _("读者推荐、编辑收下的链接。")
    address_label = ""
    is_polled = False
