"""What is looked at on every page that is walked: axe-core, overflow, targets for a thumb, the way of the keyboard."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

THEMES = ("light", "dark", "contrast")
LANGUAGES = ("zh_Hans", "en")
WIDTHS = (390, 1280, 320)
"""A phone, a desk, and a desk at 400% zoom (WCAG 1.4.10)."""
SIZES = ("normal", "large")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
MOST_TABS = 120


@dataclass(frozen=True)
class Setting:
    """How a page is looked at."""

    theme: str
    language: str
    width: int
    size: str

    def pairs(self) -> Iterator[tuple[str | int, str | int]]:
        """Every two of its values."""
        return itertools.combinations((self.theme, self.language, self.width, self.size), 2)

    def show(self, page: Page) -> None:
        """Turn the window and the device's theme into this."""
        page.set_viewport_size({"width": self.width, "height": 844 if self.width < 600 else 900})
        page.emulate_media(color_scheme="dark" if self.theme == "dark" else "light")

    def apply(self, context: BrowserContext, page: Page, address: str) -> None:
        """Turn the browser into this: the window, the device's theme, and the cookies of the two menus."""
        self.show(page)
        look = ".".join(
            word for word in ("contrast" if self.theme == "contrast" else "", self.size) if word not in ("", "normal")
        )
        cookies: list[Any] = [
            {"name": "language", "value": self.language, "url": address},
            {"name": "look", "value": look or "-", "url": address},
        ]
        context.add_cookies(cookies)

    def __str__(self) -> str:
        return f"{self.theme} {self.language} {self.width} {self.size}"


def every_setting() -> list[Setting]:
    """All settings, in an order in which the first few hold every pair of values: each next one adds the most new."""
    left = [Setting(*values) for values in itertools.product(THEMES, LANGUAGES, WIDTHS, SIZES)]
    order: list[Setting] = []
    seen: set[tuple[str | int, str | int]] = set()
    while left:
        best = max(left, key=lambda one: len(set(one.pairs()) - seen))
        left.remove(best)
        order.append(best)
        seen.update(best.pairs())
    return order


RUN = """async (options) => {
  const isSticky = (one) => one && (getComputedStyle(one).position === "sticky" || isSticky(one.parentElement));
  const liesOver = ({ relatedNodes }) => relatedNodes.some(({ target }) => isSticky(document.querySelector(target[0])));
  const { violations } = await axe.run(options);
  const found = violations.map(({ id, impact, nodes }) => ({ id, impact, html: nodes.filter(
    ({ any }) => id !== "target-size" || !any.some(liesOver)
  ).map(({ html }) => html) }));
  const said = ({ id, impact, html }) => `${id} (${impact}): ${html[0].slice(0, 160)}`;
  return found.filter(({ html }) => html.length).map(said);
}"""
"""What axe-core finds, a line each; but not that a sticky bar covers a part of what can be scrolled from under it."""


def faults_of(page: Page, axe: Axe) -> list[str]:
    """What is wrong with the page as it stands, a line each."""
    page.evaluate(axe.axe_script)
    found: list[str] = page.evaluate(RUN, OPTIONS)
    return found + overflow(page)


def overflow(page: Page) -> list[str]:
    """By how much the page is wider than the window, if it is."""
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{width} px wider than the window, by {page.evaluate(WIDEST)}"] if width > 1 else []


WIDEST = """() => {
  const edge = document.documentElement.clientWidth;
  const right = (one) => one.getBoundingClientRect().right;
  const wide = [...document.querySelectorAll("main *, header *")].filter((one) => right(one) > edge + 1);
  return wide.length ? wide[wide.length - 1].outerHTML.slice(0, 120) : "nothing in main";
}"""

SMALL = """() => {
  const small = [];
  const controls = "a[href], button, summary, select, input:not([type=hidden]), textarea";
  for (const one of document.querySelectorAll(controls)) {
    if (one.closest(".prose, .visually-hidden, .skip, .toasts, dialog:not([open])")) continue;
    if (one.matches(".stretched, .visually-hidden")) continue;
    const box = (one.closest("label") || one).getBoundingClientRect();
    if (!box.width || getComputedStyle(one).visibility === "hidden") continue;
    const inText = getComputedStyle(one).display === "inline" && one.closest("p, li, dd, td, .notice, .meta");
    if (inText || (box.height >= 43.5 && box.width >= 43.5)) continue;
    small.push(`${Math.round(box.width)}×${Math.round(box.height)} ${one.outerHTML.slice(0, 110)}`);
  }
  return small;
}"""


