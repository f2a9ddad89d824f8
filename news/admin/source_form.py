"""The form of a source: what all kinds have, and the options of its own kind as real fields."""

from copy import deepcopy
from datetime import timedelta
from typing import Any, ClassVar, cast

from django import forms
from django.forms.models import ModelFormMetaclass
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from news.models import Source
from news.sources import KINDS
from news.sources.form import FOLDER, check_address, check_options, option_fields

MINUTES = (15, 30, 60, 180, 360, 720, 1440, 2880, 10080)
OPTION = "option_"


def form_for(kind: str) -> type["SourceForm"]:
    """The form class of a kind."""
    options: dict[str, Any] = {OPTION + name: deepcopy(field) for name, field in option_fields(kind).items()}
    return cast(type[SourceForm], ModelFormMetaclass("SourceForm", (SourceForm,), {"kind": kind, **options}))


def fields_of(kind: str) -> list[str]:
    """What the form of a kind shows, in its order."""
    reader = KINDS[kind]
    address = ["address"] if reader.address_label else []
    watched = ["cadence"] if reader.is_polled else []
    return ["name", *address, *(OPTION + name for name in option_fields(kind)), *watched, FOLDER, "is_active"]


def how_often(minutes: int) -> str:
    """60 → 每 1 小时."""
    if minutes % 1440 == 0:
        return ngettext("每 %(n)s 天", "每 %(n)s 天", minutes // 1440) % {"n": minutes // 1440}
    if minutes % 60 == 0:
        return ngettext("每 %(n)s 小时", "每 %(n)s 小时", minutes // 60) % {"n": minutes // 60}
    return ngettext("每 %(n)s 分钟", "每 %(n)s 分钟", minutes) % {"n": minutes}


class SourceForm(forms.ModelForm[Source]):
    kind: ClassVar[str] = "feed"
    cadence = forms.TypedChoiceField(
        label=_("查看间隔"),
        coerce=lambda minutes: timedelta(minutes=int(minutes)),
        help_text=_("出错时会自动放慢，恢复后回到这个间隔。"),
    )
    folder = forms.CharField(
        label=_("分组"), max_length=200, required=False, help_text=_("导出 OPML 时的文件夹，可以用 / 分层；可以留空。")
    )

    class Meta:
        model = Source
        fields = ["name", "address", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._was = (self.instance.address, dict(self.instance.options))
        for name in option_fields(self.kind):
            self.initial[OPTION + name] = self.instance.options.get(name, self.fields[OPTION + name].initial)
        self.initial[FOLDER] = self.instance.options.get(FOLDER, "")
        if "cadence" in self.fields:
            self._offer_cadences()
        if "address" in self.fields:
            self.fields["address"].label = str(KINDS[self.kind].address_label)
            self.fields["address"].required = True

    def _offer_cadences(self) -> None:
        now = int(self.instance.cadence.total_seconds()) // 60
        offered = [(str(minutes), how_often(minutes)) for minutes in sorted({*MINUTES, now}) if minutes >= MINUTES[0]]
        self.fields["cadence"].choices = offered  # type: ignore[attr-defined]
        self.initial["cadence"] = str(now)

    def clean_address(self) -> str:
        return check_address(self.kind, self.cleaned_data["address"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            given = {name: cleaned.get(OPTION + name) for name in option_fields(self.kind)}
            self.options = check_options(self.kind, {**given, FOLDER: cleaned.get(FOLDER)})
        return cleaned

    def save(self, commit: bool = True) -> Source:
        source = self.instance
        source.kind, source.options = self.kind, self.options
        if "cadence" in self.cleaned_data:
            source.cadence = self.cleaned_data["cadence"]
        return super().save(commit)

    @property
    def asks_otherwise(self) -> bool:
        """Whether the site is now asked for something else than before."""
        return self._was != (self.instance.address, self.instance.options)
