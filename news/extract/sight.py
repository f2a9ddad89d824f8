"""What a reader cannot see, judged by inline styles: text hidden to mislead machines stays out of the body."""

import re
from functools import lru_cache

from lxml.html import HtmlElement

_FADED = re.compile(
    r"(?:^|[;\s])(?:visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0*(?:\.0+)?\s*(?:[;!]|$))", re.IGNORECASE
)
_GONE = re.compile(
    r"(?:^|[;\s])(?:display\s*:\s*none|(?:left|top|text-indent|margin-left)\s*:\s*-\d{4,}|clip\s*:\s*rect\(\s*0)",
    re.IGNORECASE,
)
_FLAT = re.compile(r"(?:^|[;\s])(?:max-)?height\s*:\s*0(?:px|em|rem|vh|%)?\s*(?:[;!]|$)", re.IGNORECASE)
_FONT = re.compile(r"(?:^|[;\s])font-size\s*:\s*([\d.]+)", re.IGNORECASE)

# Players, cards and follow boxes that the site's script draws into a body, by the start of a class.
_WIDGET = re.compile(
    r"(?:^|\s)(?:wx_video|video_(?:iframe|tail|fill|length|mask|play|error|card)|js_(?:mp_)?video|mp-video|audio_|js_audio"
    r"|db_audio|mp_profile_|mp_common_|qqmusic_|weapp_|wx_follow_|wx_profile_|weui-|wx-edui-|account_avatar|js_tail_panel"
    r"|vote_area|video-channel|subscription_)"
)


def is_gone(element: HtmlElement, revealed: bool = False) -> bool:
    """Whether an element and all in it is out of sight; `revealed` where a script fades the page in."""
    if "hidden" in element.attrib:
        return True
    gone, faded, _ = _seen(element.get("style") or "")
    return gone or (faded and not revealed)


def has_no_size(element: HtmlElement, inherited: bool) -> bool:
    """Whether text directly in the element is set in size 0; a child may give itself a size again."""
    size = _seen(element.get("style") or "")[2]
    return not size.strip("0.") if size else inherited


def _seen(style: str) -> tuple[bool, bool, str]:
    return _known(style) if len(style) < 500 else _judged(style)


def _judged(style: str) -> tuple[bool, bool, str]:
    """Whether a style takes an element away, whether it fades it, and the font size it sets."""
    flat = "overflow" in style and "hidden" in style and bool(_FLAT.search(style))
    size = _FONT.search(style)
    return flat or bool(_GONE.search(style)), bool(_FADED.search(style)), size[1] if size else ""


_known = lru_cache(maxsize=4096)(_judged)  # an editor's styles come again in every paragraph


def is_widget(element: HtmlElement) -> bool:
    """Whether the site, not the author, put this element there."""
    return bool(_WIDGET.search(element.get("class") or ""))
