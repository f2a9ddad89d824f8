"""A judge that learns: what it needs, what it is kept by, and when it takes the formula's place."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from news.embed import encoder
from news.embed.serving import model_key
from news.stories.judge import Formula, Telling
from news.stories.judge_in_use import in_use, judge, judge_many
from news.stories.pairs import kept
from news.stories.pairs.decisions import decided_pairs
from news.stories.pairs.heads import Heads
from news.stories.pairs.judging import LearnedJudge
from news.stories.pairs.learn import Pair, TooFew, learn, likelihoods
from news.stories.pairs.learned import Learned, best_threshold
from tests.news.stories.labelled import labelled

ANEW = ("星辰发布门锁推理芯片", "门锁也能本地认脸，星辰拿出新芯片", "长风发布门锁推理芯片")


@pytest.fixture(scope="module")
def learned() -> Learned:
    return learn(labelled(), encoder(), lambda _done, _of: None)


@pytest.fixture
def models(settings: object, tmp_path: Path) -> Path:
    """A place of its own for what is learned; the encoder is loaded already."""
    encoder()
    settings.MODELS_DIR = tmp_path  # type: ignore[attr-defined]
    return tmp_path


def tell(title: str) -> Telling:
    return Telling(title, "", encoder().encode([title])[0])


def test_what_it_learned_holds_for_a_firm_that_it_never_saw(learned: Learned) -> None:
    title, retold, another = (tell(one) for one in ANEW)
    same, other = LearnedJudge(learned, encoder()).judge_many(title, [retold, another])
    assert (same.same, other.same) == (True, False)
    assert same.likelihood > 0.5 > other.likelihood


def test_it_does_not_matter_who_comes_first(learned: Learned) -> None:
    heads = Heads(encoder())
    there, back = (likelihoods(pairs, learned, heads) for pairs in ([Pair(*ANEW[:2])], [Pair(*ANEW[1::-1])]))
    assert there == pytest.approx(back, abs=1e-6)


def test_nobody_to_judge_is_no_judgement(learned: Learned) -> None:
    assert LearnedJudge(learned, encoder()).judge_many(tell("芯片"), []) == []


def test_an_empty_head_and_a_head_of_signs_can_be_judged(learned: Learned) -> None:
    judging = LearnedJudge(learned, encoder())
    assert [one.same for one in judging.judge_pairs([Pair("", "！！"), Pair("", ANEW[0])])] == [False, False]


def test_what_is_forgotten_is_made_again(learned: Learned) -> None:
    pairs = labelled()[:20]
    few, many = (likelihoods(pairs, learned, Heads(encoder(), kept)) for kept in (1, 100))
    assert few == pytest.approx(many, abs=1e-9)


def test_a_few_pairs_teach_nothing() -> None:
    with pytest.raises(TooFew, match="10, 20"):
        learn(labelled()[:30], encoder(), lambda _done, _of: None)


def test_the_threshold_is_where_f1_is_greatest() -> None:
    assert best_threshold(np.array([0.9, 0.8, 0.4, 0.3]), np.array([1, 0, 1, 0])) == 0.4


def test_the_formula_judges_until_something_was_learned(db: None, models: Path, learned: Learned) -> None:
    assert isinstance(in_use(), Formula)
    kept.keep(learned, kept.SITE)
    assert isinstance(in_use(), LearnedJudge)
    title, retold, another = (tell(one) for one in ANEW)
    said = judge_many(title, [retold, another])
    assert said is not None
    assert [one.same for one in said] == [True, False]
    assert judge(title, retold) == said[0]


def test_a_judge_of_another_encoder_rests(db: None, models: Path, learned: Learned) -> None:
    kept.keep(Learned("another@1", learned.rarity, learned.space), kept.SITE)
    assert isinstance(in_use(), Formula)
    assert kept.kept(kept.SITE, model_key(encoder())) is None


def test_it_is_kept_by_what_it_was_learned_from() -> None:
    pairs, other = labelled(), [*labelled()[:-1], Pair("甲", "乙", False)]
    assert kept.key(pairs, "e@1") == kept.key(labelled(), "e@1")
    assert len({kept.key(pairs, "e@1"), kept.key(other, "e@1"), kept.key(pairs, "e@2")}) == 3


def test_the_command_teaches_the_site_and_makes_it_forget(db: None, models: Path, tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    rows = [{"a": pair.one, "b": pair.other, "same": int(pair.same)} for pair in labelled()]
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    out, err = StringIO(), StringIO()
    call_command("learn_events", file, stdout=out, stderr=err)
    assert out.getvalue() == "学了 180 对，以后新来的文章按它判断。工作进程不用重启。\n"
    assert err.getvalue().splitlines()[-1] == "7/7"
    assert isinstance(in_use(), LearnedJudge)
    call_command("learn_events", "--forget", stdout=out)
    assert isinstance(in_use(), Formula)


def test_editors_who_decided_nothing_teach_nothing(db: None, models: Path) -> None:
    assert decided_pairs() == []
    with pytest.raises(CommandError, match="各要 50 对以上，现在是 0, 0"):
        call_command("learn_events")
