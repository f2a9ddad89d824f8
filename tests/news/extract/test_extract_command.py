"""`manage.py extract`: saved pages in, one line of JSON a page out; what is no page is skipped with a note."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

BASE = Path(__file__).resolve().parents[3]
ARCHIVE = b"MIME-Version: 1.0\nContent-Type: text/html\n\n<html><body><div id=js_content><p>a</p></div></body></html>"
PAGES = BASE / "tests" / "pages" / "mp.weixin.qq.com"


def extracted(*paths: object, **options: object) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("extract", *map(str, paths), stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def test_a_page_gives_one_line_with_all_of_it():
    out, err = extracted(PAGES / "article_2017.html", jsonl=True)
    assert json.loads(out) == {
        "file": "mp.weixin.qq.com/article_2017.html",
        "state": "ok",
        "title": '四层板"怎么画"',
        "account": "画板人",
        "published": "2017-03-20T16:53:20+08:00",
        "text": "先铺地，再走线。\n层 用途\n二 地\n线宽按电流算。\n投诉箱里的来信，我们都看。",
        "images": 0,
        "site": "wechat",
        "kind": "article",
        "byline": "老周",
        "original": True,
        "source_url": None,
        "canonical_url": "https://mp.weixin.qq.com/s?__biz=MzOwnBiz==&mid=2650&idx=1&sn=abcdef12",
        "moved_to": None,
        "reason": None,
    }
    assert err == ""


def test_a_folder_is_read_to_its_depth_in_order_and_what_is_no_page_is_skipped(tmp_path):
    for name, data in {
        "b/2.html": b"",
        "b/1.html": bytes(range(256)) * 20,
        "a/deep/x.mht": ARCHIVE,
        "a/feed.xml": b"<?xml version='1.0'?><rss/>",
        "notes.md": b"# x",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    out, err = extracted(tmp_path, jsonl=True)
    lines = [json.loads(line) for line in out.splitlines()]
    assert [(line["file"], line["state"], line["reason"]) for line in lines] == [
        ("deep/x.mht", "ok", None),
        ("b/1.html", "blocked", "undecoded"),
        ("b/2.html", "blocked", "empty"),
    ]
    assert err.splitlines() == [
        "跳过 a/feed.xml：不是保存的网页",
        f"跳过 {tmp_path.name}/notes.md：不是保存的网页",
    ]


def test_without_jsonl_a_table_is_printed():
    out, _ = extracted(PAGES / "deleted.html", PAGES / "article_2017.html")
    head, deleted, article = out.splitlines()
    assert head.split() == ["文件", "状态", "类型", "字数", "图片", "时间", "公众号", "标题"]
    assert deleted.split() == ["mp.weixin.qq.com/deleted.html", "deleted", "article", "0", "0", "该内容已被发布者删除"]
    assert article.split()[5:8] == ["2017-03-20", "16:53", "画板人"]


def test_a_path_that_leads_nowhere_is_said(tmp_path):
    with pytest.raises(CommandError, match="请检查路径"):
        extracted(tmp_path / "none.html")


def test_the_command_starts_neither_database_nor_torch():
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", "manage.py", "extract", "--jsonl", str(PAGES / "article_2017.html")],
        cwd=BASE,
        env=os.environ | {"JIANBAO_VAR": "/nonexistent/var", "DATABASE_URL": "", "REDIS_URL": ""},
        capture_output=True,
        text=True,
    )
    assert (ended.returncode, ended.stdout.count("\n")) == (0, 1)
    imported = {line.rpartition("|")[2].strip() for line in ended.stderr.splitlines()}
    assert imported.isdisjoint({"torch", "sentence_transformers", "trafilatura"})


def test_every_labelled_page_comes_out_right(shared):
    corpus = shared / "corpus"
    done = subprocess.run(
        [sys.executable, "manage.py", "extract", "--jsonl", str(corpus)], cwd=BASE, capture_output=True, text=True
    )
    assert done.returncode == 0
    lines = {json.loads(line)["file"] for line in done.stdout.splitlines()}
    labelled = {json.loads(line)["file"] for line in (corpus / "gold.jsonl").read_text("utf-8").splitlines()}
    assert labelled <= lines
