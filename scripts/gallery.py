"""The gallery: every page of every role, on a phone and a desk, in both languages and themes, as small WebP files.

`python -m scripts.gallery secretary --only /units/X --only /audit` takes the pictures of these kinds of page anew, and
leaves the others: for a change that others do not show.
"""

from __future__ import annotations

import argparse
import io
import itertools
import shutil
import tempfile
from collections.abc import Collection
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from scripts import find_chromium
from tests.browser.conftest import FLAGS
from tests.browser.walking import ROLES, Visit, file_name, walk
from tests.server import served

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "gallery"
QUALITY = 30
STILL = "*, ::before, ::after { animation: none !important; transition: none !important; caret-color: transparent; }"

IN_SIGHT = "() => [...document.images].every(one => one.complete || one.getBoundingClientRect().top > innerHeight)"
"""All pictures that can be seen are there."""


@dataclass(frozen=True)
class Variant:
    """One way to see a page: the window's width, the language, the theme."""

    width: int
    language: str
    theme: str

    @property
    def name(self) -> str:
        """As it stands in file names: `390-zh-light`."""
        return f"{self.width}-{self.language[:2]}-{self.theme}"

    @property
    def options(self) -> dict[str, Any]:
        """A browser profile of that kind."""
        return {
            "viewport": {"width": self.width, "height": 844 if self.width < 600 else 900},
            "locale": self.language,
            "timezone_id": "Asia/Shanghai",
            "color_scheme": self.theme,
            "reduced_motion": "reduce",
            "service_workers": "block",
        }

    @property
    def tallest(self) -> int:
        """The most of a page that is kept, in pixels."""
        return 1500 if self.width < 600 else 1200

    @property
    def kept_width(self) -> int:
        """The width of the picture, in pixels."""
        return 350 if self.width < 600 else 900


VARIANTS = [
    Variant(width, language, theme)
    for width, language, theme in itertools.product((390, 1280), ("zh-CN", "en-GB"), ("light", "dark"))
]


def picture(page: Page, variant: Variant) -> bytes:
    """The page from its top, fixed bars at their place, as WebP."""
    page.add_style_tag(content=STILL)
    height = min(int(page.evaluate("document.documentElement.scrollHeight")), variant.tallest)
    page.set_viewport_size({"width": variant.width, "height": max(height, variant.options["viewport"]["height"])})
    page.wait_for_function(IN_SIGHT)
    shot = page.screenshot(animations="disabled")
    page.set_viewport_size(variant.options["viewport"])
    with Image.open(io.BytesIO(shot)) as taken:
        width = variant.kept_width
        small = taken.convert("RGB").resize((width, taken.height * width // taken.width), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "WEBP", quality=QUALITY, method=6)
    return out.getvalue()


def role_pictures(address: str, role: str, folder: Path, only: Collection[str] = ()) -> list[Visit]:
    """Walk as a role in the first variant, then look at the same pages in all others; at these kinds `only`, if any.

    Gives every page of the walk.
    """
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=find_chromium.find(), args=FLAGS)
        context = fresh(browser, address, VARIANTS[0])
        page, visits = context.new_page(), []
        for visit in walk(page, role):
            visits.append(visit)
            if not only or visit.kind in only:
                keep(folder, role, visit, VARIANTS[0], picture(page, VARIANTS[0]))
        session = context.storage_state()
        context.close()
        for variant in VARIANTS[1:]:
            context = fresh(browser, address, variant, session)
            page = context.new_page()
            for visit in visits:
                if only and visit.kind not in only:
                    continue
                page.goto(visit.path)
                keep(folder, role, visit, variant, picture(page, variant))
            context.close()
        browser.close()
    return visits


def fresh(browser: Browser, address: str, variant: Variant, session: Any = None) -> BrowserContext:
    """A browser profile of a variant."""
    context = browser.new_context(base_url=address, storage_state=session, bypass_csp=True, **variant.options)
    context.set_default_timeout(60_000)
    return context


def keep(folder: Path, role: str, visit: Visit, variant: Variant, picture: bytes) -> None:
    """Put a picture where the index looks for it."""
    place = folder / role / f"{file_name(visit.kind)}.{variant.name}.webp"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(picture)


def index(walked: dict[str, list[Visit]]) -> str:
    """The gallery's page: a table for each role, a row for each page."""
    lines = ["# Gallery", "", "Every page of every role in the demo organisation, taken by `make screenshots`.", ""]
    for role, visits in walked.items():
        lines += [f"## {role.capitalize()}", "", "| page | " + " | ".join(one.name for one in VARIANTS) + " |"]
        lines += ["| --- " * (len(VARIANTS) + 1) + "|"]
        for visit in visits:
            name = file_name(visit.kind)
            cells = (f"[picture]({role}/{name}.{one.name}.webp)" for one in VARIANTS)
            lines.append(f"| `{visit.kind}` | " + " | ".join(cells) + " |")
        lines.append("")
    return "\n".join(lines)


def main(roles: list[str], only: Collection[str]) -> None:
    """Serve the demo, walk it as each role, and replace the roles' pictures, or those of some kinds of page."""
    with tempfile.TemporaryDirectory() as instance, served(Path(instance)) as server:
        for role in () if only else roles:
            shutil.rmtree(TARGET / role, ignore_errors=True)
        with ProcessPoolExecutor(2) as pool:
            taken = {role: pool.submit(role_pictures, server.url, role, TARGET, only) for role in roles}
            walked = {role: job.result() for role, job in taken.items()}
    if len(walked) == len(ROLES):
        (TARGET / "README.md").write_text(index(walked), encoding="utf-8")
    shown = sum(len(visits) for visits in walked.values()) * len(VARIANTS)
    print(f"{shown} pictures in {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    words.add_argument("roles", nargs="*", choices=[*ROLES, []], help="whose pages; all roles, if none is named")
    words.add_argument("--only", action="append", default=[], metavar="KIND", help="a kind of page, such as /units/X")
    chosen = words.parse_args()
    main(chosen.roles or list(ROLES), chosen.only)
