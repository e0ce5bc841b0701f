"""Draw the icons of the home screen from the mark: Chromium draws the SVG, Pillow keeps it as a small PNG."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from scripts import find_chromium
from tests.browser.conftest import FLAGS

FOLDER = Path(__file__).resolve().parents[1] / "learnhub" / "web" / "static" / "img"
ROUNDED = {"icon-192.png": 192, "icon-512.png": 512}
FULL = {"icon-maskable-192.png": 192, "icon-maskable-512.png": 512, "icon-apple-180.png": 180}
"""To the edges, since the phone cuts these itself; the mark's book lies within the circle that is always seen."""
CORNERS = ' rx="8"'


def main() -> None:
    """Write every icon next to the mark."""
    mark = (FOLDER / "mark.svg").read_text(encoding="utf-8")
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=find_chromium.find(), args=FLAGS)
        page = browser.new_page()
        for name, size in {**ROUNDED, **FULL}.items():
            drawn = mark if name in ROUNDED else mark.replace(CORNERS, "")
            page.set_viewport_size({"width": size, "height": size})
            page.set_content(f"<style>body {{ margin: 0 }} svg {{ display: block; width: {size}px }}</style>{drawn}")
            with Image.open(io.BytesIO(page.screenshot(omit_background=True))) as picture:
                few = picture.quantize(32, method=Image.Quantize.FASTOCTREE)
                few.save(FOLDER / name, optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
