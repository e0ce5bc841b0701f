"""The form of a question: what a button brings is in view, with scripts and without."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import DESK, PHONE, sign_in, watched


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_preview_more_rows_and_files_are_shown_where_they_stand(
    open_browser: Callable[..., BrowserContext], scripts: bool
) -> None:
    page = watched(open_browser(viewport=DESK if scripts else PHONE, java_script_enabled=scripts).new_page())
    sign_in(page, "instructor")
    page.goto("/desk/banks/demo/new-question?kind=matching")
    page.fill("[name=stem]", "国家和首都")
    page.fill("[name=pairs-0-left]", "法国")
    page.fill("[name=pairs-0-right]", "巴黎")
    page.fill("[name=pairs-1-right]", "罗马")
    page.get_by_role("button", name="再加几行").click()
    expect(page.locator("[name=pairs-9-right]")).to_be_visible()
    expect(page.locator("#pairs")).to_be_in_viewport()
    page.locator("[name=look]").click()
    expect(page.locator("#preview-title")).to_be_in_viewport()
    expect(page.locator("dt", has_text="错误选项")).to_be_visible()
    assert page.input_value("[name=pairs-1-right]") == "罗马"
