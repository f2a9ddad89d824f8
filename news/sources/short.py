"""Short links: where one leads is asked once, and its leads go to the article there."""

import html
import re
from urllib.parse import urljoin

from django.db import transaction

from news.canonical import is_short
from news.manners import lead_of
from news.models import Article, PageState, Source
from news.sources.inbox import MAX_HOPS, Fate, Outcome, file, weigh


def resolve(article: Article) -> Outcome:
    """Ask a short link's host, whose turn the caller holds, and file the leads under the page that it names.

    The outcome's article is where they are now; None where the target is refused, or where there is none (its URL is
    empty then). Raises FetchError. The target itself is not asked here: it has a turn of its own, and its own rules.
    """
    answer = lead_of(article.url, article.host)
    target = answer if isinstance(answer, str) else _named_in(answer.body, answer.url)
    if not target:
        return Outcome("", Fate.REFUSED, reason="empty")
    outcome = weigh(target)
    if outcome.reason:
        return outcome
    if outcome.canonical == article.canonical_url or (outcome.is_short and _hops(article) >= MAX_HOPS):
        return Outcome(target, Fate.REFUSED, reason="loop")
    return _hand_over(article, outcome)


_REFRESH = re.compile(
    r"""<meta[^>]{0,100}http-equiv=["']?refresh["']?[^>]{0,100}url\s*=\s*["']?(?P<meta>[^"'>\s]{1,2000})"""
    r"""|location(?:\.href)?\s*=\s*["'](?P<script>https?:[^"'\s]{1,2000})["']"""
    r"""|location\.(?:replace|assign)\(\s*["'](?P<call>https?:[^"'\s]{1,2000})["']""",
    re.IGNORECASE,
)


def _named_in(body: bytes, url: str) -> str:
    """Where a page sends the browser on, of a shortener that answers with one."""
    found = _REFRESH.search(body[:100_000].decode("utf-8", "replace"))
    if not found:
        return ""
    try:
        return urljoin(url, html.unescape(found["meta"] or found["script"] or found["call"]).replace("\\/", "/"))
    except ValueError:
        return ""


def _hops(article: Article) -> int:
    """How many short links led here, one to the next."""
    count, url = 0, article.canonical_url
    while count < MAX_HOPS:
        before = Article.objects.filter(state=PageState.MOVED, state_reason=url).exclude(pk=article.pk)
        found = next((one for one in before[:20] if is_short(one.canonical_url)), None)
        if found is None:
            break
        count, url = count + 1, found.canonical_url
    return count


@transaction.atomic
def _hand_over(article: Article, outcome: Outcome) -> Outcome:
    target, made = file(outcome.url, outcome.canonical, is_sample=article.is_sample)
    for lead in article.leads.all():
        if target.leads.filter(source=lead.source_id, url=lead.url).exists():
            lead.delete()
        else:
            article.leads.filter(pk=lead.pk).update(article=target)
    if not target.leads.exists():
        target.leads.create(source=Source.inbox(), url=article.canonical_url)
    fate = Fate.ADDED if made else Fate.KNOWN
    return Outcome(outcome.url, fate, target, canonical=outcome.canonical, is_short=outcome.is_short)
