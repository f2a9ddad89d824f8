"""Every setting is checked before anything starts, and one table says what each may be."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from digest.setting_kinds import ANY
from digest.setting_table import TABLE, env_example, problems
from news.summarise import NAMES

BASE = Path(__file__).resolve().parent.parent.parent
SETTINGS = {setting.name: setting for group in TABLE.values() for setting in group}
MAIL = "smtp:// or smtp+tls:// or smtp+ssl:// or smtps:// or consolemail:// or filemail:// or memorymail:// or dummymail://"
SWITCHES = ("DEBUG", "BEHIND_PROXY", "SECURE_SSL_REDIRECT", "EMBED_QUANTISED", "JIANBAO_TESTING")
# A wrong value, and what must be written instead.
WRONG = {
    "JIANBAO_MODE": ("prod", "be local or production, not 'prod'"),
    **dict.fromkeys(SWITCHES, ("maybe", "be true or false, not 'maybe'")),
    "SITE_URL": ("briefing.example.org", "begin with http:// or https://"),
    "ALLOWED_HOSTS": ("https://a.example", "be host names without port, with commas, not 'https://a.example'"),
    "SITE_NAME": ("a\nb", "be one line of at most 200 characters, not 'a\\nb'"),
    "PUBLISHER": ("a" * 201, f"be one line of at most 200 characters, not '{'a' * 80}'"),
    "TIME_ZONE": ("Mars/X", "be a time zone such as Asia/Shanghai, not 'Mars/X'"),
    "LOG_LEVEL": ("nonsense", "be DEBUG, INFO, WARNING or ERROR, not 'nonsense'"),
    "DATABASE_URL": ("mysql://a:secret@b/c", "begin with postgres:// or postgresql://"),
    "REDIS_URL": ("localhost:6379", "begin with redis:// or rediss:// or unix://"),
    "TRUSTED_PROXIES": ("-1", "be a whole number from 0 to 10, not '-1'"),
    "SECURE_HSTS_SECONDS": ("-1", "be a whole number from 0 to 63072000, not '-1'"),
    "CRAWL_PROXY": ("socks5://a:1", "begin with http://"),
    "CRAWL_CA_BUNDLE": ("/nowhere/ca.pem", "be the path of a file that can be read, not '/nowhere/ca.pem'"),
    "CRAWL_USER_AGENT": ("a\r\nCookie: b", "be one line of at most 200 ASCII characters, not 'a\\r\\nCookie: b'"),
    "CRAWL_MAX_BYTES": ("0", "be a whole number from 65536 to 104857600, not '0'"),
    "CRAWL_TIMEOUT": ("nan", "be a number from 1 to 600, not 'nan'"),
    "CRAWL_PACE": ("-5", "be a number from 0 to 3600, not '-5'"),
    "CRAWL_ROBOTS": ("none", "be sources, all or off, not 'none'"),
    "LEASE_SECONDS": ("0", "be a whole number from 5 to 86400, not '0'"),
    "MIN_FREE_MB": ("-1", "be a whole number from 0 to 10000000, not '-1'"),
    "MODELS_DIR": ("/etc/hostname", "be the path of a folder, not '/etc/hostname'"),
    "EMBED_MODEL": ("a\tb", "be one line of at most 200 characters, not 'a\\tb'"),
    "EMBED_DEVICE": ("gpu", "be auto, cpu, cuda, cuda:NUMBER or mps, not 'gpu'"),
    "SUMMARISER": ("poet", "be extractive, not 'poet'"),
    "EMAIL_URL": ("pigeon://user:secret@roof", f"begin with {MAIL}"),
    "FROM_EMAIL": ("desk", "be an email address, or NAME <ADDRESS>, not 'desk'"),
    "NEWSLETTER_FROM_EMAIL": ("a@b c", "be an email address, or NAME <ADDRESS>, not 'a@b c'"),
    "EDITORS_EMAIL": ("a@b.example,c", "be email addresses, with commas, not 'a@b.example,c'"),
    "PORT": ("web", "be a whole number from 1 to 65535, not 'web'"),
    "BIND": ("127.1", "be a host name or an IP address, not '127.1'"),
    "JIANBAO_VAR": ("/etc/hostname", "be the path of a folder, not '/etc/hostname'"),
}
MORE = {  # further values that are none, by setting
    "SITE_URL": [
        "https://",
        "https://a.example/b",
        "https://u:p@a.example",
        "https://a.example:0",
        "https://2130706433",
    ],
    "DATABASE_URL": ["postgres://a@b", "postgres://a@b:70000/c"],
    "REDIS_URL": ["redis://", "unix://", "redis://a:70000"],
    "EMAIL_URL": ["smtp://", "smtp://a:0"],
    "CRAWL_TIMEOUT": ["0", "601", "soon", "inf"],
    "CRAWL_PACE": ["inf", "nan", "1e9"],
    "PORT": ["0", "65536", "80.5", "٨٠"],
    "TIME_ZONE": ["../../etc/passwd", "Asia", "asia/shanghai"],
    "LOG_LEVEL": ["info", "15"],
}
GOOD = {
    "DATABASE_URL": ["postgres:////run/postgresql/jianbao", "postgresql://a:b%40@[::1]:5432/c"],
    "REDIS_URL": ["unix:///run/valkey/valkey.sock", "rediss://:p@queue.example.org:6380/1"],
    "SITE_URL": ["http://127.0.0.1:8000", "https://简报.example/", "http://[::1]:8000"],
    "EMAIL_URL": ["dummymail://", "smtp://127.0.0.1:1025"],
    "ALLOWED_HOSTS": ["a.example, b.example", "localhost,127.0.0.1,[::1]", ".example.org"],
    "CRAWL_PACE": ["0", "0.5"],
    "DEBUG": ["True", "off", "1"],
    "TIME_ZONE": ["UTC", "America/Argentina/Ushuaia"],
    "FROM_EMAIL": ["AI 简报 <briefing@localhost>"],
}


def test_env_example_is_the_table() -> None:
    assert (BASE / ".env.example").read_text(encoding="utf-8") == env_example()


def test_every_setting_that_the_code_reads_is_in_the_table_and_none_more() -> None:
    read = r"""(?:env\.\w+|os\.environ\.get)\(\s*"([A-Z_]+)\""""
    files = [*(BASE / "digest").glob("*.py"), BASE / "tests" / "conftest.py", BASE / "tests" / "browser.py"]
    found = {name for file in files for name in re.findall(read, file.read_text(encoding="utf-8"))}
    by_make = {"PYTHON", "TESTS"}
    assert found - {"JIANBAO_LEASH"} | by_make == set(SETTINGS)  # JIANBAO_LEASH: of `make run` to what it starts


def test_each_setting_has_a_wrong_value_here_unless_every_value_is_good() -> None:
    free = {name for name, setting in SETTINGS.items() if all(not kind.must for kind in setting.kinds)}
    assert set(SETTINGS) - free == set(WRONG)
    assert {name for name in free if SETTINGS[name].kinds == (ANY,)} == {
        "PYTHON",
        "TESTS",
        "CHROMIUM",
        "JIANBAO_SHARED",
    }
    assert free - {"PYTHON", "TESTS", "CHROMIUM", "JIANBAO_SHARED"} == {"SECRET_KEY", "SECRET_KEY_FALLBACKS"}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_gets_one_line_that_says_what_to_write(name: str) -> None:
    value, must = WRONG[name]
    assert problems({name: value}) == {name: f"{name} must {must}"}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in MORE.items() for value in values])
