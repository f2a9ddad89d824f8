"""The encoder's contract, on the bundled model: order, length, sameness, meaning, and no look at the network."""

import socket

import numpy as np
import pytest

from news.embed import Encoder, choose, encoder, load
from news.embed.base import ARTICLE_CHARACTERS, article_text, fingerprint

TITLES = ["国产芯片公司发布新一代训练卡", "周末天气晴好适合登山", "新款 AI 训练芯片正式亮相", "a", "医院启用机器人送药"]


def test_it_is_loaded_once_a_process(bundled: Encoder) -> None:
    assert encoder() is bundled
    assert (bundled.name, bundled.revision, bundled.dimension) == ("e5-small-zh", "1571fc982750-1-int8.2", 384)


def test_8_bits_are_near_to_float32(bundled: Encoder) -> None:
    plain = choose.plain("bundled")
    assert (plain.name, plain.revision) == (bundled.name, "1571fc982750-1")
    cosines = np.sum(plain.encode(TITLES) * bundled.encode(TITLES), axis=1)
    assert cosines.mean() > 0.995
    assert cosines.min() > 0.99


def test_rows_have_length_one_in_float32(bundled: Encoder) -> None:
    rows = bundled.encode(TITLES)
    assert (rows.shape, rows.dtype) == ((5, 384), np.float32)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_no_texts_make_no_rows(bundled: Encoder) -> None:
    assert bundled.encode([]).shape == (0, 384)


def test_order_is_the_callers_and_the_same_call_gives_the_same(bundled: Encoder) -> None:
    together = bundled.encode(TITLES)
    assert np.array_equal(together, bundled.encode(TITLES))
    alone = np.concatenate([bundled.encode([title]) for title in TITLES])
    assert np.array_equal(together, alone)


def test_like_texts_are_near_and_purposes_differ(bundled: Encoder) -> None:
    chip, weather, other_chip, *_ = bundled.encode(TITLES)
    assert chip @ other_chip > 0.9 > chip @ weather
    assert not np.allclose(bundled.encode(TITLES, "passage"), bundled.encode(TITLES, "query"))


def test_a_very_long_text_and_an_empty_one_are_rows_too(bundled: Encoder) -> None:
    assert np.isfinite(bundled.encode(["模型" * 20_000, ""])).all()


def test_text_is_normalised_as_the_model_was_taught(bundled: Encoder) -> None:
    # Full width folds, controls vanish, an invisible space parts, runs of blanks are one.
    tokens = bundled._tokenizer.encode("ＡＩ\u200b芯片\x07  ok", add_special_tokens=False).tokens
    assert tokens == ["▁AI", "▁", "芯片", "▁ok"]


def test_loading_and_encoding_never_ask_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    load.cache_clear()
    assert encoder().encode(["芯片"]).shape == (1, 384)


def test_an_articles_text_is_its_title_and_the_head_of_its_body() -> None:
    assert article_text(" 标题 ", "正" * 3_000) == "标题\n" + "正" * ARTICLE_CHARACTERS
    assert article_text("", " 正文 ") == "正文"
    assert fingerprint("a") == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
