"""`make run`: prepares the site and starts what the Procfile names, all under this one process."""

import contextlib
import fcntl
import os
import socket
import sys
import threading
import time
import traceback
import urllib.error
import urllib.request
from pathlib import Path
from typing import TextIO

from honcho import environ

from digest import embedded
from digest.processes import Supervisor
from digest.production import open_env_file

BASE = Path(__file__).resolve().parent.parent


def main() -> None:
    port = _port()
    os.environ |= {"PORT": str(port), "JIANBAO_VAR": str(embedded.VAR_DIR), "DJANGO_SETTINGS_MODULE": "digest.settings"}
    try:
        embedded.VAR_DIR.mkdir(parents=True, exist_ok=True)
        leash = _leash(port)
    except OSError as error:
        sys.exit(f"jianbao: nothing can be written there: {error}")
    if line := open_env_file(BASE):
        _say(line)
    _say("starting PostgreSQL and Valkey" if embedded.wanted() else "using DATABASE_URL and REDIS_URL")
    embedded.hold_or_exit(report=_say)
    password = _prepare_or_exit()
    if os.getuid() == 0:
        # On a newcomer's machine root is often all there is; docs/operations.md gives the site a user of its own.
        os.environ["PYTHONWARNINGS"] = "ignore:You're running the worker with superuser privileges"
    commands = environ.parse_procfile((BASE / "Procfile").read_text(encoding="utf-8")).processes
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONUTF8": "1"}
    threading.Thread(target=_announce, args=(port, password), daemon=True).start()
    try:
        status = Supervisor(commands, environment, BASE).run()
    except BaseException:  # noqa: BLE001  e.g. nobody reads our output any more; the traceback is printed
        with contextlib.suppress(OSError):
            traceback.print_exc()
        status = 1
    leash.close()
    # Not sys.exit: that would wait for threads of libraries.
    os._exit(status)


def _say(line: str) -> None:
    print(f"jianbao: {line}", flush=True)


def _port() -> int:
    given = os.environ.get("PORT") or "8000"
    if not given.isdecimal() or not 0 < int(given) < 65536:
        sys.exit(f"jianbao: PORT must be a number from 1 to 65535, not {given!r}")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_host(), int(given)))
        except OSError as error:
            other = int(given) + (1000 if int(given) < 64_000 else -1000)
            sys.exit(f"jianbao: port {given} cannot be used ({error.strerror}); try: make run PORT={other}")
    return int(given)


def _host() -> str:
    return os.environ.get("BIND") or "127.0.0.1"


def _leash(port: int) -> TextIO:
    """The lock that every started command watches: digest/leash.py says how."""
    path = embedded.VAR_DIR / f"leash-{port}"
    file = path.open("w")
    fcntl.lockf(file, fcntl.LOCK_EX)
    os.environ["JIANBAO_LEASH"] = str(path)
    return file


def _prepare_or_exit() -> str:
    try:
        with (embedded.VAR_DIR / "prepare.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # two that start side by side in one folder prepare one after the other
            return _prepare()
    except Exception as error:  # noqa: BLE001  the edge of a command: one line for a person, the rest in a file
        log = embedded.VAR_DIR / "log" / "run.log"
        with contextlib.suppress(OSError):  # the disk may be the very thing that is full
            log.parent.mkdir(parents=True, exist_ok=True)
            log.write_text(traceback.format_exc(), encoding="utf-8")
        first = (str(error).strip().splitlines() or [type(error).__name__])[0]
        sys.exit(f"jianbao: the site could not be prepared: {first} (more in {log})")


def _prepare() -> str:
    """Bring the database and the static files up to date, fill an empty site. Returns how to sign in."""
    import django
    from django.core.management import call_command

    django.setup()
    _say("bringing the database up to date")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    from django.conf import settings

    from digest.desk import make_first_editor

    call_command("starter_topics", verbosity=0)
    call_command("starter_names", verbosity=0)
    if settings.PRODUCTION:
        return "sign in with the account that manage.py createsuperuser made"
    call_command("demo", only_if_empty=True)
    return make_first_editor()


def _announce(port: int, password: str) -> None:
    address = f"http://{'127.0.0.1' if _host() == '0.0.0.0' else _host()}:{port}/"  # noqa: S104
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=5):
                break
        except urllib.error.HTTPError as error:
            _say(f"the first page answers {error.code}; the lines above say why")
            break
        except OSError:
            time.sleep(0.1)
    else:
        _say(f"the site does not answer on {address}; the lines above say why")
        return
    _say(f"read   {address}")
    _say(f"edit   {address}admin/   {password}")
    _say("stop   Ctrl-C")


if __name__ == "__main__":
    main()
