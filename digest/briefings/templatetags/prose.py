"""Template filters for what editors and machines wrote: Markdown, and links that lead out."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django import template
from django.utils.safestring import SafeString, mark_safe

from digest.briefings import markdown
from news import text as wire_text
from news.models import Picture

register = template.Library()


@register.filter
def prose(text: str | None, pictures: Iterable[Picture] = ()) -> SafeString:
    """Markdown as safe HTML; `pictures`: those that it may show."""
    return mark_safe(markdown.to_html(text or "", pictures))  # noqa: S308 nh3 has just cleaned it


@register.filter
def letter_prose(text: str | None, pictures: Iterable[Picture] = ()) -> SafeString:
    """The same for letters and feeds, which are read far from our pages."""
    return mark_safe(markdown.to_letter(text or "", pictures))  # noqa: S308 nh3 has just cleaned it


@register.filter
def plain(text: str | None, length: int | None = None) -> str:
    """Markdown as one line of words, for descriptions."""
    return markdown.plain(text or "", length)


@register.filter
def visible(text: str) -> str:
    """The text without characters that nobody sees: some turn a line around, and titles are crawled too."""
    return text if isinstance(text, SafeString) else wire_text.visible(text)


@register.filter
def web_link(url: str | None) -> str:
    """The URL where it is http or https, else nothing: a crawled page may name `javascript:`."""
    parts = _split(url)
    return (url or "").strip() if parts and parts.scheme in ("http", "https") and parts.hostname else ""


@register.filter
def host(url: str | None) -> str:
    """The host of a URL, as a reader would say it."""
    parts = _split(url)
    return (parts.hostname or "").removeprefix("www.") if parts else ""


def _split(url: str | None):  # type: ignore[no-untyped-def]
    try:
        parts = urlsplit((url or "").strip())
        _ = parts.hostname
    except ValueError:
        return None
    return parts
