"""`make run` as a newcomer meets it: one process that starts everything, shows the demo, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.processes.house import Run, environment
from benchmarks.real.site import NOT_OURS
from tests.digest.test_embedded import _services

BASE = Path(__file__).resolve().parent.parent.parent
LINKS = [
    "https://mp.weixin.qq.com/s/reQvUTJlOJSqEtHGKL4QbA",
    "https://mp.weixin.qq.com/s/ClhnJZkU1P9cEGfJ7CZDHA",
    "https://baijiahao.baidu.com/s?id=1759514012109489440",
    "https://mp.weixin.qq.com/s/wHc87AZafnRp8eMFOJxPoA",
    "https://mp.weixin.qq.com/s/9C7mszKErCCoSs0sYB3YcA",
    "https://mp.weixin.qq.com/s/Se3xzcF6rtgcI7YXYgDZ8Q",
    "https://mp.weixin.qq.com/s/Se3xzcF6rtgcI7YXYgDZ8Q",
]


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("run") / "简报 var"
    folder.mkdir()
    yield folder
    _until(lambda: not _services(folder))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until(holds: Callable[[], object], seconds: int = 60) -> None:
    for _ in range(seconds * 10):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError(f"it did not come about within {seconds} s")


_started: list["subprocess.Popen[str]"] = []


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    """A failed test must not leave a site to the next one."""
    yield
    while _started:
        process = _started.pop()
        if process.poll() is None:
            process.kill()
            process.communicate()


def _run(var: Path, port: int) -> "subprocess.Popen[str]":
    unset = {"JIANBAO_TESTING", "DJANGO_SETTINGS_MODULE"}
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    process = subprocess.Popen(
        [sys.executable, "-m", "digest.run"],
        cwd=BASE,
        env=environment | dict.fromkeys(NOT_OURS, "") | {"JIANBAO_VAR": str(var), "PORT": str(port), "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    _started.append(process)
    return process


def _said(process: "subprocess.Popen[str]", end: str) -> list[str]:
    lines: list[str] = []
    for line in process.stdout or []:
        lines.append(line.rstrip())
        if end in line:
            return lines
    raise AssertionError("\n".join(lines))


def _page(port: int, path: str = "/") -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        return str(answer.read().decode())


def _status(port: int) -> int:
    """Of the first page; 0 where nothing answers."""
    try:
        _page(port)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
    return 200


def test_first_run_shows_the_seven_items_and_ctrl_c_leaves_nothing(var: Path) -> None:
    port = _free_port()
    process = _run(var, port)
    lines = _said(process, "stop   Ctrl-C")
    assert f"jianbao: read   http://127.0.0.1:{port}/" in lines
    password = (var / "first-password").read_text().strip()
    assert f"jianbao: edit   http://127.0.0.1:{port}/admin/   name: editor, password: {password}" in lines
    page = _page(port)
    found = [page.count(f'href="{link.replace("&", "&amp;")}"') for link in LINKS]
    assert all(found), found
    assert "AI 简报 20230310 期" in page
    assert "RT-Thread" in page
    assert 'href="/issues/20230303/"' in _page(port, "/archive/2023/3/")
    process.send_signal(signal.SIGINT)
    process.communicate()
    _until(lambda: not _services(var))


def test_a_second_run_keeps_everything_and_kill_9_leaves_nothing(var: Path) -> None:
    port = _free_port()
    process = _run(var, port)
    _said(process, "stop   Ctrl-C")
    assert "AI 简报 20230310 期" in _page(port)
    assert len(_services(var)) >= 8  # keeper, PostgreSQL, Valkey, web, worker, gpu, scheduler and their leashes
    process.kill()
    process.communicate()
    _until(lambda: not _services(var))


def test_what_is_killed_is_started_again_and_the_page_stays(var: Path) -> None:
    """The short form of `make prove-processes`."""
    run = Run(environment(var, {}), _free_port())
    _started.append(run.process)  # type: ignore[arg-type]
    run.await_ready()
    names = ["worker", "mail", "gpu", "scheduler", "PostgreSQL", "Valkey"]
    _until(lambda: all(run.pid(name) for name in names))
    before = {name: run.pid(name) for name in names}
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    _until(lambda: all(run.pid(name) not in (0, before[name]) for name in names))
    _until(lambda: _status(run.port) == 200)
    said = {line.text.removeprefix("jianbao: ") for line in run.lines}
    assert {f"{name} ended (signal 9), starting it again" for name in names} <= said
    os.kill(run.pid("web"), signal.SIGKILL)
    _until(lambda: any(line.text == "web ended (signal 9), starting it again" for line in run.lines))
    _until(lambda: _status(run.port) == 200)
    assert not [line.text for line in run.lines if "Traceback" in line.text]
    run.stop()
    _until(lambda: not _services(var))


def test_two_run_side_by_side_in_one_folder(var: Path) -> None:
    ports = [_free_port(), _free_port()]
    first, second = (_run(var, port) for port in ports)
    _said(first, "stop   Ctrl-C")
    _said(second, "stop   Ctrl-C")
    assert _page(ports[0]).count("20230310") == _page(ports[1]).count("20230310") > 0
    first.send_signal(signal.SIGINT)
    first.communicate()
    assert "AI 简报 20230310 期" in _page(ports[1])
    second.send_signal(signal.SIGINT)
    second.communicate()


@pytest.mark.parametrize("port", ["0", "70000", "web"])
def test_an_impossible_port_gets_one_line(var: Path, port: str) -> None:
    process = _run(var, port)  # type: ignore[arg-type]
    said, _ = process.communicate()
    assert said == f"jianbao: PORT must be a number from 1 to 65535, not '{port}'\n"
    assert process.returncode == 1


def test_a_taken_port_gets_one_line(var: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = _run(var, port)
        said, _ = process.communicate()
    assert said == f"jianbao: port {port} cannot be used (Address already in use); try: make run PORT={port + 1000}\n"
    assert process.returncode == 1
