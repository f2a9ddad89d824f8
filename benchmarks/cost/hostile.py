"""Generators of hostile text: each fills `size` characters with one pattern that has been slow somewhere."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Hostile:
    """A text of a beginning, a unit that is repeated up to the size asked for, and an end."""

    name: str
    unit: str
    begin: str = ""
    end: str = ""

    def text(self, size: int) -> str:
        room = max(0, size - len(self.end))
        times = max(0, room - len(self.begin)) // len(self.unit) + 1
        return ((self.begin + self.unit * times)[:room] + self.end)[:size]


COMMON = (
    Hostile("closing brackets", ")", "http://a.cn/"),
    Hostile("&amp;", "&amp;"),
    Hostile("unclosed tags", "<div><p class=a><span>"),
    Hostile("one long line", "a"),
    Hostile("short lines", "a\n"),
    Hostile("a Han sentence", "今天上海发布新芯片，算力提升一倍。"),
    Hostile("mixed scripts", "e\u0301\u0308Ａ漢ｶﾞ①\ufdfaא漢"),
    Hostile("blanks to the last", " ", "a", "b"),
    Hostile("digits", "1,234.5:6-"),
    Hostile("quotes and escapes", "\\\"'\\x26\\u0026“”"),
    Hostile("links", "[a](http://a.cn/b?c=d&e=f) "),
    Hostile("half-open marks", "<!--<script <a href='](http://《["),
    Hostile("control characters", "\x00\x1f\u200b\u202e"),
    Hostile("blanks", " "),
    Hostile("line breaks", "\r\n"),
    Hostile("brackets", "([{<《“"),
    Hostile("asterisks", "*a**_"),
    Hostile("nested JSON", '[{"a":'),
    Hostile("equal signs", "a = "),
)

TAGS = (
    Hostile("unclosed boxes", "<div>"),
    Hostile("closed boxes", "<div></div>"),
    Hostile("attributes", ' a="b"', "<p"),
    Hostile("quotes in a tag", "='", "<p "),
    Hostile("unclosed comments", "<!--"),
    Hostile("unclosed scripts", "<script>"),
    Hostile("unclosed templates", "<svg><noscript><template>"),
    Hostile("closing tags", "</p>"),
    Hostile("tables", "<table><tr><td>"),
    Hostile("links in links", "<a href=x>"),
    Hostile("emphasis", "<b><i>"),
    Hostile("styles", '<p style="opacity:0.0.0.0;font-size:0;left:-9999">a</p>'),
    Hostile("pictures", "<img src=http://a.cn/b>"),
    Hostile("breaks", "a<br>\n 中 "),
    Hostile("empty boxes", "<p><b> &nbsp;<br></b></p>"),
    Hostile("preformatted", "<pre><code>a"),
    Hostile("open preformatted", "<pre>"),
    Hostile("names of entities", "&nbsp;&lt;&#38;&notit;"),
    Hostile("meta tags", '<meta name=a content="b">'),
    Hostile("half-open meta tags", "<meta name='a"),
    Hostile("titles", "<title>"),
    Hostile("ids that are looked for", '<p id="js_content'),
    Hostile("classes that are looked for", '<p class="rich_media_content '),
    Hostile("variables", 'var msg_title = "a\\'),
    Hostile("records", "cgiDataNew = {a: '"),
    Hostile("open records", "cgiDataNew = {a:["),
    Hostile("quotes that do not close", "\\\"'a'"),
    Hostile("comments that do not end", "/*a"),
    Hostile("lists of pictures", "picture_page_info_list = [{"),
    Hostile("JSON-LD", '<script type="application/ld+json">[', ""),
    Hostile("time tags", "<time a "),
    Hostile("dates", "发布时间：2024-1"),
    Hostile("saved from", "<!-- saved from url=(1"),
    Hostile("report links", "<p a>举报/反馈<"),
    Hostile("long time tags", "<time" + " a" * 200),
    Hostile("long link tags", "<link" + " rel=canonical." * 20),
    Hostile("long headings", "<h1" + " a" * 200),
    Hostile("headings", "<h1>" + "a" * 40),
    Hostile("script tags that do not end", "<script "),
    Hostile("title tags that do not end", "<title "),
    Hostile("declarations", "<?xml "),
    Hostile("migrations", "transfer_target_link = 'a"),
    Hostile("notices", "环境异常违反已被删除"),
    Hostile("promotion", "<p>关注我们，扫码添加二维码</p>"),
)

RUNNING = (
    Hostile("stops", "。”"),
    Hostile("quotes behind stops", "。\"'"),
    Hostile("exclamation marks", "!?"),
    Hostile("initials", "ab. A"),
    Hostile("works", "《"),
    Hostile("open works", "《啊"),
    Hostile("addresses", "https://a"),
    Hostile("slashes", "https://////"),
    Hostile("numbers with dots", "1.1"),
    Hostile("ligatures", "\ufdfa"),
    Hostile("combining marks", "\u0301"),
    Hostile("marks out of order", "\u0301\u0316", "a"),
    Hostile("marks that become marks", "\u0f73\u0f75\uff9e\u0301", "a"),
    Hostile("joined names", "a-"),
    Hostile("names with versions", "yolov5"),
    Hostile("letters before a v", "vvv"),
    Hostile("Han numbers", "一二三"),
    Hostile("one character", "中"),
    Hostile("traditional", "龍體學"),
    Hostile("rare Han", "\U00020000"),
    Hostile("emoji", "👩‍👩‍👧"),
    Hostile("Thai", "กำ"),
    Hostile("sharp s", "ß"),
)
