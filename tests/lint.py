"""`make lint`: everything that can be found without running the product. Each check says what is wrong and where."""

import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("JIANBAO_SHARED") or BASE.parent / "shared")
HAN_RUN = 20
HAN = re.compile(r"[\u3400-\u9fff]")


def main() -> None:
    os.chdir(BASE)
    os.environ |= {"DJANGO_SETTINGS_MODULE": "digest.settings", "PYTHONUTF8": "1"}
    failed = [name for name, check in CHECKS.items() if not _passes(name, check)]
    if failed:
        sys.exit(f"lint: {', '.join(failed)}")


def _passes(name: str, check: Callable[[], bool]) -> bool:
    print(f"lint: {name}", flush=True)
    return check()


def _runs(*command: str) -> Callable[[], bool]:
    return lambda: subprocess.run([sys.executable, "-m", *command]).returncode == 0


def _manage(*command: str) -> Callable[[], bool]:
    return lambda: subprocess.run([sys.executable, "manage.py", *command]).returncode == 0


def templates() -> bool:
    """Every template compiles, and none has a script or a style in its text: the pages' CSP forbids both."""
    import django
    from django.contrib.staticfiles import finders
    from django.template import TemplateSyntaxError, engines

    django.setup()
    good = True
    for path in sorted(BASE.glob("templates/**/*.*")):
        text = path.read_text(encoding="utf-8")
        try:
            engines["django"].from_string(text)
        except TemplateSyntaxError as error:
            good = False
            print(f"{path.relative_to(BASE)}: {error}")
        for name in re.findall(r"{% static [\"']([^\"']+)[\"'] %}", text):
            if not finders.find(name):
                good = False
                print(f"{path.relative_to(BASE)}: there is no static file {name}")
        if "emails" not in path.parts and (
            found := re.search(r"\sstyle=|\son[a-z]+=\"|<style|<script(?![^>]*(src=|json))|\|safe\b", text)
        ):
            good = False
            print(f"{path.relative_to(BASE)}: {found[0].strip()!r} does not belong into a template")
    return good


def third_party_text() -> bool:
    """No run of 20 or more Han characters of the real issue, the corpus or the data sets in a tracked file."""
    if not SHARED.exists():
        print(f"     {SHARED} is not here: nothing to compare with")
        return True
    ours: dict[str, str] = {}
    for path in _tracked():
        for run in _han_windows(path):
            ours.setdefault(run, path)
    found: set[str] = set()
    for other in sorted(SHARED.rglob("*")):
        if other.is_file() and other.suffix in {".html", ".md", ".txt", ".xml", ".jsonl", ".json", ".csv"}:
            found |= {f"{ours[run]}: {run}" for run in _han_windows(str(other)) if run in ours}
    for line in sorted(found)[:20]:
        print(line)
    return not found


def _tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard"], capture_output=True, text=True)
    return [name for name in listed.stdout.split("\0") if name and Path(name).is_file()]


def _han_windows(path: str) -> Iterator[str]:
    """Every window of 20 Han characters, once as written and once with all that is not Han left out of a line."""
    text = unicodedata.normalize("NFKC", Path(path).read_bytes().decode("utf-8", "ignore"))
    for line in text.splitlines():
        han = "".join(HAN.findall(line))
        for start in range(len(han) - HAN_RUN + 1):
            yield han[start : start + HAN_RUN]


CHECKS: dict[str, Callable[[], bool]] = {
    "ruff": _runs("ruff", "check", "."),
    "ruff format": _runs("ruff", "format", "--check", "."),
    "mypy": _runs("mypy"),
    "import contracts": lambda: subprocess.run([str(Path(sys.executable).parent / "lint-imports")]).returncode == 0,
    "templates": templates,
    "migrations": _manage("makemigrations", "--check", "--dry-run"),
    "system check": _manage("check", "--fail-level", "WARNING"),
    "translations": _runs("digest.messages", "check"),
    "third-party text": third_party_text,
}

if __name__ == "__main__":
    main()
