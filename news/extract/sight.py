"""What a reader cannot see, judged by inline styles: text hidden to mislead machines stays out of the body."""

import re

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
    style = element.get("style") or ""
    if "hidden" in element.attrib or (not revealed and _FADED.search(style)):
        return True
    return bool(_GONE.search(style)) or ("overflow" in style and "hidden" in style and bool(_FLAT.search(style)))


def has_no_size(element: HtmlElement, inherited: bool) -> bool:
    """Whether text directly in the element is set in size 0; a child may give itself a size again."""
    match = _FONT.search(element.get("style") or "")
    return not match[1].strip("0.") if match else inherited


def is_widget(element: HtmlElement) -> bool:
    """Whether the site, not the author, put this element there."""
    return bool(_WIDGET.search(element.get("class") or ""))
