"""One URL a page: what a link is stored and compared as, and the links in a pasted text."""

import html
import json
import re
import unicodedata
from collections.abc import Iterator
from itertools import islice
from urllib.parse import parse_qsl, quote, unquote

import idna

from news.link_patterns import IN_TEXT, START
from news.text import visible

REASONS = ("empty", "long", "control", "scheme", "userinfo", "port", "host", "temporary", "incomplete")
MAX_LENGTH = 2083
# Hosts that only send on to others. Closed list: nobody else may send us from one site to another.
SHORT_HOSTS = frozenset(
    {
        *("t.cn", "sinaurl.cn", "url.cn", "w.url.cn", "dwz.cn", "dwz.mk", "suo.im", "suo.nz", "mrw.so", "985.so"),
        *("b23.tv", "m.tb.cn", "3.cn", "u.jd.com", "v.douyin.com", "xhslink.com", "reurl.cc", "s.id", "0x9.me"),
        *("t.co", "bit.ly", "j.mp", "tinyurl.com", "goo.gl", "is.gd", "v.gd", "ow.ly", "buff.ly", "lnkd.in", "t.ly"),
        *("rb.gy", "cutt.ly", "tiny.cc", "shorturl.at"),
    }
)


class BadLink(ValueError):
    """A link that no page can be filed under; `reason` is one of REASONS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def canonicalise(url: str) -> str:
    """The one spelling of a page's address, or BadLink.

    Never goes through urlsplit: it deletes tab and newline, which turns one host into another.
    """
    scheme, host, path, query = _take_apart(url)
    if wrapped := _wrapped(host, path, query):
        return canonicalise(wrapped)
    if _temporary(host, query):
        raise BadLink("temporary")
    if host == "mp.weixin.qq.com" and (page := _wechat(path, query)):
        return page
    if host in _BAIDU and (page := _baidu(path, query)):
        return page
    return _plain(scheme, host, path, query)


def is_temporary(url: str) -> bool:
    """Whether the link dies within hours: a WeChat link signed for one visit, or one through Sogou."""
    try:
        _, host, path, query = _take_apart(url)
    except BadLink:
        return False
    if wrapped := _wrapped(host, path, query):
        return is_temporary(wrapped)
    return _temporary(host, query)


def is_wall(url: str) -> bool:
    """Whether this is a verification page's own address; its canonical URL is that of the page behind it."""
    try:
        _, host, path, query = _take_apart(url)
    except BadLink:
        return False
    return bool(_wrapped(host, path, query))


def is_short(url: str) -> bool:
    """Whether the link is a shortener's: which page it is of, only asking it can say."""
    try:
        return _take_apart(url)[1].removeprefix("www.") in SHORT_HOSTS
    except BadLink:
        return False


# ---- taking a link apart

_URL = re.compile(r"(?i)(https?)://([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#.*)?", re.DOTALL)
_BARE = re.compile(r"(?i)(?:mp\.weixin\.qq\.com|baijiahao\.baidu\.com|mbd\.baidu\.com)/")
_SCHEME = re.compile(r"(?i)^(https?)[:：][/／]{2}")  # input methods type full-width colons
_DOTS = str.maketrans("。．｡", "...")


def _take_apart(url: str) -> tuple[str, str, str, str]:
    match = _URL.fullmatch(_tidy(url))
    if not match:
        raise BadLink("scheme")
    scheme, host, port = match[1].lower(), *_host_and_port(match[2])
    if port == "443":
        scheme = "https"
    return scheme, host, match[3] or "/", match[4] or ""


def _tidy(url: str) -> str:
    """The link without what pasting added around it; anything odd inside is refused, not repaired."""
    url = unescape(visible(url[: 4 * MAX_LENGTH]).strip()) if url.strip() else ""
    url = _SCHEME.sub(r"\1://", url)
    url = "https://" + url if _BARE.match(url) else url
    if not url:
        raise BadLink("empty")
    if len(url) > MAX_LENGTH:
        raise BadLink("long")
    if re.search(r"[\s\\<>\"`{}|^\x00-\x20\x7f]", url.split("?")[0]) or re.search(r"[\s\\]", url):
        raise BadLink("control")
    return url


