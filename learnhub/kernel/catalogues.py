"""The catalogues of both languages: compiled when they changed, and read where there is no request."""

from __future__ import annotations

import functools
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from learnhub.kernel.words import Message

CATALOGUES = Path(__file__).parents[1] / "translations"
CHINESE, ENGLISH = "zh_Hans", "en"


def compile_catalogues(folder: Path = CATALOGUES) -> None:
    """Write the binary form of each catalogue that is missing or older than its text. Processes may do so at once."""
    for text in folder.glob("*/LC_MESSAGES/*.po"):
        binary = text.with_suffix(".mo")
        if binary.exists() and binary.stat().st_mtime >= text.stat().st_mtime:
            continue
        with text.open("rb") as source:
            catalogue = read_po(source, locale=text.parts[-3])
        part = binary.with_suffix(f".{os.getpid()}-{secrets.token_hex(4)}.part")
        with part.open("wb") as target:
            write_mo(target, catalogue)
        part.replace(binary)


def reader(language: str) -> Callable[[Any], str]:
    """A function that gives messages in a language: for the command line, for files, for jobs."""
    return _reader(CHINESE if language.lower().startswith("zh") else ENGLISH)


@functools.cache
def _reader(locale: str) -> Callable[[Any], str]:
    compile_catalogues()
    catalogue = Translations.load(str(CATALOGUES), [locale])

    def read(value: Any) -> str:
        return value.translated(catalogue.ugettext, catalogue.ungettext) if isinstance(value, Message) else str(value)

    return read
