"""What a reader fills in to recommend an article."""

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from news.canonical import find_links
from news.sources.inbox import Outcome, weigh
from news.text import folded

SECONDS_OF_A_PERSON = 2  # nobody fills the form in faster
STAMP_LIVES = 24 * 3600
_SALT = "digest.intake.stamp"


class TipForm(forms.Form):
    text = forms.CharField(
        label=_("文章链接"),
        max_length=5000,
        help_text=_("直接粘贴链接，或从微信、网页复制来的整段文字；取其中的第一个链接。"),
        widget=forms.Textarea(attrs={"rows": 3, "inputmode": "url", "spellcheck": "false"}),
    )
    note = forms.CharField(
        label=_("为什么值得读（选填）"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    name = forms.CharField(
        label=_("怎么称呼你（选填）"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    # No person sees this field (its class hides it, and assistive technology is told to leave it out).
    website = forms.CharField(
        label=_("请留空"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1", "aria-hidden": "true"}),
    )
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    link: Outcome  # of a valid form

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stamp"].initial = signing.dumps(0, salt=_SALT)

    def clean_text(self) -> str:
        """The first link of the text, if a page can be filed under it."""
        found = find_links(self.cleaned_data["text"])
        if not found:
            raise forms.ValidationError(_("这里没有找到链接。请粘贴以 http:// 或 https:// 开头的文章链接。"))
        self.link = weigh(found[0])
        if self.link.reason:
            raise forms.ValidationError(self.link.advice)
        return found[0]

    def clean_note(self) -> str:
        return folded(self.cleaned_data["note"])

    def clean_name(self) -> str:
        return folded(self.cleaned_data["name"])

    @property
    def is_from_a_robot(self) -> bool:
        """A robot fills in what nobody sees."""
        return bool(self.data.get("website"))

    @property
    def is_hasty(self) -> bool:
        """Sent without our stamp, or sooner than a person can: to be pressed once more."""
        return not self._has_stamp() or self._has_stamp(SECONDS_OF_A_PERSON)

    def _has_stamp(self, age: int = STAMP_LIVES) -> bool:
        try:
            signing.loads(self.data.get("stamp", ""), salt=_SALT, max_age=age)
        except signing.BadSignature:
            return False
        return True

    def again(self, why: str) -> "TipForm":
        """The same form to press once more; its stamp goes on from now where there was none."""
        data: Any = self.data.copy()  # type: ignore[attr-defined] # a QueryDict
        if not self._has_stamp():
            data["stamp"] = signing.dumps(0, salt=_SALT)
        form = TipForm(data)
        form.full_clean()
        form.add_error(None, why)
        return form
