"""The forms of the desk: an issue that two editors may have open at once, its items, and the compose form."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminTextareaWidget, AdminTextInputWidget
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from digest.briefings.compose import ITEMS
from digest.briefings.models import Briefing, Item
from news.text import normalise


class BriefingForm(forms.ModelForm[Briefing]):
    """Carries the version that the editor saw: a save over somebody else's is refused, nothing is lost (P27)."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Briefing
        fields = ["date", "lead", "closing"]
        widgets = {"lead": AdminTextareaWidget(attrs={"rows": 3}), "closing": AdminTextareaWidget(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["seen_version"].initial = self.instance.version

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen = cleaned.get("seen_version")
        # The row stays locked until the save's transaction ends, so two saves cannot both see the old version.
        now = Briefing.objects.select_for_update().filter(pk=self.instance.pk).values_list("version", flat=True).first()
        if self.instance.pk and seen is not None and now is not None and seen != now:
            raise forms.ValidationError(
                gettext("这一期在您打开之后已被别人修改，为免覆盖没有保存。请复制您的改动，重新打开此页再改。"),
                code="conflict",
            )
        return cleaned


class ItemForm(forms.ModelForm[Item]):
    class Meta:
        model = Item
        fields = ["position", "headline", "text", "url", "source_name", "notice", "topics", "article"]
        widgets = {
            "headline": AdminTextInputWidget(attrs={"class": "vTextField wide"}),
            "text": AdminTextareaWidget(attrs={"rows": 7, "class": "desk-prose"}),
            "topics": forms.CheckboxSelectMultiple(attrs={"class": "desk-topics"}),
            "position": forms.NumberInput(attrs={"class": "desk-position", "min": 1}),
            "url": AdminTextInputWidget(attrs={"class": "vTextField wide"}),
        }

    def clean_text(self) -> str:
        """The text; and whether a machine still is its author: the label goes when a person rewrote it."""
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        if self.instance.machine_text:
            self.instance.is_machine_made = normalise(text) == normalise(self.instance.machine_text)
        return text

    def clean_url(self) -> str:
        """Another link is another page: what became of the old one is no longer told."""
        url: str = self.cleaned_data["url"]
        if url != self.initial.get("url", ""):
            self.instance.watch = None
        return url


class ComposeForm(forms.Form):
    date = forms.DateField(label=_("日期"), widget=AdminDateWidget)
    items = forms.IntegerField(label=_("条目数"), min_value=1, max_value=30, initial=ITEMS)
    repeats = forms.BooleanField(
        label=_("已报道过的也选"), required=False, help_text=_("平时不选往期登过的事；勾上就一起比较")
    )