def test_more_wrong_values(name: str, value: str) -> None:
    assert list(problems({name: value})) == [name]


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in GOOD.items() for value in values])
def test_good_values(name: str, value: str) -> None:
    assert problems({name: value}) == {}


def test_the_examples_are_good_values() -> None:
    examples = {name: setting.example.strip('"') for name, setting in SETTINGS.items()}
    assert problems(examples | {"CRAWL_CA_BUNDLE": __file__}) == {}


def test_no_message_shows_a_password() -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "CRAWL_PROXY", "SITE_URL"):
        assert "word" not in problems({name: "x://user:word@host:99999"})[name]


def test_the_summarisers_are_those_that_there_are() -> None:
    assert [problems({"SUMMARISER": name}) for name in NAMES] == [{}] * len(NAMES)
    assert SETTINGS["SUMMARISER"].kinds[0].must == f"be {' or '.join(NAMES)}"


@pytest.mark.parametrize(("mode", "prefix"), [("local", ""), ("production", "refusing to start: ")])
def test_all_wrong_ones_are_told_at_once(mode: str, prefix: str) -> None:
    wrong = {name: value for name, (value, _must) in WRONG.items() if name not in ("JIANBAO_MODE", "JIANBAO_VAR")}
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "digest.settings",
        "JIANBAO_MODE": mode,
        **wrong,
    }
    code = "import django; django.setup()"
    done = subprocess.run([sys.executable, "-c", code], cwd=BASE, env=environment, capture_output=True, text=True)
    lines = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (1, "")
    assert lines[: len(wrong)] == [f"jianbao: {prefix}{SETTINGS[n].problem(v)}" for n, v in _in_order(wrong)]
    assert all(line.startswith(f"jianbao: {prefix}") for line in lines)


def _in_order(values: dict[str, str]) -> list[tuple[str, str]]:
    return [(name, values[name]) for name in SETTINGS if name in values]
