"""The forms that visitors send: signing up, and the three offers."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from digest.addresses import normalise
from digest.events.models import Offer
from digest.events.signup import Person
from digest.events.wording import holds_link, one_line, plain


class LineField(forms.CharField):
    """One line of visible text."""

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value) or "")


class NameField(LineField):
    """A name of a person or a company: whoever writes an address there wants it read, not to sign up."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if holds_link(value):
            raise forms.ValidationError(_("这里请不要写网址。"), code="link")


class PlainField(forms.CharField):
    widget = forms.Textarea(attrs={"rows": 4})

    def to_python(self, value: Any) -> str:
        return plain(super().to_python(value) or "")


class HoneypotForm(forms.Form):
    """A field that the style sheet hides: who fills it in is a program."""

    website = forms.CharField(
        label=_("请留空"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1", "class": "trap"}),
    )

    @property
    def is_trapped(self) -> bool:
        return bool(self.data.get("website"))


class SignupForm(HoneypotForm):
    name = NameField(label=_("姓名"), max_length=50, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.CharField(
        label=_("邮箱"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("确认链接会寄到这里，一小时内有效"),
    )
    company = NameField(
        label=_("公司或学校"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    phone = LineField(
        label=_("电话"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        help_text=_("选填，只用于当天联系"),
    )
    note = LineField(label=_("留言"), max_length=500, required=False)

    field_order = ["name", "email", "company", "phone", "note", "website"]

    def clean_email(self) -> str:
        return normalise(self.cleaned_data["email"])

    def person(self) -> Person:
        known = {field: self.cleaned_data[field] for field in ("name", "email", "company", "phone", "note")}
        return Person(**known, language=get_language() or "zh-hans")


class OfferForm(HoneypotForm):
    city = NameField(label=_("城市"), max_length=50)
    name = NameField(label=_("姓名"), max_length=50, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    organisation = NameField(
        label=_("公司、学校或社区"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    contact = LineField(label=_("联系方式"), max_length=254, help_text=_("邮箱、微信号或电话"))
    message = PlainField(label=_("说明"), max_length=2000, required=False)

    field_order = ["city", "name", "organisation", "contact", "message", "website"]

    def offer(self, tour_id: int, kind: str) -> Offer:
        known = {name: self.cleaned_data[name] for name in ("city", "name", "organisation", "contact", "message")}
        return Offer.objects.create(tour_id=tour_id, kind=kind, **known)
