"""A reader who asks for a page again and again, and a probe of the database: when did they get no answer."""

import threading
import time
import urllib.error
import urllib.request
from bisect import bisect_left
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

import psycopg

SEARCH = "/search/?q=%E8%8A%AF%E7%89%87"


@dataclass(frozen=True)
class Answer:
    """When it was asked for and when it came (time.monotonic), and its status; 0 for none."""

    asked: float
    came: float
    status: int


class Reader(threading.Thread):
    """Asks for `path` every `pace` seconds."""

    def __init__(self, port: int, path: str, pace: float) -> None:
        super().__init__(daemon=True)
        self.url, self.pace = f"http://127.0.0.1:{port}{path}", pace
        self.answers: list[Answer] = []
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(self.pace):
            asked, status = time.monotonic(), 0
            try:
                with urllib.request.urlopen(self.url, timeout=90) as answer:  # noqa: S310  our own address
                    answer.read()
                    status = answer.status
            except urllib.error.HTTPError as error:
                status = error.code
                error.close()
            except OSError:
                pass
            self.answers.append(Answer(asked, time.monotonic(), status))

    def stop(self) -> None:
        self._ended.set()

    def has_answered(self, begin: float) -> bool:
        """Whether the last 200 was asked for after `begin`."""
        return bool(self.answers) and self.answers[-1].status == 200 and self.answers[-1].asked > begin

    def longest_gap(self, begin: float, end: float) -> float:
        """The longest time within [begin, end] (seconds of time.monotonic) in which no 200 came."""
        answers = list(self.answers)
        first = max(0, bisect_left(answers, begin, key=lambda answer: answer.came) - 1)
        good = [answer.came for answer in answers[first:] if answer.status == 200]
        times = [begin, *(at for at in good if begin < at < end), end]
        return max(after - before for before, after in pairwise(times))

    def statuses(self, begin: float, end: float) -> dict[int, int]:
        """How many answers of each status came within [begin, end]; 0 stands for no answer."""
        found: dict[int, int] = {}
        for answer in list(self.answers):
            if begin <= answer.came <= end:
                found[answer.status] = found.get(answer.status, 0) + 1
        return found


class Probe(threading.Thread):
    """Connects to the database every `pace` seconds; `away` says for how long that failed."""

    def __init__(self, host: str, pace: float = 0.1) -> None:
        super().__init__(daemon=True)
        self.words = f"host={host} user=jianbao dbname=jianbao connect_timeout=90"
        self.pace = pace
        self.good: list[float] = []
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(self.pace):
            with suppress(psycopg.Error), psycopg.connect(self.words) as line:
                line.execute("SELECT 1")
                self.good.append(time.monotonic())

    def stop(self) -> None:
        self._ended.set()

    def longest_gap(self, begin: float, end: float) -> float:
        times = [begin, *(at for at in list(self.good) if begin < at < end), end]
        return max(after - before for before, after in pairwise(times))
