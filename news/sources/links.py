"""A page or a text file full of links: every link in it."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from news.canonical import find_links
from news.extract.markup import parse, without_scripts
from news.sources.base import Entry, Kind, Listing, Options, SourceError, Trouble, join

MAX_TEXT = 500_000  # characters: five thousand links and more; each costs some 10 µs
_HTML = re.compile(r"<(?:a|html|body)\b", re.IGNORECASE)


class LinksOptions(Options):
    contains = forms.CharField(
        label=_("链接须含"),
        max_length=200,
        required=False,
        help_text=_("只收地址里有这段文字的链接，例如 mp.weixin.qq.com；留空则全收。"),
    )


class Links(Kind):
    label = _("链接清单")
    help = _("一个网页或文本文件，里面的每个链接都收。适合自己维护的清单、共享文档导出的文本。")
    is_ordered = False
    options = LinksOptions

    def read(self, text: str, url: str, options: dict[str, object]) -> Listing:
        title, found = _of_page(text, url) if _HTML.search(text) else ("", [(link, "") for link in _links(text)])
        wanted = str(options.get("contains") or "")
        kept = [(link, words) for link, words in found if wanted in link and link.partition("#")[0] != url]
        if not kept:
            raise SourceError(Trouble.NO_LIST, f"{len(found)} links, none with {wanted!r}" if wanted else "no links")
        return Listing(title, [Entry(link, words) for link, words in kept])


def _links(text: str) -> list[str]:
    """Every link of a text; raises SourceError rather than leave some out of one that is too long."""
    if len(text) > MAX_TEXT:
        raise SourceError("too_large", f"{len(text)} characters")
    return find_links(text, most=None)


def _of_page(text: str, url: str) -> tuple[str, list[tuple[str, str]]]:
    """The links of a page with their words, and those that stand in it as text."""
    root = parse(without_scripts(text)[0])
    base = join(url, next((node.get("href", "") for node in root.iter("base")), ""))
    found: dict[str, str] = {}
    for node in root.iter("a"):
        link = join(base, (node.get("href") or "").strip())
        if link.startswith(("http://", "https://")):
            words = " ".join("".join(node.itertext()).split())
            found[link] = found.get(link) or words
    for link in _links(" ".join(root.itertext())):
        found.setdefault(link, "")
    title = next((" ".join("".join(node.itertext()).split()) for node in root.iter("title")), "")
    return title, list(found.items())
