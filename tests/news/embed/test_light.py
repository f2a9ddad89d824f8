"""Who does not encode loads no heavy library; who encodes on a CPU does not load torch."""

import os
import subprocess
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parents[3]
HEAVY = {"torch", "transformers", "sentence_transformers", "onnx", "onnxruntime", "tokenizers"}
START = """
import sys, django
django.setup()
from django.core.management import get_commands
import digest.urls, digest.wsgi, digest.celery, digest.schedule, news.tasks, news.steps, news.embed.stored
import digest.mailing.tasks, digest.briefings.tasks
"""
ENCODE = """
from news.embed import encoder
assert encoder().encode(["芯片"]).shape == (1, 384)
"""
TELL = f"print(sorted({HEAVY} & set(sys.modules)))"


def loaded(program: str) -> str:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, "-c", program], cwd=BASE, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_pages_the_queue_and_the_other_workers_load_none() -> None:
    assert loaded(START + TELL) == "[]"


def test_encoding_on_a_cpu_loads_no_torch() -> None:
    assert loaded(START + ENCODE + TELL) == "['onnxruntime', 'tokenizers']"
