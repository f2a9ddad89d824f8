"""Which image addresses exist as pictures: those in an article's sanitised body, and no others."""

import hashlib
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from django.db.models.functions import Now
from lxml import html as lxml_html

from news.models import Article, Picture

A_PAGE = 60  # pictures of one article; a page of hundreds is a catalogue, or an attack on our disk
MAX_URL = 2083  # what news.http asks for


def register(article: Article, html: str) -> None:
    """Note the pictures of `html`, which the sanitiser gave; the article has these from now on, and no others."""
    addresses = list(dict.fromkeys(filter(_is_web, sources(html))))[:A_PAGE]
    rows = [Picture(key=key_of(url), url=url, host=_host(url)) for url in addresses]
    Picture.objects.bulk_create(rows, ignore_conflicts=True)
    article.pictures.set(Picture.objects.filter(key__in=[row.key for row in rows]))


def want(pictures: Iterable[Picture]) -> None:
    """Somebody wants to see these: those that wait are fetched before all others."""
    Picture.objects.filter(pk__in=[one.pk for one in pictures], wanted_at=None).update(wanted_at=Now())


def key_of(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


def sources(html: str) -> Iterator[str]:
    """The addresses of a sanitised body's images, in its order."""
    if "<img" in html:
        for image in lxml_html.fragment_fromstring(html, create_parent="div").iter("img"):
            yield image.get("src", "")


def _is_web(url: str) -> bool:
    return url.lower().startswith(("https://", "http://")) and len(url) <= MAX_URL and 0 < len(_host(url)) <= 255


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
