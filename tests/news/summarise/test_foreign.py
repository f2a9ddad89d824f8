"""A Chinese summary is not spent on a sentence that is mostly the English title of a paper."""

from news.summarise.extractive import Extractive

ENGLISH = "论文题为 Parameter-efficient Fine-tuning of Large-scale Pre-trained Language Models，发表在 Nature 上。"
CHINESE = [
    "研究者把只改少量参数的做法放到一个框架里比较，发现它们在一百多个任务上与改动全部参数相差不大。",
    "显存的占用却少得多，一张普通的显卡就能完成过去需要整台服务器的训练，保存的文件也只有原来的百分之一。",
    "团队还公开了工具包，几行代码就能给现有的模型装上这些小部件，换任务时只换部件而不换模型。",
]


def test_a_mostly_english_sentence_is_passed_over() -> None:
    draft = Extractive().summarise("只改少量参数的微调", ENGLISH + "".join(CHINESE))
    assert [proof.sentence for proof in draft.evidence] == CHINESE


def test_an_english_article_is_summarised_in_english() -> None:
    text = "The team published a tool that changes only a small part of a model. " * 2 + "It saves memory and time."
    assert Extractive(30, 200).summarise("A tool", text).text != ""
