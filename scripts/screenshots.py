"""The pictures of the README: the browser walk, kept as small WebP files."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "screenshots"
WIDTH = 390
DESK_WIDTH = 960


def main() -> None:
    """Walk, and replace the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "pytest", "tests/browser/test_walk.py", "-n", "0"],
            check=True,
            cwd=ROOT,
            env={**os.environ, "LEARNHUB_SCREENSHOTS": folder},
        )
        TARGET.mkdir(parents=True, exist_ok=True)
        for old in TARGET.glob("*.webp"):
            old.unlink()
        for path in sorted(Path(folder).glob("*.png")):
            with Image.open(path) as picture:
                width = min(picture.width, WIDTH if picture.width <= WIDTH else DESK_WIDTH)
                small = picture.convert("RGB").resize((width, picture.height * width // picture.width))
                small.save(TARGET / f"{path.stem}.webp", quality=80, method=6)
    print(f"{len(list(TARGET.glob('*.webp')))} pictures in {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
