"""The desk's page of a story: who may do what, that nothing changes by looking, and that it does what it says."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from news.models import Article, Stage, Story, StoryDecision
from tests.news.articles import make_article

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


def tell(story: Story, number: int, **columns: object) -> Article:
    return make_article(
        f"第{number}种说法",
        f"这是第{number}种说法，一共 {number} 句。",
        story=story,
        account=f"{number}报",
        stage=Stage.SUMMARISED,
        published_at=MONDAY + timedelta(hours=number),
        **columns,
    )


@pytest.fixture
def story(db: None) -> Story:
    story = Story.objects.create()
    first = tell(story, 1)
    tell(story, 2)
    tell(story, 3)
    tell(story, 4, duplicate_of=first, duplicate_why="98%")
    story.best = first
    story.save()
    return story


@pytest.fixture
def editor(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("editor"))
    return client


def page(story: Story) -> str:
    return reverse("admin:news_story_change", args=[story.pk])


def test_the_page_says_who_told_what(editor: Client, story: Story) -> None:
    shown = editor.get(page(story)).content.decode()
    for words in ("4 篇文章，3 个独立来源", "最早：1报，2026-03-02 17:00", "转载（98%）", "把勾选的文章分成另一个事件"):
        assert words in shown
    assert shown.count('type="checkbox"') == 3


def test_it_costs_as_much_with_more_articles(editor: Client, story: Story) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            editor.get(page(story))
        return len(asked)

    before = cost()
    for number in range(5, 9):
        tell(story, number)
    assert cost() == before


def test_splitting_and_undoing(editor: Client, story: Story) -> None:
    chosen = [article.pk for article in story.articles.filter(title__in=["第2种说法", "第3种说法"])]
    answer = editor.post(reverse("admin:news_story_split", args=[story.pk]), {"article": chosen}, follow=True)
    assert "已拆分，以后不会再自动合到一起。" in answer.content.decode()
    assert sorted(story.articles.values_list("title", flat=True)) == ["第1种说法", "第4种说法"]
    undo = reverse("admin:news_story_undo", args=[StoryDecision.objects.get().pk])
    assert "已撤销" in editor.post(undo, follow=True).content.decode()
    assert story.articles.count() == 4
    assert "已经撤销过了" in editor.post(undo, follow=True).content.decode()


def test_merging_says_whose_word_it_overrules(editor: Client, story: Story) -> None:
    chosen = story.articles.get(title="第2种说法").pk
    editor.post(reverse("admin:news_story_split", args=[story.pk]), {"article": chosen})
    other = Article.objects.get(pk=chosen).story
    merge = reverse("admin:news_story_merge", args=[story.pk])
    assert other
    shown = editor.post(merge, {"other": other.pk}, follow=True).content.decode()
    assert "已合并。以后这些文章总在一起。" in shown
    assert "这推翻了 editor 在" in shown
    assert story.articles.count() == 4
    assert "请先选一个要合并进来的事件" in editor.post(merge, {"other": "x"}, follow=True).content.decode()


def test_not_this_story(editor: Client, story: Story) -> None:
    article = story.articles.get(title="第3种说法")
    answer = editor.post(reverse("admin:news_story_apart", args=[story.pk]), {"article": article.pk}, follow=True)
    assert "这篇不属于这个事件，正在另找位置" in answer.content.decode()
    article.refresh_from_db()
    assert (article.stage, article.story == story) == (Stage.EMBEDDED, False)


def test_stories_to_merge_with_are_found_by_words(editor: Client, story: Story) -> None:
    from news.search import index_article

    far = Story.objects.create()
    article = make_article("灌溉换了阀门", "果园的事。", story=far, published_at=MONDAY + timedelta(days=90))
    index_article(article)
    far.best = article
    far.save()
    assert "灌溉换了阀门" not in editor.get(page(story)).content.decode()
    assert "灌溉换了阀门" in editor.get(page(story), {"q": "灌溉"}).content.decode()


def test_a_follow_up_that_is_none(editor: Client, story: Story) -> None:
    later = Story.objects.create(followup_of=story)
    tell(later, 9)
    assert "不是后续" in editor.get(page(later)).content.decode()
    editor.post(reverse("admin:news_story_followup", args=[later.pk]))
    later.refresh_from_db()
    assert (later.followup_of, later.is_followup_fixed) == (None, True)


def test_no_get_changes_anything_and_looking_is_not_deciding(editor: Client, story: Story) -> None:
    decision = StoryDecision.objects.create(kind="split", story=story, moved={})
    changing = [
        *(reverse(f"admin:news_story_{what}", args=[story.pk]) for what in ("split", "apart", "merge", "followup")),
        reverse("admin:news_story_undo", args=[decision.pk]),
    ]
    assert [editor.get(address).status_code for address in changing] == [403] * 5
    assert editor.post(page(story)).status_code == 405
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_story"))
    client = Client()
    client.force_login(reader)
    assert [client.post(address).status_code for address in changing] == [403] * 5
    shown = client.get(page(story)).content.decode()
    assert ("第1种说法" in shown, "<button" in shown.split("<h2>", 1)[1]) == (True, False)
    assert editor.get(reverse("admin:news_story_change", args=[0])).status_code == 302
