"""Pairs of titles for a judge to learn from: made of a few firms and happenings, each told in two ways."""

from __future__ import annotations

from news.stories.pairs.learn import Pair

FIRMS = ["晨星", "远山", "青禾", "北岭", "海豚云", "澄江", "蓝鲸", "飞木", "南屏", "华图", "星河", "云帆"]
HAPPENINGS = [
    ("{}发布门锁推理芯片", "门锁也能本地认脸，{}拿出新芯片"),
    ("{}完成新一轮融资", "投资人再次押注{}，金额过亿"),
    ("{}开源语音识别模型", "语音识别有了新选择：{}放出权重"),
    ("{}的数据中心停电四小时", "停电之后，{}的服务中断半天"),
    ("{}召回一万辆汽车", "刹车有毛病，{}要收回上万辆车"),
]


def labelled() -> list[Pair]:
    """Sixty pairs that tell one event, and 120 that do not: another firm's, and another happening of the firm."""
    pairs = []
    for number, firm in enumerate(FIRMS):
        for place, (one, other) in enumerate(HAPPENINGS):
            next_firm, (_same, another) = FIRMS[number - 1], HAPPENINGS[place - 1]
            pairs.append(Pair(one.format(firm), other.format(firm), True))
            pairs.append(Pair(one.format(firm), one.format(next_firm), False))
            pairs.append(Pair(one.format(firm), another.format(firm), False))
    return pairs
