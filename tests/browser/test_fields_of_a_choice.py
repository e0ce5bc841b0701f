"""Fields that belong to one choice show with it, without a script too."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import sign_in, watched


def test_a_rule_of_a_lesson_shows_the_field_that_it_needs(open_browser: Callable[..., BrowserContext]) -> None:
    page = watched(open_browser(java_script_enabled=False).new_page())
    sign_in(page, "instructor")
    page.goto("/desk/courses/information-literacy/lessons/ask-first")
    minutes, percent = page.locator("#rule_minutes"), page.locator("#rule_percent")
    for rule, shown in (("marked", ()), ("time", (minutes,)), ("coverage", (percent,)), ("quiz", ())):
        page.select_option("#rule", rule)
        for one in (minutes, percent):
            expect(one).to_be_visible(visible=one in shown)


def test_keys_of_the_safe_browser_show_where_it_is_asked_for(open_browser: Callable[..., BrowserContext]) -> None:
    page = watched(open_browser(java_script_enabled=False).new_page())
    sign_in(page, "instructor")
    page.goto("/desk/quizzes")
    page.goto(page.locator("td a.stretched").first.get_attribute("href") + "/conduct")
    expect(page.locator("#config_keys")).to_be_hidden()
    page.check("#safe_browser")
    expect(page.locator("#config_keys")).to_be_visible()
    expect(page.locator("label[for=config_keys]")).to_contain_text("选填")
