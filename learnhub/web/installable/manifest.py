"""The manifest: what a phone needs to know to put the organisation's LearnHub on its home screen."""

from __future__ import annotations

from typing import Any

from flask import url_for

from learnhub.web.assets import asset
from learnhub.web.language import html_language
from learnhub.web.language import translated as _
from learnhub.web.navigation import organisation_name

HEADER = {"light": "#ffffff", "dark": "#1b1f26"}
"""The colour of the pages' header, for the phone's own bar; a test compares them with the tokens."""
GROUND = "#f4f5f7"
SHORT = 12
"""So many letters have room below an icon."""
ICONS = {"img/icon-192.png": ("192x192", "any"), "img/icon-512.png": ("512x512", "any")}
MASKABLE = {"img/icon-maskable-192.png": ("192x192", "maskable"), "img/icon-maskable-512.png": ("512x512", "maskable")}


def manifest() -> dict[str, Any]:
    """In the language of the request."""
    name = organisation_name()
    return {
        "id": url_for("home.index"),
        "name": name,
        "short_name": name if len(name) <= SHORT else "LearnHub",
        "lang": html_language(),
        "dir": "ltr",
        "start_url": url_for("home.index"),
        "scope": url_for("home.index"),
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": HEADER["light"],
        "categories": ["education"],
        "icons": [
            {"src": asset(path), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for path, (sizes, purpose) in {**ICONS, **MASKABLE}.items()
        ],
        "shortcuts": [
            {"name": label, "url": url, "icons": [{"src": asset("img/icon-192.png"), "sizes": "192x192"}]}
            for label, url in (
                (_("Continue"), url_for("installable.go_on")),
                (_("Quizzes"), url_for("quizzes.index")),
                (_("Boards"), url_for("boards.index")),
            )
        ],
        "share_target": {
            "action": url_for("installable.share"),
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {"files": [{"name": "photos", "accept": ["image/*"]}]},
        },
    }
