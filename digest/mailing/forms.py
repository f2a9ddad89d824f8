"""What a visitor fills in: an address with its wishes, or the preferences."""

from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from digest.addresses import normalise
from digest.mailing.models import Subscriber
from digest.mailing.models.subscriber import LANGUAGES
from news.models import Topic

SECONDS_OF_A_PERSON = 2  # nobody fills the form in faster
STAMP_LIVES = 24 * 3600
_SALT = "digest.mailing.stamp"


class AddressForm(forms.Form):
    email = forms.CharField(
        label=_("邮箱地址"),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
    )

    def clean_email(self) -> str:
        return normalise(self.cleaned_data["email"])


class SubscribeForm(AddressForm):
    topics = forms.ModelMultipleChoiceField(
        label=_("只看这些主题（不选则全部）"),
        queryset=Topic.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.ChoiceField(label=_("邮件语言"), choices=LANGUAGES, required=False)
    # No person sees this field (its class hides it, and assistive technology is told to leave it out).
    website = forms.CharField(
        label=_("请留空"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1", "aria-hidden": "true"}),
    )
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topics"].queryset = Topic.objects.filter(is_active=True)  # type: ignore[attr-defined]
        self.fields["stamp"].initial = signing.dumps(0, salt=_SALT)
        self.fields["language"].initial = get_language() if get_language() in dict(LANGUAGES) else None

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or settings.LANGUAGE_CODE

    @property
    def is_from_a_robot(self) -> bool:
        """A robot fills in what nobody sees."""
        return bool(self.data.get("website"))

    @property
    def is_hasty(self) -> bool:
        """Sent without our stamp, or sooner than a person can: to be pressed once more."""
        stamp = self.data.get("stamp", "")
        try:
            signing.loads(stamp, salt=_SALT, max_age=STAMP_LIVES)
        except signing.BadSignature:
            return True
        try:
            signing.loads(stamp, salt=_SALT, max_age=SECONDS_OF_A_PERSON)
        except signing.SignatureExpired:
            return False
        return True

    def again(self, why: str) -> "SubscribeForm":
        """The same form to press once more; its stamp goes on from now where there was none."""
        data: Any = self.data.copy()  # type: ignore[attr-defined] # a QueryDict
        try:
            signing.loads(data.get("stamp", ""), salt=_SALT, max_age=STAMP_LIVES)
        except signing.BadSignature:
            data["stamp"] = signing.dumps(0, salt=_SALT)
        form = SubscribeForm(data)
        form.full_clean()
        form.add_error(None, why)
        return form


class PreferencesForm(forms.ModelForm[Subscriber]):
    is_paused = forms.BooleanField(label=_("暂停四周"), required=False, help_text=_("到期后自动恢复"))

    class Meta:
        model = Subscriber
        fields = ["topics", "language"]
        labels = {"topics": _("只看这些主题（不选则全部）"), "language": _("邮件语言")}
        widgets = {"topics": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topics"].queryset = Topic.objects.filter(is_active=True)  # type: ignore[attr-defined]
        self.fields["is_paused"].initial = self.instance.is_paused
