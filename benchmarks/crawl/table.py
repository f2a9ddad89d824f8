"""A trial, what came of it, and the table of all."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tqdm import tqdm

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Trial:
    """One thing that must go as expected. `run` says what was got, and whether that is right."""

    name: str
    what: str
    expected: str
    run: Callable[[], tuple[str, bool]]


@dataclass(frozen=True)
class Row:
    trial: Trial
    got: str
    is_right: bool


def run_all(trials: Sequence[Trial]) -> list[Row]:
    rows = []
    with tqdm(trials, unit="trial", desc="prove-crawl") as bar:
        for trial in bar:
            bar.set_postfix_str(trial.name, refresh=False)
            rows.append(_run(trial))
    return rows


def _run(trial: Trial) -> Row:
    try:
        return Row(trial, *trial.run())
    except Exception as error:  # noqa: BLE001 - a trial that breaks is a row that is wrong; the traceback is on standard error
        _log.exception("%s", trial.name)
        return Row(trial, f"{type(error).__name__}: {error}", False)


def markdown(rows: Sequence[Row]) -> str:
    lines = ["| id | what | expected | got | verdict |", "|---|---|---|---|---|"]
    for row in rows:
        cells = [row.trial.name, row.trial.what, row.trial.expected, row.got]
        lines.append("| " + " | ".join([*map(_cell, cells), "as expected" if row.is_right else "**WRONG**"]) + " |")
    return "\n".join(lines)


def _cell(text: str, longest: int = 110) -> str:
    """One line that no page's text can break: control and direction characters are shown, not obeyed."""
    shown = "".join(char if char.isprintable() else repr(char)[1:-1] for char in text).replace("|", "\\|")
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"
