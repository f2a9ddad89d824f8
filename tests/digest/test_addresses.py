"""One spelling a mailbox; what no relay could deliver is refused before it is stored."""

import json
import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.addresses import folded, is_role, normalise

ACCEPTED = {
    "user+tag@gmail.com": "user+tag@gmail.com",
    "A@B.CO": "a@b.co",
    " a@b.co \n": "a@b.co",
    "a@ｂ.co": "a@b.co",
    "ａｄａ＠ｂ．ｃｏ": "ada@b.co",
    "a@b。co": "a@b.co",
    "user@例子.公司": "user@xn--fsqu00a.xn--55qx5d",
    "ada@exаmple.com": "ada@xn--exmple-4nf.com",
    "+1@b.co": "+1@b.co",
    "o'neil@b.co": "o'neil@b.co",
    "postmaster@b.co": "postmaster@b.co",
}
REFUSED = [
    "用户@例子.公司",
    "İ@b.co",
    "\u212a@b.co",
    "a@b.co\u200b",
    "a@b\u200b.co",
    "a\u00ad@b.co",
    "a@b.co\u202e",
    "a@localhost",
    "a@b.localhost",
    "a@[127.0.0.1]",
    "a@127.0.0.1",
    "x" * 65 + "@b.co",
    "a" * 64 + "@" + ".".join(["b" * 63] * 3) + ".co",
    "a@b.co\r\nBcc: victim@x.example",
    "a@b.co%0d%0aBcc:x@y.example",
    "a@b.co,c@d.co",
    "Name <a@b.co>",
    "a@b.co?subject=x",
    '"quoted space"@example.com',
    "'; DROP TABLE subscriber;--@b.co",
    "a..b@c.co",
    ".a@b.co",
    "a@-b.co",
    "a@b..co",
    "a@b.co.",
    "@b.co",
    "a@",
    "",
    "a" * 10_000,
]


@pytest.mark.parametrize(("typed", "stored"), ACCEPTED.items())
def test_accepted(typed, stored):
    assert normalise(typed) == stored


@pytest.mark.parametrize("typed", REFUSED)
def test_refused(typed):
    with pytest.raises(ValidationError):
        normalise(typed)


def test_the_shared_cases(shared):
    """Each address of the list of attacks; the entries that describe a conduct are tested beside the views."""
    cases = json.loads((shared / "attack_cases.json").read_text(encoding="utf-8"))
    said = {case["id"]: case for case in cases if case["area"] == "email-address"}
    refused = [5, 7, 8, *range(10, 22)]
    for number in refused:
        with pytest.raises(ValidationError):
            normalise(said[f"EMAIL-{number:03}"]["input"])
    for number in (1, 4, 6, 9, 22):
        normalise(said[f"EMAIL-{number:03}"]["input"])


def test_limits_count_the_mailbox_and_not_its_spellings():
    assert {folded(a) for a in ("u.s.er@gmail.com", "user+x@googlemail.com", "user@gmail.com")} == {"user@gmail.com"}
    assert folded("u.s+er@b.co") == "u.s@b.co"
    assert folded("+1@b.co") == "+1@b.co"


def test_offices():
    assert [is_role(a) for a in ("abuse@b.co", "noreply+x@b.co", "ada@b.co")] == [True, True, False]


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(st.text(max_size=40), st.emails(), st.builds("{}@{}".format, st.text(max_size=9), st.text(max_size=9)))
)
def test_whatever_is_accepted_is_plain_and_stays_as_it_is(typed):
    try:
        stored = normalise(typed)
    except ValidationError:
        return
    assert re.fullmatch(r"[!-?A-~]+@[a-z0-9.-]+\.[a-z0-9-]+", stored)
    assert len(stored) <= 254
    assert normalise(stored) == stored
