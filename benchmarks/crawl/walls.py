"""C4: walls and failure pages, and good pages, some of which speak of walls: told apart by the reader."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.crawl.table import Trial
from news.extract import charset, read

PAGES = Path(__file__).resolve().parent.parent.parent / "tests" / "pages"
# Own words, as they stand in articles about the trade.
ASIDES = (
    "编者按：上周有读者反映打不开页面，只看到“环境异常，完成验证后即可继续访问”，这里说明原因。",
    "有人问“该内容已被发布者删除”是怎么来的：作者自己撤下文章时就会这样显示。",
    "我们被提示“操作频繁，请稍后再试”，于是给抓取程序加上了间隔。",
    "搜索结果有时跳到“百度安全验证”，并不说明文章不在了。",
    "平台写着“此内容因违规无法查看”时，可以向平台投诉或申诉。",
    "“参数错误”和“链接已过期”多半是复制时少了一截。",
)
# A page of next to nothing that says a wall's words is taken for one: an article that quotes a wall says more.
_MORE = "".join(
    f"<p>{sentence}</p>"
    for sentence in (
        "我们把过去三个月的抓取记录翻出来，一条一条地看，想弄清哪些页面真的没有了，哪些只是暂时看不到。",
        "结果和预想的不同：真正撤下的不到两成，其余大多在第二天又能打开，只是我们来得太勤、太急。",
        "于是我们改了做法，每个网站同时只问一个页面，两次之间隔上几秒，对方说等多久就等多久。",
        "改完之后的第一个星期，被拦住的次数从每天四十多次降到了两次，而收到的文章一篇也没有少。",
        "同事提醒说，这样做还有一个好处：对方的服务器不会因为我们而变慢，读者也就不会因此打不开。",
        "下一步打算把这些数字按网站分开统计，每周放在内部的看板上，谁都能看到，也都能提出疑问。",
    )
)
WALL_WORDS = (
    *("环境异常", "完成验证", "已被发布者删除", "操作频繁", "安全验证", "违规", "投诉", "参数错误", "已过期", "验证码"),
)


@dataclass(frozen=True)
class Sample:
    source: str  # wechat, baidu, other
    origin: str  # corpus, own, variant
    body: bytes


def trials(shared: Path) -> Iterator[Trial]:
    walls, good = samples(shared)
    counts = f"{_count(walls)} walls"
    yield Trial("C4 walls", counts, "recall 100 %, >= 30 a source", partial(_recall, walls))
    yield Trial("C4 good", f"{_count(good)} good pages", "false alarms <= 1 % of >= 200", partial(_alarms, good))
    yield Trial("C4 control", "any of ten words in the page: a wall", "> 1 % false alarms", partial(_matcher, good))


def samples(shared: Path) -> tuple[list[Sample], list[Sample]]:
    """(walls, good pages): of the corpus by its gold, of our own pages, and variants of both."""
    found = [*_corpus(shared), *_own()]
    walls = [sample for sample, state in found if state not in ("ok", "moved", "paid")]
    good = [sample for sample, state in found if state == "ok"]
    told = [Sample(one.source, "variant", body) for one in good for body in _asides(one.body)]
    return [*walls, *_variants(walls)], [*good, *told, *_variants([one for one in good if one.origin == "own"])]


def _corpus(shared: Path) -> Iterator[tuple[Sample, str]]:
    folder = shared / "corpus"
    for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        known = json.loads(line)
        yield (
            Sample(known["file"].split("_")[0].split("/")[0], "corpus", (folder / known["file"]).read_bytes()),
            known["state"],
        )


def _own() -> Iterator[tuple[Sample, str]]:
    for file in sorted(PAGES.glob("*/*.html")):
        known = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
        source = {"mp.weixin.qq.com": "wechat", "baijiahao.baidu.com": "baidu"}.get(file.parent.name, "other")
        yield Sample(source, "own", file.read_bytes()), known["state"]


def _variants(found: list[Sample]) -> Iterator[Sample]:
    """The same page as another server, template or cache would send it; of what is no text, none."""
    for sample in found:
        try:
            text = sample.body.decode()
        except UnicodeDecodeError:
            continue
        for change in CHANGES:
            yield Sample(sample.source, "variant", change(text))


CHANGES: tuple[Callable[[str], bytes], ...] = (
    lambda text: text.replace("\r\n", "\n").replace("\n", "\r\n").encode(),
    lambda text: "\n".join(line.strip() for line in text.splitlines()).encode(),
    lambda text: b"\xef\xbb\xbf" + text.encode(),
    lambda text: ("<!-- cached by edge 7 -->\n" + text).encode(),
    lambda text: text.replace("</head>", f"<script>{'var pad = 1;' * 100_000}</script></head>", 1).encode(),
    lambda text: text.replace("<div ", '<div data-v-7ba5bd90="" ').encode(),
    lambda text: text.replace("utf-8", "gb18030").replace("UTF-8", "gb18030").encode("gb18030"),
    lambda text: text.replace("。", "。\u200b").encode(),
    lambda text: text.replace("<p", "<p lang=zh").encode(),
    lambda text: text.replace("<script", "<script data-once").encode(),
)


def _asides(body: bytes) -> Iterator[bytes]:
    """A good page with a paragraph that quotes a wall, behind the first paragraph of its body, and some more text."""
    start = max(
        body.find(mark)
        for mark in (b'id="js_content"', b'data-testid="article"', b'class="article-content"', b"<article>")
    )
    at = body.find(b"</p>", start)
    if start < 0 or at < 0:
        return
    for aside in ASIDES[:: 1 if len(body) < 100_000 else 3]:
        yield body[: at + 4] + f"<p>{aside}</p>{_MORE}".encode() + body[at + 4 :]


def _state(sample: Sample) -> str:
    return str(read(sample.body, url="", content_type="text/html").state)


def _count(found: list[Sample]) -> str:
    """How many there are, and of which origin."""
    parts = [f"{sum(one.origin == origin for one in found)} {origin}" for origin in ("corpus", "own", "variant")]
    return f"{len(found)} ({', '.join(parts)})"


def _recall(walls: list[Sample]) -> tuple[str, bool]:
    missed = [sample for sample in walls if _state(sample) == "ok"]
    sources = {source: sum(one.source == source for one in walls) for source in ("wechat", "baidu")}
    words = ", ".join(f"{source} {count}" for source, count in sources.items())
    right = not missed and min(sources.values()) >= 30
    return f"{len(walls) - len(missed)} of {len(walls)} recognised ({words})", right


def _alarms(good: list[Sample]) -> tuple[str, bool]:
    states = [(sample, _state(sample)) for sample in good]
    false = [(sample.source, sample.origin, state) for sample, state in states if state != "ok"]
    words = f"{len(false)} false alarms of {len(good)}, {len(false) / len(good):.1%} {sorted(set(false)) or ''}"
    return words.strip(), len(good) >= 200 and len(false) <= len(good) * 0.01


def _matcher(good: list[Sample]) -> tuple[str, bool]:
    texts = [charset.decode(sample.body, "text/html") for sample in good]
    false = sum(any(word in text for word in WALL_WORDS) for text in texts)
    return f"{false} of {len(good)}, {false / len(good):.0%}", false > len(good) * 0.01
