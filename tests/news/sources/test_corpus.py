"""Every saved feed and listing, with the number of its entries, of its whole texts and of its temporary links."""

from pathlib import Path

import feedparser
import pytest
from django.core.management import CommandError, call_command

from news.sources.detect import detect
from news.text import folded

COUNTS = {
    "feeds/juya_ai_daily_rss.xml": ("feed", 10, 10, 0),
    "feeds/wechat_feeds_MjM5NDEwMTc0MA.xml": ("feed", 20, 0, 0),
    "feeds/wechat_feeds_MzA5NTIwODUzMQ.xml": ("feed", 20, 0, 0),
    "feeds/wechat_feeds_MzI2MjIyMzM3MQ.xml": ("feed", 10, 0, 0),
    "feeds/wechat_feeds_MzkwNDE2ODk3MQ.xml": ("feed", 20, 0, 0),
    "feeds/wechat_scholar_gh_021881142875.xml": ("feed", 50, 0, 0),
    "feeds/wechat_scholar_gh_2b57ea0ba3dd.xml": ("feed", 8, 0, 0),
    "feeds/wechat_scholar_gh_7ace4f695f41.xml": ("feed", 50, 0, 0),
    "feeds/wechat_scholar_gh_a2e4af93e6cf.xml": ("feed", 50, 0, 0),
    "feeds/wewe_rss_all.atom.xml": ("feed", 50, 0, 0),
    "feeds/wewe_rss_mp_wxs_2390814445.atom.xml": ("feed", 20, 0, 0),
    "feeds/wewe_rss_mp_wxs_2394734625.atom.xml": ("feed", 20, 0, 0),
    "feeds/wewe_rss_mp_wxs_2397066756.atom.xml": ("feed", 20, 0, 0),
    "listing/baidu_news_serp_chengdu_a.html": ("baidu_news", 10, 0, 0),
    "listing/baidu_news_serp_chengdu_b.html": ("baidu_news", 10, 0, 0),
    "listing/baidu_news_serp_chengdu_c.html": ("baidu_news", 10, 0, 0),
    "listing/baidu_news_serp_chengdu_d.html": ("baidu_news", 10, 0, 0),
    "listing/sogou_articles_201707.html": ("wechat_list", 10, 0, 10),
    "listing/sogou_wap_hot_201707.html": ("wechat_list", 15, 0, 15),
    "listing/wx_mp_api_notes.md": ("links", 10, 0, 0),
    "listing/wx_profile_history_201707.html": ("wechat_list", 10, 0, 10),
}


def test_all_of_them(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [shared / "corpus" / name for name in COUNTS]
    assert {path.parent for path in files} == {shared / "corpus" / "feeds", shared / "corpus" / "listing"}
    assert sorted(files) == sorted(path for folder in {f.parent for f in files} for path in folder.iterdir())
    call_command("leads", *map(str, files))
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    found = [(kind, *(int(words.split()[0]) for words in counts[:3])) for _name, kind, *counts in rows]
    assert found == list(COUNTS.values())


def test_a_well_kept_parser_finds_the_same_links(shared: Path) -> None:
    for path in sorted((shared / "corpus" / "feeds").iterdir()):
        theirs = {(entry.link, folded(entry.title)) for entry in feedparser.parse(path.read_bytes()).entries}
        ours = {(entry.url, entry.title) for entry in detect(path.read_bytes())[1].entries}
        assert ours == theirs, path.name


def test_a_file_that_is_no_listing_fails_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("没有链接", encoding="utf-8")
    (tmp_path / "b.txt").write_text("https://a.example/1", encoding="utf-8")
    with pytest.raises(CommandError, match="1 could not be read"):
        call_command("leads", str(tmp_path))
    assert capsys.readouterr().out.split("\t")[:3] == ["b.txt", "links", "1 entries"]
