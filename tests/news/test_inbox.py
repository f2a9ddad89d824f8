"""The link inbox: what becomes of each link of any pasted text."""

import html
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from news.canonical import REASONS
from news.models import INBOX, Article, Lead, Source
from news.sources.inbox import WORDS, Fate, look, paste
from tests.news.articles import make_article

BASE = Path(__file__).resolve().parent.parent.parent
LONG = "https://mp.weixin.qq.com/s?__biz=MzA5OTYyMTAwMQ==&mid=2247000001&idx=1&sn=0123456789abcdef"
CHAT = f"""老王 09:12
这篇不错，大家看看：https://mp.weixin.qq.com/s/reQvUTJlOJSqEtHGKL4QbA，周五用
小李 09:15 {LONG.replace("&", "&amp;")}&amp;chksm=abc&amp;scene=27#wechat_redirect
[百家号](https://baijiahao.baidu.com/s?id=1759514012109489440&wfr=spider&for=pc)
重复的 https://mp.weixin.qq.com/s/reQvUTJlOJSqEtHGKL4QbA#rd
临时的 https://mp.weixin.qq.com/s?src=11&timestamp=1678400000&ver=4394&signature=abc
内部的 http://127.0.0.1:8000/admin/
"""


@pytest.mark.django_db
def test_every_link_of_a_chat_has_its_fate() -> None:
    outcomes = paste(CHAT)
    assert [(outcome.fate, outcome.article.canonical_url if outcome.article else "") for outcome in outcomes] == [
        (Fate.ADDED, "https://mp.weixin.qq.com/s/reQvUTJlOJSqEtHGKL4QbA"),
        (Fate.ADDED, LONG),
        (Fate.ADDED, "https://baijiahao.baidu.com/s?id=1759514012109489440"),
        (Fate.KNOWN, "https://mp.weixin.qq.com/s/reQvUTJlOJSqEtHGKL4QbA"),
        (Fate.TEMPORARY, ""),
        (Fate.REFUSED, ""),
    ]
    assert "复制链接" in outcomes[4].advice
    assert Lead.objects.count() == 4
    assert Source.objects.get().kind == INBOX


@pytest.mark.django_db
def test_an_address_too_long_to_keep_is_refused_and_the_others_are_taken() -> None:
    long = "https://a.example/" + "长" * 300
    outcomes = paste(f'<a href="{long}">x</a> https://a.example/1')
    assert [(outcome.fate, outcome.reason) for outcome in outcomes] == [(Fate.REFUSED, "long"), (Fate.ADDED, "")]


@pytest.mark.django_db
def test_the_real_page_of_a_sample_becomes_the_editors_own() -> None:
    link = "https://mp.weixin.qq.com/s/reQvUTJlOJSqEtHGKL4QbA"
    paste(link, Source.objects.create(name="示例来源", kind=INBOX, is_sample=True), is_sample=True)
    [outcome] = paste(link)
    assert outcome.fate == Fate.ADDED
    article = Article.objects.get()
    assert (article.is_sample, article.stage) == (False, "found")


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_make_one_article_a_link() -> None:
    """P28: exists-then-insert stores many rows here."""
    links = [f"https://mp.weixin.qq.com/s/{chr(65 + n) * 22}" for n in range(20)]
    Source.inbox()

    def drop(_number: int) -> None:
        try:
            paste("\n".join([*links, *(f"{link}#rd" for link in links)]))
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(drop, range(50)))
    assert Article.objects.count() == 20


