"""What the stories ask of their site's database, in a process of its own: `… -m tests.stories.inside COMMAND`."""

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

from tests.stories import event, kettles

PASSWORD = "keyboard-only-please"
OLD_TEXT = "一块巴掌大的板子，跑起了 70 亿参数的模型。\n\n- 内存 8 GB\n- 每秒 4 个字\n\n> 数字由编辑部自己测得。"
NEW_TEXT = "这一期只为寄给刚刚订阅的人。"


def main() -> None:
    from digest import embedded

    embedded.hold_or_exit()
    django.setup()
    print(json.dumps(COMMANDS[sys.argv[1]](), ensure_ascii=False))


def prepare() -> Any:
    """An editor, an issue of last week with a training in it, and what `make run` would have set up."""
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.utils import timezone

    from news.names.starter import install_starter_names
    from news.topics import install_starter_topics

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    install_starter_topics()
    install_starter_names()
    User.objects.create_superuser("editor", password=PASSWORD)
    issue = _add_issue(timezone.localdate() - timedelta(days=7), "小板子跑大模型", OLD_TEXT)
    return {"today": f"{timezone.localdate():%Y-%m-%d}", "issue": issue.get_absolute_url(), "stop": _add_tour(issue)}


def publish_next() -> Any:
    """Yesterday's issue, so that today stays free for the editor's story. Returns its title."""
    from django.utils import timezone

    return _add_issue(timezone.localdate() - timedelta(days=1), "订阅之后的第一封", NEW_TEXT).title


def add_search_samples() -> Any:
    """An issue of long ago with two items to look for."""
    import datetime

    from django.utils import timezone

    from digest.briefings.index import index
    from digest.briefings.models import Briefing, Item

    issue = Briefing.objects.create(date=datetime.date(2019, 5, 10), published_at=timezone.now() - timedelta(days=99))
    told = [
        ("YOLO 的正负样本怎样分", "每个格子先看自己的得分，再决定算正还是算负。"),
        ("六个舵机的小机械狗", "桌面大小，会走会坐，图纸全部公开。"),
    ]
    items = [
        Item.objects.create(briefing=issue, position=place, headline=headline, text=text)
        for place, (headline, text) in enumerate(told, start=1)
    ]
    return index(items)


def caught_up() -> Any:
    """Whether every item has its vector, and its names by the newest words."""
    from digest.briefings.models import SearchEntry
    from digest.briefings.models.item_name import NamesNoted
    from news.names.version import version

    noted = NamesNoted.objects.filter(version=version(), below=0).exists()
    return noted and not SearchEntry.objects.filter(model="").exists()


def add_name_samples() -> Any:
    """Three issues of long ago that speak of chips and companies."""
    import datetime

    from django.utils import timezone

    from digest.briefings.index import index
    from digest.briefings.models import Briefing, Item

    told = [
        ["树莓派装进相机", "高通的会"],
        ["Hailo-15 进了摄像机", "高通与英特尔"],
        ["Hailo-15 开卖", "OpenAI 与 ncnn"],
    ]
    count = 0
    for week, headlines in enumerate(told):
        day = datetime.date(2018, 1, 5) + timedelta(days=7 * week)
        issue = Briefing.objects.create(date=day, published_at=timezone.now() - timedelta(days=99))
        for place, headline in enumerate(headlines, start=1):
            Item.objects.create(briefing=issue, position=place, headline=headline, text="一句话。")
        count += index(issue.items.all())
    return count


def _add_issue(day: Any, headline: str, text: str) -> Any:
    from digest.briefings.index import index
    from digest.briefings.models import Briefing, Item
    from news.models import Topic

    briefing = Briefing.objects.create(date=day, lead=f"导语：{headline}。", closing="下周再见。")
    for position, name in enumerate([headline, "第二件事"], start=1):
        item = Item.objects.create(
            briefing=briefing,
            position=position,
            headline=name,
            text=text,
            url=f"https://news.example/{day:%Y%m%d}/{position}",
            source_name="示例来源",
            notice="转载须注明出处。",
            is_machine_made=position == 2,
            machine_text=text,
        )
        item.topics.set(Topic.objects.filter(slug="llm"))
    index(list(briefing.items.all()))
    briefing.publish(None)
    return briefing


def _add_tour(briefing: Any) -> int:
    """One stop with a single seat, whose key is returned, and one without a date."""
    from django.utils import timezone

    from digest.events.models import Event, Tour

    tour = Tour.objects.create(
        name="焊接入门", slug="soldering", intro="一个下午，从烙铁开始。", contact_wechat="board2020"
    )
    tour.briefings.add(briefing)
    starts_at = (timezone.localtime() + timedelta(days=30)).replace(hour=13, minute=30, second=0, microsecond=0)
    stop = Event.objects.create(
        tour=tour,
        position=1,
        city="杭州",
        city_en="Hangzhou",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=4),
        venue="二楼教室",
        address="示例路 8 号",
        seats=1,
        audience="没有拿过烙铁的人。",
        prepare="- 看一遍安全须知",
        bring="- 护目镜",
    )
    Event.objects.create(tour=tour, position=2, city="青岛", city_en="Qingdao")
    return stop.pk


COMMANDS: dict[str, Callable[[], Any]] = {
    "prepare": prepare,
    "publish_next": publish_next,
    "add_search_samples": add_search_samples,
    "add_name_samples": add_name_samples,
    "caught_up": caught_up,
    "kettles": kettles.pour,
    "kettles_again": kettles.pour_again,
    "kettles_standing": kettles.standing,
    "event_begins": event.begin,
    "event_goes_on": event.go_on,
    "event_standing": event.standing,
}

if __name__ == "__main__":
    main()
