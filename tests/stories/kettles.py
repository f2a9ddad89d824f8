"""Kettles with a chip in them, in words of our own: what the story of a corrected topic needs. Runs inside the site."""

from typing import Any

TEXTS = {
    "芯片茶壶上市，会自己烧水": "茶壶里有一颗芯片，水开了会叫主人。厨房用品店说，首批两百把已经卖完。",
    "能泡四种茶的芯片茶壶开卖": "这把茶壶的芯片记得四种水温，绿茶和红茶各有一档，壶身还是陶的。",
    "芯片茶壶推出新款，水温更准": "新款茶壶用芯片控制水温，泡茶的人不用再守在炉边。",
}
NEXT = "芯片茶壶又出新款，还能预约"
NEXT_TEXT = "这一款茶壶由芯片控制水温，睡前设好，早上起来就有一壶热茶。"
REAL = "低功耗推理芯片量产，算力翻倍"
REAL_TEXT = "这颗芯片采用存算一体架构，二十二纳米工艺，算力两万亿次，功耗不到一瓦。"


def pour() -> Any:
    """Three kettles for the workers to file."""
    return [_tell(number, title, text) for number, (title, text) in enumerate(TEXTS.items())]


def pour_again() -> Any:
    """One more like them, and one that truly is about chips."""
    return [_tell(3, NEXT, NEXT_TEXT), _tell(4, REAL, REAL_TEXT)]


def standing() -> Any:
    """By title, once its article is through: whether it is filed under chips; and how many reviews were learned."""
    from news.models import Article, Stage, TopicHead

    mine = Article.objects.filter(host="kettle.example", stage=Stage.SUMMARISED)
    head = TopicHead.objects.first()
    filed = {article.title: article.filed.filter(topic__slug="chips", is_rejected=False).exists() for article in mine}
    return {"filed": filed, "learned": head.reviews if head else 0}


def _tell(number: int, title: str, text: str) -> Any:
    from news.models import Article, Stage

    url = f"https://kettle.example/{number}"
    columns = {"url": url, "host": "kettle.example", "title": title, "text": text, "stage": Stage.READ}
    return Article.objects.get_or_create(canonical_url=url, defaults=columns)[0].pk
