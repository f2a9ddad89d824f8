"""An article's names are noted once, suggestions wait, and what an editor took away stays away."""

import pytest

from news.models import Alias, Article, Mention, Name
from news.names import edit, find_in, names_in
from news.names.starter import install_starter_names
from tests.news.articles import make_article

pytestmark = pytest.mark.django_db
State = Name.State


def _labels(article: Article) -> list[str]:
    return [mention.name.label for mention in find_in(article)]


def test_an_articles_names_with_their_counts_and_places() -> None:
    install_starter_names()
    article = make_article("知存科技的新芯片", "WTM2101 功耗很低。厂商说 wtm-2101 已量产，輝達没有这样的芯片。")
    assert _labels(article) == ["知存科技", "WTM2101", "英伟达"]
    mention = Mention.objects.get(article=article, name__slug="wtm2101")
    assert (mention.count, mention.in_title, mention.first) == (2, False, 9)
    assert Name.objects.get(slug="wtm2101").article_count == 1
    assert _labels(article) == ["知存科技", "WTM2101", "英伟达"]  # again, and nothing is counted twice
    assert Name.objects.get(slug="wtm2101").article_count == 1


def test_a_text_that_changed_loses_the_names_it_no_longer_has() -> None:
    install_starter_names()
    article = make_article("标题", "英伟达与高通都到场。")
    find_in(article)
    article.text = "高通到场。"
    assert _labels(article) == ["高通"]
    assert Name.objects.get(slug="nvidia").article_count == 0


def test_papers_and_repositories_are_public_at_once_also_from_links() -> None:
    article = make_article("代码公布了", "论文在 arXiv:2203.06904 上。")
    article.html = '<p><a href="https://github.com/Demo-Lab/Tuning/tree/main?a=1&amp;b=2">代码</a></p>'
    found = {one.name.label: (one.name.kind, one.name.slug, one.name.state) for one in find_in(article)}
    assert found == {
        "arXiv:2203.06904": ("paper", "arxiv2203-06904", State.PUBLIC),
        "Demo-Lab/Tuning": ("repository", "demo-lab-tuning", State.PUBLIC),
    }
    assert [one.name_id for one in names_in("见 https://arxiv.org/pdf/2203.06904v3.pdf")] == [
        Name.objects.get(slug="arxiv2203-06904").pk
    ]


def test_a_code_waits_for_an_editor_who_sees_it_after_two_articles() -> None:
    one, two = (make_article(title, "本周有厂商发布了 QX7310 芯片。") for title in ("甲", "乙"))
    find_in(one)
    assert list(Name.objects.to_judge()) == []
    find_in(two)
    waiting = Name.objects.to_judge().get()
    assert (waiting.label, waiting.kind, waiting.state) == ("QX7310", "chip", State.SUGGESTED)
    assert names_in("QX7310 芯片")[0].name_id is None
    edit.approve([waiting])
    assert names_in("有人晒出了 qx-7310 的照片")[0].name_id == waiting.pk


def test_a_forbidden_code_does_not_come_back() -> None:
    article = make_article("标题", "本周有厂商发布了 QX7310 芯片。")
    find_in(article)
    edit.forbid(Name.objects.filter(label="QX7310"))
    assert _labels(article) == []
    assert names_in(article.text) == []
    assert Name.objects.get(label="QX7310").state == State.FORBIDDEN


def test_a_new_version_of_a_known_family_is_public_after_two_articles() -> None:
    install_starter_names()
    for title in ("甲", "乙"):
        find_in(make_article(title, "Kimi-K9 的权重已经开放下载。"))
    new = Name.objects.get(label="Kimi-K9")
    assert (new.state, new.kind, new.article_count) == (State.PUBLIC, "model", 2)
    assert Name.objects.get(slug="kimi").article_count == 2  # the family is spoken of too


def test_a_mention_that_an_editor_took_away_stays_away() -> None:
    install_starter_names()
    article = make_article("标题", "英伟达到场。")
    edit.take_away(find_in(article)[0])
    assert _labels(article) == []
    assert Name.objects.get(slug="nvidia").article_count == 0


def test_a_hostile_page_brings_no_more_than_its_share() -> None:
    find_in(make_article("标题", " ".join(f"arXiv:2203.{number:05}" for number in range(200))))
    assert Name.objects.count() == 30
    assert Alias.objects.count() == 30


def test_the_page_of_a_repository_is_about_it() -> None:
    article = make_article("一个小工具", "很好用。", canonical_url="https://github.com/demo-lab/edge")
    assert _labels(article) == ["demo-lab/edge"]
