"""The manual's pictures: real pages of the demo in both languages, each a WebP file of at most 25 kB.

`python -m scripts.manual_pictures --only progress` takes one of them anew, and leaves the others.
"""

from __future__ import annotations

import argparse
import io
import shutil
import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from scripts import find_chromium
from tests.browser.conftest import FLAGS, sign_in
from tests.server import served

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "learnhub" / "web" / "static" / "manual"
QUESTIONS = ROOT / "tests" / "data" / "q-gift" / "mc5.gift"
LANGUAGES = {"zh_Hans": "zh-CN", "en": "en-GB"}
LARGEST = 25_000
QUALITIES = (82, 74, 66, 58, 50, 42, 34, 26)
PHONE = {"width": 390, "height": 700}
DESK = {"width": 1280, "height": 800}
DESK_KEPT = 800
STILL = "*, ::before, ::after { animation: none !important; transition: none !important; caret-color: transparent }"


def nothing(_page: Page) -> None:
    """Take the page as it opens."""


def answer(page: Page) -> None:
    """Begin the daily quiz, or go on with it, and answer a question of its first page: the day says which."""
    page.locator("main form button.btn-primary, main a.btn-primary").first.click()
    page.wait_for_load_state()
    page.locator("fieldset.question").first.wait_for()
    choice = page.locator("fieldset.question").locator("input[type=radio], input[type=checkbox]")
    text = page.locator("fieldset.question input.form-control:visible")
    if choice.count():
        choice.first.check()
    elif text.count():
        text.first.fill("3")
    else:
        return
    page.locator("fieldset.question .save-state[data-state=saved]").first.wait_for()


def preview(page: Page) -> None:
    """Bring in a file as far as its preview."""
    page.set_input_files("main input[type=file]", str(QUESTIONS))
    page.locator("main form:has(input[type=file]) button[type=submit]").last.click()
    page.locator("form[action*=accept]").first.wait_for()


def to_the_table(page: Page) -> None:
    """Scroll to the list of members."""
    page.locator("main table").first.evaluate("table => scrollTo(0, table.getBoundingClientRect().top + scrollY - 160)")


@dataclass(frozen=True)
class Shot:
    """One picture: who opens which page on what, and what they do there first."""

    name: str
    account: str
    path: str
    desk: bool = False
    before: Callable[[Page], None] = nothing


SHOTS = (
    Shot("sign-in", "", "/sign-in"),
    Shot("home", "member", "/"),
    Shot("courses", "member", "/courses/network-security"),
    Shot("quizzes", "member", "/quizzes/daily", before=answer),
    Shot("study-hours", "member", "/hours"),
    Shot("points", "member", "/points"),
    Shot("boards", "member", "/boards"),
    Shot("transcripts", "member", "/transcript"),
    Shot("making-courses", "instructor", "/desk/courses", desk=True),
    Shot("question-banks", "instructor", "/desk/banks/demo", desk=True),
    Shot("importing-questions", "instructor", "/desk/banks/demo/import", desk=True, before=preview),
    Shot("making-quizzes", "instructor", "/desk/quizzes/new?bank=demo", desk=True),
    Shot("papers", "instructor", "/desk/banks/demo/new-papers", desk=True),
    Shot("members", "secretary", "/units", desk=True),
    Shot("progress", "secretary", "/units/B1", desk=True, before=to_the_table),
    Shot("score-sheets", "secretary", "/units/B1", desk=True),
    Shot("units", "admin", "/units/B1/settings", desk=True),
    Shot("points-rules", "admin", "/points/rules", desk=True),
    Shot("audit-trail", "admin", "/audit", desk=True),
    Shot("system", "admin", "/status", desk=True),
)


def small(shot: bytes, width: int) -> bytes:
    """The picture at its width, in the best quality that fits."""
    with Image.open(io.BytesIO(shot)) as taken:
        height = taken.height * width // taken.width
        picture = taken.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
    for quality in QUALITIES:
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= LARGEST:
            return out.getvalue()
    raise SystemExit("a picture of the manual does not fit in 25 kB; show less of its page")


def take(browser: Browser, address: str, language: str, shot: Shot, session: Path) -> bytes:
    """One picture; the first of each account signs in, sends the tour away and keeps its session for the others."""
    context = browser.new_context(
        base_url=address,
        viewport=DESK if shot.desk else PHONE,
        locale=LANGUAGES[language],
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        service_workers="block",
        bypass_csp=True,
        storage_state=session if session.exists() else None,
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    if shot.account and not session.exists():
        sign_in(page, shot.account)
        tour = page.locator(".tour-card form button")
        if tour.count():
            tour.click()
            page.wait_for_load_state()
        context.storage_state(path=session)
    page.goto(shot.path)
    shot.before(page)
    page.add_style_tag(content=STILL)
    taken = page.screenshot(animations="disabled")
    context.close()
    return small(taken, DESK_KEPT if shot.desk else PHONE["width"])


def main(only: Collection[str]) -> None:
    """Serve the demo, and replace all pictures, or those of some chapters."""
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as running,
        served(Path(folder)) as server,
    ):
        browser = running.chromium.launch(executable_path=find_chromium.find(), args=FLAGS)
        made = {
            (language, shot.name): take(
                browser, server.url, language, shot, Path(folder) / f"{language}-{shot.account}.json"
            )
            for language in LANGUAGES
            for shot in SHOTS
            if not only or shot.name in only
        }
        browser.close()
    if not only:
        shutil.rmtree(TARGET, ignore_errors=True)
    for (language, name), picture in made.items():
        place = TARGET / language / f"{name}.webp"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(picture)
    print(f"{len(made)} pictures in {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    words.add_argument("--only", action="append", default=[], choices=[shot.name for shot in SHOTS])
    main(words.parse_args().only)
