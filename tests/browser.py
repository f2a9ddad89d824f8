"""Makes sure that a browser and Chinese fonts are here: installs them as root on Debian, else says what to install."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PACKAGES = ("chromium", "fonts-noto-cjk")


def find() -> str:
    """The path of a Chromium, or "" where there is none; CHROMIUM names another."""
    return os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), "")


def has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True).stdout.strip())


def main() -> None:
    if find() and has_chinese_font():
        return
    if os.getuid() or not Path("/etc/debian_version").exists():
        sys.exit(f"jianbao: the browser tests need Chromium and Chinese fonts; install {' and '.join(PACKAGES)}")
    print(f"jianbao: installing {' '.join(PACKAGES)}", flush=True)
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", *PACKAGES]):
        done = subprocess.run(
            command, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, capture_output=True, text=True
        )
        if done.returncode:
            sys.exit(f"jianbao: {' '.join(command)} failed: {(done.stderr.strip().splitlines() or ['no word'])[-1]}")
    if not (find() and has_chinese_font()):
        sys.exit(f"jianbao: {' '.join(PACKAGES)} are installed, but no browser or no Chinese font is found")


if __name__ == "__main__":
    main()
