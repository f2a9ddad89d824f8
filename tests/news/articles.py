"""Articles of our own making, as the step before would leave them."""

from typing import Any

from news.embed import article_text, fingerprint
from news.models import Article, Stage


def make_article(title: str, text: str, **columns: Any) -> Article:
    number = Article.objects.count()
    columns.setdefault("canonical_url", f"https://example.com/{number}")
    columns.setdefault("url", columns["canonical_url"])
    columns.setdefault("stage", Stage.EMBEDDED)
    key = fingerprint(article_text(title, text))
    return Article.objects.create(host="example.com", title=title, text=text, text_hash=key, **columns)
