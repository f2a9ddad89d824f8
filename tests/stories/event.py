"""One event told over and over in words of our own: what the story of a split story needs. Runs inside the site."""

from datetime import UTC, datetime, timedelta
from typing import Any

MORNING = datetime(2026, 3, 2, 0, tzinfo=UTC)
FIRST, LATER = 4, 50
TITLES = [
    "晨星半导体发布门锁推理芯片{0}",
    "门锁推理芯片发布，来自晨星半导体{0}",
    "{0}晨星半导体：门锁推理芯片今日发布",
    "晨星半导体的门锁推理芯片发布了{0}",
    "{0}晨星半导体把门锁推理芯片发布了",
]
ANGLES = ["待机九十微瓦", "识别四毫秒", "六月寄出开发板", "三家厂商试用", "二十二纳米", "编译器开源", "首批两千块"]
SENTENCES = [
    "晨星半导体周一拿出一颗给智能门锁用的推理芯片，待机只耗九十微瓦。",
    "这颗门锁芯片把存储和乘加放在一处，认一张脸用四毫秒。",
    "开发板定在六月寄给社区成员，第一批一共两千块。",
    "随芯片来的编译器读得懂常见框架的模型，量化位数由它自己挑。",
    "已有三家做门锁的企业拿到样片，说年底前能上市。",
    "它用的是二十二纳米工艺，封装只有小指甲盖那么大。",
    "晨星半导体的总经理在会上说，电池可以撑两年不换。",
    "发布会上摆了一扇真的门，来宾轮流站到门锁跟前试。",
    "门锁厂的工程师问起低温，得到的回答是零下三十度照样开门。",
    "推理芯片的价钱没有公布，只说比外面加一块处理器便宜。",
    "陌生人的脸不会离开门锁，特征留在芯片里头，断电就清掉。",
    "晨星半导体去年做过一颗听声音的芯片，这回换成了看脸。",
    "现场演示断了一次网，门锁的识别没有受影响。",
    "资料和驱动当天放上了代码托管网站，谁都能下载。",
    "有人拿照片和面具去骗门锁，芯片都没有上当。",
    "下一步是让同一颗推理芯片也能认出掌纹，时间没有说。",
]


def tell(number: int) -> Any:
    """The event once more, as the step before the encoder leaves it; the key of the article."""
    from news.models import Article, Stage

    frame, angle = TITLES[number % len(TITLES)], ANGLES[number % len(ANGLES)]
    title = frame.format(f"{angle}，" if frame.startswith("{") else f"，{angle}")
    steps = [number, number * 3 + 1, number * 5 + number // 16 + 2, number * 7 + number // 4 + 3]
    text = "".join(SENTENCES[step] for step in dict.fromkeys(step % len(SENTENCES) for step in steps))
    url = f"https://paper{number}.example/news/{number}"
    article, _new = Article.objects.get_or_create(
        canonical_url=url,
        defaults={
            "url": url,
            "host": f"paper{number}.example",
            "title": title,
            "text": text,
            "account": f"第{number + 1}家报纸",
            "published_at": MORNING + timedelta(minutes=20 * number),
            "stage": Stage.READ,
        },
    )
    return article.pk


def begin() -> Any:
    """The first tellings."""
    return [tell(number) for number in range(FIRST)]


def go_on() -> Any:
    """And many more; the workers file them."""
    return [tell(number) for number in range(FIRST, FIRST + LATER)]


def standing() -> Any:
    """Of the event's articles: how many wait, and which numbers stand together, story by story."""
    from news.models import Article, Stage

    told = Article.objects.filter(host__startswith="paper", host__endswith=".example")
    stories: dict[Any, list[int]] = {}
    for story, host in told.values_list("story", "host"):
        stories.setdefault(story, []).append(int(host.removeprefix("paper").removesuffix(".example")))
    waiting = told.exclude(stage=Stage.SUMMARISED).count()
    return {"waiting": waiting, "stories": sorted(sorted(numbers) for numbers in stories.values())}
