"""P20: production refuses to start on anything unsafe, one line each."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from digest.production import problems

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
SAFE = GOOD | {  # the same as settings.py makes of it
    "DEBUG": False,
    "ALLOWED_HOSTS": [GOOD["ALLOWED_HOSTS"]],
    "SECRET_KEY_FALLBACKS": [],
    "DEFAULT_FROM_EMAIL": GOOD["FROM_EMAIL"],
    "NEWSLETTER_FROM_EMAIL": GOOD["FROM_EMAIL"],
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31_536_000,
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
    "SITE_URL is a loopback address, or no": {"SITE_URL": "https://0.0.0.0"},
    "SITE_URL is a loopback address, or no site": {"SITE_URL": "https://127.0.0.2", "ALLOWED_HOSTS": "127.0.0.2"},
    "SITE_URL is a loopback address, or no site's": {"SITE_URL": "https://[::ffff:127.0.0.1]"},
    "SITE_URL is a loopback address, or no site's:": {"SITE_URL": "https://desk.localhost"},
    "SITE_URL must hold a host": {"SITE_URL": "https://2130706433", "ALLOWED_HOSTS": "a.example"},
    "SECRET_KEY_FALLBACKS is too short": {"SECRET_KEY_FALLBACKS": GOOD["SECRET_KEY"] + ",short"},
    "SECRET_KEY_FALLBACKS repeats itself": {"SECRET_KEY_FALLBACKS": "abc" * 20},
    "SECRET_KEY_FALLBACKS is taken from an example": {"SECRET_KEY_FALLBACKS": "changeme" + GOOD["SECRET_KEY"]},
    "SECURE_SSL_REDIRECT is off": {"SECURE_SSL_REDIRECT": "false"},
    "SECURE_HSTS_SECONDS is 0": {"SECURE_HSTS_SECONDS": "0"},
    "EMAIL_URL is no relay's": {"EMAIL_URL": "dummymail://"},
    "EMAIL_URL is no relay's:": {"EMAIL_URL": "consolemail://"},
    "NEWSLETTER_FROM_EMAIL is missing or of this machine": {"NEWSLETTER_FROM_EMAIL": "weekly@localhost"},
    "LEASE_SECONDS must be a whole number": {"LEASE_SECONDS": "0"},
    "CRAWL_PACE must be a number": {"CRAWL_PACE": "-5"},
    "TRUSTED_PROXIES must be a whole number": {"TRUSTED_PROXIES": "-1"},
    "TIME_ZONE must be a time zone": {"TIME_ZONE": "Mars/X"},
    "LOG_LEVEL must be DEBUG": {"LOG_LEVEL": "nonsense"},
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
    "FROM_EMAIL must be an email address, or NAME <ADDRESS>": {"FROM_EMAIL": "a@example.org, b@example.org"},
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


@pytest.mark.parametrize(("mode", "refused"), [(0o600, False), (0o640, True), (0o604, True), (0o644, True)])
def test_an_environment_file_that_others_can_read(tmp_path: Path, mode: int, refused: bool) -> None:
    (tmp_path / ".env").touch()
    (tmp_path / ".env").chmod(mode)
    line = "jianbao: refusing to start: .env can be read by other users: chmod 600 .env"
    given = {"env": SimpleNamespace(wrong={}), **SAFE}
    assert problems(given, {}, tmp_path) == ([line] if refused else [])


def test_deploy_check_is_clean() -> None:
    words = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(words, cwd=BASE, env={"PATH": os.environ["PATH"], **GOOD}, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
