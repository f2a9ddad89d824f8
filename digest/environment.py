"""Reads `.env` into the environment, before anything asks it; what is set in the real environment wins."""

import os
from pathlib import Path
from typing import Any

import environ

from digest.setting_table import problems

BASE_DIR = Path(__file__).resolve().parent.parent

# The tests say themselves what they run on.
if not os.environ.get("JIANBAO_TESTING") and (BASE_DIR / ".env").exists():
    environ.Env.read_env(BASE_DIR / ".env")


class Environment(environ.Env):  # type: ignore[misc]
    """Takes an empty value for none, and a wrong one too: `wrong` says what is wrong, for settings.py to end with."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong = problems(os.environ)

    def get_value(self, var: str, *args: Any, **kwargs: Any) -> Any:
        if "default" in kwargs and (os.environ.get(var) == "" or var in self.wrong):
            return kwargs["default"]
        return super().get_value(var, *args, **kwargs)
