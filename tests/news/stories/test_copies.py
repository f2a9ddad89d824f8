"""Copies found among all articles by their sketches, whatever their age; boilerplate comes to count for nothing."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from news.models import Article, Sketch, Story
from news.stories import copies
from news.stories.copies import MEET, fill, find_original, frame_of, remember
from news.stories.sketch import asked_keys, kept
from tests.news.articles import make_article
from tests.news.stories.test_kinship import FOOTER, SENTENCES, TEXT, TITLE

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


def filed(title: str, text: str, **columns) -> Article:
    article = make_article(title, text, story=Story.objects.create(), **columns)
    remember(article)
    return article


@pytest.fixture
def original(db: None) -> Article:
    return filed(TITLE, TEXT, published_at=MONDAY, account="周三实验室")


def test_a_reprint_two_years_later_is_a_copy(original: Article) -> None:
    late = make_article("阳台鸟鸣记", TEXT, published_at=MONDAY + timedelta(days=730), account="转载者")
    assert find_original(late) == (original, "100%：改标题")


def test_a_copy_of_a_copy_is_one_of_the_first_and_keeps_no_sketch(original: Article) -> None:
    copy = filed("阳台鸟鸣记", TEXT, account="转载者")
    copy.duplicate_of = original
    copy.save()
    remember(copy)
    assert list(Sketch.objects.values_list("article", flat=True)) == [original.pk]
    assert find_original(make_article("再转一次", TEXT, account="又一家"))[0] == original


def test_an_article_is_no_copy_of_itself_nor_of_its_own_copies(original: Article) -> None:
    filed("阳台鸟鸣记", TEXT, account="转载者", duplicate_of=original)
    assert find_original(original) == (None, "")


def test_samples_and_real_articles_do_not_meet(original: Article) -> None:
    assert find_original(make_article(TITLE, TEXT, is_sample=True)) == (None, "")


def test_a_text_that_changed_is_found_by_what_it_says_now(original: Article) -> None:
    original.text = "换成了另外一篇文章：电烙铁的温控曲线不准，用一个只有四十个参数的模型就能校正，焊点从此整齐了许多。"
    original.save()
    remember(original)
    assert find_original(make_article("阳台鸟鸣记", TEXT)) == (None, "")


def test_what_many_originals_share_is_kept_of_no_further_one(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "HOT", 3)
    for number in range(5):
        filed(f"第{number}篇", f"{SENTENCES[number]}{FOOTER}", account=f"帐号{number}")
    sketches = list(Sketch.objects.values_list("keys", flat=True))
    assert max(Counter(key for keys in sketches for key in keys).values()) == 3
    assert [len(keys) for keys in sketches] == [32] * 5


def test_sentences_that_an_account_repeats_do_not_count(db: None) -> None:
    for number in range(3):
        filed(f"第{number}篇", f"{SENTENCES[number] * 2}{FOOTER}", account="周三实验室")
    newest = make_article("又一篇", f"{SENTENCES[3]}{FOOTER}", account="周三实验室")
    assert len(frame_of(newest)) > 0
    assert find_original(newest) == (None, "")
    assert len(frame_of(make_article("别家", FOOTER, account="别家"))) == 0


def test_missing_sketches_are_made_batch_by_batch_and_can_be_stopped(original: Article) -> None:
    Sketch.objects.all().delete()
    filed("阳台鸟鸣记", TEXT, duplicate_of=original)
    make_article("还没有归入事件", TEXT)
    assert fill(lambda: True) == 0
    assert fill(lambda: False) == 1
    assert list(Sketch.objects.values_list("article", flat=True)) == [original.pk]
    assert fill(lambda: False) == 0


def test_a_sketch_is_small_and_grows_with_its_text() -> None:
    long = "".join(chr(0x4E00 + number * 7 % 9_000) for number in range(9_000))
    keys = asked_keys(long)
    assert (len(keys), len(kept(keys, 1_000)), len(kept(keys, 4_000)), len(kept(keys, 90_000))) == (384, 32, 125, 256)
    assert asked_keys("太短") == []


def test_the_index_answers_and_no_table_is_read_through(original: Article) -> None:
    urls = [f"https://example.com/many/{number}" for number in range(3_000)]
    rows = Article.objects.bulk_create(Article(url=url, canonical_url=url, host="example.com") for url in urls)
    Sketch.objects.bulk_create(
        Sketch(article=row, keys=[number * 100 + key for key in range(100)]) for number, row in enumerate(rows)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE news_sketch")
        cursor.execute(f"EXPLAIN {MEET}", [asked_keys(TEXT)])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "sketch_keys" in plan
    assert "Seq Scan on news_sketch" not in plan
