"""The design page looks as it did: every component, both languages, both themes, large type and high contrast.

The pictures in tests/data/design are small, so that a hair's breadth of another font does not count; a component that
moved, grew or changed its colour does. `make design` takes them anew after a change that was meant: look at them.
"""

from __future__ import annotations

import io
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser

from tests.server import Server, served

KEPT = Path(__file__).parents[1] / "data" / "design"
WRITE = os.environ.get("LEARNHUB_DESIGN") == "write"
SMALLER = 3
"""The kept pictures are a third as wide as the page."""
DIFFERENT = 48
"""Of 255: less is a matter of fonts."""
MOST = 0.01
"""The share of a picture that may differ."""
LOOKS = {"light": ("light", ""), "dark": ("dark", ""), "contrast": ("light", "contrast"), "large": ("light", "large")}


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server in development, where the design page exists."""
    with served(tmp_path_factory.mktemp("workshop"), demo=False, FLASK_DEBUG="1") as running:
        yield running


def small(picture: bytes) -> Image.Image:
    """A screenshot as it is kept."""
    with Image.open(io.BytesIO(picture)) as taken:
        size = (taken.width // SMALLER, taken.height // SMALLER)
        return taken.convert("RGB").resize(size, Image.Resampling.BOX)


def difference(one: Image.Image, other: Image.Image) -> float:
    """The share of two pictures that differs plainly; 1 when their sizes do by more than a line of text."""
    if one.width != other.width or abs(one.height - other.height) > 12:
        return 1.0
    height = min(one.height, other.height)
    box = (0, 0, one.width, height)
    changes = ImageChops.difference(one.crop(box), other.crop(box)).convert("L").point(lambda p: 255 * (p > DIFFERENT))
    return changes.histogram()[255] / (one.width * height)


PICTURES = [
    (width, language, look)
    for width, language, look in itertools.product((390, 1280), ("zh-CN", "en-GB"), LOOKS)
    if look in ("light", "dark") or (width == 390) == (language == "zh-CN")
]
"""Both themes at both widths in both languages; contrast and large type on a phone in Chinese, a desk in English."""


@pytest.mark.parametrize(("width", "language", "look"), PICTURES)
def test_every_component_looks_as_it_did(
    browser: Browser, workshop: Server, tmp_path: Path, width: int, language: str, look: str
) -> None:
    scheme, cookie = LOOKS[look]
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        locale=language,
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        service_workers="block",
        timezone_id="Asia/Shanghai",
    )
    context.add_cookies([{"name": "look", "value": cookie or "-", "url": workshop.url}])
    page = context.new_page()
    page.goto(f"{workshop.url}/design")
    page.wait_for_load_state("networkidle")
    seen = small(page.screenshot(full_page=True, animations="disabled"))
    context.close()
    path = KEPT / f"{width}-{language[:2]}-{look}.webp"
    if WRITE:
        path.parent.mkdir(parents=True, exist_ok=True)
        seen.save(path, "WEBP", quality=70, method=6)
    with Image.open(path) as kept:
        share = difference(seen, kept.convert("RGB"))
    if share > MOST:
        seen.save(tmp_path / path.name)
    assert share <= MOST, f"{share:.1%} of {path.name} changed; now: {tmp_path / path.name}. Meant? Then: make design"


def test_a_changed_component_would_be_seen() -> None:
    plain = Image.new("RGB", (130, 400), "white")
    moved = plain.copy()
    moved.paste("red", (10, 100, 60, 120))
    assert difference(plain, moved) > MOST
    assert difference(plain, plain.crop((0, 0, 130, 380))) == 1.0
    assert difference(plain, plain.copy()) == 0
