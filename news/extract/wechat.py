"""Reads a page of a WeChat official account: articles of 2017 to today, image and text posts, reposts, share cards."""

from news.extract import markup, states
from news.extract.base import Page, Unreadable
from news.extract.wechat_source import Source
from news.text import sentences

SITE = "wechat"
_HOST = "mp.weixin.qq.com"
_BOXES = (("id", "js_content"), ("class", "weui-msg"), ("class", "weui_msg"), ("class", "rich_media_content"),
          ("class", "global_error_msg"), ("class", "page_rumor"), ("id", "js_share_content"),
          ("id", "activity-detail"))  # fmt: skip  # the last is the <body> of each page: a notice's box may be damaged
_RECORDS = ("cgiDataNew", "picture_page_info_list", "getXmlValue(", "transferTargetLink", "transfer_target_link")


def recognises(text: str, host: str) -> bool:
    """By content, for a page may be handed in without its address. A page that writes about WeChat's is none."""
    if host == _HOST or any(value in text and markup.opening(text, name, value) for name, value in _BOXES):
        return True
    return any(_in_script(text, record) for record in _RECORDS)


def _in_script(text: str, word: str) -> bool:
    at = text.find(word)
    return at >= 0 and text.rfind("<script", 0, at) > text.rfind("</script", 0, at)


def read(text: str, url: str = "") -> Page:
    """The page, or Unreadable with its state. A body counts only when the document arrived whole."""
    source = Source(text)
    body = source.body
    if body is None or not (body.text or body.images or source.kind in ("video", "audio")):
        raise states.notice(text) or Unreadable("unavailable", "empty")
    if not body.text and (told := states.boxed_notice(text)):
        raise told
    if not (body.text or body.images):
        _refuse_bare(text, source)
    if markup.is_document(text) and not markup.ended(text):
        raise Unreadable("unavailable", "truncated")
    if source.is_preview:
        raise Unreadable("paid", "preview")
    return Page(
        state="ok",
        site=SITE,
        kind=source.kind if markup.is_document(text) else "fragment",
        title=source.title or (_first_words(body.text) if source.kind == "text_share" else ""),
        account=source.account,
        byline=source.byline,
        published=source.published,
        original=source.original,
        source_url=source.passed_on_from,
        canonical_url=source.canonical_url or source.address(url),
        html=body.html,
        text=body.text,
        images=body.images,
        hidden=body.hidden,
    )


def _refuse_bare(text: str, source: Source) -> None:
    """Refuse a film or sound without a word where the page looks like a notice that kept the record of its kind.

    The notice's words may be damaged or new, and so may the class of its box; an account's own page names the account.
    """
    if told := states.unknown_notice(text):
        raise told
    if not source.account:
        raise states.notice(text) or Unreadable("unavailable", "empty")


def _first_words(text: str) -> str:
    """A text post often has no title; its first sentence serves."""
    first = next(iter(sentences(text)), None)
    return first.text[:60] if first else ""
