"""The labelled real pages, where the shared folder is at hand: every field of all 62 must be right."""

import importlib.util
import json
import os
from pathlib import Path

import pytest

from news.extract import read

SHARED = Path(os.environ.get("JIANBAO_SHARED", Path(__file__).resolve().parents[4] / "shared"))
CORPUS = SHARED / "corpus"

pytestmark = pytest.mark.skipif(
    not (CORPUS / "gold.jsonl").exists(),
    reason="the labelled pages are third-party text and not in the repository; set JIANBAO_SHARED to their folder",
)


def gold() -> list[dict]:
    if not (CORPUS / "gold.jsonl").exists():
        return []
    return [json.loads(line) for line in (CORPUS / "gold.jsonl").read_text("utf-8").splitlines() if line.strip()]


@pytest.fixture(scope="module")
def grade():
    spec = importlib.util.spec_from_file_location("grade", CORPUS / "grade.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.grade


@pytest.mark.parametrize("label", gold(), ids=lambda label: label["file"])
def test_a_real_page_is_read_right(label, grade):
    page = read((CORPUS / label["file"]).read_bytes())
    found = {
        "state": page.state,
        "title": page.title,
        "account": page.account,
        "published": page.published.isoformat() if page.published else None,
        "text": page.text,
        "images": page.images,
    }
    assert [(field, message) for field, right, message in grade(label, found) if not right] == []
