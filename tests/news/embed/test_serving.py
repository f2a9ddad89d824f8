"""Another EMBED_MODEL: the old vectors serve until every article has a new one."""

from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree

import numpy as np
import pytest

from news.embed import encoder, load
from news.embed.reembed import awaiting, reembed
from news.embed.serving import model_key, serving, serving_revision, switch
from news.embed.stored import vector_of
from news.models import Article, Embedding, ServingModel
from tests.news.articles import make_article
from tests.news.embed.tiny import tiny

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(tmp_path: Path, settings: object) -> Iterator[tuple[str, str]]:
    settings.MODELS_DIR = tmp_path / "models"  # type: ignore[attr-defined]
    yield str(tiny(tmp_path / "old", seed=1)), str(tiny(tmp_path / "new", seed=2, pooling="mean"))
    load.cache_clear()


def test_the_old_serves_until_all_is_made(two: tuple[str, str], settings: object) -> None:
    settings.EMBED_MODEL = two[0]  # type: ignore[attr-defined]
    old = serving_revision()
    articles = [make_article(f"芯片{letter}", "人工智能") for letter in "abc"]
    vectors = [vector_of(article) for article in articles]
    settings.EMBED_MODEL = two[1]  # type: ignore[attr-defined]
    new = model_key(encoder())
    assert serving_revision() == old != new
    assert np.allclose(vector_of(articles[0]), vectors[0], atol=1e-6)
    assert not Embedding.objects.filter(model=new).exists()
    assert reembed(lambda: True) == 3  # told to stop before it looked again
    assert serving_revision() == old
    assert reembed(lambda: False) == 0
    assert serving_revision() == new
    assert sorted(Embedding.objects.values_list("model", flat=True)) == sorted([old, new] * 3)
    assert not np.allclose(vector_of(articles[0]), vectors[0], atol=1e-2)
    assert ServingModel.objects.get().source == two[1]


def test_an_article_that_came_meanwhile_is_waited_for(two: tuple[str, str], settings: object) -> None:
    settings.EMBED_MODEL = two[0]  # type: ignore[attr-defined]
    vector_of(make_article("芯片", "语音"))
    settings.EMBED_MODEL = two[1]  # type: ignore[attr-defined]
    late = []

    def come() -> bool:
        if not late:
            late.append(make_article("天气", "晴朗"))
            vector_of(late[0])
        return False

    assert reembed(come) == 2
    assert Embedding.objects.filter(model=serving_revision()).count() == 2


def test_an_edited_text_is_not_waited_for_for_ever(two: tuple[str, str], settings: object) -> None:
    settings.EMBED_MODEL = two[0]  # type: ignore[attr-defined]
    article = make_article("芯片", "语音")
    Article.objects.filter(pk=article.pk).update(title="天气")
    assert [row.pk for row in awaiting()] == [article.pk]
    assert reembed(lambda: False) == 1
    assert not awaiting().exists()


def test_a_model_that_is_gone_serves_no_more(two: tuple[str, str], settings: object) -> None:
    settings.EMBED_MODEL = two[0]  # type: ignore[attr-defined]
    old = serving_revision()
    settings.EMBED_MODEL = two[1]  # type: ignore[attr-defined]
    load.cache_clear()
    rmtree(two[0])
    assert serving_revision() == model_key(encoder()) != old
    assert switch(old) is False  # it was, once


def test_turning_8_bits_off_is_another_revision_too(two: tuple[str, str], settings: object) -> None:
    settings.EMBED_MODEL = two[0]  # type: ignore[attr-defined]
    settings.EMBED_QUANTISED = False  # type: ignore[attr-defined]
    slow = serving_revision()
    settings.EMBED_QUANTISED = True  # type: ignore[attr-defined]
    load.cache_clear()
    assert model_key(encoder()) == f"{slow}-int8.2"
    assert model_key(serving()) == slow
    reembed(lambda: False)
    assert serving_revision() == f"{slow}-int8.2"


def test_what_is_complete_is_not_searched_for_missing_vectors_again(
    two: tuple[str, str], settings: object, django_assert_num_queries: object
) -> None:
    settings.EMBED_MODEL = two[0]  # type: ignore[attr-defined]
    vector_of(make_article("芯片", "语音"))
    assert reembed(lambda: False) == 0
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert reembed(lambda: False) == 0
    settings.EMBED_MODEL = two[1]  # type: ignore[attr-defined]
    assert reembed(lambda: False) == 1  # another model is another matter
