"""Taking past issues in: whole, once, at their date, posted to nobody; from the shell and on the desk."""

import json
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from digest.briefings.models import Briefing, Item
from digest.briefings.past_issues import read_issue
from digest.briefings.past_issues_take import Fate, plan, read_file, take
from digest.mailing.models import Mailing
from digest.mailing.start import post_briefings, take_up
from tests.news.articles import make_article

pytestmark = pytest.mark.django_db
SIGNED = "https://mp.weixin.qq.com/s?__biz=MzA=&mid=1&idx=1&sn=0123456789abcdef0123456789abcdef"
ONE = f"""> 导读：祝好

# 1. [小板子跑起了语音助手]({SIGNED}&key=secret) | 木工夜话

说话三秒就有回答。

# 其他

- [一份[读者]调查](https://news.example/poll) | 编辑部
"""
TWO = "# 1. [门锁认得主人了](https://news.example/lock)\n\n待机很省电。\n"
NAME = "issue_20220304.md"


def test_an_issue_is_published_at_its_date(db: None) -> None:
    [made] = take([read_issue(NAME, ONE)])
    briefing = Briefing.objects.get()
    item = briefing.items.get()
    assert (made.fate, briefing.date, briefing.is_imported) == (Fate.NEW, date(2022, 3, 4), True)
    assert briefing.published_at
    assert briefing.published_at.isoformat() == "2022-03-04T10:00:00+00:00"
    assert (item.position, item.headline, item.text) == (1, "小板子跑起了语音助手", "说话三秒就有回答。")
    assert item.url == SIGNED
    assert item.source_name == "木工夜话"
    assert briefing.lead == "导读：祝好"
    assert briefing.closing == "**其他**\n\n- [一份［读者］调查](<https://news.example/poll>) | 编辑部"


def test_an_item_knows_its_article(db: None) -> None:
    article = make_article("门锁", "正文", canonical_url="https://news.example/lock")
    take([read_issue(NAME, TWO)])
    assert Item.objects.get().article == article


def test_taking_in_twice_changes_nothing_and_a_fuller_file_adds(db: None) -> None:
    take([read_issue(NAME, ONE)])
    before = Briefing.objects.get()
    assert [made.fate for made in take([read_issue(NAME, ONE)])] == [Fate.KNOWN]
    assert Briefing.objects.get().version == before.version
    both = ONE.replace("# 其他", TWO + "\n# 其他")
    assert [(made.fate, len(made.items)) for made in plan([read_issue(NAME, both)])] == [(Fate.MORE, 1)]
    take([read_issue(NAME, both)])
    headlines = Item.objects.order_by("position").values_list("position", "headline")
    assert list(headlines) == [(1, "小板子跑起了语音助手"), (2, "门锁认得主人了")]


def test_the_site_s_own_issue_is_left_alone(issue: Callable[..., Briefing]) -> None:
    issue("2022-03-04", {})
    assert [made.fate for made in take([read_issue(NAME, ONE)])] == [Fate.TAKEN]
    assert Item.objects.count() == 1


def test_two_files_of_one_day_are_planned_as_they_will_be_taken(db: None) -> None:
    files = [read_issue(NAME, ONE), read_issue(NAME, ONE + TWO), read_issue("notes.md", "没有")]
    planned = [(made.fate, len(made.items)) for made in plan(files)]
    assert planned == [(made.fate, len(made.items)) for made in take(files)]
    assert planned == [(Fate.NEW, 1), (Fate.MORE, 1), (Fate.UNREADABLE, 0)]


def test_nothing_is_half_written(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digest.briefings.past_issues_take.HEADLINE", 301)  # one more than a headline holds
    with pytest.raises(Exception, match="value too long"):
        take([read_issue(NAME, ONE), read_issue("20220311.md", f"# 1. [{'长' * 400}](https://a.example/1)\n话。")])
    assert (Briefing.objects.count(), Item.objects.count()) == (0, 0)


def test_bytes_of_other_encodings() -> None:
    assert [item.title for item in read_file(NAME, TWO.encode("gb18030")).items] == ["门锁认得主人了"]
    assert [str(one) for one in read_file(NAME, b"\xff\xfe\x00\xd8").problems] == [
        "文件不是 UTF-8 或 GB18030 的文字，没有读"
    ]
    assert [one.kind for one in read_file(NAME, b"a" * 200_001).problems] == ["too_large"]
    assert [one.kind for one in read_file(NAME, b"\n" * 10_001).problems] == ["too_large"]
    assert [one.kind for one in read_file(NAME, b"\n" * 10_000).problems] == ["no_items"]


def test_an_imported_issue_is_never_posted_and_in_no_feed(client: Client) -> None:
    take([read_issue(NAME, ONE)])
    briefing = Briefing.objects.get()
    assert (post_briefings(), take_up(briefing.pk), Mailing.objects.count()) == (0, False, 0)
    assert "小板子" not in client.get(reverse("feed_rss")).content.decode()
    assert "2022" in client.get(reverse("archive")).content.decode()
    assert client.get(briefing.get_absolute_url()).status_code == 200


def test_the_command(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(ONE, encoding="utf-8")
    (tmp_path / "notes.md").write_text("没有", encoding="utf-8")
    said, odd = StringIO(), StringIO()
    call_command("import_issues", str(tmp_path), "--dry-run", "--json", stdout=said, stderr=odd)
    lines = said.getvalue().splitlines()
    assert lines[0] == f"{NAME}  2022-03-04  新的一期  1/1"
    assert lines[-2] == "2 个文件，会收 1 期 1 条；什么都没有写"
    assert json.loads(lines[-1])[0]["items"][0]["title"] == "小板子跑起了语音助手"
    assert odd.getvalue().splitlines()[0] == "notes.md:1: 文件名和正文里都没有日期，这一期收不进来"
    assert Briefing.objects.count() == 0
    call_command("import_issues", str(tmp_path), stdout=StringIO(), stderr=StringIO())
    assert Briefing.objects.get().is_imported
    with pytest.raises(CommandError, match="读不了"):
        call_command("import_issues", str(tmp_path / "nowhere.md"), stdout=StringIO())


def test_the_desk_shows_first_and_takes_then(client: Client) -> None:
    client.force_login(User.objects.create_superuser("editor", password="a long enough word"))
    address = reverse("admin:briefings_import")
    files = [SimpleUploadedFile(NAME, ONE.encode()), SimpleUploadedFile("notes.md", "没有".encode())]
    page = client.post(address, {"chosen": files}).content.decode()
    assert ("小板子跑起了语音助手" in page, "没有读懂，不收" in page, Briefing.objects.count()) == (True, True, 0)
    answer = client.post(address, {"take": "1", "name": [NAME], "text": [ONE.replace("\n", "\r\n")]}, follow=True)
    assert "收了 1 期 1 条" in answer.content.decode()
    assert Item.objects.get().text == "说话三秒就有回答。"


def test_who_may_not_make_issues_may_not_import(client: Client) -> None:
    client.force_login(User.objects.create_user("reader", password="a long enough word", is_staff=True))
    assert client.get(reverse("admin:briefings_import")).status_code == 403
