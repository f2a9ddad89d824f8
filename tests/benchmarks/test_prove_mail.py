"""`make prove-mail` in short: each fault, the control, and a few kills; and that its judge convicts."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from benchmarks.mail.books import Books
from benchmarks.mail.faults import Row
from benchmarks.mail.kills import Outcome
from benchmarks.mail.scripted import FATES

BASE = Path(__file__).resolve().parents[2]
RIGHT = Row(
    fault="reset, taken",
    during=Books(3, [], [], {"unknown": 3, "pending": 21}),
    stopped="paused",
    after=Books(24, [], [], {"sent": 24}),
    ended="finished",
    unknown_at_most=4,
)


def test_in_short() -> None:
    command = [sys.executable, "-m", "benchmarks.prove_mail", "--short"]
    done = subprocess.run(command, cwd=BASE, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    rows = [line.strip("| ").split(" | ") for line in done.stdout.splitlines() if line.startswith("| ")]
    ends = {row[0]: tuple(row[6:]) for row in rows if row[0] in FATES}
    assert ends == dict.fromkeys(FATES, ("24", "0", "finished", "0", "0", "as expected"))
    killed = {row[0]: row for row in rows if row[0].endswith("be asked")}
    assert killed["can be asked"][1:7] == ["200", "2", "200", "0", "0", "0"]
    letters, kills, delivered, *wrong = map(int, killed["cannot be asked"][1:6])
    assert (letters, kills, wrong) == (200, 2, [0, 0])
    assert 198 <= delivered <= 200  # one of the unknown may have been taken


def test_what_is_wrong_is_called_wrong() -> None:
    assert RIGHT.is_right
    for wrong in (
        replace(RIGHT, after=Books(24, ["r1@reader.example"], [], {"sent": 24})),
        replace(RIGHT, after=Books(23, [], ["r1@reader.example"], {"sent": 24})),
        replace(RIGHT, after=Books(23, [], [], {"sent": 23, "failed": 1})),
        replace(RIGHT, during=Books(24, [], [], {"unknown": 24})),
        replace(RIGHT, stopped="finished"),
        replace(RIGHT, ended="doubtful"),
    ):
        assert not wrong.is_right
        assert wrong.line.endswith("| WRONG |")


def test_more_unknown_letters_than_kills_are_wrong() -> None:
    right = Outcome(200, 2, False, Books(198, [], [], {"sent": 198, "unknown": 2}), 1.0)
    assert right.is_right
    assert not replace(right, kills=1).is_right
    assert not replace(right, can_be_asked=True).is_right
    assert not replace(right, books=Books(198, ["r1@reader.example"], [], {"sent": 198, "unknown": 2})).is_right
    assert not replace(right, books=Books(198, [], [], {"sent": 197, "unknown": 2})).is_right
