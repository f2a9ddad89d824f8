"""Vectors that are kept: made once, found again, and apart for each model."""

import numpy as np
import pytest

from news.embed import Encoder
from news.embed.stored import model_key, stored_vectors, vector_of
from news.models import Embedding
from tests.news.articles import make_article

pytestmark = pytest.mark.django_db


def test_made_once_kept_and_read_back_the_same(bundled: Encoder) -> None:
    made = stored_vectors(["芯片", "语音", "芯片"])
    assert (made.shape, made.dtype) == ((3, 384), np.float32)
    assert np.array_equal(made[0], made[2])
    assert set(Embedding.objects.values_list("model", flat=True)) == {"e5-small-zh@1571fc982750-1-int8.2"}
    assert Embedding.objects.count() == 2
    assert np.allclose(stored_vectors(["语音", "芯片"]), made[[1, 0]], atol=1e-6)
    assert Embedding.objects.count() == 2


def test_vectors_of_another_model_are_not_taken(bundled: Encoder) -> None:
    article = make_article("新芯片", "正文")
    Embedding.objects.create(model="another@1", text_hash=article.text_hash, vector=[1.0, 0.0])
    assert vector_of(article).shape == (384,)
    assert set(Embedding.objects.values_list("model", flat=True)) == {"another@1", model_key(bundled)}


def test_no_texts_make_no_rows(bundled: Encoder) -> None:
    assert stored_vectors([]).shape == (0, 384)
