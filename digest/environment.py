"""Reads `.env` into the environment, before anything asks it; what is set in the real environment wins."""

import os
from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent

# The tests say themselves what they run on.
if not os.environ.get("JIANBAO_TESTING") and (BASE_DIR / ".env").exists():
    environ.Env.read_env(BASE_DIR / ".env")
