"""Where links come from: a file a kind beside this, and a line a kind below."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# kind → its label in the admin. The inbox is the first: people drop links into it.
KINDS: dict[str, str | Promise] = {"inbox": _("链接收件箱")}
