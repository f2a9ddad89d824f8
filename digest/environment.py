"""Reads `.env` into the environment, before anything asks it; what is set in the real environment wins."""

import os
import sys
from pathlib import Path
from typing import Any

import environ

BASE_DIR = Path(__file__).resolve().parent.parent

# The tests say themselves what they run on.
if not os.environ.get("JIANBAO_TESTING") and (BASE_DIR / ".env").exists():
    environ.Env.read_env(BASE_DIR / ".env")


class Environment(environ.Env):  # type: ignore[misc]
    """Ends the process with one line where a value cannot be understood; takes an empty value for none."""

    def get_value(self, var: str, *args: Any, **kwargs: Any) -> Any:
        if os.environ.get(var) == "" and "default" in kwargs:
            return kwargs["default"]
        try:
            return super().get_value(var, *args, **kwargs)
        except ValueError:
            sys.exit(f"jianbao: {var}={os.environ.get(var)!r} cannot be understood; .env.example says what it takes")

    def url(self, var: str, *schemes: str) -> str:
        """An address of one of these schemes, "" where it is not set. It is never shown: it may hold a password."""
        value = str(self.str(var, default=""))
        if value and value.partition("://")[0] not in schemes:
            sys.exit(f"jianbao: {var} must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        return value
