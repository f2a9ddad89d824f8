"""What editors do with names lasts: merging and splitting, spelling, and articles of old searched in batches."""

import pytest

from news.models import Alias, Mention, Name, NameScan, Stage
from news.names import edit, find_in, names_in
from news.names.search_old import search_batch, tidy
from news.names.starter import install_starter_names, starter_names
from tests.news.articles import make_article

pytestmark = pytest.mark.django_db
State = Name.State


def _name(label: str, *spellings: str) -> Name:
    name = Name.objects.create(kind="company", slug=f"n{Name.objects.count()}", label=label, state=State.PUBLIC)
    for text in (label, *spellings):
        edit.spell(name, text)
    return name


def _search_all() -> None:
    while search_batch():
        pass


def test_merging_adds_the_mentions_up_and_splitting_gives_them_back() -> None:
    old, new = _name("推特", "Twitter"), _name("X 公司")
    both = make_article("推特", "推特改名 X 公司。", stage=Stage.FILED)
    only = make_article("标题", "Twitter 的消息。", stage=Stage.FILED)
    for article in (both, only):
        find_in(article)
    assert edit.merge([old], new) == 1
    old.refresh_from_db()
    assert (old.state, old.merged_into_id) == (State.MERGED, new.pk)
    assert list(Mention.objects.order_by("article_id").values_list("name", "count", "in_title")) == [
        (new.pk, 3, True),
        (new.pk, 1, False),
    ]
    assert Name.objects.get(pk=new.pk).article_count == 2
    assert [one.name_id for one in names_in("Twitter")] == [new.pk]
    again = edit.split(Alias.objects.get(text="Twitter"))
    _search_all()
    assert (again.pk, again.state, again.merged_into_id) == (old.pk, State.PUBLIC, None)
    assert sorted(Mention.objects.values_list("article", "name", "count")) == sorted(
        [(both.pk, old.pk, 2), (both.pk, new.pk, 1), (only.pk, old.pk, 1)]
    )
    counts = dict(Name.objects.values_list("label", "article_count"))
    assert counts == {"推特": 2, "X 公司": 1}


def test_addresses_of_merged_names_lead_to_the_last_target() -> None:
    one, two, three = _name("甲乙公司"), _name("丙丁公司"), _name("戊己公司")
    edit.merge([one], two)
    edit.merge([two], three)
    assert list(Name.objects.filter(merged_into=three).order_by("pk")) == [one, two]
    assert set(three.aliases.values_list("text", flat=True)) == {"甲乙公司", "丙丁公司", "戊己公司"}
    with pytest.raises(edit.Refused, match="已并入"):
        edit.merge([three], Name.objects.get(pk=one.pk))


def test_what_was_taken_away_stays_away_through_a_merge() -> None:
    old, new = _name("推特"), _name("X 公司")
    article = make_article("标题", "推特改名 X 公司。")
    find_in(article)
    edit.take_away(Mention.objects.get(name=old))
    edit.merge([old], new)
    assert find_in(article) == []
    assert Name.objects.get(pk=new.pk).article_count == 0


def test_a_new_spelling_is_found_in_the_articles_of_old_a_batch_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("news.names.search_old.SPELLED_A_BATCH", 2)
    articles = [make_article(f"第 {number} 篇", "星舰X9 试飞。", stage=Stage.SUMMARISED) for number in range(5)]
    name = _name("太空公司", "星舰X9")
    NameScan.objects.exclude(alias__text="星舰X9").delete()
    belows = []
    while scan := NameScan.objects.first():
        belows.append(scan.below)
        search_batch()
    assert belows == [articles[4].pk + 1, articles[3].pk, articles[1].pk]
    assert Name.objects.get(pk=name.pk).article_count == 5


def test_a_spelling_belongs_to_one_name_and_must_hold_something() -> None:
    _name("推特", "Twitter")
    other = _name("别的公司")
    with pytest.raises(edit.Refused, match="可以合并"):
        edit.spell(other, "ＴＷＩＴＴＥＲ")
    with pytest.raises(edit.Refused, match="至少"):
        edit.spell(other, "（·）")
    with pytest.raises(edit.Refused, match="唯一"):
        edit.split(other.aliases.get())


def test_suggestions_that_no_article_bears_are_dropped_and_counts_mended() -> None:
    article = make_article("标题", "本周有厂商发布了 QX7310 芯片。")
    find_in(article)
    article.delete()
    kept = _name("某公司")
    Name.objects.filter(pk=kept.pk).update(article_count=7)
    assert tidy() == 1
    assert list(Name.objects.values_list("label", "article_count")) == [("某公司", 0)]


def test_the_starter_names_are_put_in_once_and_each_spelling_once() -> None:
    count = len(starter_names())
    assert install_starter_names() == count > 500
    Name.objects.filter(slug="nvidia").update(label="改过的")
    assert install_starter_names() == 0
    assert Name.objects.get(slug="nvidia").label == "改过的"
    assert Name.objects.filter(aliases=None).count() == 0
