"""The link inbox: what becomes of each link of any pasted text."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from news.models import INBOX, Article, Lead, Source
from news.sources.inbox import Fate, paste

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


@pytest.mark.django_db
def test_the_page_shows_what_became_of_each(client: Client) -> None:
    client.force_login(User.objects.create_superuser("editor", password="a long enough word"))
    address = reverse("admin:news_inbox")
    assert client.get(address).status_code == 200
    page = client.post(address, {"text": CHAT}).content.decode()
    assert "找到 6 个链接" in page
    assert [page.count(f'<td class="fate">{fate.label}</td>') for fate in Fate] == [3, 1, 1, 1]
    assert Lead.objects.filter(added_by__username="editor").count() == 4
    assert "没有找到链接" in client.post(address, {"text": "今天没有链接"}).content.decode()


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
    assert "the broker does not answer, the sweeper will ring for found" in done.stderr
    assert manage("paste", text="https://a.example/1").stdout == "已有\thttps://a.example/1\n"
