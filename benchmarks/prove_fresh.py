"""`make prove-fresh`: a machine that never ran Jianbao shows the demo after `git clone` and `make run`.

Each form starts from nothing in namespaces of its own: the home folders, /tmp, /var/tmp, /var/lib, /var/cache and
/dev/shm are empty, so nothing that an earlier run wrote can help. A form ends well when the first page shows the demo's
issue, `make run` ends on Ctrl-C, and no process of it is left.

The control breaks the clone on purpose: it leaves out the step that lets everybody enter the copy of PostgreSQL's
programs. A closed folder must then fail, or the harness proves nothing.

Needs root, git and util-linux, and nothing of the project: no virtual environment, no package.

    python3 -m benchmarks.prove_fresh [--short]

--short takes this checkout as it stands, with its virtual environment, instead of a clone, and runs the closed folder
only, in less than a minute. `.ci/run` does so.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
EMPTY = ("/root", "/home", "/tmp", "/var/tmp", "/var/lib", "/var/cache", "/dev/shm", "/srv")  # noqa: S108
SOURCE, PLACE = "/mnt/source", "/mnt/place"  # what the inside still sees of this machine
USER, UID = "reader", 20_001
PORT = 18_765
PAGE_SECONDS, STOP_SECONDS = 900, 30
DEMO = "mp.weixin.qq.com/s/reQvUTJlOJSqEtHGKL4QbA"  # a link that the demo's issue prints
PASSED_ON = ("PIP_CERT", "PIP_FIND_LINKS", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_DEFAULT_TIMEOUT")
PIP_CONFIGS = (Path.home() / ".config/pip/pip.conf", Path.home() / ".pip/pip.conf")
PROXIES = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE")
BREAK = ("digest/postgres.py", "path.chmod(0o755 if", "(lambda mode: None)(0o755 if")


@dataclass(frozen=True)
class Form:
    """How one fresh machine is used. `umask` is octal; `short` uses the checkout itself, `broken` is the control."""

    name: str
    user: str
    folder: str
    umask: int
    broken: bool = False
    short: bool = False


@dataclass(frozen=True)
class Result:
    """What came of it: `setup` seconds until the page, why not (or ""), the processes left, the last lines printed."""

    setup: float
    reason: str
    left: list[str]
    said: list[str]

    @property
    def is_good(self) -> bool:
        return not self.reason and not self.left


CLOSED, OPEN, OWN = "/root/新 机器", "/srv/新 机器", f"/home/{USER}/新 机器"
FORMS = [
    Form("root, closed folder, umask 022", "root", CLOSED, 0o022),
    Form("root, closed folder, umask 077", "root", CLOSED, 0o077),
    Form("root, open folder, umask 022", "root", OPEN, 0o022),
    Form("root, open folder, umask 077", "root", OPEN, 0o077),
    Form("ordinary user, umask 022", USER, OWN, 0o022),
    Form("ordinary user, umask 077", USER, OWN, 0o077),
    Form("control: the copy stays closed", "root", CLOSED, 0o022, broken=True),
]
SHORT = [Form("root, closed folder, this checkout", "root", CLOSED, 0o077, short=True)]


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--short", action="store_true")
    ask.add_argument("--inside", help=argparse.SUPPRESS)
    given = ask.parse_args()
    if given.inside:
        print(json.dumps(asdict(_inside(Form(**json.loads(given.inside))))))
        return
    if os.getuid():
        print("prove-fresh: it makes mount namespaces and tries several users: run it as root", file=sys.stderr)
        sys.exit(2)
    wrong = []
    print("| form | page | seconds | processes left | as expected |\n|---|---|---|---|---|", flush=True)
    for form in SHORT if given.short else FORMS:
        result = _try(form)
        right = bool(result.reason) if form.broken else result.is_good
        page = f"none: {result.reason}" if result.reason else "the demo's issue"
        print(
            f"| {form.name} | {page} | {result.setup:.0f} | {len(result.left)} | {'yes' if right else 'NO'} |",
            flush=True,
        )
        if not right:
            wrong.append(form.name)
            print("\n".join([*result.left, *result.said]), file=sys.stderr)
    if wrong:
        print(f"prove-fresh: not as expected: {', '.join(wrong)}", file=sys.stderr)
    sys.exit(1 if wrong else 0)


def _try(form: Form) -> Result:
    """Run `form` in mount and process namespaces of its own, with empty folders in the place of EMPTY."""
    place = Path(tempfile.mkdtemp(prefix="jianbao-fresh-", dir=_roomy()))
    place.chmod(0o755)
    try:
        mounts = ["set -e", "umask 022", "mount -t tmpfs -o mode=755 none /mnt", f"mkdir {SOURCE} {PLACE}"]
        mounts += [f"mount --bind '{BASE}' {SOURCE}", f"mount --bind '{place}' {PLACE}"]
        for number, folder in enumerate(EMPTY):
            own = place / str(number)
            own.mkdir()
            own.chmod(0o1777 if folder in ("/tmp", "/var/tmp", "/dev/shm") else 0o755)  # noqa: S108
            mounts += [f"test ! -d {folder} || mount --bind {PLACE}/{number} {folder}"]
        (place / "0").chmod(0o700)  # /root
        if sys.base_prefix.startswith(EMPTY):  # an interpreter in a home folder; its libraries know its path
            mounts.insert(3, "mkdir /mnt/python")
            mounts.insert(4, f"mount --bind '{sys.base_prefix}' /mnt/python")
            mounts += [f"mkdir -p '{sys.base_prefix}'", f"mount --bind /mnt/python '{sys.base_prefix}'"]
        if config := next((path for path in PIP_CONFIGS if path.exists()), None):
            (place / "pip.conf").write_bytes(config.read_bytes())  # where this machine has its packages from
        accounts = place / "passwd"
        line = f"{USER}:x:{UID}:{UID}::/home/{USER}:/bin/sh\n"
        accounts.write_text(Path("/etc/passwd").read_text(encoding="utf-8") + line, encoding="utf-8")
        mounts += [f"mount --bind {PLACE}/{accounts.name} /etc/passwd", f"cd {SOURCE}", 'exec "$@"']
        inside = [
            f"{sys.base_prefix}/bin/python3",
            "-m",
            "benchmarks.prove_fresh",
            "--inside",
            json.dumps(asdict(form)),
        ]
        words = ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child", "sh", "-c", "\n".join(mounts)]
        done = subprocess.run(
            [*words, "sh", *inside], capture_output=True, text=True, env=os.environ | {"PYTHONUTF8": "1"}
        )
        if done.returncode:
            return Result(0, "the namespaces could not be made", [], done.stderr.splitlines()[-5:])
        return Result(**json.loads(done.stdout.splitlines()[-1]))
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _roomy() -> str:
    """Return a folder on a disk: /tmp may be in memory, and a form takes 3 GiB."""
    return "/var/tmp" if Path("/var/tmp").is_dir() else tempfile.gettempdir()  # noqa: S108


def _environment(home: str) -> dict[str, str]:
    """Return what a new login has, and how packages are reached on this machine."""
    kept = {name: os.environ[name] for name in (*PASSED_ON, *PROXIES) if name in os.environ}
    path = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"
    if home == "/root":  # nobody else may enter an interpreter in root's home
        path = f"{sys.base_prefix}/bin:{path}"
    return {"PATH": path, "HOME": home, "LANG": "C.UTF-8", "PIP_CONFIG_FILE": f"{PLACE}/pip.conf"} | kept


def _inside(form: Form) -> Result:
    """Everything between an empty machine and the end of `make run`; runs as process 1 of its namespace."""
    os.umask(form.umask)
    folder = Path(form.folder)
    _prepare(form, folder)
    words = ["make", "run", f"PORT={PORT}"]
    if form.user != "root":
        words = ["setpriv", f"--reuid={UID}", f"--regid={UID}", "--clear-groups", *words]
    log = Path("/mnt/run.log")
    began = time.monotonic()
    with log.open("w", encoding="utf-8") as out:
        run = subprocess.Popen(
            words,
            cwd=folder / "jianbao",
            env=_environment("/root" if form.user == "root" else f"/home/{USER}"),
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        reason = _await_page(run)
        setup = time.monotonic() - began
        with suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGINT)
        try:
            run.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            reason = reason or f"make run did not end within {STOP_SECONDS} s of Ctrl-C"
    said = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
    errors = [line for line in said if line.startswith("jianbao: ") and "error" in line]
    return Result(setup, f"{reason}: {errors[-1]}" if reason and errors else reason, _left(), said)


def _prepare(form: Form, folder: Path) -> None:
    """Make the folder and the clone in it, both owned by the form's user."""
    folder.mkdir(parents=True)
    if form.folder == CLOSED:
        Path("/root").chmod(0o700)
        folder.chmod(0o700)
    checkout = folder / "jianbao"
    if form.short:
        checkout.mkdir()
        _call("mount", "--bind", SOURCE, str(checkout))
        (checkout / "var").mkdir(exist_ok=True)
        _call("mount", "-t", "tmpfs", "none", str(checkout / "var"))
        return
    _call("git", "-c", "safe.directory=*", "clone", "--quiet", SOURCE, str(checkout))
    if form.broken:
        path, old, new = BREAK
        text = (checkout / path).read_text(encoding="utf-8")
        if old not in text:
            raise RuntimeError(f"the control cannot break {path}: {old!r} is not in it")
        (checkout / path).write_text(text.replace(old, new), encoding="utf-8")
    if form.user != "root":
        _call("chown", "-R", f"{UID}:{UID}", f"/home/{USER}")


def _call(*words: str) -> None:
    subprocess.run(words, check=True, env=_environment("/root"))


def _await_page(run: "subprocess.Popen[bytes]") -> str:
    """Ask for the first page until it shows the demo. Returns "" or why it never did."""
    deadline = time.monotonic() + PAGE_SECONDS
    reason = "no answer"
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # whatever proxy the packages come through
    while time.monotonic() < deadline:
        if run.poll() is not None:
            return f"make run ended with {run.returncode}"
        try:
            with direct.open(f"http://127.0.0.1:{PORT}/", timeout=10) as answer:
                if DEMO in answer.read().decode():
                    return ""
                reason = "the page shows no issue"
        except OSError as error:
            reason = str(error)
        time.sleep(0.5)
    return reason


def _left() -> list[str]:
    """Return the command lines of the processes that still run in this namespace, less this one."""
    for _ in range(50):
        left = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal() and int(entry.name) != os.getpid():
                words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                if words:  # one that has ended and was not waited for has none
                    left.append(words[:120])
        if not left:
            return []
        time.sleep(0.2)
    return left


if __name__ == "__main__":
    main()
