"""How the pages look on this device: chosen in the header, without JavaScript, kept in a cookie."""

from __future__ import annotations

import pytest
from flask import Flask

from learnhub.web.looks import Look
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only


def test_a_visitor_turns_on_large_type_and_the_dark_theme_and_goes_back_to_the_page(app: Flask) -> None:
    visitor = Visitor(app)
    answer = visitor.post("/display", {"set": "large", "next": "/verify"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/verify")
    visitor.post("/display", {"set": "theme:dark", "next": "/verify"})
    assert 'data-bs-theme="dark" data-type="large"' in visitor.page("/verify")
    visitor.post("/display", {"set": "large"})
    assert "data-type" not in visitor.page("/verify")


def test_the_device_decides_again_when_no_theme_is_chosen(app: Flask) -> None:
    visitor = Visitor(app)
    visitor.post("/display", {"set": "theme:light"})
    visitor.post("/display", {"set": "theme:"})
    assert "data-bs-theme" not in visitor.page("/verify")


@pytest.mark.parametrize("nonsense", ["theme:pink", "", 'theme:"><script>', "LARGE"])
def test_a_setting_that_does_not_exist_changes_nothing(nonsense: str) -> None:
    look = Look(theme="dark", contrast=True)
    assert look.changed(nonsense) == look


def test_a_forged_cookie_reaches_no_attribute(app: Flask) -> None:
    visitor = Visitor(app)
    visitor.client.set_cookie("look", 'dark".<script>.large')
    page = visitor.page("/verify")
    assert 'data-type="large"' in page
    assert "<script>." not in page
