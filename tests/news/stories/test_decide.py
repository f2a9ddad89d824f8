"""What editors say about stories: it holds, the newest word wins, and it can be taken back."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User

from news.models import Article, Stage, Story, StoryDecision, StoryLink
from news.stories import place
from news.stories.decide import Refused, merge, no_copy, not_this, split, undo
from tests.news.articles import make_article

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
HEADLINES = [
    "晨星半导体发布门锁推理芯片 待机只要九十微瓦",
    "晨星半导体门锁推理芯片发布，待机九十微瓦",
    "门锁推理芯片：晨星半导体发布，待机九十微瓦",
    "待机九十微瓦，晨星半导体发布门锁推理芯片",
    "晨星半导体新发布门锁推理芯片，待机功耗九十微瓦",
    "晨星半导体的门锁推理芯片发布：九十微瓦待机",
]
TELLINGS = [
    "周一的消息：{0}。说明书写着识别人脸四毫秒。",
    "{0}。开发板六月寄出，第一批有两千块。",
    "记者在现场看到样片。{0}，三家厂商在试。",
    "{0}。编译器会自己挑四位或八位的量化。",
    "工艺是二十二纳米。{0}，封装很小。",
    "{0}。总经理在会上回答了五个问题。",
]


@pytest.fixture
def editor(db: None) -> User:
    return User.objects.create_superuser("editor")


def tell(number: int, hours: int = 0) -> Article:
    title = HEADLINES[number % len(HEADLINES)]
    text = TELLINGS[(number * 5 + number // 6) % len(TELLINGS)].format(title)
    article = make_article(title, text, published_at=MONDAY + timedelta(hours=hours or number), account=f"第{number}报")
    place(article)
    return article


@pytest.fixture
def story(editor: User) -> Story:
    for number in range(4):
        tell(number)
    return Story.objects.get()


def standing() -> list[list[int]]:
    """The accounts' numbers, story by story."""
    return sorted(
        sorted(int(a.account[1:-1]) for a in one.articles.filter(duplicate_of=None)) for one in Story.objects.all()
    )


def keys(*numbers: int) -> list[int]:
    return [Article.objects.get(account=f"第{number}报").pk for number in numbers]


def test_what_is_split_off_is_a_story_and_stays_one_when_everybody_is_placed_again(story: Story, editor: User) -> None:
    outcome = split(story, keys(1, 3), editor)
    assert standing() == [[0, 2], [1, 3]]
    assert (outcome.decision.by, outcome.decision.kind, outcome.overruled) == (editor, "split", [])
    for article in Article.objects.all():
        place(article)
    assert standing() == [[0, 2], [1, 3]]


def test_new_articles_about_it_join_one_of_the_two_and_bring_nothing_together(story: Story, editor: User) -> None:
    split(story, keys(1, 3), editor)
    for number in range(4, 16):
        tell(number)
    one, other = standing()
    assert {0, 2} <= set(one)
    assert {1, 3} <= set(other)
    assert sorted(one + other) == [n for n in range(16) if Article.objects.get(account=f"第{n}报").duplicate_of is None]


def test_copies_go_with_their_original(story: Story, editor: User) -> None:
    original = Article.objects.get(pk=keys(1)[0])
    original.text += "".join(TELLINGS).format(original.title)
    original.save()
    copy = make_article("转载", original.text, published_at=MONDAY, account="第9报")
    place(copy)
    assert copy.duplicate_of == original
    own = split(original.story, [original.pk], editor).story
    copy.refresh_from_db()
    assert copy.story == own


def test_a_copy_of_what_an_editor_parted_from_it_is_no_copy(story: Story, editor: User) -> None:
    split(story, keys(1), editor)
    first, second = (Article.objects.get(pk=key) for key in keys(0, 1))
    long = "".join(TELLINGS).format(first.title)
    Article.objects.filter(pk=first.pk).update(text=long)
    second.title, second.text = first.title, long
    second.save()
    place(second)
    assert (second.duplicate_of, second.story == first.story) == (None, False)


