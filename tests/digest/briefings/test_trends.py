"""Shares over the issues, what rises and falls, and the pictures of it."""

import datetime
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from digest.briefings.course import course, periods
from digest.briefings.models import Briefing
from digest.briefings.trends import trends
from news.models import Topic
from news.names.starter import install_starter_names

Issue = Callable[..., Briefing]
DAY = datetime.date(2023, 1, 6)


def test_few_issues_are_drawn_each_many_by_the_month_the_quarter_or_the_year() -> None:
    weeks = [DAY + datetime.timedelta(days=7 * number) for number in range(2_000)]
    assert [part.label for part in periods(weeks[:3])] == ["20230106", "20230113", "20230120"]
    assert [part.label for part in periods(weeks[:40])][-2:] == ["2023-09", "2023-10"]
    assert [part.label for part in periods(weeks[:200])][-1] == "2026 Q4"
    assert len(periods(weeks)) == 30
    assert sum(len(part.days) for part in periods(weeks[:200])) == 200


def test_bars_are_shares_and_an_issue_without_it_stands_on_the_ground() -> None:
    days = [DAY + datetime.timedelta(days=7 * number) for number in range(3)]
    drawn = course(periods(days), {days[0]: 1, days[1]: 4}, dict.fromkeys(days, 8))
    assert drawn
    assert [(bar.x, bar.y, bar.width, bar.height) for bar in drawn.bars] == [
        (12.5, 45.0, 75.0, 15.0),
        (112.5, 0.0, 75.0, 60.0),
        (212.5, 58.5, 75.0, 1.5),
    ]
    assert (drawn.peak.label, drawn.peak.percent, drawn.total) == ("20230113", 50.0, 5)
    assert course([], {}, {}) is None


@pytest.mark.django_db
def test_what_rises_and_what_falls_by_smoothed_shares(
    client: Client, issue: Issue, topic: Callable[..., Topic]
) -> None:
    install_starter_names()
    chips, vision = topic(), topic("vision", "视觉", "Vision")
    for number in range(6):
        late = number >= 4
        told = [{"headline": "高通的芯片" if late else "树莓派的相机", "topics": [chips if late else vision]}]
        issue(str(DAY + datetime.timedelta(days=7 * number)), *told, {"headline": "天气"})
    found = trends()
    assert (len(found.days), found.newest_issues, found.before_issues) == (6, 2, 4)
    # of 4 items 2, drawn to 2 of 12: (2 + 8/6) / 12; before none of 8: (8/6) / 16
    assert [(line.label, round(line.newest, 2), round(line.before, 2)) for line in found.risers] == [
        ("芯片", 27.78, 8.33),
        ("高通", 27.78, 8.33),
    ]
    assert [(line.label, round(line.change, 2)) for line in found.fallers] == [("视觉", -19.44), ("树莓派", -19.44)]
    page = BeautifulSoup(client.get("/trends/").content, "lxml")
    assert page.select_one(".move-list li").get_text(" ", strip=True) == "芯片 ▲ +19.4 8.3% → 27.8%"
    assert len(page.select(".multiples svg")) == 4
    row = [cell.get_text() for cell in page.select(".trend-table tbody tr")[0].select("td")]
    assert row == ["2", "27.8%", "8.3%", "0", "0", "0", "0", "1", "1"]
    assert page.select("[style], main script") == []


@pytest.mark.django_db
def test_a_site_without_issues_says_so(client: Client) -> None:
    page = BeautifulSoup(client.get("/trends/").content, "lxml")
    assert page.select_one("main .quiet").get_text() == "还没有发布过的期数。"
