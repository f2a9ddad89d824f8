"""The tests' settings in a server process, on the database of the test run that started it."""

import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ.get("WEB_DATABASE", "jianbao")
ALLOWED_HOSTS = ["*"]
