"""A device in a few words."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from learnhub.web.devices import device

pytestmark = pytest.mark.sqlite_only
ANDROID = "Mozilla/5.0 (Linux; Android 13; V2203A) AppleWebKit/537.36 Chrome/116.0.0.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (ANDROID, "Chrome on Android"),
        (ANDROID + " MicroMessenger/8.0.47", "WeChat on Android"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        ("curl/8.5", "unknown device"),
        (None, "unknown device"),
    ],
)
def test_browser_and_system_are_named(app: Flask, agent: str | None, words: str) -> None:
    with app.test_request_context(), force_locale("en"):
        assert device(agent) == words
