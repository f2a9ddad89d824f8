"""Gunicorn's master keeps the processes: dead and hung ones are replaced, a stop leaves none."""

import os
import signal
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.digest.web.servers import PATIENCE_SECONDS, Serving, serving, until

SMALL = "tests.digest.web.small:application"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_worker_that_is_killed_or_hangs_is_replaced(number: signal.Signals) -> None:
    with serving("--timeout", "2", SMALL) as made:
        before = _both_answer(made)  # gunicorn does not see the hanging of one that has not begun
        os.kill(before[0], number)
        until(lambda: len(made.workers()) == 2 and before[0] not in made.workers(), "the master replaces it")
        _both_answer(made)


def _both_answer(made: Serving) -> list[int]:
    seen: set[int] = set()
    until(lambda: seen.add(_process(made.get())) or seen >= set(made.workers()), "both processes answer")  # type: ignore[func-returns-value]
    assert len(made.workers()) == 2
    return made.workers()


def test_both_end_when_the_master_is_killed() -> None:
    with serving(SMALL) as made:
        workers = made.workers()
        made.process.kill()
        made.process.wait()
        until(lambda: not any(map(_runs, workers)), "the workers see that they are alone")


def test_a_stop_answers_what_has_been_asked_and_leaves_no_process() -> None:
    with serving(SMALL) as made, ExitStack() as stack:
        workers = made.workers()
        idle, half = stack.enter_context(made.open()), stack.enter_context(made.open())
        half.sendall(b"GET / HTTP/1.1\r\n")
        answers: list[int] = []
        asking = [threading.Thread(target=lambda: answers.append(made.get("/busy/")[0])) for _ in range(4)]
        for thread in asking:
            thread.start()
        threading.Event().wait(0.3)
        made.process.terminate()
        assert made.process.wait(PATIENCE_SECONDS) == 0
        for thread in asking:
            thread.join()
        assert answers == [200] * 4
        assert [client.recv(1) for client in (idle, half)] == [b"", b""]
        assert not any(map(_runs, workers))


def _process(answered: tuple[int, bytes]) -> int:
    return int(answered[1].split()[-1])


def _runs(number: int) -> bool:
    stat = Path(f"/proc/{number}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"
