"""Every setting: its example, what it is for, and what its value may be. The one source of all of it.

`.env.example` is this table: `python -m digest.setting_table > .env.example`. Standard library only.
"""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

from digest.setting_kinds import (
    ADDRESS,
    ADDRESSES,
    ANY,
    DATABASE,
    FILE,
    FOLDER,
    HEADER,
    HOST,
    HOSTS,
    LINE,
    QUEUE,
    SECRET,
    SERVER,
    SITE,
    SWITCH,
    TRIAL_MAIL,
    ZONE,
    Kind,
    matching,
    number,
    one_of,
    schemes,
    whole,
)

HEAD = """\
# Every setting; `make run` needs none of them. Copy this to .env (chmod 600) and uncomment what you change. What stands
# in the real environment wins over .env. docs/operations.md tells a production set-up from end to end.
# A line is NAME=value, a value with blanks in double quotes; nothing may follow the value, not even a comment.
# This file is printed by `python -m digest.setting_table`.
"""


@dataclass(frozen=True)
class Setting:
    name: str
    example: str
    meaning: str
    kinds: tuple[Kind, ...]

    def problem(self, value: str) -> str:
        """The first thing that is wrong with the value and what to write, or ""; nothing is wrong with none."""
        return next(filter(None, (kind.problem(self.name, value) for kind in self.kinds)), "") if value else ""


def problems(environment: Mapping[str, str]) -> dict[str, str]:
    """One line for each setting whose value is no such value, by name."""
    found = {one.name: one.problem(environment.get(one.name, "")) for group in TABLE.values() for one in group}
    return {name: line for name, line in found.items() if line}


def env_example() -> str:
    return HEAD + "".join(f"\n# --- {title} ---\n" + "".join(map(_lines, group)) for title, group in TABLE.items())


def _lines(setting: Setting) -> str:
    must = " and ".join(kind.must for kind in setting.kinds if kind.must)
    said = [setting.meaning, *([f"Must {must}."] if must else [])]
    wrapped = [
        line for text in said for line in textwrap.wrap(text, 118, break_long_words=False, break_on_hyphens=False)
    ]
    return "".join(f"# {line}\n" for line in wrapped) + f"#{setting.name}={setting.example}\n"