def test_stories_that_the_machine_holds_apart_are_merged_for_ever(story: Story, editor: User) -> None:
    other = make_article("远山科技的语音芯片", "车里说话听得清，样片八月提供。", published_at=MONDAY, account="第7报")
    place(other)
    assert standing() == [[0, 1, 2, 3], [7]]
    merge(story, other.story, editor)
    for article in Article.objects.all():
        place(article)
    other.refresh_from_db()
    other.text = "换了一段完全不同的文字，讲的是果园里的灌溉。"
    other.save()
    place(other)
    assert standing() == [[0, 1, 2, 3, 7]]
    assert standing() == [[0, 1, 2, 3, 7]]


def test_the_newest_word_wins_and_says_whose_it_overruled(story: Story, editor: User) -> None:
    first = split(story, keys(1, 3), editor)
    second = merge(story, first.story, editor)
    assert (standing(), second.overruled) == ([[0, 1, 2, 3]], [first.decision])
    assert not StoryLink.objects.in_force().filter(kind="cannot").exists()
    third = split(story, keys(2), editor)
    assert (standing(), third.overruled) == ([[0, 1, 3], [2]], [second.decision])
    place(Article.objects.get(pk=keys(2)[0]))
    assert standing() == [[0, 1, 3], [2]]


def test_what_an_editor_put_together_stays_so_when_its_middle_is_split_off(story: Story, editor: User) -> None:
    merge(story, split(story, keys(1), editor).story, editor)
    split(story, keys(2), editor)
    must = StoryLink.objects.in_force().filter(kind="must").values_list("one", "other")
    zero, one, three = keys(0, 1, 3)
    assert sorted(must) == [(zero, one), (one, three)]


def test_an_article_that_tells_something_else_is_filed_again(story: Story, editor: User) -> None:
    article = Article.objects.get(pk=keys(2)[0])
    Article.objects.filter(pk=article.pk).update(stage=Stage.SUMMARISED)
    not_this(article, editor)
    article.refresh_from_db()
    assert (article.stage, standing()) == (Stage.EMBEDDED, [[0, 1, 3], [2]])
    place(article)
    assert standing() == [[0, 1, 3], [2]]


def test_a_decision_is_undone_with_everything_that_it_did(story: Story, editor: User) -> None:
    first = split(story, keys(1, 3), editor)
    second = merge(first.story, story, editor)
    assert not Story.objects.filter(pk=story.pk).exists()
    with pytest.raises(Refused, match="请先撤销那一个"):
        undo(first.decision, editor)
    assert undo(second.decision, editor) == story
    assert standing() == [[0, 2], [1, 3]]
    for article in Article.objects.all():
        place(article)
    assert standing() == [[0, 2], [1, 3]]
    undo(first.decision, editor)
    assert (standing(), StoryLink.objects.in_force().count()) == ([[0, 1, 2, 3]], 0)
    with pytest.raises(Refused, match="已经撤销过"):
        undo(first.decision, editor)
    assert StoryDecision.objects.exclude(undone_by=editor).count() == 0


def test_what_makes_no_sense_is_refused(story: Story, editor: User) -> None:
    with pytest.raises(Refused, match="先勾选"):
        split(story, [], editor)
    with pytest.raises(Refused, match="至少要留下一篇"):
        split(story, keys(0, 1, 2, 3), editor)
    with pytest.raises(Refused, match="同一个事件"):
        merge(story, story, editor)
    assert StoryDecision.objects.count() == 0


def test_what_an_editor_calls_no_copy_is_none_until_he_takes_it_back(story: Story, editor: User) -> None:
    original = Article.objects.get(pk=keys(1)[0])
    original.text = "".join(TELLINGS).format(original.title)
    original.save()
    place(original)
    taken = make_article("转载", original.text, published_at=MONDAY, account="第9报", stage=Stage.SUMMARISED)
    place(taken)
    assert taken.duplicate_of == original
    outcome = no_copy(taken, editor)
    for _ in range(2):
        place(taken)
        assert (taken.duplicate_of, taken.duplicate_why) == (None, "")
    assert Article.objects.get(pk=taken.pk).stage == Stage.EMBEDDED
    with pytest.raises(Refused):
        no_copy(taken, editor)
    place(original)
    assert original.duplicate_of is None
    undo(outcome.decision, editor)
    place(taken)
    assert taken.duplicate_of == original
