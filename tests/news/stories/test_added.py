"""What a text adds over those before it."""

from news.stories.added import added, facts

FIRST = "晨星半导体周一发布了一颗门锁推理芯片，待机功耗为九十微瓦。第一批两千块开发板会在六月寄出。"


def said(text: str, *before: str) -> list[str]:
    return [sentence.text for sentence in added(text, before)]


def test_new_facts_are_added_and_what_is_retold_is_not() -> None:
    text = (
        "晨星半导体周一发布的门锁推理芯片，待机功耗为九十微瓦。"
        "三家厂商说它每颗卖 12.5 元，比外挂处理器便宜。"
        "配套工具 DoorKit 也放上了网。"
    )
    assert said(text, FIRST) == ["三家厂商说它每颗卖 12.5 元，比外挂处理器便宜。", "配套工具 DoorKit 也放上了网。"]


def test_offsets_count_in_the_text() -> None:
    text = "第一批两千块开发板会在六月寄出。配套工具 DoorKit 也放上了网。"
    (sentence,) = added(text, [FIRST])
    assert text[sentence.start : sentence.end] == sentence.text == "配套工具 DoorKit 也放上了网。"


def test_nothing_is_added_to_nothing_nor_by_the_same_in_traditional_characters() -> None:
    assert said(FIRST) == []
    assert said(FIRST, "") == []
    assert said(FIRST.replace("芯片", "芯片").translate(str.maketrans("门锁发为", "門鎖發為")), FIRST) == []


def test_at_most_three_and_those_with_most_news_first_but_in_the_order_of_the_text() -> None:
    text = (
        "果园里的灌溉换成了定时阀门，省水不少。"
        "试验田一共 12 亩，产量 3400 斤，由 GreenLab 记录。"
        "气象站的数据 5 分钟更新一次。"
        "农户可以用 FarmApp 查看土壤湿度。"
    )
    assert said(text, FIRST) == [
        "试验田一共 12 亩，产量 3400 斤，由 GreenLab 记录。",
        "气象站的数据 5 分钟更新一次。",
        "农户可以用 FarmApp 查看土壤湿度。",
    ]


def test_facts_are_numbers_names_and_titles() -> None:
    assert facts("Ｈａｉｌｏ-15 跑《小模型》要 1,200 毫瓦，快了 30%，共十二家。") == {
        "hailo-15",
        "《小模型》",
        "1200",
        "30%",
        "十二",
    }
