"""The pages of ../shared/corpus that have an address, what the gold expects of each, and the replica that answers."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from news.canonical import canonicalise

BASE = Path(__file__).resolve().parent.parent.parent
FOLDERS = ("wechat", "wechat_failure", "baidu", "baidu_failure")
# Only chat around the links, so that finding them is part of the proof.
CHATTER = (
    "这篇不错，大家看看：{}",
    "{}，周五那期可以用",
    "【转】{}（昨天看到的）",
    "有人发过吗？{}\n没有的话我来写",
    "原文在此：{}。",
)


class CorpusMissing(Exception):
    """There is no corpus to prove anything with; the message says where it was looked for."""


@dataclass(frozen=True)
class Page:
    file: str
    url: str
    states: tuple[str, ...]  # each of which is right


@dataclass(frozen=True)
class Corpus:
    shared: Path
    pages: tuple[Page, ...]

    @classmethod
    def find(cls) -> "Corpus":
        shared = Path(os.environ.get("JIANBAO_SHARED") or BASE.parent / "shared")
        manifest = shared / "corpus" / "manifest.jsonl"
        if not manifest.exists():
            raise CorpusMissing(
                f"no corpus in {shared}; set JIANBAO_SHARED to the folder that has corpus/ and replica/"
            )
        gold = {line["file"]: line for line in _lines(shared / "corpus" / "gold.jsonl")}
        pages = []
        for line in _lines(manifest):
            folder = line["file"].split("/")[0]
            if folder in FOLDERS and line.get("url"):
                # A page that the gold leaves out is a good one where its folder says so.
                known = gold.get(line["file"], {"state": "ok"})
                pages.append(Page(line["file"], line["url"], (known["state"], *known.get("state_alt", []))))
        return cls(shared, tuple(pages))

    def chat(self) -> str:
        """All the addresses in one text as people paste it."""
        return "\n".join(CHATTER[n % len(CHATTER)].format(page.url) for n, page in enumerate(self.pages))

    def expected(self) -> dict[str, Page]:
        """Canonical URL → the page that the replica answers with: the first of those that share an address."""
        found: dict[str, Page] = {}
        for page in self.pages:
            found.setdefault(canonicalise(page.url), page)
        return found

    @contextmanager
    def replica(self, folder: Path) -> Iterator[tuple[str, Path]]:
        """The replica of the web, running: its proxy address and its authority's certificate."""
        port, authority = free_port(), folder / "replica-ca.pem"
        words = [sys.executable, str(self.shared / "replica" / "replica.py"), "--corpus", str(self.shared / "corpus")]
        words += ["--port", str(port), "--ca", str(authority), "--log", str(folder / "requests.jsonl")]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        try:
            if not process.stdout or "replica of" not in process.stdout.readline():
                raise RuntimeError("the replica did not start")
            yield f"http://127.0.0.1:{port}", authority
        finally:
            process.terminate()
            process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
