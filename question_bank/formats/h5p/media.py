"""What H5P's readers share: the files of a package, and the texts and lists of a content."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from learnhub.kernel.markup import text_of
from learnhub.kernel.words import Message, _
from question_bank.formats.numbered_places import Place, with_numbers

Params = dict[str, Any]


FileOf = Callable[[str], bytes | None]
"""The bytes of a file of the package."""
Keep = Callable[[bytes], str | None]
"""Keeps a picture that was made here; where it will be found."""


class Media:
    """The files of a package: gives the HTML of a picture, or a warning. `title` is what the content is called."""

    def __init__(
        self, take: Callable[[str], str | None], title: str = "", files: tuple[FileOf, Keep] | None = None
    ) -> None:
        self._take = take
        self._files = files
        self.title = title
        self.warnings: list[Message] = []

    def picture(self, file: Any, alt: str = "") -> str:
        """The HTML of a file of the package; empty, with a warning, when it can't be shown."""
        path = file.get("path") if isinstance(file, dict) else None
        if not isinstance(path, str) or not path:
            return ""
        address = path if re.match(r"https?://", path) else self.address(path)
        return "" if address is None else f'<img src="{address}" alt="{attribute(alt)}">'

    def address(self, path: str) -> str | None:
        """Where a picture inside a text will be found; None, with a warning, when it can't be shown."""
        found = self._take(path.split("#", maxsplit=1)[0])
        if found is None:
            self.warnings.append(_("The file %(name)s is missing or can't be shown.", name=path[:80]))
        return found

    def numbered(self, file: Any, places: Sequence[Place], size: tuple[float, float] | None = None) -> str:
        """The HTML of a picture with a number drawn at each of the places; empty where that can't be done."""
        path = file.get("path") if isinstance(file, dict) else None
        if not isinstance(path, str) or self._files is None:
            return ""
        file_of, keep = self._files
        data = file_of(path.split("#", maxsplit=1)[0])
        drawn = with_numbers(data, places, size) if data else None
        address = keep(drawn) if drawn else None
        return f'<img src="{address}" alt="">' if address else ""

    def note_spelling(self, params: Params) -> None:
        """Warn of what the way to compare typed answers loses here."""
        told = behaviour(params)
        if told.get("acceptSpellingErrors") is True or told.get("spellingErrorBehaviour") in {"accept", "warn"}:
            self.warnings.append(_("Near spellings count in the file, but not here."))
        if told.get("caseSensitive", params.get("caseSensitive")) is True:
            self.warnings.append(_("Capitals count in the file, but not here."))

    def note_penalties(self, params: Params) -> None:
        """Warn that what is put wrong takes points away there."""
        if behaviour(params).get("applyPenalties") is True:
            self.warnings.append(_("Wrong answers take points away in the file, but not here."))

    def note_one_point(self) -> None:
        """Warn that everything has to be right for any point at all."""
        self.warnings.append(
            _("It gives its one point only when all is right. So do quizzes, unless they are set to give a part.")
        )

    def before(self, params: Params) -> str:
        """The picture above a question, as `media` names it (`image` in the first versions)."""
        old = self.picture(params.get("image"))
        if old:
            return f"<p>{old}</p>"
        media = params.get("media")
        media = media.get("type", media) if isinstance(media, dict) else None
        if not isinstance(media, dict) or not media.get("params"):
            return ""
        inner = media["params"]
        if isinstance(inner, dict) and str(media.get("library", "")).startswith("H5P.Image"):
            picture = self.picture(inner.get("file"), str(inner.get("alt") or ""))
            return f"<p>{picture}</p>" if picture else ""
        if isinstance(inner, dict) and (inner.get("files") or inner.get("sources")):
            self.warnings.append(_("A video or sound beside the question was left out."))
        return ""


def attribute(text: str) -> str:
    """A text as the value of an attribute."""
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def behaviour(params: Params) -> Params:
    """The group of settings that say how a content behaves."""
    told = params.get("behaviour")
    return told if isinstance(told, dict) else {}


def first_text(params: Params, *names: str) -> str:
    """The first of these fields that says something, as HTML."""
    for name in names:
        value = params.get(name)
        if isinstance(value, str) and value.strip():
            return unwrapped(value)
    return ""


def unwrapped(markup: str) -> str:
    """`<p>…</p>` and `<div>…</div>` around the whole text say nothing."""
    markup = markup.strip()
    found = re.fullmatch(r"<(p|div)>((?:(?!</?\1\b).)*)</\1>", markup, re.DOTALL)
    return found.group(2).strip() if found else markup


def wrapped(markup: str) -> str:
    """A text as a paragraph of its own."""
    return f"<p>{markup}</p>" if markup and not markup.startswith("<") else markup


def listed(params: Params, name: str) -> list[Any]:
    """A list, empty where there is none."""
    value = params.get(name)
    return value if isinstance(value, list) else []


def bare(markup: str) -> str:
    """HTML as the text that it shows."""
    return text_of(markup) if "<" in markup or "&" in markup else markup


def tip_of(told: Params) -> str:
    """The tip of an option, card or place; the first versions have it one level deeper."""
    tip = told.get("tip")
    return first_text(tip if isinstance(tip, dict) else told, "tip")


def library_in(said: Any) -> str:
    """`H5P.Essay` of `H5P.Essay 1.5`, `H5P.Essay-1.5` or `{"name" or "machineName": "H5P.Essay", …}`."""
    if isinstance(said, dict):
        said = said.get("machineName") or said.get("name")
    return re.sub(r"[ -]\d[\d.]*\Z", "", said.strip()) if isinstance(said, str) else ""
