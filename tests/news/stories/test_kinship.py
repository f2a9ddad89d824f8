"""What one text is to another: copies however they come, and what must not be taken for one."""

from dataclasses import dataclass

import pytest

from news.stories.kinship import Kind, kinship
from news.stories.wording import worded

TITLE = "旧手机在阳台上听了三个月的鸟"
SENTENCES = [
    "一台换下来的手机在阳台上挂了三个月，每天夜里替主人听鸟叫。",
    "它一共认出了十九种鸟，最常来的是白头鹎，最少见的是一只夜鹭。",
    "麦克风比想象中好用，只是怕雨，主人给它套了半只塑料瓶。",
    "识别用的模型只有三百万参数，在手机上听一段十秒的录音要零点八秒。",
    "误认最多的是空调外机，后来把外机的声音也当成一种鸟来训练，问题就没有了。",
    "录音全部留在手机里，每周日晚上汇成一张表，贴在楼道的布告栏上。",
]
TEXT = "".join(SENTENCES)
FOOTER = "\n".join(
    f"本栏目第{number}条说明：文章由轮值的工程师写成，数字都可以照着附注里的步骤重做，发现错误请写信告诉值班编辑。"
    for number in ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十")
)


@dataclass
class Text:
    title: str
    text: str
    account: str = ""


ORIGINAL = Text(TITLE, TEXT, "周三实验室")


@pytest.mark.parametrize(
    ("copy", "kind", "why"),
    [
        (Text(TITLE, TEXT), Kind.COPY, "100%"),
        (Text("阳台鸟鸣记", TEXT), Kind.COPY, "100%：改标题"),
        (Text(TITLE, "".join(SENTENCES[:4])), Kind.COPY, "100%：删节"),
        (Text(TITLE, "".join(SENTENCES[4:])), Kind.EXCERPT, "100%：节选"),
        (Text(TITLE, "".join(reversed(SENTENCES))), Kind.COPY, "100%：调换顺序"),
        (Text(TITLE, TEXT.replace("，", ", ").replace("。", "．")), Kind.COPY, "100%"),
        (
            Text(TITLE, f"编者按：这一篇来自一位喜欢鸟的读者，写得有意思，转来给大家看看。\n{TEXT}"),
            Kind.COPY,
            "86%：加了头尾",
        ),
    ],
)
def test_a_copy_is_told_however_it_comes(copy: Text, kind: Kind, why: str) -> None:
    found = kinship(copy, ORIGINAL)
    assert (found.kind, found.hides, worded(found)) == (kind, True, why)


def test_traditional_characters_are_the_same_text() -> None:
    opencc = pytest.importorskip("opencc")
    turned = opencc.OpenCC("s2t").convert(TEXT)
    assert turned != TEXT
    assert kinship(Text(TITLE, turned), ORIGINAL).why == ("script",)


def test_a_full_text_after_its_excerpt_is_the_fuller_one() -> None:
    found = kinship(ORIGINAL, Text(TITLE, "".join(SENTENCES[:3])))
    assert (found.kind, found.hides) == (Kind.FULLER, False)


def test_a_rewrite_is_no_copy() -> None:
    rewrite = Text(
        "挂在阳台的旧手机认出十九种鸟",
        "三个月来，一台换下的手机挂在阳台，夜夜替主人听鸟叫。白头鹎来得最多，夜鹭最少见，它认出的鸟共有十九种。"
        "主人套了半只塑料瓶给它，因为麦克风虽比想象中好，却怕雨。三百万参数的模型在手机上运行，十秒录音要听零点八秒。"
        "空调外机曾经误认得最多，把外机的声音当成一种鸟训练之后就没有问题了。每到周日晚上，手机里的录音汇成表，贴到楼道布告栏。",
        "鸟友",
    )
    found = kinship(rewrite, ORIGINAL)
    assert (found.kind, found.hides) == (Kind.REWRITE, False)


@pytest.mark.parametrize("title", ["另一篇：电烙铁的温控", TITLE])
def test_two_articles_of_one_account_with_one_long_footer_stay_apart(title: str) -> None:
    assert len(FOOTER) >= 500
    one = Text(TITLE, f"{SENTENCES[0]}{SENTENCES[1]}\n{FOOTER}", "周三实验室")
    other = Text(
        title,
        f"电烙铁的温控曲线不准，用四十个参数的模型就能校正，焊点整齐了许多，做法写在最后。\n{FOOTER}",
        "周三实验室",
    )
    assert kinship(other, one).kind == Kind.NONE


def test_a_press_releases_frame_with_another_product_is_another_article() -> None:
    frame = (
        "{0}周二发布了芯片 {1}，面向{2}市场。该芯片采用{3}纳米工艺，算力为 {4} TOPS，待机功耗 {5} 微瓦。"
        "公司表示，芯片已通过车间温度测试，首批样片将于 {6} 月提供给客户，配套开发套件附带参考设计与示例代码。"
        "总经理在发布会上说，这只是开始，未来还会推出面向更多场景的产品，欢迎合作伙伴前来洽谈。"
    )
    one = Text("晨星半导体发布门锁芯片 CX-210", frame.format("晨星半导体", "CX-210", "门锁", 22, 0.8, 90, 6))
    other = Text("远山微电子发布车载芯片 YS-88", frame.format("远山微电子", "YS-88", "车载", 28, 1.6, 240, 8))
    found = kinship(other, one)
    assert found.kind == Kind.NONE
    assert found.share > 0.6


def test_nothing_is_like_nothing() -> None:
    assert [kinship(Text("", ""), ORIGINAL).kind, kinship(ORIGINAL, Text("", "")).kind] == [Kind.NONE, Kind.NONE]
