"""Golden pages: every <name>.html under tests/pages is read as its <name>.json says."""

import json
from pathlib import Path

import pytest

from news.extract import read

PAGES = Path(__file__).resolve().parents[2] / "pages"
HOSTS = ("mp.weixin.qq.com", "weixin.sogou.com", "baijiahao.baidu.com", "example.com")
GOLDEN = sorted(page for host in HOSTS for page in (PAGES / host).glob("*.html"))


@pytest.mark.parametrize("page", GOLDEN, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_page_is_read_as_its_pair_says(page):
    wanted = json.loads(page.with_suffix(".json").read_text("utf-8"))
    read_page = read(page.read_bytes(), url=f"https://{page.parent.name}/" if page.parent.name == "example.com" else "")
    found = {name: getattr(read_page, name) for name in wanted}
    found["text"] = read_page.text.split("\n") if read_page.text else []
    if found.get("published"):
        found["published"] = found["published"].isoformat()
    assert found == wanted


@pytest.mark.parametrize("page", GOLDEN, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_only_a_good_page_has_a_body(page):
    read_page = read(page.read_bytes())
    has_body = bool(read_page.html) and bool(read_page.text)
    assert (read_page.state == "ok") == (has_body or read_page.kind == "video")
    assert bool(read_page.html) == bool(read_page.text)


def test_there_are_pages_of_every_kind_of_site():
    assert {page.parent.name for page in GOLDEN} == set(HOSTS)
