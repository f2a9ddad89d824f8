"""Issues: Markdown, past issues, letters."""

from collections.abc import Iterator

from benchmarks.cost.hostile import RUNNING, TAGS, Hostile
from benchmarks.cost.measure import Probe
from benchmarks.cost.registry.calls import as_bytes, of
from benchmarks.cost.registry.caps import ARTICLE, ITEM
from digest.briefings import (
    feed_formats,
    markdown,
    memory_match,
    metadata,
    past_issues,
    past_issues_body,
    past_issues_heading,
    past_issues_lines,
    past_issues_take,
)
from digest.briefings.templatetags import prose
from digest.events import wording
from news.extract import clean

MARKDOWN = (
    Hostile("links in brackets", "[", ""),
    Hostile("open links", "[a]("),
    Hostile("pictures", "![a](http://a.cn/b)"),
    Hostile("open pictures", "![", ""),
    Hostile("code", "`"),
    Hostile("codes of growing length", "`a``b```c"),
    Hostile("quotations", "> "),
    Hostile("nested quotations", ">"),
    Hostile("nested lists", "- "),
    Hostile("lists", "- a\n"),
    Hostile("tables", "|a|b|\n|-|-|\n"),
    Hostile("wide tables", "|a", ""),
    Hostile("rules", "***\n"),
    Hostile("headings", "# a\n"),
    Hostile("references", "[a]: b\n"),
    Hostile("tilde marks", "~~a"),
    Hostile("emphasis", "**中**"),
    Hostile("open emphasis", "*中 **文 "),
    Hostile("underscores", "_a "),
    Hostile("entities", "&#x41;&amp"),
    Hostile("autolinks", "<http://a"),
    Hostile("backslashes", "\\"),
    Hostile("bare links", "http://a.cn/"),
    Hostile("fences", "```\n"),
    Hostile("indented", "    a\n"),
)


ISSUES = (
    Hostile("items", "## 1. [a](http://a.cn/) | b\n"),
    Hostile("plain items", "1. a\n原文链接：http://a.cn/\n"),
    Hostile("lists of others", "其他\n"),
    Hostile("lists", "# 其他\n- [a](http://a.cn/)\n"),
    Hostile("addresses", "http://a.cn/\n"),
    Hostile("rules", "---\n"),
    Hostile("long rules", "- ", ""),
    Hostile("bars", "# a |"),
    Hostile("many bars", "|", "# "),
    Hostile("pictures", "![a](b)\n"),
    Hostile("half pictures", "![a"),
    Hostile("img tags", "<img "),
    Hostile("fences", "```\n"),
    Hostile("blanks in a heading", " ", "# a"),
    Hostile("closing marks", " #", "# a"),
    Hostile("papers", "- 《a》\n"),
    Hostile("half papers", "- 《a"),
    Hostile("redirects", "https://link.zhihu.com/?target=", "# [a]("),
    Hostile("days", "2024年01月"),
    Hostile("escapes", "\\", "# ["),
    Hostile("escaped brackets", "\\[", "# ["),
    Hostile("half a picture's target", "![](", "# "),
    Hostile("blanks within a heading", " ", "# a", "b"),
    Hostile("blanks before closing marks", " " * 99 + "# ", "# a"),
    Hostile("nested brackets", "[a[b]", "# "),
)


def probes() -> Iterator[Probe]:
    why, cap = ITEM, past_issues_take.LARGEST_BYTES
    for function in (markdown.to_html, markdown.to_letter, markdown.images, markdown.plain, markdown.clean):
        own = TAGS if function is markdown.clean else MARKDOWN
        yield of(function, cap, why, own)
    for filter_ in (prose.prose, prose.letter_prose, prose.plain, prose.visible):
        yield of(filter_, cap, why, MARKDOWN)
    yield Probe("digest.briefings.markdown.find", lambda given: markdown.find(given, []), 2000, "Item.url")
    yield of(markdown.key_in_text, cap, why)
    issue, limit = past_issues_take.LARGEST_BYTES, "LARGEST_BYTES"
    yield Probe(
        "digest.briefings.past_issues_take.read_file",
        lambda given: past_issues_take.read_file("a", as_bytes(given)[:issue]),
        issue,
        limit,
        (*ISSUES, *MARKDOWN),
    )
    yield Probe(
        "digest.briefings.past_issues.read_issue",
        lambda given: past_issues.read_issue("20240101", given),
        issue,
        limit,
        (*ISSUES, *MARKDOWN),
    )
    for each in (past_issues_heading.read_heading, past_issues_heading.is_list_name, past_issues_heading.link_in,
                 past_issues_heading.address, past_issues_heading.clean_title):  # fmt: skip
        yield of(each, issue, limit, (*ISSUES, *MARKDOWN))
    yield of(past_issues_lines.read_lines, issue, limit, (*ISSUES, *MARKDOWN))
    lines = _lines
    yield Probe(
        "digest.briefings.past_issues_body.extras_of",
        lambda given: past_issues_body.extras_of(lines(given), ""),
        issue,
        limit,
        (*ISSUES, *MARKDOWN),
    )
    heading = past_issues_heading.Heading("a", 1)
    yield Probe(
        "digest.briefings.past_issues_body.read_body",
        lambda given: past_issues_body.read_body(heading, lines(given), "", 1, True),
        issue,
        limit,
        (*ISSUES, *MARKDOWN),
    )
    yield of(feed_formats.xml_safe, cap, why)
    yield Probe(
        "digest.briefings.memory_match.copied",
        lambda given: memory_match.copied(given, given[1:]),
        clean.MAX_TEXT,
        ARTICLE,
        RUNNING,
    )
    yield Probe("digest.briefings.metadata.reading_minutes", lambda given: metadata.reading_minutes([given]), cap, why)
    yield of(wording.one_line, 2000, "OfferForm.message")
    links = (Hostile("labels", "a."), Hostile("ats", "a@b."), Hostile("slashes", "http:/"), Hostile("stops", "。"))
    yield of(wording.holds_link, 100, "NameField", links)
    yield of(wording.plain, 2000, "OfferForm.message")


def _lines(given: str) -> list[past_issues_lines.Line]:
    """As many as read_issue goes on with."""
    return past_issues_lines.read_lines(given)[: past_issues.MOST_LINES]
