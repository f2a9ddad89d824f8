"""The four groups that a new site has. Made once; from then on they are the operator's to change, rename or delete."""

from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions

READS = "view"
WRITES = "view add change delete"

# App: permissions, as "codenames: models". A permission of its own stands without a model.
AUTHOR = {
    "news": {"article topic story name snapshot picture summary lead": READS, "lead": "add"},
    "briefings": {"briefing": "view add change", "item": WRITES, "reported": READS},
}
EDITOR = {
    "news": {
        "article story watch": "view change",
        "articletopic topic topicexample name alias picture": WRITES,
        "source snapshot summary host": READS,
        "lead": "view add",
    },
    "briefings": {"briefing item": WRITES, "reported": "view change", "": "correct_briefing"},
    "events": {"tour event": WRITES},
    "intake": {"tip": "view change"},
}
PUBLISHER = {
    "briefings": {"briefing": "view add", "item": READS, "": "publish_briefing"},
    "mailing": {"mailing delivery": READS, "": "send_mailing"},
    "outgoing": {"mailhold": READS, "": "release_mail"},
}
OPERATOR = {
    "auth": {"user group": WRITES, "permission": READS},
    "news": {"source": WRITES, "host": "view change", "article watch picture": READS},
    "mailing": {
        "mailing": READS,
        "": "view_outbox",
        "delivery": READS,
        "subscriber": "view change delete",
        "consent": READS,
    },
    "outgoing": {"mailhold": READS, "": "release_mail"},
    "events": {"tour event": READS, "signup offer": "view change delete", "": "export_signup"},
    "intake": {"token": WRITES},
}
GROUPS = {"作者": AUTHOR, "编辑": EDITOR, "发布者": PUBLISHER, "运维": OPERATOR}


def make_groups(using: str = "default", **_signal: Any) -> None:
    """After each migrate: make the groups that were never made. One that an operator changed or deleted stays so."""
    from digest.accounts.models import MadeGroup

    missing = set(GROUPS) - set(MadeGroup.objects.using(using).values_list("name", flat=True))
    if not missing:
        return
    for config in apps.get_app_configs():  # those of apps further down have not been made yet
        create_permissions(config, verbosity=0, using=using)
    for name in sorted(missing):
        _make(name, using)


def codenames(name: str) -> set[tuple[str, str]]:
    """(app, codename) of each permission that the group begins with."""
    found = set()
    for app, rows in GROUPS[name].items():
        for models, words in rows.items():
            found |= {
                (app, f"{word}_{model}" if model else word)
                for word in words.split()
                for model in models.split() or [""]
            }
    return found


def _make(name: str, using: str) -> None:
    from django.contrib.auth.models import Group, Permission

    from digest.accounts.models import MadeGroup

    group, is_new = Group.objects.using(using).get_or_create(name=name)
    MadeGroup.objects.using(using).get_or_create(name=name)
    if not is_new:  # an operator's own group of that name
        return
    known = {
        (one.content_type.app_label, one.codename): one
        for one in Permission.objects.using(using).select_related("content_type")
    }
    group.permissions.set([known[key] for key in codenames(name)])
