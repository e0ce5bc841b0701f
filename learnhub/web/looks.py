"""How the pages look on this device: theme, large type, high contrast; kept in a cookie of the device."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import request
from markupsafe import Markup

COOKIE = "look"
THEMES = ("light", "dark")


@dataclass(frozen=True)
class Look:
    """What this device asked for. Without a theme the device's own setting decides; contrast follows it as well."""

    theme: str = ""
    large: bool = False
    contrast: bool = False

    def __str__(self) -> str:
        """As the cookie holds it: `dark.large.contrast`."""
        chosen = (self.theme, "large" if self.large else "", "contrast" if self.contrast else "")
        return ".".join(word for word in chosen if word)

    @property
    def attributes(self) -> Markup:
        """The attributes of the html element that the style sheet reads."""
        marks = []
        if self.theme:
            marks.append(Markup('data-bs-theme="{}"').format(self.theme))
        if self.large:
            marks.append(Markup('data-type="large"'))
        if self.contrast:
            marks.append(Markup('data-contrast="more"'))
        return Markup(" ").join(marks)

    def changed(self, setting: str) -> Look:
        """After one button of the menu: `theme:dark`, `theme:`, `large` or `contrast` (these two turn on and off)."""
        match setting:
            case "large":
                return replace(self, large=not self.large)
            case "contrast":
                return replace(self, contrast=not self.contrast)
        name, _colon, theme = setting.partition(":")
        return replace(self, theme=theme) if name == "theme" and theme in ("", *THEMES) else self


def look() -> Look:
    """The look that this request's device asked for."""
    words = request.cookies.get(COOKIE, "").split(".")
    return Look(
        theme=next((word for word in words if word in THEMES), ""),
        large="large" in words,
        contrast="contrast" in words,
    )
