"""Finds copies and puts every article into its story.

**The policy.** Three looks, from certain to likely:

1. By address: two spellings of one URL are one article already (canonical_url is unique).
2. By text: `copies.py` finds the **copy** (`duplicate_of`); it stands in its original's story, wherever that goes.
3. By meaning: the likelihood that two articles tell one event is the judge's (`judge.py`), less with every day between
   them, more where both cite one page, and nothing beyond eight days (`likely.py`). An article that comes is compared
   with everything told around its time. The stories it has a link to are then gathered anew, all of their members
   together, by average linkage (`gather.py`): so two stories may become one when an article bridges them, and one that
   was put together too soon may part again. What comes out hangs on the set of articles and hardly on their order: fed
   in random orders, the labelled stories give the same figures as in the order of time (`manage.py evaluate stories`).

**An editor's word is never overridden.** Must-links and cannot-links (`links.py`, `decide.py`) bind every gathering:
what an editor put together is one block, what he parted is never joined, and a copy's links are its original's. An
article that is read again goes by the same rules: it may move when its text has changed, and stays where an editor
put it.

**The rule of false positives.** They hide news from the editor, misses only show it twice. So only look 2 hides, and
never on cosine alone; a story needs a half on average over *all* of its pairs, so that a chain of neighbours does not
swallow the next event; and a group that an editor parted stays so, even where that costs a double.

**Known failures.** A release and what others measured of it in the same days may become one story, and so may two
claims about one benchmark that contradict each other; a tool and its own repository may be taken for one event. A late
retelling after more than eight days of silence begins a story of its own. Rewritten news (洗稿) under another title,
with other words and no shared page, is missed. Above sixty members a story is only added to, not gathered anew.
"""

from __future__ import annotations

from django.db import transaction

from news.embed.stored import vector_of
from news.models import Article, Story
from news.stories import links
from news.stories.copies import find_original, remember
from news.stories.followup import follow_up
from news.stories.regroup import regroup, stand
from news.stories.turn import wait_for_turn


def place(article: Article) -> Story:
    """Put the article into a story, a new one if need be; saves `story`, `duplicate_of` and `duplicate_why`.

    Idempotent, and safe with many workers: placing is serialised until the transaction ends (`turn.py`), so of two
    copies that arrive together the second sees the first. Other articles of the stories nearby may move, too.
    """
    vector = vector_of(article)  # before the lock: it may take long
    with transaction.atomic():
        wait_for_turn()
        article.refresh_from_db(fields=["story"])
        original, why = _original(article)
        Article.objects.filter(pk=article.pk).update(duplicate_of=original, duplicate_why=why)
        if original:
            assert original.story is not None  # noqa: S101 - originals are placed
            Article.objects.filter(duplicate_of=article).update(duplicate_of=original, story=original.story)
            stand(article, original.story)
        else:
            regroup(article, vector)
        article.refresh_from_db(fields=["story", "duplicate_of", "duplicate_why"])
        remember(article)
        follow_up(article, vector)
    assert article.story is not None  # noqa: S101 - it was just placed
    return article.story


def _original(article: Article) -> tuple[Article | None, str]:
    """What the article copies, unless an editor said that the two do not belong together."""
    original, why = find_original(article)
    if original and original.story_id and not links.bars(article, original.story_id):
        return original, why
    return None, ""
