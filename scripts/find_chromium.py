"""Find a Chromium for the browser tests, or get one: apt as root, else Playwright's own download."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SHELL = "chromium-headless-shell"
"""Debian's package and command: the same engine without windows, which opens pages for two fifths of the CPU."""
ADVICE = (
    "No Chromium for the browser tests could be had. Install one (Debian: apt-get install chromium; "
    "elsewhere: .venv/bin/playwright install chromium), or run the tests without them: "
    "LEARNHUB_TESTS=nobrowser make test"
)


def find() -> str | None:
    """The path of a Chromium on this machine; None when there is none."""
    named = os.environ.get("LEARNHUB_CHROMIUM")
    if named:
        return named
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    return _downloaded("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium")


def find_light() -> str | None:
    """The path of a Chromium without windows for the tests; of any other where there is none."""
    shell = shutil.which(SHELL) or _downloaded("chromium_headless_shell-*/chrome-*/*headless[_-]shell")
    return find() if "LEARNHUB_CHROMIUM" in os.environ or not shell else shell


def _downloaded(*patterns: str) -> str | None:
    cache = Path.home() / ".cache" / "ms-playwright"
    return next((str(path) for one in patterns for path in sorted(cache.glob(one), reverse=True)), None)


def get() -> str | None:
    """Install one, quietly, the way that fits this machine."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False, stdout=subprocess.DEVNULL)
        for packages in (["chromium", "fonts-noto-cjk"], [SHELL]):
            subprocess.run(
                ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "--no-remove", *packages],
                check=False,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            )
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    return find()


def main() -> None:
    """Exit with a sentence when the browser tests are wanted and no browser can be had."""
    if os.environ.get("LEARNHUB_TESTS") == "nobrowser":
        return
    if not (find() or get()):
        raise SystemExit(ADVICE)


if __name__ == "__main__":
    main()