def small_targets(page: Page) -> list[str]:
    """Links and controls smaller than a thumb (44 px), but for links within a sentence."""
    return [f"smaller than a thumb: {one}" for one in page.evaluate(SMALL)]


FOCUSABLE = """() => {
  const seen = { visibilityProperty: true, opacityProperty: true };
  const shown = (one) => one.checkVisibility(seen) && one.getBoundingClientRect().width > 1;
  const controls = "a[href], button, summary, select, textarea, input:not([type=hidden])";
  const all = [...document.querySelectorAll(`main :is(${controls})`)];
  const groups = new Set();
  const wanted = all.filter((one) => {
    if (one.matches(":disabled, [inert] *") || one.tabIndex < 0 || !shown(one)) return false;
    if (one.type !== "radio") return true;
    const first = !groups.has(one.name);
    groups.add(one.name);
    return first;
  });
  wanted.forEach((one, n) => { one.dataset.walk = one.type === "radio" ? "radio:" + one.name : String(n); });
  for (const one of all) if (one.type === "radio") one.dataset.walk = "radio:" + one.name;
  return wanted.map((one) => one.dataset.walk);
}"""

IS_MARKED = """
  const marked = (element, pseudo) => {
    const style = getComputedStyle(element, pseudo);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  };
  const isMarked = (one) => {
    const label = one.closest("label");
    return marked(one) || marked(one, "::after") || (label && marked(label));
  };"""

NOTE_FOCUS = (
    f"""() => {{{IS_MARKED}"""
    """
  const way = { reached: new Set(), unseen: [] };
  document.addEventListener("focusin", ({ target: one }) => {
    if (one.dataset.walk === undefined) return;
    way.reached.add(one.dataset.walk);
    if (!isMarked(one)) way.unseen.push(one.outerHTML.slice(0, 110));
  });
  document.querySelector("main").focus();
  window.wayOfTheKeyboard = way;
}"""
)
FOCUS_EACH = (
    f"""() => {{{IS_MARKED}"""
    """
  const unseen = [];
  for (const one of document.querySelectorAll("main [data-walk]")) {
    if (!one.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    one.focus({ preventScroll: true });
    if (document.activeElement === one && !isMarked(one)) unseen.push(one.outerHTML.slice(0, 110));
  }
  return unseen;
}"""
)
THE_WAY = "() => ({ reached: [...wayOfTheKeyboard.reached], unseen: wayOfTheKeyboard.unseen })"


def focus_faults(page: Page) -> list[str]:
    """Focus each control of the main part by script, after a key, so that the browser marks it: is the mark seen?"""
    page.evaluate(FOCUSABLE)
    page.keyboard.press("Tab")
    return [f"no visible focus on {html}" for html in page.evaluate(FOCUS_EACH)]


def keyboard_faults(page: Page) -> list[str]:
    """Walk the page with the Tab key: whatever can be used in its main part is reached, and is seen to be focused."""
    wanted = page.evaluate(FOCUSABLE)[:MOST_TABS]
    page.evaluate(NOTE_FOCUS)
    parts = page.locator("main input[type=date], main input[type=datetime-local], main video, main audio").count()
    left, steps = set(wanted), len(wanted) + 8 + 7 * parts
    way = {"reached": [], "unseen": []}
    while left and steps > 0:
        now = min(len(left), steps)
        for _step in range(now):
            page.keyboard.press("Tab")
        steps -= now
        way = page.evaluate(THE_WAY)
        left = set(wanted) - set(way["reached"])
    faults = [f"no visible focus on {html}" for html in way["unseen"]]
    missed = [one for one in wanted if one in left]
    return faults + [f"the keyboard does not reach {len(missed)} of {len(wanted)}: {missed[:5]}"] * bool(missed)