TABLE: dict[str, list[Setting]] = {
    "which mode": [
        Setting(
            "JIANBAO_MODE",
            "local",
            "`production` refuses to start on anything unsafe, and says what it is.",
            (one_of("local", "production"),),
        ),
        Setting("DEBUG", "false", "Django's error pages; never in production.", (SWITCH,)),
        Setting(
            "SITE_URL",
            "https://briefing.example.org",
            "The site's address in mails, feeds and calendars, without a slash at the end.",
            (
                schemes("http", "https"),
                SITE,
            ),
        ),
        Setting(
            "ALLOWED_HOSTS",
            "briefing.example.org",
            "Host names that are answered, with commas; production takes no wildcards.",
            (HOSTS,),
        ),
        Setting("SITE_NAME", '"AI 简报"', "The masthead, the titles of issues, the subjects of mails.", (LINE,)),
        Setting("PUBLISHER", '"嵌入式 AI"', "Who publishes it: in the colophon and in the metadata.", (LINE,)),
        Setting(
            "SECRET_KEY",
            "",
            '50 or more random characters: python3 -c "import secrets; '
            'print(secrets.token_urlsafe(50))" Local mode makes one for itself, in var/secret_key.',
            (SECRET,),
        ),
        Setting("SECRET_KEY_FALLBACKS", "", "Keys of before, with commas: what they signed stays valid.", (SECRET,)),
        Setting("TIME_ZONE", "Asia/Shanghai", "Of the dates on pages, in mails and at the desk.", (ZONE,)),
        Setting(
            "LOG_LEVEL",
            "INFO",
            "What the processes log: this level and above.",
            (one_of("DEBUG", "INFO", "WARNING", "ERROR"),),
        ),
    ],
    "where things are kept": [
        Setting(
            "DATABASE_URL",
            "postgres://jianbao@127.0.0.1:5432/jianbao",
            "While either is not given, PostgreSQL and Valkey from wheels run under var/. PostgreSQL "
            "with pgvector; by socket: postgres:////run/postgresql/jianbao",
            (
                schemes("postgres", "postgresql"),
                DATABASE,
            ),
        ),
        Setting(
            "REDIS_URL",
            "redis://127.0.0.1:6379/0",
            "Valkey or Redis; by socket: unix:///run/valkey/valkey.sock",
            (
                schemes("redis", "rediss", "unix"),
                QUEUE,
            ),
        ),
    ],
    "behind a reverse proxy": [
        Setting(
            "BEHIND_PROXY", "false", "true: believe X-Forwarded-Proto. Only where the proxy always sets it.", (SWITCH,)
        ),
        Setting(
            "TRUSTED_PROXIES",
            "1",
            "How many proxies of yours add to X-Forwarded-For; 1 with BEHIND_PROXY, else 0.",
            (whole(0, 10),),
        ),
        Setting("SECURE_SSL_REDIRECT", "true", "Send http to https; false in local mode.", (SWITCH,)),
        Setting(
            "SECURE_HSTS_SECONDS",
            "31536000",
            "How long browsers insist on https, for subdomains too; 0 in local mode.",
            (whole(0, 63_072_000),),
        ),
    ],
    "the crawler": [
        Setting(
            "CRAWL_PROXY",
            "http://127.0.0.1:3128",
            "Every fetch goes through it, and it resolves the names.",
            (
                schemes("http"),
                SERVER,
            ),
        ),
        Setting(
            "CRAWL_CA_BUNDLE",
            "/etc/jianbao/ca.pem",
            "Trust these authorities and no others, e.g. that of an inspecting proxy.",
            (FILE,),
        ),
        Setting(
            "CRAWL_USER_AGENT",
            '"Jianbao/0.1 (+https://briefing.example.org)"',
            "How the crawler introduces itself; SITE_URL stands in it by default.",
            (HEADER,),
        ),
        Setting(
            "CRAWL_MAX_BYTES",
            "5242880",
            "Bytes that one page may have at most, unpacked.",
            (whole(65_536, 104_857_600),),
        ),
        Setting("CRAWL_TIMEOUT", "20", "Seconds for one fetch, all in.", (number(1, 600),)),
        Setting("CRAWL_PACE", "5", "Seconds between two requests to one host, across all workers.", (number(0, 3600),)),
        Setting(
            "CRAWL_ROBOTS",
            "sources",
            "Whose visits hear a site's robots.txt: `sources`, those to links that a machine came upon,"
            " not those to links that a person handed in; `all`; `off`.",
            (one_of("sources", "all", "off"),),
        ),
        Setting(
            "LEASE_SECONDS",
            "300",
            "Seconds until the work of a worker that hangs is taken up again; longer than any one step takes.",
            (whole(5, 86_400),),
        ),
        Setting(
            "MIN_FREE_MB",
            "200",
            "With less free on the disk of JIANBAO_VAR (MiB) nothing is crawled or mailed until there is room again.",
            (whole(0, 10_000_000),),
        ),
    ],
    "models": [
        Setting(
            "MODELS_DIR",
            "/var/lib/jianbao/models",
            "Where the embedding model is put; var/models of the checkout by default.",
            (FOLDER,),
        ),
        Setting(
            "EMBED_MODEL",
            "bundled",
            "`bundled`, a folder, or the name of a sentence-transformers model on a hub.",
            (LINE,),
        ),
        Setting(
            "EMBED_DEVICE",
            "auto",
            "Where the embedding model runs.",
            (matching("be auto, cpu, cuda, cuda:NUMBER or mps", r"auto|cpu|mps|cuda(:[0-9]{1,3})?"),),
        ),
        Setting(
            "EMBED_QUANTISED",
            "true",
            "On a CPU: weights of 8 bits, three times as fast. false: float32 in PyTorch; the vectors "
            "are then made anew.",
            (SWITCH,),
        ),
        Setting("SUMMARISER", "extractive", "A name in news/summarise/__init__.py.", (one_of("extractive"),)),
    ],
    "mail": [
        Setting(
            "EMAIL_URL",
            "smtp+tls://desk%40example.org:password@mail.example.org:587",
            "smtp://, smtp+tls:// (STARTTLS) or smtp+ssl://; an @ in the name is written %40. Without "
            "it no mail leaves: letters lie in var/outbox as .eml files.",
            (
                schemes("smtp", "smtp+tls", "smtp+ssl", "smtps", *TRIAL_MAIL),
                SERVER,
            ),
        ),
        Setting(
            "FROM_EMAIL",
            '"AI 简报 <desk@briefing.example.org>"',
            "The sender of confirmations and of mails about trainings.",
            (ADDRESS,),
        ),
        Setting(
            "NEWSLETTER_FROM_EMAIL",
            '"AI 简报 <weekly@briefing.example.org>"',
            "The sender of issues; FROM_EMAIL where not given.",
            (ADDRESS,),
        ),
        Setting(
            "EDITORS_EMAIL",
            "editor@example.org",
            "Who is told of offers to help, and of sources that fail or fall silent, with commas.",
            (ADDRESSES,),
        ),
    ],
    "where it runs; also e.g. `make run PORT=9000`": [
        Setting("PORT", "8000", "The port of the web process; two sites on one host need two.", (whole(1, 65_535),)),
        Setting("BIND", "127.0.0.1", "The address that `make run` listens on.", (HOST,)),
        Setting(
            "JIANBAO_VAR",
            "/var/lib/jianbao",
            "Database, queue, logs, outbox, static files; var/ of the checkout by default.",
            (FOLDER,),
        ),
        Setting("PYTHON", "python3.12", "What make builds .venv with: 3.11 or newer.", (ANY,)),
    ],
    "tests and proofs, from the real environment too": [
        Setting("TESTS", "tests/news", "make test: only these.", (ANY,)),
        Setting(
            "CHROMIUM", "/usr/bin/chromium", "The browser of the tests, where it is not found by its name.", (ANY,)
        ),
        Setting(
            "JIANBAO_SHARED",
            "../shared",
            "Real pages and data sets; tests that need them are left out without it.",
            (ANY,),
        ),
        Setting("JIANBAO_TESTING", "", "Set by the tests alone; production refuses to start with it.", (SWITCH,)),
    ],
}

if __name__ == "__main__":
    print(env_example(), end="")
