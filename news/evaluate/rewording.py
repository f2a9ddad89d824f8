"""How a reprint says it otherwise: our own table of synonyms, clauses in another order, numbers in another form, noise.

A reworded sentence keeps its names and figures: that is what rewriters do, and what the judge must see through.
"""

from __future__ import annotations

import random
import re
from functools import cache
from typing import Any

# Each pair is used both ways round.
_PAIRS = """
发布=推出 表示=称 认为=觉得 可以=能够 已经=早已 因为=由于 所以=因此 但是=不过 如果=倘若 虽然=尽管 非常=十分
使用=采用 提高=提升 降低=减少 通过=借助 进行=开展 实现=做到 目前=眼下 以及=还有 同时=与此同时 其中=当中
问题=难题 方法=办法 结果=成果 需要=须要 支持=支撑 提供=给出 包括=涵盖 开始=着手 成为=变成 用户=使用者
公司=企业 数据=资料 系统=体系 研究=探究 模型=模型本身 技术=技术手段 我们=咱们 很多=许多 一些=若干 没有=并无
时候=时刻 这个=该 这些=此类 大家=各位 觉得=感到 直接=径直 主要=主要地 更加=愈发 重要=要紧 不同=各异
增加=添加 显示=表明 介绍=讲解 希望=期望 发现=察觉 开发=研发 设计=构思 功能=能力 效果=成效 选择=挑选
帮助=协助 比较=较为 之后=以后 之前=以前 对于=对 关于=有关 根据=依据 为了=为 而且=并且 一个=一种 出现=冒出
产生=带来 最终=最后 今年=本年度 工作=活儿 能力=本领 宣布=对外公布 团队=小组 性能=表现 版本=版 任务=工作任务
新增=添上了 上线=开放 还是=仍是 就是=便是 不是=并非 只是=仅是 也是=亦是 起来=起 其实=说实话
"""
SYNONYMS = [(one, other) for one, _, other in (pair.partition("=") for pair in _PAIRS.split())]
_OTHER = dict(SYNONYMS) | {other: one for one, other in reversed(SYNONYMS)}
_WORD = re.compile("|".join(sorted(map(re.escape, _OTHER), key=len, reverse=True)))
FILLERS = ["据了解，", "值得一提的是，", "事实上，", "可以说，", "换句话说，", "此前消息显示，", "不难看出，"]
HEADERS = [
    "编者按：这一篇来自同行，读完觉得值得推荐，略作整理后放在这里，供各位参考。",
    "点击上方蓝字关注我们，每天早上七点准时送上一篇好文。",
    "本文约需五分钟读完。文末有福利，别忘了看到最后。",
    "导读：最近讨论这件事的朋友不少，我们找来了一篇讲得比较清楚的文章，转给没来得及看的人。",
    "来源：网络。编辑：小周。",
]
FOOTERS = [
    "以上内容转自网络，版权归原作者所有，如有不妥请在后台留言，我们会尽快处理。欢迎点赞、在看、转发三连。",
    "往期推荐\n一文看懂边缘推理\n十个好用的调试技巧\n他用旧手机搭了一个气象站\n长按识别二维码，和三万名同行一起学习。",
    "END\n觉得有用的话，请分享给身边的朋友。商务合作请加微信，备注公司与称呼，我们会在一个工作日内回复您。",
    "喜欢这样的文章？把我们设为星标，就不会错过每一次更新。本号长期征稿，题材不限，稿费从优，来信必复。",
    "免责声明：文中观点只代表作者本人，不构成任何投资建议，本平台只提供信息存储。",
]
TITLES = [
    "{}……看完沉默了", "重磅！{}终于来了", "一文讲透：{}", "刚刚，{}这件事有了新说法", "{}，很多人都没想到",
    "深度好文，建议收藏{}", "行业观察｜{}背后的门道", "今天聊聊{}", "转给需要的人：{}",
]  # fmt: skip
_DIGITS = "零一二三四五六七八九"
_LOOKALIKE = dict(
    zip("己未土日人天大干于千末士曰入夫太0O1lI5S8B", "已末士曰入夫太千干干未土日人天大O0lI1S5B8", strict=True)
)
_WIDE = {ord(narrow): chr(ord(narrow) + 0xFEE0) for narrow in map(chr, range(0x21, 0x7F))}
_NARROW = str.maketrans("，。！？：；（）", ",.!?:;()")


def reworded(sentence: str, dice: random.Random) -> str:
    """The sentence in other words: most synonyms exchanged, then one or two of the other ways."""
    said = _WORD.sub(lambda found: _OTHER[found[0]] if dice.random() < 0.8 else found[0], sentence)
    ways = [_clauses_turned, _numbers_otherwise, _filler_added]
    for way in dice.sample(ways, dice.choice((1, 2))):
        said = way(said, dice)
    return said


def _clauses_turned(sentence: str, dice: random.Random) -> str:
    """Two neighbouring clauses change places; the last keeps the full stop."""
    body = sentence.rstrip()
    space, stop = sentence[len(body) :], body[-1:] if body[-1:] in "。！？；" else ""
    clauses = body[: len(body) - len(stop)].split("，")
    if len(clauses) < 2:
        return sentence
    at = dice.randrange(len(clauses) - 1)
    clauses[at], clauses[at + 1] = clauses[at + 1], clauses[at]
    return "，".join(clauses) + stop + space


def _numbers_otherwise(sentence: str, dice: random.Random) -> str:
    said = re.sub(r"(\d+(?:\.\d+)?)%", r"百分之\1", sentence)
    return re.sub(r"(?<![\d.A-Za-z-])\d(?![\d.A-Za-z])", lambda found: _DIGITS[int(found[0])], said)


def _filler_added(sentence: str, dice: random.Random) -> str:
    return dice.choice(FILLERS) + sentence


@cache
def _opencc() -> Any:
    from opencc import OpenCC

    return OpenCC("s2t")


def traditional(text: str) -> str:
    return str(_opencc().convert(text))


def wide(text: str, dice: random.Random) -> str:
    """Full-width letters and digits, half-width punctuation, blanks between Han and Latin, line breaks elsewhere."""
    spaced = re.sub(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])", " ", text)
    return re.sub(r"[A-Za-z0-9]+", lambda found: found[0].translate(_WIDE), spaced).translate(_NARROW)


def noisy(text: str, dice: random.Random, part: float = 0.02) -> str:
    """As read by a machine off a picture: that part of the characters is lost, doubled or taken for another."""
    return "".join(_misread(one, dice) if one.strip() and dice.random() < part else one for one in text)


def _misread(one: str, dice: random.Random) -> str:
    return dice.choice(("", one + one, _LOOKALIKE.get(one, "口"), chr(ord(one) + 1)))
