"""Names by their form: arXiv numbers, repositories, titles behind 论文, codes beside a word that says what they are."""

import pytest

from news.names import patterns
from news.names.fold import plain_width


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("arXiv:2303.03378v2 与 arxiv: 2303.03378", ["arXiv:2303.03378", "arXiv:2303.03378"]),
        ("https://arxiv.org/pdf/2107.07467.pdf", ["arXiv:2107.07467"]),
        ("arXiv：2203.06904", ["arXiv:2203.06904"]),
        ("编号 2303.03378 与 arXiv:2399.00001", []),
    ],
)
def test_papers(text: str, labels: list[str]) -> None:
    assert [one.label for one in patterns.papers(plain_width(text))] == labels


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("https://github.com/Demo-Lab/Tuning.git", ["github.com/demo-lab/tuning"]),
        ("见 gitee.com/demo/os/tree/master/a", ["gitee.com/demo/os"]),
        ("https://hf.co/demo/ears-7b。", ["huggingface.co/demo/ears-7b"]),
        ("https://modelscope.cn/models/demo/ears", ["modelscope.cn/demo/ears"]),
        ("https://github.com/features/copilot https://huggingface.co/spaces/demo/x https://github.com/demo", []),
    ],
)
def test_repositories(text: str, keys: list[str]) -> None:
    assert [one.key for one in patterns.repositories(text)] == keys


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("论文《小模型也能听懂》发表了", ["小模型也能听懂"]),
        ("《Tiny Ears for Tiny Chips》这篇论文", ["Tiny Ears for Tiny Chips"]),
        ("他们的论文题为“Tiny Ears for Tiny Chips”", ["Tiny Ears for Tiny Chips"]),
        ("电影《流浪地球之后》上映", []),
    ],
)
def test_titles(text: str, labels: list[str]) -> None:
    assert [one.label for one in patterns.titles(plain_width(text))] == labels


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("QX7310 芯片", [("QX7310", "chip")]),
        ("开发板 Nova-X2 到货", [("Nova-X2", "board")]),
        ("芯片很贵。QX7310 到货", []),
        ("芯片支持 H.265、USB3.0、DDR4、INT8、CVPR2023、V2.0", []),
        ("https://shop.example/QX7310 芯片", []),
    ],
)
def test_codes(text: str, found: list[tuple[str, str]]) -> None:
    assert [(one.label, one.kind) for one in patterns.codes(plain_width(text))] == found