def unescape(text: str) -> str:
    r"""Undo `&amp;`, `\x26`, `\u0026` and `\/`, as links stand in HTML, scripts and JSON, however often escaped."""
    if "\\" in text:
        text = text.replace("\\u0026", "&").replace("\\x26", "&")  # most escapes are these; no call each
        text = re.sub(r"\\x([0-7][0-9a-fA-F])|\\u00([0-7][0-9a-fA-F])", lambda m: chr(int(m[1] or m[2], 16)), text)
        text = text.replace("\\/", "/")
    for _ in range(2 if "&" in text and ";" in text else 0):
        text = _AMPERSAND.sub("&", text)
    return text


_AMPERSAND = re.compile(r"&(?:amp|#38|#x26);", re.IGNORECASE)


def _host_and_port(authority: str) -> tuple[str, str]:
    if "@" in authority or "＠" in authority:
        raise BadLink("userinfo")
    host, _, port = authority.partition(":")
    if port not in ("", "80", "443"):
        raise BadLink("port" if port.isdigit() else "host")
    return _host(host), port


def _host(host: str) -> str:
    """Lower-case, without trailing dot, in ASCII. A name, never a number: articles do not live at addresses."""
    host = unicodedata.normalize("NFKC", host.translate(_DOTS)).translate(_DOTS).lower().removesuffix(".")
    try:
        host = idna.encode(host, uts46=True).decode("ascii") if not host.isascii() else host
    except idna.IDNAError:
        raise BadLink("host") from None
    labels = host.split(".")
    if len(host) > 253 or len(labels) < 2 or not re.fullmatch(r"[a-z][a-z0-9-]*", labels[-1]):
        raise BadLink("host")
    if not all(re.fullmatch(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", label) for label in labels):
        raise BadLink("host")
    return host


def _parameters(query: str) -> dict[str, str]:
    """The first value of each name; `amp;mid` is the name `mid` of a link that was escaped twice."""
    found: dict[str, str] = {}
    for name, value in parse_qsl(query.replace("+", "%2B"), keep_blank_values=True):
        found.setdefault(name.removeprefix("amp;"), value)
    return found


# ---- the sites we know

_WALLS = {"mp.weixin.qq.com": "target_url", "wappass.baidu.com": "backurl"}
_BAIDU = ("baijiahao.baidu.com", "mbd.baidu.com")


def _wrapped(host: str, path: str, query: str) -> str:
    """The page behind a verification page's address."""
    if host not in _WALLS or "captcha" not in path:
        return ""
    target = _parameters(query).get(_WALLS[host], "")
    return "" if "captcha" in target else target


def _temporary(host: str, query: str) -> bool:
    if host == "weixin.sogou.com":
        return True
    given = _parameters(query)
    return host == "mp.weixin.qq.com" and "signature" in given and ("timestamp" in given or "src" in given)


def _wechat(path: str, query: str) -> str:
    """`/s/<id>` or the four numbers in WeChat's order; the oldest links name three of them otherwise."""
    if short := re.fullmatch(r"/s/([\w-]+)/?", path, re.ASCII):
        return f"https://mp.weixin.qq.com/s/{short[1]}"
    if path.rstrip("/") not in ("/s", "/mp/appmsg/show"):
        return ""
    given = _parameters(query)
    biz, mid = given.get("__biz", ""), given.get("mid") or given.get("appmsgid", "")
    idx, sn = given.get("idx") or given.get("itemidx") or "1", given.get("sn") or given.get("sign", "")
    if not (biz and mid and sn):
        raise BadLink("incomplete")
    return "https://mp.weixin.qq.com/s?" + "&".join(
        f"{name}={quote(value, safe='=_-')}" for name, value in (("__biz", biz), ("mid", mid), ("idx", idx), ("sn", sn))
    )


def _baidu(path: str, query: str) -> str:
    given = _parameters(query)
    for name in ("baijiahao_id", "id"):
        if re.fullmatch(r"\d{6,24}", given.get(name, "")):
            return f"https://baijiahao.baidu.com/s?id={given[name]}"
    if re.fullmatch(r"\d+", given.get("id", "")):
        return f"https://baijiahao.baidu.com/s?id={given['id']}"
    nid = _nid(given.get("context", "")) or given.get("nid", "")
    if path.startswith("/newspage/") and re.fullmatch(r"\w{4,64}", nid, re.ASCII):
        return "https://mbd.baidu.com/newspage/data/landingsuper?context=" + quote(json.dumps({"nid": nid}), safe="")
    return ""


def _nid(context: str) -> str:
    try:
        given = json.loads(context)
    except (ValueError, RecursionError):
        return ""
    return str(given.get("nid", "")) if isinstance(given, dict) else ""


# ---- any other site

_TRACKING = re.compile(
    r"(?i)utm_\w+|spm(?:_id_from)?|scm|from|isappinstalled|fbclid|gclid|msclkid|yclid|mc_[ce]id|_hs\w+|igshid|ref_src"
    r"|share_(?:token|source|medium|from|id|tag|plat|times|session_id)|vd_source|wfr|nwr_flag|wxshare_count|timeline"
    r"|hmsr|hmpl|hmcu|hmkw|hmci|from_source|bd_vid|ivk_sa|weixin\w*|tt_from|app_\w*share\w*|_wxindex_|chksm|pass_ticket"
)


def _plain(scheme: str, host: str, path: str, query: str) -> str:
    kept = [pair for pair in re.split(r"&(?:amp;)?", query) if pair and not _is_tracking(pair)]
    tail = "?" + _encoded("&".join(kept)) if kept else ""
    return f"{scheme}://{host}{_encoded(path)}{tail}"


def _is_tracking(pair: str) -> bool:
    return bool(_TRACKING.fullmatch(unquote(pair.partition("=")[0])))


def _encoded(part: str) -> str:
    """Percent signs that start nothing and characters outside ASCII encoded, hex digits upper-case."""
    part = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", part)
    part = re.sub(r"%[0-9a-fA-F]{2}", lambda m: m[0].upper(), part)
    return quote(part, safe="/%:@!$&'()*+,;=~?-._[]")


# ---- links in a text

MAX_FOUND = 50_000  # links of one text, repeated ones among them; each costs some 5 µs


def find_links(text: str, most: int | None = MAX_FOUND) -> list[str]:
    """The web links of a chat, a Markdown or an HTML text, in order, each once, unescaped but not canonical.

    Links that nobody may follow (to addresses, to local names) are among them: `canonicalise` says what is wrong.
    A bare link ends at MAX_LENGTH characters, or at four times as many with its escapes. What stands behind the first
    `most` links is not read.
    """
    links: dict[str, None] = {}
    for match in islice(_matches(visible(text)), most):
        given = match["double"] or match["single"] or match["markdown"] or match["angle"] or ""
        link = html.unescape(unescape(given)).strip() if given else _trimmed(unescape(match["bare"])[:MAX_LENGTH])
        if not link.startswith(("http://", "https://")):
            link = "https://" + link if _BARE.match(link) else _SCHEME.sub(r"\1://", link)
        if link.lower().startswith(("http://", "https://")):
            links.setdefault(link)
    return list(links)


def _matches(text: str) -> Iterator[re.Match[str]]:
    at = 0
    while start := START.search(text, at):
        match = IN_TEXT.match(text, start.start())
        at = match.end() if match else start.start() + 1
        if match:
            yield match


def _trimmed(link: str) -> str:
    """The link without the punctuation of the sentence around it; a closing bracket stays if it was opened.

    One pass from the end: the surplus of closing brackets is counted once and falls with each one taken off.
    """
    surplus = {close: link.count(close) - link.count(opening) for opening, close in ("()", "[]")}
    end = len(link)
    while end:
        last = link[end - 1]
        if surplus.get(last, 0) > 0:
            surplus[last] -= 1
        elif last not in ".,;:!?'*_~|\"\\":
            break
        end -= 1
    return link[:end]
