"""Why an article was taken for a copy, in words for the editor."""

from django.utils.translation import gettext, gettext_noop

from news.stories.kinship import Kind, Kinship

WORDS = {
    "cut": gettext_noop("删节"),
    "framed": gettext_noop("加了头尾"),
    "retitled": gettext_noop("改标题"),
    "reworded": gettext_noop("部分改写"),
    "reordered": gettext_noop("调换顺序"),
    "script": gettext_noop("简繁转换"),
}


def worded(found: Kinship) -> str:
    """The share of its letters that stand in the original, and what was changed: 94%：删节、改标题."""
    parts = [gettext("节选")] if found.kind == Kind.EXCERPT else []
    parts += [gettext(WORDS[code]) for code in found.why if not (code == "cut" and parts)]
    share = f"{found.share:.0%}"
    return gettext("%(share)s：%(changes)s") % {"share": share, "changes": "、".join(parts)} if parts else share
