"""An article's body as editors see it: every image through our signed address, never from the site itself."""

from collections.abc import Iterable

import nh3
from django.utils.safestring import SafeString, mark_safe
from lxml import html as lxml_html
from lxml.html import HtmlElement

from news.extract import sanitise
from news.extract.base import Unreadable
from news.models import Article, Picture
from news.pictures.address import PREFIX, address_of

_IMAGE = {"src", "alt", "width", "height", "loading", "referrerpolicy"}


def shown_html(article: Article) -> SafeString:
    """The body, sanitised once more, its images replaced by our copies; an image that is no Picture leaves its alt."""
    try:
        body = lxml_html.fragment_fromstring(sanitise(article.html), create_parent="div")
    except Unreadable:  # stored when larger bodies were taken than now
        return SafeString("")
    _replace_images(body, article.pictures.all())
    shown = _CLEANER.clean(lxml_html.tostring(body, encoding="unicode"))
    return mark_safe(shown)  # noqa: S308 nh3 has just cleaned it


def attributes_of(picture: Picture, alt: str, widest: int | None = None) -> dict[str, str | int | float]:
    """What an <img> of this picture has; its size, where it is known, keeps the page from jumping."""
    width = min(picture.width, widest or picture.width)
    size = {"width": width, "height": max(1, round(picture.height * width / picture.width))} if width else {}
    return {"src": address_of(picture), "alt": alt, **size, "loading": "lazy", "referrerpolicy": "no-referrer"}


def _replace_images(body: HtmlElement, pictures: Iterable[Picture]) -> None:
    known = {picture.url: picture for picture in pictures}
    for image in list(body.iter("img")):
        picture, alt = known.get(image.get("src", "")), image.get("alt", "")
        image.attrib.clear()
        if picture:
            image.attrib.update({name: str(value) for name, value in attributes_of(picture, alt).items()})
        else:
            image.tag, image.text = "span", alt


def _keep(tag: str, name: str, value: str) -> str | None:
    """No image but our own."""
    return None if (tag, name) == ("img", "src") and not value.startswith(PREFIX) else value


_CLEANER = nh3.Cleaner(
    attributes={"a": {"href"}, "img": _IMAGE, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}},
    attribute_filter=_keep,
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener noreferrer nofollow ugc",
)
