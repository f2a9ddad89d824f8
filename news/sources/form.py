"""What may be entered for a source: an address that may be asked, and the options of its kind."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from news.http import FetchError, Guard
from news.sources import KINDS, reasons

FOLDER = "folder"


def check_address(kind: str, address: str) -> str:
    """The address as it is kept. Raises ValidationError in words."""
    reader = KINDS[kind]
    address = address.strip()
    if not reader.address_label:
        return ""
    if not address:
        raise ValidationError(_("请填写地址。"), code="required")
    if "://" not in address:
        address = f"https://{address}"
    try:
        return reader.check(Guard().check(address).url)
    except FetchError as error:
        words = reasons.words(str(error))
        said = {"what": words.what, "advice": words.advice}
        raise ValidationError(_("%(what)s。%(advice)s"), code="address", params=said) from None


def check_options(kind: str, options: dict[str, Any]) -> dict[str, Any]:
    """The options that the kind knows, cleaned; others are left out. Raises ValidationError in words."""
    form = KINDS[kind].options({name: value for name, value in options.items() if isinstance(value, (str, bool))})
    if not form.is_valid():
        labels = {name: str(field.label) for name, field in form.fields.items()}
        raise ValidationError(
            [f"{labels.get(name, name)}：{' '.join(map(str, said))}" for name, said in form.errors.items()]
        )
    return _kept(form.cleaned_data) | _folder(options)


def _kept(cleaned: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in cleaned.items() if value not in ("", None, False)}


def _folder(options: dict[str, Any]) -> dict[str, Any]:
    folder = options.get(FOLDER)
    return {FOLDER: folder.strip("/ ")[:200]} if isinstance(folder, str) and folder.strip("/ ") else {}


def option_fields(kind: str) -> dict[str, forms.Field]:
    """The form fields of a kind's options, by name."""
    return dict(KINDS[kind].options.base_fields)
