"""How exactly names are found: our own sentences with every name in them, and places where names only seem to be."""

import json
from collections import Counter
from pathlib import Path

import pytest

from news.names import names_in
from news.names.starter import install_starter_names

GOLD = Path(__file__).resolve().parents[3] / "news" / "evaluate" / "gold" / "names.jsonl"


@pytest.mark.django_db
def test_precision_and_recall_on_the_bundled_gold() -> None:
    install_starter_names()
    right = wrong = missed = 0
    for line in GOLD.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        wanted = Counter((kind, label) for kind, label in row["names"])
        found = Counter((one.kind, one.label) for one in names_in(row["text"]))
        right += (wanted & found).total()
        wrong += (found - wanted).total()
        missed += (wanted - found).total()
    assert (right, wrong, missed) == (109, 0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("接口在 https://cloud.tencent.com/develop 上，邮箱 a@baidu.com。", []),
        ("计算能力翻倍，可灵活调整，河北大学的学生。", []),
        ("Step2 和 Step3 是部署步骤。", []),
        ("这家三星级酒店", ["三星"]),  # known failure, as 英特尔公司 is a word of the dictionary too
        ("英特尔公司与北大中文系", ["英特尔", "北京大学"]),
        ("intelligence 与 armor 都不是公司", []),
        ("YOLO\u200bv5 与 Ｙｏｌｏ－ｖ５", ["YOLOv5", "YOLOv5"]),
        ("權重用 PyTorch 訓練，商湯開源", ["PyTorch", "商汤"]),
        ("阿里的 Qwen3-1.7B 很小", ["阿里巴巴", "Qwen3"]),
        ("GPT-4x9 不知是什么", ["GPT"]),
    ],
)
def test_where_names_only_seem_to_stand_and_where_they_are_written_otherwise(text: str, labels: list[str]) -> None:
    install_starter_names()
    assert [one.label for one in names_in(text)] == labels


@pytest.mark.django_db
def test_places_count_in_the_text_as_given() -> None:
    install_starter_names()
    text = "買了\u200b輝\u200b達的 ＷＴＭ-2101 芯片"
    assert [text[one.start : one.end] for one in names_in(text)] == ["輝\u200b達", "ＷＴＭ-2101"]
