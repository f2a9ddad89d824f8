"""A whole site of its own for one run: fresh folder, embedded services, workers, scheduler, web."""

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.real.corpus import BASE, free_port
from digest.child import PR_SET_PDEATHSIG

# As in the Procfile, without the leash: here the kills are ours.
COMMANDS = {
    "worker": "celery -A digest.celery worker --queues crawl,default --concurrency 2 -n worker@%h -l warning",
    "mail": "celery -A digest.celery worker --queues mail --concurrency 2 -n mail@%h -l warning",
    "second": "celery -A digest.celery worker --queues crawl,default --concurrency 2 -n second@%h -l warning",
    "gpu": "celery -A digest.celery worker --queues gpu --pool solo -n gpu@%h -l warning",
    "scheduler": "celery -A digest.celery beat --pidfile= -l warning",
    "web": "gunicorn --bind 127.0.0.1:{port} --workers 1",
}


NOT_OURS = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SITE_URL", "CRAWL_PROXY", "CRAWL_CA_BUNDLE")


@dataclass
class Site:
    var: Path
    port: int
    environment: dict[str, str]
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    asked: "subprocess.Popen[str] | None" = None

    def start(self, name: str) -> None:
        words = COMMANDS[name].format(var=self.var, port=self.port).split()
        with (self.var / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", *words],
                cwd=BASE,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )

    def ask(self, command: str, **given: Any) -> Any:
        """Ask the site's database: a command of benchmarks/real/inside.py."""
        if self.asked is None:
            words = [sys.executable, "-m", "benchmarks.real.inside"]
            pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
            self.asked = subprocess.Popen(words, cwd=BASE, env=self.environment, **pipes)
        assert self.asked.stdin is not None  # noqa: S101
        assert self.asked.stdout is not None  # noqa: S101
        self.asked.stdin.write(json.dumps({"command": command, **given}) + "\n")
        self.asked.stdin.flush()
        answer = self.asked.stdout.readline()
        if not answer:
            raise RuntimeError(f"{command} failed; the lines above say why")
        return json.loads(answer)

    def kill(self, name: str) -> None:
        """kill -9 the process and its children, as when the machine's memory ends."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def get(self, path: str) -> tuple[int, str]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return answer.status, answer.read().decode()

    def await_web(self) -> None:
        for _ in range(300):
            try:
                self.get("/about/")
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"the site does not answer; see {self.var}/web.log")


@contextmanager
def site(settings: dict[str, str]) -> Iterator[Site]:
    """A site in an empty folder, its services up, nothing else running yet; all of it is gone afterwards."""
    var = Path(tempfile.mkdtemp(prefix="jianbao-proof-"))
    var.chmod(0o755)
    port = free_port()
    own = {"JIANBAO_VAR": str(var), "PORT": str(port), "DJANGO_SETTINGS_MODULE": "digest.settings", "PYTHONUTF8": "1"}
    # Said to be empty rather than left out: a `.env` of this checkout would fill them in, with a real site's database.
    environment = os.environ | dict.fromkeys(NOT_OURS, "")
    here = Site(var, port, environment | own | settings)
    try:
        yield here
    finally:
        for name in list(here.processes):
            here.kill(name)
        if here.asked:
            here.asked.kill()
            here.asked.communicate()
        shutil.rmtree(var, ignore_errors=True)


def _die_with_parent() -> None:
    """A run that is killed itself leaves nothing behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
