"""Every page in every setting, each rule where its answer can differ: what `make a11y` does.

A page is loaded once in each language and turned into the other settings in place: the window, the device's theme, and
what the server would write for the cookie `look` (a test compares the two). What is loaded so stands in eighteen
settings, and for each of them the page's *prints* are taken; a rule is asked again when what it depends on is new:

- **DOM rules** (all of axe-core's WCAG 2.2 AA and best practices but the four below) read elements, attributes, words
  and what is shown. They run once for each load and each new print of what is shown (`seen`).
- **Geometry** (`target-size`, `scrollable-region-focusable`, no sideways scrolling, targets for a thumb) reads where
  the boxes are. It runs for each load and each new print of all boxes (`places`): every width and size of type, and a
  theme only if it moves a box.
- **Colour** (`color-contrast`, `link-in-text-block`) reads the ink of a text, what lies behind it up to the first
  ground that covers, size and weight. axe-core judges three elements of every such combination that is new (`inks`),
  in all 36 settings, on all pages of the walk. What it cannot judge is asked anew on every kind of page. A text on a
  layer of its own without a ground counts as new on every page.
- **The keyboard** walks with the Tab key once for each new `seen`: nothing else decides the order and what is reached.
- **The mark of focus** depends on style alone: in each theme, width and size every control is focused and looked at;
  in the second language only if it shows other elements.

So nothing is left out that could differ, and a page takes some seconds instead of a minute.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from tests.browser.looking import (
    LANGUAGES,
    OPTIONS,
    RUN,
    SIZES,
    THEMES,
    WIDTHS,
    Setting,
    focus_faults,
    keyboard_faults,
    overflow,
    small_targets,
)

COLOUR = ["color-contrast", "link-in-text-block"]
GEOMETRY = ["target-size", "scrollable-region-focusable"]
DOM_RULES = {**OPTIONS, "rules": {rule: {"enabled": False} for rule in COLOUR}}
"""With the rules of geometry: what shows other elements has other boxes, too."""
GEOMETRY_RULES = {"runOnly": {"type": "rule", "values": GEOMETRY}, "resultTypes": ["violations"]}

IN_PLACE = """({ large, contrast }) => {
  const root = document.documentElement;
  const set = (name, value) => { root.removeAttribute(name); if (value) root.setAttribute(name, value); };
  set("data-type", large && "large");
  set("data-contrast", contrast && "more");
  for (const [name, on, symbol] of [["large", large, "fonts"], ["contrast", contrast, "eye"]]) {
    const button = document.querySelector(`button[name=set][value=${name}]`);
    if (!button) continue;
    button.setAttribute("aria-pressed", String(on));
    const use = button.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, "#" + (on ? "check2" : symbol)));
  }
}"""

PRINTS = r"""async () => {
  scrollTo(0, 0);
  document.activeElement?.blur?.();
  const all = [...document.body.querySelectorAll("*")];
  for (const one of all) if (one.scrollLeft || one.scrollTop) one.scrollTo(0, 0);
  const styles = new Map(all.map((one) => [one, getComputedStyle(one)]));
  for (const one of [document.body, document.documentElement]) styles.set(one, getComputedStyle(one));
  const kept = (make) => {
    const made = new Map();
    const get = (one) => { if (!made.has(one)) made.set(one, make(one)); return made.get(one); };
    return get;
  };
  const fade = kept((one) => one ? Number(styles.get(one).opacity) * fade(one.parentElement) : 1);
  const ground = kept((one) => {
    if (!one) return "";
    const style = styles.get(one);
    const own = `${style.backgroundColor} ${style.backgroundImage} ${style.filter}`;
    const covers = !/rgba|\/|transparent/.test(style.backgroundColor) && style.backgroundImage === "none";
    if (covers && fade(one) === 1) return own;
    const layer = ["absolute", "fixed"].includes(style.position) ? location.pathname : "";
    return `${own} ${layer} < ${ground(one.parentElement)}`;
  });
  const link = (one, style) => {
    if (!one.matches("a[href]") || style.display !== "inline") return "";
    const around = styles.get(one.parentElement);
    return [style.textDecorationLine, style.borderBottom, around.color, around.fontWeight, around.fontSize].join(" ");
  };
  const seen = [], places = [document.documentElement.scrollWidth, innerWidth], inks = new Map();
  for (const one of all) {
    const shown = one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    const name = one.getAttribute("class") || "";
    seen.push(one.tagName, name, one.type || "", one.getAttribute("role") || "", one.tabIndex, !!one.disabled, shown);
    if (!shown) continue;
    const box = one.getBoundingClientRect();
    places.push(...[box.x, box.y, box.width, box.height].map((n) => Math.round(n * 4)));
    const words = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!words && !one.matches("input:not([type=hidden]), textarea, select")) continue;
    const style = styles.get(one);
    const fill = one.ownerSVGElement ? style.fill : "";
    const off = one.closest(":disabled, [aria-disabled=true]") ? "off" : "";
    const type = [style.color, fill, style.fontSize, style.fontWeight, style.textShadow, off];
    const key = [...type, fade(one), link(one, style), ground(one)].join(" | ");
    inks.set(key, [...(inks.get(key) || []), one]);
  }
  const short = async (parts) => {
    const bytes = await crypto.subtle.digest("SHA-1", new TextEncoder().encode(parts.join("\n")));
    return btoa(String.fromCharCode(...new Uint8Array(bytes)));
  };
  window.inksOfThePage = inks;
  return { seen: await short(seen), places: await short(places), inks: [...inks.keys()] };
}"""

JUDGE = """async ({ inks, rules }) => {
  const most = 3, inkOf = new Map();
  for (const ink of inks) for (const one of inksOfThePage.get(ink).slice(0, most)) inkOf.set(one, ink);
  const options = { runOnly: { type: "rule", values: rules }, resultTypes: ["violations", "passes"], elementRef: true };
  const { violations, passes } = await axe.run({ include: [...inkOf.keys()] }, options);
  const judged = new Set(), faults = [];
  for (const rule of [...violations, ...passes]) for (const { element } of rule.nodes) {
    if (rule.id === "color-contrast" && inkOf.has(element)) judged.add(inkOf.get(element));
  }
  for (const rule of violations) for (const { element, failureSummary } of rule.nodes) {
    const why = failureSummary.split("\\n").slice(1).join(" ").trim();
    faults.push(`${rule.id}: ${element.outerHTML.slice(0, 160)} ${why.slice(0, 200)}`);
  }
  return { judged: [...judged], faults };
}"""


@dataclass
class Thorough:
    """Looks at the pages of one walk in every setting, and remembers which combinations of colours were judged."""

    context: BrowserContext
    page: Page
    address: str
    thumbs: bool = False
    """Whether the pages are for thumbs: their targets are measured on the phone."""
    script: str = field(default_factory=lambda: Axe().axe_script)
    inks: set[str] = field(default_factory=set)
    """Combinations that axe-core has judged on any page, as `PRINTS` writes them."""
    faults: list[str] = field(default_factory=list)

    def look(self, name: str, path: str) -> None:
        """Look at a page in all 36 settings; `name` is said with each fault."""
        asked: set[tuple[Any, ...]] = set()
        for language in LANGUAGES:
            self.open(language, path)
            for width in WIDTHS:
                for size in SIZES:
                    for theme in THEMES:
                        self.look_at(Setting(theme, language, width, size), name, asked)
        self.speak(LANGUAGES[0])

    def open(self, language: str, path: str) -> None:
        """Load the page in a language, with axe-core in it."""
        self.speak(language)
        self.page.goto(path)
        self.page.evaluate(self.script)

    def speak(self, language: str) -> None:
        """What is loaded from here on is in this language, and plain."""
        Setting(THEMES[0], language, WIDTHS[0], SIZES[0]).apply(self.context, self.page, self.address)

    def turn(self, setting: Setting) -> None:
        """Turn what is loaded into a setting of its language, as the server would send it."""
        setting.show(self.page)
        self.page.evaluate(IN_PLACE, {"large": setting.size == "large", "contrast": setting.theme == "contrast"})

    def look_at(self, setting: Setting, name: str, asked: set[tuple[Any, ...]]) -> None:
        """Turn the page into a setting, and ask what is new there; `asked` holds what was asked on this page."""

        def is_new(*what: Any) -> bool:
            known = what in asked
            asked.add(what)
            return not known

        self.turn(setting)
        prints, page, before = self.page.evaluate(PRINTS), self.page, len(self.faults)
        seen, places, language = prints["seen"], prints["places"], setting.language
        other_elements, other_boxes = is_new("dom", language, seen), is_new("geometry", language, places)
        if other_elements or other_boxes:
            self.faults += page.evaluate(RUN, DOM_RULES if other_elements else GEOMETRY_RULES)
            self.faults += overflow(page)
            if self.thumbs and setting.width == 390:
                self.faults += small_targets(page)
        self.judge([ink for ink in prints["inks"] if ink not in self.inks and is_new("ink", ink)])
        if is_new("keyboard", seen):
            self.faults += keyboard_faults(page)
        elif is_new("focus", setting.theme, setting.width, setting.size, seen):
            self.faults += focus_faults(page)
        self.faults[before:] = [f"{name} [{setting}]: {fault}" for fault in self.faults[before:]]

    def judge(self, inks: list[str]) -> None:
        """Let axe-core judge combinations of colours that it has not judged yet."""
        if inks:
            found = self.page.evaluate(JUDGE, {"inks": inks, "rules": COLOUR})
            self.inks.update(found["judged"])
            self.faults += found["faults"]
