"""Links and addresses in pasted text."""

from collections.abc import Iterator
from functools import partial

from benchmarks.cost.hostile import Hostile
from benchmarks.cost.measure import Probe
from benchmarks.cost.registry.calls import of
from benchmarks.cost.registry.caps import LINK, PASTE
from digest.briefings import links as printed_links
from digest.briefings.templatetags import prose
from digest.events import qr
from digest.intake.api import LARGEST_JSON
from news import canonical
from news.sources import links


def probes() -> Iterator[Probe]:
    own = (
        Hostile("links that begin in links", "](http://a"),
        Hostile("hosts of many labels", "http://a.a.a.a.a"),
        Hostile("escaped slashes", "http:\\/\\/a.cn\\/\\u0026"),
        Hostile("folders that name things", "/wiki/a:", "http://a.cn"),
        Hostile("names of two scripts", "/wiki/" + "a" * 80 + "模型", "http://a.cn"),
        Hostile("names of two scripts that do not end", "/wiki/a模b", "http://a.cn"),
        Hostile("href of every case", "HREF = 'hreF=\""),
        Hostile("full stops and brackets", ".)]", "http://a.cn/"),
    )
    paste = PASTE
    every = partial(canonical.find_links, most=None)
    yield Probe("news.canonical.find_links", every, links.MAX_TEXT, "links.MAX_TEXT of a list", own)
    yield Probe("news.canonical.find_links", canonical.find_links, paste, "PasteForm.text", own, "a paste")
    yield Probe("news.canonical.find_links", canonical.find_links, LARGEST_JSON, "LARGEST_JSON of the API", own, "API")
    query = (
        Hostile("parameters", "&amp;mid=1", "https://mp.weixin.qq.com/s?"),
        Hostile("percent signs", "%2", "https://a.cn/"),
        Hostile("labels", "a.", "https://"),
        Hostile("wrapped", "https://mp.weixin.qq.com/mp/captcha?target_url="),
        Hostile("numbers", "1", "https://baijiahao.baidu.com/s?id="),
        Hostile("Han in a host", "例", "https://"),
    )
    for function in (canonical.canonicalise, canonical.is_temporary, canonical.is_wall, canonical.is_short):
        yield of(function, LINK, "MAX_LENGTH", query)
    yield Probe("news.canonical.unescape", canonical.unescape, LINK, "its callers cut", own)
    yield Probe("digest.briefings.links.canonical", printed_links.canonical, LINK, "canonicalise", query)
    yield Probe("digest.briefings.templatetags.prose.web_link", prose.web_link, 2000, "Item.url", query)
    yield Probe("digest.briefings.templatetags.prose.host", prose.host, 2000, "Item.url", query)
    yield Probe("digest.events.qr.svg", lambda given: qr.svg(given), 300, "an address of this site")
