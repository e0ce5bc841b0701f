"""Catalogues: extract the marked sentences, merge them into both, and say what is missing or no longer used."""

from __future__ import annotations

import copy
import io
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
CATALOGUES = ROOT / "learnhub" / "translations"
LOCALES = ("en", "zh_Hans")
KEYWORDS = {
    "_": None,
    "_l": None,
    "_w": None,
    "lazy": None,
    "gettext": None,
    "lazy_gettext": None,
    "translated": None,
    "ngettext": (1, 2),
    "n_": (1, 2),
}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
OPTIONS = {
    "**/templates/**.html": {
        "trim_blocks": "true",
        "lstrip_blocks": "true",
        "silent": "false",
        "extensions": "jinja2.ext.do",
    }
}
FOLDERS = ("learnhub", "courses", "question_bank")
_BARE = re.compile(r"%(?![(%])(?<!%%)")
_PARAMETER = re.compile(r"%\((\w+)\)[sd]")


def extracted() -> Catalog:
    """Every marked sentence of the source, with the files it stands in."""
    catalogue = Catalog(project="LearnHub", charset="utf-8")
    for folder in FOLDERS:
        found = extract_from_dir(
            str(ROOT / folder), method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS, comment_tags=("i18n:",)
        )
        for name, _line, message, comments, context in sorted(found, key=lambda one: (one[0], one[1])):
            catalogue.add(message, None, [(f"{folder}/{name}", 0)], auto_comments=comments, context=context)
    return catalogue


def path_of(locale: str) -> Path:
    """Where the catalogue of a language stands."""
    return CATALOGUES / locale / "LC_MESSAGES" / "messages.po"


def load(locale: str) -> Catalog:
    """The catalogue of a language as it is; an empty one when there is none yet."""
    if not path_of(locale).exists():
        return Catalog(locale=locale, project="LearnHub", charset="utf-8")
    with path_of(locale).open("rb") as source:
        return read_po(source, locale=locale)


def merged(locale: str, source: Catalog) -> Catalog:
    """The catalogue with today's sentences: translations are kept, English is the sentence itself, none is guessed."""
    catalogue = load(locale)
    catalogue.update(copy.deepcopy(source), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False
    for message in catalogue:
        message.flags.discard("fuzzy")
        message.locations = [(name, None) for name in sorted({name for name, _ in message.locations})]  # type: ignore[misc]
        if locale == "en" and message.id and not _filled(message.string):
            message.string = message.id
    return catalogue


def _filled(string: object) -> bool:
    return all(string) if isinstance(string, list | tuple) and string else bool(string)


def text_of(catalogue: Catalog) -> bytes:
    """The catalogue as it is written: sorted, without line numbers and dates, so that a change shows only itself."""
    out = io.BytesIO()
    write_po(out, catalogue, width=120, sort_output=True, omit_header=False, include_lineno=False)
    lines = [
        line for line in out.getvalue().splitlines(True) if not line.startswith((b'"POT-Creation', b'"PO-Revision'))
    ]
    return b"".join(lines)


def faults(locale: str, catalogue: Catalog) -> list[str]:
    """What is wrong with a catalogue: missing translations and parameters that differ."""
    found = []
    for message in catalogue:
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, list | tuple) else (message.id,)
        strings = message.string if isinstance(message.string, list | tuple) else (message.string,)
        if not _filled(message.string):
            found.append(f"{locale}: not translated: {ids[0]}")
        elif any(set(_PARAMETER.findall(one)) - set(_PARAMETER.findall(" ".join(ids))) for one in strings):
            found.append(f"{locale}: parameters differ: {ids[0]}")
        elif any(_BARE.search(one) for one in strings) and not any(_BARE.search(one) for one in ids):
            found.append(f"{locale}: a bare % breaks a template that fills in parameters: {ids[0]}")
    return found


def main() -> None:
    """Write both catalogues, or with --check say what is not as it should be."""
    check = "--check" in sys.argv
    source = extracted()
    problems: list[str] = []
    for locale in LOCALES:
        catalogue = merged(locale, source)
        text = text_of(catalogue)
        if check:
            problems += faults(locale, catalogue)
            if not path_of(locale).exists() or path_of(locale).read_bytes() != text:
                problems.append(f"{locale}: the catalogue is behind the source; run make translations")
        else:
            path_of(locale).parent.mkdir(parents=True, exist_ok=True)
            path_of(locale).write_bytes(text)
            problems += faults(locale, catalogue)
    print(f"{len(source)} sentences, {len(problems)} problems")
    for line in problems[:400]:
        print(line)
    if check and problems:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
