"""P20: production refuses to start on anything unsafe, one line each."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parent.parent.parent
GOOD = {
    "JIANBAO_MODE": "production",
    "SECRET_KEY": "k3-Ab9_xYz0Qw7Er5Ty1Ui8Op2As4Df6Gh_Jk-Lz.Xc~Vb+Nm9Qp0",
    "ALLOWED_HOSTS": "briefing.example.org",
    "SITE_URL": "https://briefing.example.org",
    "DATABASE_URL": "postgres://jianbao@db.example.org/jianbao",
    "REDIS_URL": "redis://queue.example.org/0",
    "EMAIL_URL": "smtp://mail.example.org:25",
    "FROM_EMAIL": "briefing@briefing.example.org",
}
UNSAFE = {
    "DEBUG is on": {"DEBUG": "1"},
    "SECRET_KEY is missing": {"SECRET_KEY": ""},
    "SECRET_KEY is too short": {"SECRET_KEY": "k3-Ab9_xYz0Qw7Er5Ty1Ui8Op2As4"},
    "SECRET_KEY repeats itself": {"SECRET_KEY": "abc" * 20},
    "SECRET_KEY is taken from an example": {"SECRET_KEY": "django-insecure-" + GOOD["SECRET_KEY"]},
    "ALLOWED_HOSTS is empty": {"ALLOWED_HOSTS": ""},
    "ALLOWED_HOSTS holds a wildcard": {"ALLOWED_HOSTS": "briefing.example.org,*"},
    "SITE_URL must begin with https://": {"SITE_URL": "http://briefing.example.org"},
    "SITE_URL is a loopback address": {"SITE_URL": "https://127.0.0.1", "ALLOWED_HOSTS": "127.0.0.1"},
    "SITE_URL's host other.example.org is not in ALLOWED_HOSTS": {"SITE_URL": "https://other.example.org"},
    "DATABASE_URL is missing": {"DATABASE_URL": ""},
    "REDIS_URL is missing": {"REDIS_URL": ""},
    "EMAIL_URL is missing": {"EMAIL_URL": ""},
    "FROM_EMAIL is missing": {"FROM_EMAIL": "AI 简报 <briefing@localhost>"},
    'FROM_EMAIL: the name needs double quotes: "Ada, VP of AI" <desk@example.org>': {
        "FROM_EMAIL": "Ada, VP of AI <desk@example.org>",
        "NEWSLETTER_FROM_EMAIL": "desk@example.org",
    },
    'NEWSLETTER_FROM_EMAIL: the name needs double quotes: "AI 简报, 编辑部" <desk@example.org>': {
        "NEWSLETTER_FROM_EMAIL": "AI 简报, 编辑部 <desk@example.org>",
    },
    "FROM_EMAIL: write it as: name <name@example.org>": {"FROM_EMAIL": "a@example.org, b@example.org"},
    "JIANBAO_TESTING is set": {"JIANBAO_TESTING": "1"},
}


def _start(settings: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    code = "import django; django.setup(); print('started')"
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "digest.settings", **settings}
    return subprocess.run([sys.executable, "-c", code], cwd=BASE, env=environment, capture_output=True, text=True)


def test_starts_on_good_settings() -> None:
    done = _start(GOOD)
    assert (done.returncode, done.stdout, done.stderr) == (0, "started\n", "")


@pytest.mark.parametrize("reason", UNSAFE)
def test_refuses_with_one_line(reason: str) -> None:
    done = _start(GOOD | UNSAFE[reason])
    assert done.returncode == 1
    assert done.stdout == ""
    lines = done.stderr.strip().splitlines()
    assert [line for line in lines if line.startswith(f"jianbao: refusing to start: {reason}")] != []
    assert all(line.startswith("jianbao: refusing to start: ") for line in lines)


def test_starts_with_a_senders_name_that_is_quoted() -> None:
    done = _start(GOOD | {"FROM_EMAIL": '"Ada, VP of AI" <desk@example.org>'})
    assert (done.returncode, done.stdout, done.stderr) == (0, "started\n", "")


def test_deploy_check_is_clean() -> None:
    words = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(words, cwd=BASE, env={"PATH": os.environ["PATH"], **GOOD}, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
