"""Names by their form: arXiv numbers, repositories, titles behind 论文, codes beside a word that says what they are."""

import pytest

from news.names import patterns, sense
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


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("见https://a.cn/qwen，与 www.a.cn/kimi。", ["https://a.cn/qwen", "www.a.cn/kimi"]),
        ("写信给 qwen.lab+x@a-b.example.com", ["qwen.lab+x@a-b.example.com"]),
        ("qwen.ai/kimi", ["qwen.ai/kimi"]),
        ("chat.qwen.ai 与 qwen.ai", ["chat.qwen.ai"]),  # two labels without a path may be a version: Qwen3.ai
        ("a." * 10 + "com/x", ["a." * 10 + "com/x"]),
        ("a." * 11 + "com/x", ["a." * 10 + "com/x"]),  # its last labels
        ("a" * 63 + ".com/x", ["a" * 63 + ".com/x"]),
        ("a" * 64 + ".com/x", []),
        ("a@" * 3, ["a@a"]),
    ],
)
def test_addresses_in_which_no_name_is_looked_for(text: str, addresses: list[str]) -> None:
    assert [match[0] for match in sense._ADDRESS.finditer(text)] == addresses
