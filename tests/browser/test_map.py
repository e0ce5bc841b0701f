"""A secretary's map without scripts: a figure is chosen, a point is followed to its unit; an outline is brought."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import DESK, PHONE, sign_in, watched

COAST = [[98.0, 22.0], [105.5, 22.0], [105.5, 28.0], [98.0, 28.0], [98.0, 22.0]]
OUTLINE = {
    "type": "FeatureCollection",
    "features": [{"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [COAST]}}],
}


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_point_of_the_map_leads_to_its_unit(open_browser: Callable[..., BrowserContext], scripts: bool) -> None:
    context = open_browser(viewport=DESK if scripts else PHONE, java_script_enabled=scripts)
    page = watched(context.new_page())
    sign_in(page, "admin")
    page.goto("/units")
    page.locator("main a[href='/units/HQ/map']").click()
    page.get_by_role("link", name="人均学时").click()
    expect(page.locator("main [aria-current=page]")).to_have_text("人均学时")
    expect(page.locator(".chart-legend li").first).to_be_visible()
    page.locator(".map a[href='/units/B2'] circle").click()
    page.wait_for_url(re.compile(r"/units/B2$"))
    page.go_back()
    page.locator(".map a[href^='#near-'] rect:visible").first.click()
    expect(page.locator(".map-near:target a").first).to_be_in_viewport()


def test_an_administrator_brings_and_removes_an_outline(open_browser: Callable[..., BrowserContext]) -> None:
    page = watched(open_browser(java_script_enabled=False).new_page())
    sign_in(page, "admin")
    page.goto("/units/HQ/map")
    page.locator("main a[href='/map-outline']").click()
    data = json.dumps(OUTLINE).encode()
    page.set_input_files("main input[type=file]", {"name": "轮廓.geojson", "mimeType": "", "buffer": data})
    page.locator("main form[enctype] button[type=submit]").click()
    expect(page.locator("path.map-land")).to_have_count(1)
    page.locator("main a[href='/map-outline']").click()
    page.locator("form[action$='/remove'] button").click()
    page.goto("/units/HQ/map")
    expect(page.locator("path.map-land")).to_have_count(0)
