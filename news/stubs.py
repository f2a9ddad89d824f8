"""Pages that have the marks of an article and are none: next to no text, or the same few lines at many addresses.

A login wall answers every address with the same stub (CRAWL-035). What tells it from an honest repeat: it is short, and
it stands at three or more addresses of one host under one account. Known exception: an account that published the same
short text three times has its notices taken for stubs; an editor's own words are the way out. What is short by its
nature (posts of pictures, of text, reposts, films, sound) is never taken for one, nor what several accounts copied.
"""

from django.db.models import QuerySet
from django.db.models.functions import Now

from news.extract import Page
from news.models import Article, DropReason, Stage

FEWEST_CHARACTERS = 80  # visible ones, of an article without a picture (CRAWL-034)
LONGEST_STUB = 400
SAME_AT = 3  # addresses
SHORT_BY_NATURE = ("image_share", "text_share", "share_card", "repost", "video", "audio")


def is_empty(page: Page) -> bool:
    """Whether there is nothing to read in it."""
    if page.kind in SHORT_BY_NATURE or page.images:
        return not page.text.strip() and not page.images
    return len("".join(page.text.split())) < FEWEST_CHARACTERS


def twins(article: Article, page: Page, text: str) -> QuerySet[Article]:
    """The other articles that are the same stub as this page, of which `text` is the story; none where it is none."""
    if page.kind in SHORT_BY_NATURE or len(text) >= LONGEST_STUB:
        return Article.objects.none()
    same = Article.objects.same_stub(article.host, page.account[:200], text).exclude(pk=article.pk)
    return same if len(same.values_list("pk")[: SAME_AT - 1]) == SAME_AT - 1 else Article.objects.none()


def drop(stubs: QuerySet[Article]) -> None:
    """Those that were taken for articles before the third of their kind came; what stands in an issue stays."""
    stubs.filter(items=None).exclude(stage=Stage.DROPPED).update(
        stage=Stage.DROPPED, drop_reason=DropReason.BOILERPLATE, retry_at=None, lease="", changed_at=Now()
    )
