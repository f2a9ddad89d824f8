"""The house itself: its import contracts hold and would be missed; where it grows crooked is printed."""

import ast
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from tests import lint

BASE = Path(__file__).resolve().parent.parent
LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"
PLANTED = {
    "news has never heard of the digest": ("news/text.py", "import digest.mail"),
    "the rooms of the digest": ("digest/briefings/compose.py", "import digest.events.signup"),
    "the way of an article through news": ("news/models/topic.py", "import news.pipeline"),
    "the pure rooms know no Django": ("news/canonical.py", "import django.conf"),
    "only embed and summarise touch torch": ("news/pipeline.py", "import torch"),
    "one door to the network": ("digest/mailing/send.py", "import urllib3"),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("digest", "news"):
        shutil.copytree(BASE / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.html", "*.mo"))
    shutil.copy(BASE / "pyproject.toml", tmp_path)
    return tmp_path


def _broken(folder: Path) -> list[str]:
    done = subprocess.run([LINT_IMPORTS, "--no-cache"], cwd=folder, capture_output=True, text=True)
    return sorted(line.removesuffix(" BROKEN") for line in done.stdout.splitlines() if line.endswith(" BROKEN"))


def test_the_contracts_hold(copy: Path) -> None:
    assert _broken(copy) == []


def test_each_contract_catches_a_planted_violation(copy: Path) -> None:
    for name, line in PLANTED.values():
        with (copy / name).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    assert _broken(copy) == sorted(PLANTED)


@pytest.mark.parametrize(
    "line",
    [
        *("import socket", "from socket import create_connection", "import ssl", "import http.client", "import ftplib"),
        *("from http.client import HTTPSConnection", "from http import client", "import urllib.request"),
        *("from urllib.request import urlopen", "from urllib import request", "import urllib3", "import requests"),
        *("import httpx", "import aiohttp", "import websockets", "import telnetlib", "import smtplib"),
        *("from asyncio import open_connection", "import asyncio\n\nasyncio.open_connection('a', 1)"),
        *("import pycurl", "import imaplib"),
    ],
)
def test_the_linter_finds_a_second_door(line: str) -> None:
    for room, banned in (("news/steps.py", True), ("digest/briefings/views.py", True), ("news/http/door.py", False)):
        command = [sys.executable, "-m", "ruff", "check", "--select", "TID251", "--stdin-filename", room, "-"]
        done = subprocess.run(command, cwd=BASE, input=f"{line}\n", capture_output=True, text=True)
        assert (done.returncode, "TID251" in done.stdout) == (int(banned), banned), done.stdout


def test_third_party_text_is_found_however_it_is_broken_up(tmp_path: Path) -> None:
    text = "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸子丑"
    (tmp_path / "theirs.txt").write_text(text, encoding="utf-8")
    (tmp_path / "ours.py").write_text(f"# {text[:7]}，{text[7:15]}“{text[15:20]}”。\n", encoding="utf-8")
    (tmp_path / "short.py").write_text(f"# {text[:19]}\n", encoding="utf-8")
    theirs = set(lint._han_windows(str(tmp_path / "theirs.txt")))
    assert set(lint._han_windows(str(tmp_path / "ours.py"))) == {text[:20]}
    assert text[:20] in theirs
    assert set(lint._han_windows(str(tmp_path / "short.py"))) == set()


def test_sizes(capsys: pytest.CaptureFixture[str]) -> None:
    """Aims: file 40-120 lines, function at most 8. Printed for everybody; only a file of over 300 lines fails."""
    files = [
        path for room in ("digest", "news") for path in (BASE / room).rglob("*.py") if "migrations" not in path.parts
    ]
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    functions = [
        node.end_lineno - node.lineno + 1
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.end_lineno
    ]
    long = sorted((count, str(path.relative_to(BASE))) for path, count in lines.items() if count > 120)
    with capsys.disabled():
        print(f"\n{len(files)} files, median {statistics.median(lines.values()):.0f} lines; over 120: {long}")
        print(f"{len(functions)} functions, median {statistics.median(functions):.0f} lines, ", end="")
        print(f"{100 * sum(size <= 36 for size in functions) / len(functions):.1f} % under 37")
    assert [name for count, name in long if count > 300] == []
