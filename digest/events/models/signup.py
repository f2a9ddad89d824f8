"""A Signup: an attendee of one stop, with or without a seat, and the mail that the row owes."""

from datetime import timedelta
from secrets import token_urlsafe

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

AGAIN_AFTER = timedelta(hours=1)  # who signs up again gets the mail again, but nobody can fill a mailbox by it
CONFIRM_WITHIN = timedelta(hours=1)  # so long a seat, or a place in line, is held for an address that confirmed nothing
SAID_ENOUGH = timedelta(hours=12)  # whoever got a letter within that time is not reminded of what it said
AHEAD = timedelta(hours=36)  # the evening before at the latest, whatever hour the training begins
KEPT = timedelta(days=180)  # names and addresses, after the training


def new_token() -> str:
    """The key of the page where a sign-up can be seen and cancelled: 192 random bits."""
    return token_urlsafe(24)


class SignupQuerySet(models.QuerySet["Signup"]):
    def live(self) -> "SignupQuerySet":
        return self.exclude(state=Signup.State.CANCELLED)

    def confirmed(self) -> "SignupQuerySet":
        """Whose mailbox's owner said yes: nobody else gets a letter, but the one that asks."""
        return self.exclude(confirmed_at=None)

    def unconfirmed_too_long(self) -> "SignupQuerySet":
        """Who had an hour, from the letter if there was one, and did not confirm."""
        late = Now() - CONFIRM_WITHIN
        waiting = self.live().filter(confirmed_at=None, mail_due_at=None, created_at__lt=late)
        return waiting.filter(Q(mail_claimed_at=None) | Q(mail_claimed_at__lt=late))

    def in_line(self) -> "SignupQuerySet":
        return self.filter(state=Signup.State.WAITING).order_by("number")

    def owing_mail(self) -> "SignupQuerySet":
        return self.filter(mail_due_at__lte=Now()).order_by("mail_due_at", "pk")

    def to_remind(self) -> "SignupQuerySet":
        """Who has a seat at a training that starts within AHEAD, and heard nothing of it lately."""
        near = {"event__starts_at__gt": Now(), "event__starts_at__lte": Now() + AHEAD}
        quiet = Q(mail_claimed_at=None) | Q(mail_claimed_at__lt=Now() - SAID_ENOUGH)
        seated = self.confirmed().filter(quiet, state=Signup.State.SEATED, reminded_at=None, **near)
        return seated.filter(event__tour__is_sample=False).exclude(event__state="cancelled")

    def past_keeping(self) -> "SignupQuerySet":
        return self.filter(event__starts_at__lt=Now() - KEPT)

    def owe(self, news: str) -> int:
        """Let each row owe a mail from now on; what it says about the state is read when it is sent."""
        return self.update(mail_news=news, mail_due_at=Now(), mail_tries=0)


class Signup(models.Model):
    class State(models.TextChoices):
        SEATED = "seated", _("已有座位")
        WAITING = "waiting", _("候补中")
        INTERESTED = "interested", _("等待定档")
        CANCELLED = "cancelled", pgettext_lazy("sign-up", "已取消")

    class News(models.TextChoices):
        """What the mail is about."""

        SIGNED_UP = "signed_up", _("报名登记")
        PROMOTED = "promoted", _("候补递补")
        CHANGED = "changed", _("活动变更")
        CANCELLED = "cancelled", _("取消确认")
        REMINDER = "reminder", _("行前提醒")

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="signups", verbose_name=_("活动"))
    # 1, 2, 3 … in the order in which sign-ups were stored, without a gap: the order of the waiting list.
    number = models.PositiveIntegerField(_("顺序号"), editable=False)
    state = models.CharField(_("状态"), max_length=10, choices=State, editable=False)
    name = models.CharField(_("姓名"), max_length=50)
    email = models.CharField(_("邮箱"), max_length=254)
    company = models.CharField(_("公司或学校"), max_length=100, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    note = models.CharField(_("留言"), max_length=500, blank=True)
    language = models.CharField(max_length=10, default="zh-hans", editable=False)
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    created_at = models.DateTimeField(_("报名时间"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True, editable=False)
    lapsed_at = models.DateTimeField(_("过期时间"), null=True, blank=True, editable=False)  # cancelled, not confirmed
    cancelled_at = models.DateTimeField(_("取消时间"), null=True, blank=True, editable=False)

    mail_news = models.CharField(max_length=10, choices=News, default=News.SIGNED_UP, editable=False)
    mail_due_at = models.DateTimeField(_("待发邮件"), null=True, blank=True, editable=False, db_default=Now())
    mail_claimed_at = models.DateTimeField(null=True, blank=True, editable=False)  # set before the mail is handed over
    mail_sent_at = models.DateTimeField(_("邮件发出"), null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    mail_tries = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = SignupQuerySet.as_manager()

    class Meta:
        permissions = [("export_signup", "导出报名名单")]
        verbose_name = _("报名")
        verbose_name_plural = pgettext_lazy("plural", "报名")
        ordering = ["event", "number"]
        constraints = [
            models.UniqueConstraint(fields=["event", "number"], name="signup_one_number"),
            models.UniqueConstraint(
                fields=["event", "email"], condition=~Q(state="cancelled"), name="signup_one_live_address"
            ),
        ]
        indexes = [
            models.Index(fields=["event", "state", "number"], name="signup_line"),
            models.Index(
                fields=["created_at"],
                condition=Q(confirmed_at=None) & ~Q(state="cancelled"),
                name="signup_unconfirmed",
            ),
            models.Index(fields=["mail_due_at"], condition=Q(mail_due_at__isnull=False), name="signup_mail_due"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("signup", args=[self.token])

    @property
    def is_live(self) -> bool:
        return self.state != self.State.CANCELLED

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def may_be_confirmed(self) -> bool:
        """Also after the hour: then it goes to the end of the line."""
        return not self.is_confirmed and (self.is_live or self.lapsed_at is not None)

    @property
    def place_in_line(self) -> int | None:
        """1 for whoever gets the next free seat; None where this one does not wait."""
        if self.state != self.State.WAITING:
            return None
        return Signup.objects.in_line().filter(event_id=self.event_id, number__lt=self.number).count() + 1
