"""A setting that cannot be understood gets one line; a `.env` counts like the real environment and yields to it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parent.parent.parent
WRONG = {
    "PORT": ("web", "jianbao: PORT must be a whole number from 1 to 65535, not 'web'\n"),
    "CRAWL_TIMEOUT": ("soon", "jianbao: CRAWL_TIMEOUT must be a number from 1 to 600, not 'soon'\n"),
    "TIME_ZONE": ("Mars/X", "jianbao: TIME_ZONE must be a time zone such as Asia/Shanghai, not 'Mars/X'\n"),
    "LOG_LEVEL": ("nonsense", "jianbao: LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR, not 'nonsense'\n"),
    "DATABASE_URL": ("mysql://a:secret@b/c", "jianbao: DATABASE_URL must begin with postgres:// or postgresql://\n"),
    "JIANBAO_MODE": ("prod", "jianbao: JIANBAO_MODE must be local or production, not 'prod'\n"),
    "REDIS_URL": ("localhost:6379", "jianbao: REDIS_URL must begin with redis:// or rediss:// or unix://\n"),
}


def _ask(folder: Path, code: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "digest.settings", **settings}
    return subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("name", WRONG)
def test_a_value_that_cannot_be_understood_gets_one_line(name: str) -> None:
    value, line = WRONG[name]
    done = _ask(BASE, "import django; django.setup()", **{name: value})
    assert (done.returncode, done.stdout, done.stderr) == (1, "", line)


def test_an_empty_value_is_none() -> None:
    code = "from django.conf import settings as s; print(s.SITE_URL, s.PORT, s.EMAIL_URL == '', s.MODE)"
    done = _ask(BASE, code, SITE_URL="", PORT="", EMAIL_URL="", JIANBAO_MODE="", DATABASE_URL="")
    assert (done.stdout, done.stderr) == ("http://127.0.0.1:8000 8000 True local\n", "")


def test_an_unknown_way_of_mailing_gets_one_line() -> None:
    done = _ask(BASE, "import django; django.setup()", EMAIL_URL="pigeon://user:secret@roof")
    assert done.returncode == 1
    assert done.stderr.startswith("jianbao: EMAIL_URL must begin with ")
    assert "secret" not in done.stderr


def test_a_dot_env_counts_and_yields_to_the_real_environment(tmp_path: Path) -> None:
    shutil.copytree(BASE / "digest", tmp_path / "digest", ignore=shutil.ignore_patterns("__pycache__"))
    own = "SITE_NAME=周报\nPORT=8765\nDATABASE_URL=postgres://a@b/c\nREDIS_URL=redis://d/0\n"
    (tmp_path / ".env").write_text(own, encoding="utf-8")
    code = "from django.conf import settings as s; from digest.embedded import wanted; "
    code += "print(s.SITE_NAME, s.PORT, wanted())"
    assert _ask(tmp_path, code, PYTHONUTF8="1").stdout == "周报 8765 False\n"
    assert _ask(tmp_path, code, PYTHONUTF8="1", PORT="8766").stdout == "周报 8766 False\n"
