"""Mathematics, pictures and sounds in a question: drawn under the strict policy, readable without scripts."""

from __future__ import annotations

import struct
import wave
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK, PHONE, sign_in, watched

NEW = "/desk/banks/demo/new-question?kind={}"
STEM = r"""速度是多少? \(v=\frac{s}{t}\), \(\vec{v}\), \(a < b\)
$$\int_0^\infty e^{-x^2}\,dx
=\begin{cases}\frac{\sqrt\pi}{2}\\ \cancel{5}\end{cases}$$
And \(\frac{1\) stays, so does `\(x\)` in <code>\(y\)</code>."""


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (1200, 500), "teal").save(out, "PNG")
    return out.getvalue()


def sound() -> bytes:
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(struct.pack("<h", 0) * 8_000)
    return out.getvalue()


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def author(request: pytest.FixtureRequest, open_browser: Callable[..., BrowserContext]) -> Page:
    page = watched(open_browser(viewport=request.param, locale="en-GB").new_page())
    sign_in(page, "instructor")
    return page


def write(page: Page, stem: str, kind: str = "description") -> None:
    page.goto(NEW.format(kind))
    page.fill("[name=stem]", stem)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/questions/*")


def test_formulas_are_drawn_and_a_wrong_one_shows_its_source(
    author: Page, open_browser: Callable[..., BrowserContext]
) -> None:
    width = author.viewport_size["width"] if author.viewport_size else 0
    write(author, STEM + f"\n{width}")
    question = author.locator(".question").first
    expect(question.locator(".katex-html")).to_have_count(5)
    assert question.locator("math").count() == 5, "what a screen reader reads"
    expect(question.locator(".katex-display")).to_have_count(1)
    assert question.locator("code").all_inner_texts() == [r"\(\frac{1\)", r"\(y\)"]
    assert author.locator("[style*=color]", has_text="frac").count() == 0, "no red wall"
    arrow = question.locator("svg[viewBox^='0 0 471']").first.bounding_box()
    assert arrow
    assert arrow["width"] > 3, "the arrow over v has a width of its own"
    assert author.evaluate("document.documentElement.scrollWidth <= innerWidth")
    loaded = author.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
    assert {one.rpartition(".")[2] for one in loaded if "/katex/" in one} == {"js", "css", "woff2"}
    plain = open_browser(java_script_enabled=False, storage_state=author.context.storage_state()).new_page()
    plain.goto(author.url)
    expect(plain.locator(".question").first).to_contain_text(r"\(v=\frac{s}{t}\)")


def test_a_page_without_mathematics_fetches_none(author: Page) -> None:
    author.goto("/desk/banks/demo")
    author.wait_for_load_state("networkidle")
    assert not author.evaluate("performance.getEntriesByType('resource').some(one => one.name.includes('katex'))")


def test_a_picture_and_a_sound_are_put_where_the_author_wants_them(author: Page) -> None:
    width = author.viewport_size["width"] if author.viewport_size else 0
    author.goto(NEW.format("single_choice"))
    author.fill("[name=stem]", f"Which one, at {width}? ")
    author.locator("#files summary").click()
    for name, data, words in (("teal.png", picture(), "A teal field"), ("silence.wav", sound(), "")):
        author.set_input_files("[name=file]", {"name": name, "mimeType": "", "buffer": data})
        author.fill("[name=file_words]", words)
        author.get_by_role("button", name="Upload", exact=True).click()
        author.wait_for_load_state()
    inserts = author.locator("#files [data-insert]")
    expect(inserts).to_have_count(2)
    author.locator("[name=options-0-text]").focus()
    inserts.nth(0).click()
    author.locator("[name=stem]").focus()
    author.keyboard.press("Control+End")
    inserts.nth(1).click()
    author.locator("[name=options-0-right]").check()
    author.fill("[name=options-1-text]", "another")
    author.get_by_role("button", name="Save", exact=True).click()
    author.wait_for_url("**/questions/*")
    shown = author.locator(".choice img").first
    expect(shown).to_have_attribute("alt", "A teal field")
    assert author.evaluate("image => image.complete && image.naturalWidth", shown.element_handle()) == 1200
    assert author.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the picture fits the screen"
    length = """sound => new Promise((tell) => {
        sound.onloadedmetadata = () => tell(sound.duration);
        sound.preload = "metadata";
        sound.load();
    })"""
    assert author.evaluate(length, author.locator("audio").first.element_handle()) == 1
