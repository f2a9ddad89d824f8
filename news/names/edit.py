"""What editors do with names, all of it remembered: approve, forbid, spell, merge, split, take a mention away."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Case, F, Sum, Value, When
from django.db.models.functions import Greatest
from django.utils.translation import gettext

from news.models.name import Alias, Mention, Name
from news.names.file import free_slug
from news.names.fold import key_of
from news.names.search_old import search_for
from news.names.version import bump

State = Name.State


class Refused(ValueError):
    """It cannot be done; the message says why, in the editor's language."""


@transaction.atomic
def approve(names: Iterable[Name]) -> int:
    """Make names public: from now on their spellings count without a word near by, in old articles too."""
    done = [name for name in names if name.state in (State.SUGGESTED, State.FORBIDDEN)]
    Name.objects.filter(pk__in=[name.pk for name in done]).update(state=State.PUBLIC)
    search_for(Alias.objects.filter(name__in=done))
    bump()
    return len(done)


@transaction.atomic
def forbid(names: Iterable[Name]) -> int:
    """Neither shown nor suggested any more; its spellings stay, so that the machine does not bring it again."""
    done = [name.pk for name in names if name.state != State.MERGED]
    Mention.objects.filter(name__in=done).delete()
    Name.objects.filter(pk__in=done).update(state=State.FORBIDDEN, article_count=0)
    bump()
    return len(done)


@transaction.atomic
def spell(name: Name, text: str, is_ambiguous: bool = False, is_exact: bool = False) -> Alias:
    """Give a name another spelling. Raises Refused where it is another name's, or holds nothing to look for."""
    key = key_of(text)
    check_spelling(text, Alias.objects.filter(key=key, name=name).first())
    alias, _made = Alias.objects.update_or_create(
        key=key, defaults={"name": name, "text": text, "is_ambiguous": is_ambiguous, "is_exact": is_exact}
    )
    spelled([alias])
    return alias


def check_spelling(text: str, own: Alias | None = None) -> None:
    """Raises Refused where `text` cannot be a spelling, or already is one other than `own`."""
    key = key_of(text)
    if not len(key.replace(" ", "")) >= 2 or len(key) > 250:
        raise Refused(gettext("写法至少要有两个字或字母，也不能太长。"))
    there = Alias.objects.filter(key=key).select_related("name").first()
    if there and there != own:
        words = {"text": text, "name": there.name}
        raise Refused(gettext("“%(text)s”已是“%(name)s”的写法；可以合并这两个名称。") % words)


def spelled(aliases: Iterable[Alias]) -> None:
    """After names or spellings were changed by hand: look for these in the articles of old."""
    search_for(aliases)
    bump()


@transaction.atomic
def merge(names: Iterable[Name], target: Name) -> int:
    """The names become spellings of `target`; their addresses lead to it for ever. `split` undoes it."""
    if target.state in (State.MERGED, State.FORBIDDEN):
        raise Refused(gettext("目标名称不可用：它已并入别的名称，或不收录。"))
    done = 0
    for name in names:
        if name.pk == target.pk or name.state == State.MERGED:
            continue
        Alias.objects.filter(name=name, origin=None).update(origin=name)
        Alias.objects.filter(name=name).update(name=target)
        _move_mentions(name, target)
        Name.objects.filter(merged_into=name).update(merged_into=target)
        Name.objects.filter(pk=name.pk).update(state=State.MERGED, merged_into=target, article_count=0)
        done += 1
    if target.state == State.SUGGESTED:
        approve([target])
    _count(target)
    bump()
    return done


@transaction.atomic
def split(alias: Alias) -> Name:
    """A spelling becomes a name of its own: the one it had before the merge, with all it brought, or a new one."""
    target = alias.name
    if target.aliases.count() == 1:
        raise Refused(gettext("这是它唯一的写法，不能拆开。"))
    name = alias.origin
    if name is None or name.pk == target.pk:
        name = _new(alias, target)
        Alias.objects.filter(pk=alias.pk).update(name=name, origin=None)
    else:
        Name.objects.filter(pk=name.pk).update(state=State.PUBLIC, merged_into=None)
        Alias.objects.filter(name=target, origin=name).update(name=name, origin=None)
    search_for(Alias.objects.filter(name=name))
    bump()
    return Name.objects.get(pk=name.pk)


@transaction.atomic
def take_away(mention: Mention) -> None:
    """This article does not speak of this name, whatever the machine says later."""
    if Mention.objects.filter(pk=mention.pk, is_rejected=False).update(is_rejected=True):
        Name.objects.filter(pk=mention.name_id).update(article_count=Greatest(F("article_count") - 1, 0))
        bump()


@transaction.atomic
def give_back(mention: Mention) -> None:
    """The undoing of `take_away`."""
    if Mention.objects.filter(pk=mention.pk, is_rejected=True).update(is_rejected=False):
        Name.objects.filter(pk=mention.name_id).update(article_count=F("article_count") + 1)
        bump()


def _move_mentions(name: Name, target: Name) -> None:
    """Add up where an article speaks of both; what was taken away from either stays away."""
    both = Mention.objects.filter(name=name, article__mentions__name=target)
    for one in both:
        there = Mention.objects.get(name=target, article_id=one.article_id)
        there.count += one.count
        there.in_title |= one.in_title
        there.first = min(there.first, one.first)
        there.is_rejected |= one.is_rejected
        there.save()
    both.delete()
    Mention.objects.filter(name=name).update(name=target)


def _count(name: Name) -> None:
    stands = Case(When(is_rejected=False, then=Value(1)), default=Value(0))
    count = name.mentions.aggregate(count=Sum(stands))["count"] or 0
    Name.objects.filter(pk=name.pk).update(article_count=count)


def _new(alias: Alias, like: Name) -> Name:
    return Name.objects.create(
        kind=like.kind, slug=free_slug(alias.text), label=alias.text, state=State.PUBLIC, context=like.context
    )


__all__ = [
    "Refused",
    "approve",
    "check_spelling",
    "forbid",
    "give_back",
    "merge",
    "spell",
    "spelled",
    "split",
    "take_away",
]
