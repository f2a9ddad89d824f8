"""Where the stories happen: a whole site with its workers, a mailbox that takes every letter, pages to crawl."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any, TypeVar

from benchmarks.real.corpus import BASE
from benchmarks.real.site import Site, site
from digest.demo import content
from digest.demo.proxy import serve
from tests.digest.mailing.sink import Sink

# What the stories of the wire meet beside the sample pages: a verification page, and a feed.
PAGES = BASE / "tests" / "pages" / "mp.weixin.qq.com"
WALLED, FEED = "https://mp.weixin.qq.com/s/OwnPage_0", "https://weekly.sample.example/feed.xml"
WEB = {
    **content.PAGES,
    WALLED: PAGES / "blocked.html",
    FEED: BASE / "tests" / "stories" / "pages" / "feed.xml",
}
PATIENCE_SECONDS = 180  # how long anything may take on a busy machine; nothing is measured by it
# Keeps the embedded services up from the first command to the last.
HOLD = "import sys; from digest import embedded; embedded.hold_or_exit(); sys.stdin.read()"
Found = TypeVar("Found")


class Place:
    def __init__(self, here: Site, sink: Sink) -> None:
        self.here, self.sink = here, sink
        self.url = f"http://127.0.0.1:{here.port}"
        self.known: dict[str, Any] = {}

    def ask(self, command: str) -> Any:
        """Run a command of inside.py in the site's own settings."""
        words = [sys.executable, "-m", "tests.stories.inside", command]
        done = subprocess.run(words, cwd=BASE, env=self.here.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout.strip().splitlines()[-1])

    def letter(self, to: str, subject: str) -> EmailMessage:
        """Wait for the one letter to `to` whose subject begins with `subject`."""
        return until(lambda: next(iter(self.letters(to, subject)), None), f"a letter to {to}: {subject}")

    def letters(self, to: str, subject: str = "") -> list[EmailMessage]:
        numbers = [n for n, letter in enumerate(list(self.sink.letters)) if letter.rcpt_tos == [to]]
        return [letter for letter in map(self.sink.parsed, numbers) if str(letter["Subject"]).startswith(subject)]

    def logs(self) -> str:
        return "\n".join(f"{log.name}: {log.read_text()[-3000:]}" for log in sorted(self.here.var.glob("*.log")))


@contextmanager
def place() -> Iterator[Place]:
    """The site is up, and its crawl goes through the demo's proxy."""
    sink = Sink()
    settings = {"JIANBAO_TESTING": "0", "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}", "CRAWL_PACE": "0"}
    try:
        with serve(WEB) as proxy, site(settings) as here:
            here.environment |= {"CRAWL_PROXY": proxy.url, "CRAWL_CA_BUNDLE": str(proxy.ca_path)}
            holder = subprocess.Popen(
                [sys.executable, "-c", HOLD], cwd=BASE, env=here.environment, stdin=subprocess.PIPE
            )
            try:
                yield _open(Place(here, sink))
            finally:
                for name in list(here.processes):
                    here.kill(name)
                holder.communicate()
    finally:
        sink.stop()


def until(holds: Callable[[], Found | None], what: str) -> Found:
    """Ask again and again until it is there."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := holds():
            return found
        time.sleep(0.2)
    raise AssertionError(f"this did not come about: {what}")


def _open(made: Place) -> Place:
    made.known = made.ask("prepare")
    for name in ("web", "worker", "mail", "gpu", "scheduler"):
        made.here.start(name)
    until(lambda: _answers(made.here), f"the site answers; {made.logs()}")
    return made


def _answers(here: Site) -> bool:
    try:
        return here.get("/about/")[0] == 200
    except OSError:
        return False
