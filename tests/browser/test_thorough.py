"""The look at every setting: what is turned in place is what the server sends, and what it leaves out is not lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import unified_diff

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import sign_in, watched
from tests.browser.looking import SIZES, THEMES, WIDTHS, Setting
from tests.browser.thorough import Thorough
from tests.server import Server

WIDE = "@media (min-width: 1000px) { #planted button { width: 9px; height: 9px; } }"
PLANTED = {
    "color-contrast": ("dark", "@media (prefers-color-scheme: dark) { h1 { color: #333 !important; } }"),
    "link-in-text-block": ("contrast", "[data-contrast] #planted a { text-decoration: none; color: #111 !important; }"),
    "no visible focus": ("contrast", "[data-contrast] main .btn { outline: none !important; }"),
    "wider than the window": ("large", "[data-type] main { min-width: 1400px; }"),
    "smaller than a thumb": ("large", "[data-type] main .btn { min-height: 0; height: 30px; padding: 0; }"),
    "target-size": ("1280", "#planted button { width: 44px; height: 44px; padding: 0; } " + WIDE),
    "page-has-heading-one": ("320", "@media (max-width: 330px) { h1 { display: none; } }"),
}
"""What is said of a fault, the settings in which it is one, and how it comes about."""
PLANT = """(css) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
  const more = document.createElement("div");
  more.id = "planted";
  more.innerHTML = '<p>Words around <a href="/verify">a link</a> of them</p><button>1</button><button>2</button>';
  document.querySelector("main form").append(more);
}"""

STATE = """() => {
  const copy = document.documentElement.cloneNode(true);
  copy.querySelector("[name=csrf-token]").content = "";
  for (const one of copy.querySelectorAll("[name$=csrf_token]")) one.setAttribute("value", "");
  const own = [...copy.attributes].map((one) => `${one.name}=${one.value}`).sort();
  return [own.join(" "), ...copy.innerHTML.split("\\n")];
}"""


@pytest.fixture
def looking(open_browser: Callable[..., BrowserContext], server: Server) -> Thorough:
    """A browser that looks, with nothing judged yet."""
    context = open_browser(reduced_motion="reduce")
    return Thorough(context, watched(context.new_page()), server.url, thumbs=True)


def test_a_fault_of_one_setting_is_found_there_and_nowhere_else(looking: Thorough) -> None:
    planted = "\n".join(css for _where, css in PLANTED.values())
    looking.page.on("load", lambda page: page.evaluate(PLANT, planted))
    looking.look("visitor /sign-in", "/sign-in")
    for fault, (where, _css) in PLANTED.items():
        said = {line for line in looking.faults if fault in line}
        settings = {re.findall(r"\[(.*?)\]", line)[0] for line in said}
        assert said, f"not found: {fault}"
        assert {one for one in settings if where not in one.split()} == set(), fault


@pytest.mark.parametrize("path", ["/", "/hours", "/me/details"])
def test_a_setting_made_in_place_is_what_the_server_sends(looking: Thorough, path: str) -> None:
    sign_in(looking.page, "member")
    for language in ("zh_Hans", "en"):
        for setting in (Setting(theme, language, WIDTHS[1], size) for theme in THEMES for size in SIZES):
            turned, sent = turned_and_sent(looking, path, setting)
            assert list(unified_diff(sent, turned, lineterm="")) == [], setting


def turned_and_sent(looking: Thorough, path: str, setting: Setting) -> tuple[list[str], list[str]]:
    """The page turned in place, and as the server sends it: at a time when it did not change by itself.

    The home shows how long ago a notice came, how many are unread, and a place on a board.
    """
    for _attempt in range(5):
        looking.open(setting.language, path)
        plain = state(looking.page)
        looking.turn(setting)
        turned = state(looking.page)
        setting.apply(looking.context, looking.page, looking.address)
        looking.page.goto(path)
        sent = state(looking.page)
        looking.open(setting.language, path)
        if state(looking.page) == plain:
            break
    return turned, sent


def state(page: Page) -> list[str]:
    """The page as it stands, line by line, without what is new in every answer."""
    found: list[str] = page.evaluate(STATE)
    return found
