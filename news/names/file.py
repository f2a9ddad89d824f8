"""`find_in` notes which names an article speaks of. Idempotent; what an editor took away stays away.

What nobody has filed yet becomes a Name by itself. It is public at once where its form is its identity (an arXiv
number, a repository's address), and once two articles speak of it where it is a new version of a known family of
models (Qwen has a 9). Any other code or title waits for an editor, who is shown it once two articles speak of it:
a wrong name on a public page costs more than one that comes a day later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.text import slugify

from news.models import Article
from news.models.name import Alias, Mention, Name
from news.names.find import Found, find, lexicon

MOST_NEW = 30  # names that one article may bring: a hostile page must not fill the table
ENOUGH = 2  # articles in which a new version of a known family is seen before readers see it
_LINK = re.compile(r'<a\b[^>]*?\shref="([^"]+)"', re.IGNORECASE)


@dataclass
class _Tally:
    count: int = 0
    in_title: bool = False
    first: int = 0


def find_in(article: Article) -> list[Mention]:
    """Write the article's mentions; gives those that stand, best first."""
    told = f"{article.title}\n{article.text}"
    known = lexicon()
    found = find(told, known)
    links = f"{article.canonical_url}\n{_links(article.html)}"  # a repository's own page is about it
    linked = [one for one in find(links, known) if one.is_proof]
    filed, families = _filed(found + linked)
    tallies: dict[int, _Tally] = {}
    for one in found:
        for name_id in {one.name_id or filed.get(one.key), one.family_id} - {None}:
            _note(tallies.setdefault(name_id or 0, _Tally(first=one.start)), one.start < len(article.title))
    for one in linked:
        if (name_id := filed.get(one.key)) and name_id not in tallies:
            tallies[name_id] = _Tally(1, False, len(told))
    _write(article, tallies)
    _show_versions(families & set(tallies))
    return list(article.mentions.filter(is_rejected=False).select_related("name"))


def _links(html: str) -> str:
    return "\n".join(unescape(link) for link in _LINK.findall(html))


def _note(tally: _Tally, in_title: bool) -> None:
    tally.count += 1
    tally.in_title |= in_title


def _filed(found: Iterable[Found]) -> tuple[dict[str, int], set[int]]:
    """The names of those that have only a key, made where there is none; and which of them are versions of a family."""
    unknown = {one.key: one for one in found if one.name_id is None and one.key}
    aliases = Alias.objects.filter(key__in=unknown).select_related("name")
    there = {alias.key: alias.name for alias in aliases}
    new = [one for key, one in unknown.items() if key not in there]
    for one in new[:MOST_NEW]:
        there[one.key] = _make(one)
    wanted = {key: name.pk for key, name in there.items() if name.state != Name.State.FORBIDDEN}
    return wanted, {wanted[key] for key, one in unknown.items() if one.family_id and key in wanted}


def _make(found: Found) -> Name:
    """A new name with its one spelling; the other's, where two workers make it at once."""
    state = Name.State.PUBLIC if found.is_proof else Name.State.SUGGESTED
    try:
        with transaction.atomic():
            name = Name.objects.create(kind=found.kind, slug=free_slug(found.label), label=found.label, state=state)
            Alias.objects.create(name=name, text=found.label[:200], key=found.key, is_pattern=found.is_proof)
            return name
    except IntegrityError:
        return Name.objects.get(aliases__key=found.key)


def free_slug(label: str, english: str = "", taken: set[str] | None = None) -> str:
    """An address for a name: Latin letters and digits, with a number behind where it is taken (looked up, or given)."""
    plain = (english if not label.isascii() and english else label).replace(".", "-").replace("/", "-")
    start = slugify(plain)[:100] or "name"
    if taken is None:
        taken = set(Name.objects.filter(slug__startswith=start).values_list("slug", flat=True))
    if start not in taken and start != "name":
        return start
    return next(slug for n in range(2, len(taken) + 4) if (slug := f"{start}-{n}") not in taken)


@transaction.atomic
def _write(article: Article, tallies: dict[int, _Tally]) -> None:
    Article.objects.select_for_update(no_key=True).only("pk").get(pk=article.pk)  # one writer an article
    before = {mention.name_id: mention for mention in article.mentions.all()}
    new = [name_id for name_id in tallies if name_id not in before]
    gone = [name_id for name_id, one in before.items() if name_id not in tallies and not one.is_rejected]
    Mention.objects.bulk_create(
        Mention(article=article, name_id=name_id, **vars(tallies[name_id])) for name_id in sorted(new)
    )
    changed = [one for name_id, one in before.items() if name_id in tallies and _differs(one, tallies[name_id])]
    Mention.objects.bulk_update(changed, ["count", "in_title", "first"])
    article.mentions.filter(name__in=gone).delete()
    for name_id, step in sorted([*((key, 1) for key in new), *((key, -1) for key in gone)]):
        Name.objects.filter(pk=name_id).update(article_count=Greatest(F("article_count") + step, 0))


def _differs(mention: Mention, tally: _Tally) -> bool:
    if all(getattr(mention, key) == value for key, value in vars(tally).items()):
        return False
    for key, value in vars(tally).items():
        setattr(mention, key, value)
    return True


def _show_versions(families: set[int]) -> None:
    if families:
        seen = Name.objects.filter(pk__in=families, state=Name.State.SUGGESTED, article_count__gte=ENOUGH)
        seen.update(state=Name.State.PUBLIC)
