#!/usr/bin/env python
"""Django's command line; starts the embedded services for commands that need them."""

import os
import sys

from django.core.management import execute_from_command_line

from digest import embedded

# Commands that touch neither the database nor the broker.
BARE = {"help", "version", "--help", "--version", "messages", "extract", "prepare_model", "run"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "digest.settings")
    if len(sys.argv) > 1 and sys.argv[1] not in BARE:
        embedded.hold_or_exit()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
