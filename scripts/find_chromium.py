"""Find a Chromium for the browser tests, or get one: apt as root, else Playwright's own download."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
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
    cache = Path.home() / ".cache" / "ms-playwright"
    for pattern in ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium"):
        for path in sorted(cache.glob(pattern), reverse=True):
            return str(path)
    return None


def get() -> str | None:
    """Install one, quietly, the way that fits this machine."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False, stdout=subprocess.DEVNULL)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-noto-cjk"],
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