REFUSALS = [
    ("http://127.0.0.1:8000/admin/", "port"),
    ("http://127.0.0.1/", "host"),
    ("http://localhost/x", "host"),
    ("http://[::1]/", "host"),
    ("http://nas.local/report", "inside"),
    ("http://user@a.example/1", "userinfo"),
    ("https://mp.weixin.qq.com/s?__biz=Mz&mid=1&idx=1", "incomplete"),
    ("https://weixin.sogou.com/link?url=abc", "temporary"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("url", "reason"), REFUSALS)
def test_what_is_refused_says_why_and_what_to_do(url: str, reason: str) -> None:
    [outcome] = paste(f"看{url} 吧")
    assert (outcome.url, outcome.reason, outcome.article) == (url, reason, None)
    assert outcome.advice == str(WORDS[reason])
    assert Article.objects.count() == 0


def test_every_reason_has_words() -> None:
    assert set(WORDS) == {*REASONS, "inside", "loop"}


@pytest.mark.django_db
def test_looking_stores_nothing_and_says_what_would_happen() -> None:
    known = make_article(
        "焊接入门", "先上锡。", canonical_url="https://a.example/known", stage="dropped", drop_reason="blocked"
    )
    seen = look(f"https://a.example/known https://a.example/1 https://a.example/1#x http://t.cn/A1 {REFUSALS[-1][0]}")
    assert [(one.forecast, one.standing, one.is_repeated, one.is_short) for one in seen] == [
        ("已有", "未收录：网站要求验证", False, False),
        ("将加入", "", False, False),
        ("已有", "", True, False),
        ("将加入", "", False, True),
        ("临时链接", "", False, False),
    ]
    assert list(Article.objects.all()) == [known]
    assert (Source.objects.count(), Lead.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_the_page_shows_each_link_and_takes_the_chosen_ones(client: Client) -> None:
    client.force_login(User.objects.create_superuser("editor", password="a long enough word"))
    address = reverse("admin:news_inbox")
    assert client.get(address).status_code == 200
    page = client.post(address, {"text": CHAT, "note": "周五用"}).content.decode()
    assert "找到 6 个链接" in page
    fates = re.findall(r'<td class="fate">(.*?)</td>', page)
    assert fates == ["将加入"] * 3 + ["已有", "临时链接", "不能抓取"]
    links = [html.unescape(link) for link in re.findall(r'<input type="checkbox" name="link" value="([^"]*)"', page)]
    assert len(links) == 3
    assert Article.objects.count() == 0
    done = client.post(address, {"take": "1", "link": links[:2], "note": "周五用"}).content.decode()
    assert "处理了 2 个链接" in done
    assert re.findall(r'<td class="fate">(.*?)</td>', done) == ["已加入"] * 2
    assert set(Lead.objects.values_list("added_by__username", "note")) == {("editor", "周五用")}
    assert Article.objects.count() == 2
    assert "没有找到链接" in client.post(address, {"text": "今天没有链接"}).content.decode()
    assert "没有勾选任何链接" in client.post(address, {"take": "1"}).content.decode()


@pytest.mark.django_db
def test_the_preview_has_a_row_with_advice_for_each_link_that_nobody_may_follow(client: Client) -> None:
    client.force_login(User.objects.create_superuser("editor", password="a long enough word"))
    links = [
        "http://192.0.2.7/a",
        "http://[2001:db8::1]/",
        "http://2130706433/",
        "http://intranet/x",
        "http://nas.local/",
    ]
    page = client.post(reverse("admin:news_inbox"), {"text": "内部的 " + " 和 ".join(links)}).content.decode()
    assert re.findall(r'<td class="fate">(.*?)</td>', page) == ["不能抓取"] * 5
    assert [page.count(link) >= 2 for link in links] == [True] * 5  # in the pasted text, and in the row
    assert (page.count(str(WORDS["host"])), page.count(str(WORDS["inside"]))) == (4, 1)


@pytest.mark.django_db
def test_links_of_a_paste_are_counted_before_any_is_weighed(client: Client) -> None:
    client.force_login(User.objects.create_superuser("editor", password="a long enough word"))
    text = " ".join(f"http://a.cn/{number}" for number in range(10_000))
    with CaptureQueriesContext(connection) as asked:
        page = client.post(reverse("admin:news_inbox"), {"text": text}).content.decode()
    assert sum('"news_article"' in query["sql"] for query in asked) == 500
    assert page.count('<td class="fate">') == 500
    assert "还有 9500 个链接没有列出" in page


@pytest.mark.django_db
def test_what_is_taken_is_decided_anew(client: Client) -> None:
    """The preview's answer comes from outside: a link put into it by hand is refused as any other."""
    client.force_login(User.objects.create_superuser("editor", password="a long enough word"))
    page = client.post(reverse("admin:news_inbox"), {"take": "1", "link": ["http://127.0.0.1/", "javascript:alert(1)"]})
    assert re.findall(r'<td class="fate">(.*?)</td>', page.content.decode()) == ["不能抓取"] * 2
    assert Article.objects.count() == 0


@pytest.mark.django_db
def test_with_several_boxes_the_editor_chooses(client: Client) -> None:
    client.force_login(User.objects.create_superuser("editor", password="a long enough word"))
    first, second = Source.inbox(), Source.objects.create(name="周刊", kind=INBOX)
    address = reverse("admin:news_inbox")
    assert 'name="box"' in client.get(address).content.decode()
    client.post(address, {"take": "1", "link": "https://a.example/1", "box": second.pk})
    assert Lead.objects.get().source == second
    assert Source.inbox() == first


@pytest.mark.django_db
def test_a_foreign_form_takes_nothing() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("editor", password="a long enough word"))
    given = {"take": "1", "link": "https://a.example/1"}
    assert client.post(reverse("admin:news_inbox"), given).status_code == 403
    assert Article.objects.count() == 0


@pytest.mark.django_db
def test_the_page_is_for_editors(client: Client) -> None:
    assert client.get(reverse("admin:news_inbox")).status_code == 302
    client.force_login(User.objects.create_user("guest", password="a long enough word", is_staff=True))
    assert client.post(reverse("admin:news_inbox"), {"text": CHAT}).status_code == 403
    assert Article.objects.count() == 0


@pytest.mark.django_db
def test_the_command_reads_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "chat.txt"
    file.write_text(CHAT, encoding="utf-8")
    call_command("paste", str(file), dry_run=True)
    assert [line.split("\t")[0] for line in capsys.readouterr().out.splitlines()] == [
        *["将加入"] * 3,
        *["已有", "临时链接", "不能抓取"],
    ]
    assert Article.objects.count() == 0
    call_command("paste", str(file))
    assert [line.split("\t")[0] for line in capsys.readouterr().out.splitlines()] == [
        "已加入",
        "已加入",
        "已加入",
        "已有",
        "临时链接",
        "不能抓取",
    ]
    file.write_text("没有链接", encoding="utf-8")
    with pytest.raises(CommandError, match="没有找到链接"):
        call_command("paste", str(file))
    with pytest.raises(CommandError, match="No such file"):
        call_command("paste", str(tmp_path / "missing.txt"))
    file.write_bytes("链接".encode("gb18030"))
    with pytest.raises(CommandError, match="不是 UTF-8 文字"):
        call_command("paste", str(file))


def test_a_command_works_with_nothing_running(tmp_path: Path) -> None:
    """The embedded services start for it and stop after it."""
    words = [sys.executable, "manage.py", "showmigrations", "news"]
    environment = {"PATH": "/usr/bin:/bin", "JIANBAO_VAR": str(tmp_path / "var"), "PYTHONUTF8": "1", "DATABASE_URL": ""}
    done = subprocess.run(words, cwd=BASE, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "[ ] 0001_vector" in done.stdout


def test_a_dead_broker_loses_no_link(tmp_path: Path) -> None:
    """P7: the row is committed, the bell is only rung later."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "JIANBAO_VAR": str(tmp_path / "var"),
        "JIANBAO_TESTING": "1",
        "PYTHONUTF8": "1",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }

    def manage(*words: str, text: str = "") -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(command, cwd=BASE, env=environment, capture_output=True, text=True, input=text)

    assert manage("migrate", "--verbosity", "0").stderr == ""
    done = manage("paste", text="https://a.example/1")
    assert (done.returncode, done.stdout) == (0, "已加入\thttps://a.example/1\n")
    assert "the broker does not answer, work goes on when it does: " in done.stderr
    assert manage("paste", text="https://a.example/1").stdout == "已有\thttps://a.example/1\t待抓取\n"
