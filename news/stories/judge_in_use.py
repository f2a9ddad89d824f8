"""Which judge this site judges with: the learned one while it fits the serving encoder, else the formula."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from news.embed import Encoder
from news.embed.serving import model_key, serving
from news.stories.judge import Formula, Judge, Judgement, Telling
from news.stories.pairs import kept
from news.stories.pairs.judging import LearnedJudge

__all__ = ["in_use", "judge", "judge_many", "learned"]


def judge(one: Telling, other: Telling) -> Judgement | None:
    """Whether the two tell one event; None where there is no judge for the serving encoder."""
    return next(iter(judge_many(one, [other]) or []), None)


def judge_many(one: Telling, others: Sequence[Telling]) -> list[Judgement] | None:
    """A judgement for each of the others, in order; None where there is no judge for the serving encoder."""
    judging = in_use()
    return judging.judge_many(one, others) if judging else None


def in_use() -> Judge | None:
    """The judge of this site; None for an encoder that has neither thresholds nor a learned judge."""
    if found := learned():
        return found
    calibration = serving().calibration
    return Formula(calibration) if calibration else None


def learned() -> LearnedJudge | None:
    """The judge that was learned on this site, where there is one and it fits the serving encoder."""
    path = kept.place(kept.SITE)
    return _read(serving(), path.stat().st_mtime_ns) if path.is_file() else None


@lru_cache(maxsize=1)
def _read(engine: Encoder, _changed: int) -> LearnedJudge | None:
    """Read once a process and file: `_changed` is when the file was."""
    found = kept.kept(kept.SITE, model_key(engine))
    return LearnedJudge(found, engine) if found else None
