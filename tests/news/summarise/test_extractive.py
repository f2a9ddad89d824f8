"""The extractive summary: whole sentences, in order, proven, within its length."""

from hypothesis import given, settings
from hypothesis import strategies as st

from news.summarise import Draft, Evidence, summariser
from news.summarise.extractive import Extractive

NEWS = (
    "晨星半导体周二发布了面向门锁与摄像头的低功耗推理芯片，待机功耗只有九十微瓦。\n"
    "作者：阿禾\n"
    "这颗芯片把存储与乘加单元放在一起，运行一个关键词模型时每秒消耗不到一毫焦。"
    "公司说，开发板将在六月开始向社区寄送，第一批共两千块。"
    "图 2：芯片版图\n"
    "此外，配套的编译器能够直接读取常见框架导出的模型，不需要手工改写算子。"
    "创始人回忆说，团队最初只有四个人，在一间旧仓库里工作了两年。"
    "分析人士认为，门锁厂商最看重待机功耗，这颗芯片的九十微瓦会给同行带来压力。\n"
    "扫描下方二维码，加入芯片交流群。"
)


def test_registry_gives_it_by_name() -> None:
    made = summariser("extractive")
    assert (made.name, made.generated) == ("extractive", False)


def test_news_is_told_in_whole_sentences_without_byline_caption_or_advertising() -> None:
    draft = Extractive().summarise("晨星半导体发布低功耗推理芯片", NEWS)
    assert [item.sentence for item in draft.evidence] == [
        "晨星半导体周二发布了面向门锁与摄像头的低功耗推理芯片，待机功耗只有九十微瓦。",
        "这颗芯片把存储与乘加单元放在一起，运行一个关键词模型时每秒消耗不到一毫焦。",
        "公司说，开发板将在六月开始向社区寄送，第一批共两千块。",
        "分析人士认为，门锁厂商最看重待机功耗，这颗芯片的九十微瓦会给同行带来压力。",
    ]
    assert draft.text == "".join(item.sentence for item in draft.evidence)


def test_short_source_gives_all_that_it_has() -> None:
    assert Extractive().summarise("", "样片已经寄出。社区成员下周开始试用这块开发板。").text == (
        "样片已经寄出。社区成员下周开始试用这块开发板。"
    )


def test_nothing_to_quote_gives_an_empty_draft() -> None:
    assert Extractive().summarise("标题", "扫描下方二维码关注我们。\n作者：小满") == Draft("", [])
    assert Extractive().summarise("", "") == Draft("", [])


def test_a_sentence_said_twice_or_in_the_title_is_told_once() -> None:
    said = "工程师把模型压到了四兆字节以内。"
    draft = Extractive().summarise("新的门铃能认出快递员的声音", f"新的门铃能认出快递员的声音\n{said}{said}")
    assert draft.text == said


def test_one_endless_sentence_is_cut_at_a_comma_and_marked() -> None:
    clause = "研究人员又测了一种新的量化方法"
    draft = Extractive().summarise("", "，".join([clause] * 20) + "。")
    piece = "，".join([clause] * 12)
    assert draft == Draft(piece + "……", [Evidence(piece, 0, len(piece))])


def test_lines_without_a_stop_do_not_run_together() -> None:
    draft = Extractive().summarise("", "第一块开发板今天寄到了社区\n第二块开发板要到下个月才寄")
    assert draft.text == "第一块开发板今天寄到了社区 第二块开发板要到下个月才寄"


def test_it_never_ends_in_a_semicolon() -> None:
    draft = Extractive().summarise("", "第一块开发板今天寄到了社区；")
    assert (draft.text, draft.evidence) == (
        "第一块开发板今天寄到了社区。",
        [Evidence("第一块开发板今天寄到了社区；", 0, 14)],
    )


SENTENCE = st.text(alphabet="天地玄黄宇宙洪荒日月盈昃ab3，、“”", min_size=1, max_size=260)
ARTICLE = st.lists(st.tuples(SENTENCE, st.sampled_from(["。", "！", "？\n", "\n", ""])), max_size=12).map(
    lambda parts: "".join(sentence + stop for sentence, stop in parts)
)


@settings(max_examples=200, deadline=None)
@given(title=st.text(max_size=30), text=st.one_of(ARTICLE, st.text(max_size=400)))
def test_every_draft_is_proven_ordered_within_length_and_the_same_again(title: str, text: str) -> None:
    draft = Extractive().summarise(title, text)
    assert all(text[item.start : item.end] == item.sentence for item in draft.evidence)
    starts_and_ends = [place for item in draft.evidence for place in (item.start, item.end)]
    assert starts_and_ends == sorted(starts_and_ends)
    assert len(draft.text) <= 200
    assert draft.text.replace("……", "").replace(" ", "") == "".join(item.sentence for item in draft.evidence).replace(
        "……", ""
    ).replace(" ", "")
    assert Extractive().summarise(title, text) == draft
