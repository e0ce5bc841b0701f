"""Text files from outside: bytes become words, or the sender is asked; never a guess that reads as nonsense."""

from __future__ import annotations

import codecs
import re

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHINESE = re.compile("[\u3400-\u9fff]")
_LONE = re.compile("(?<![\u3000-\u9fff\uff00-\uffef])[\u3400-\u9fff](?![\u3000-\u9fff\uff00-\uffef])")
_LONE_IN_WORD = re.compile(
    "(?<=[A-Za-z])[\u3400-\u9fff](?![\u3000-\u9fff\uff00-\uffef])|(?<![\u3000-\u9fff\uff00-\uffef])[\u3400-\u9fff](?=[A-Za-z])"
)
LOST_FROM = 20
"""So many question marks in a file of ASCII are suspicious, if it has no more than two letters for each."""
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "ascii": "utf-8", "latin-1": "cp1252"}


def decode(data: bytes, encoding: str | None = None) -> str:
    """The text of a file: by its byte order mark, as strict UTF-8, then as GB18030.

    `encoding` overrides the guess (a byte order mark still wins). Refused, with `details["ask"] == "encoding"`, when
    none fits, or when GB18030 puts single Chinese characters into Latin words: what windows-1252 looks like then.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], name)
    if encoding:
        return _strict(data, _known(encoding))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return _checked(text)
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        raise _unclear() from None
    if _looks_latin(text):
        raise _unclear()
    return _checked(text)


def encoding_of(data: bytes, encoding: str | None = None) -> str:
    """The name of the encoding with which `decode` reads a file."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    if encoding:
        return _known(encoding)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _known(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding.strip()).name
        b"a".decode(name, "replace")
    except (LookupError, UnicodeError, ValueError):
        raise Refused(_("%(name)s is not the name of an encoding.", name=encoding[:40]), ask="encoding") from None
    return _WIDER.get(name, {"iso8859-1": "cp1252"}.get(name, name))


def _strict(data: bytes, name: str) -> str:
    try:
        return _checked(data.decode(name))
    except UnicodeDecodeError:
        raise Refused(_("The file is not written in %(name)s.", name=name), ask="encoding") from None


def _checked(text: str) -> str:
    if "\0" in text[:4096]:
        raise Refused(_("This is not a text file, or its encoding (UTF-16?) must be named."), ask="encoding")
    if _is_lost(text):
        raise Refused(_("The letters of this file were lost when it was saved: it is full of ????. Save it as UTF-8."))
    return text


def _is_lost(text: str) -> bool:
    """Whether Chinese was saved in an encoding that has none: each character became a question mark."""
    marks = text.count("?")
    return marks >= LOST_FROM and text.isascii() and 2 * marks >= sum(map(str.isalpha, text))


def _looks_latin(text: str) -> bool:
    """Whether most of the Chinese is single characters touching Latin letters: `it’s` read as `it抯`."""
    in_words = len(_LONE_IN_WORD.findall(text))
    return in_words > 0 and 4 * max(in_words, len(_LONE.findall(text))) >= len(_CHINESE.findall(text))


def _unclear() -> Refused:
    return Refused(
        _("The encoding of this file can't be told; please name it (UTF-8, GB18030, windows-1252 …)."), ask="encoding"
    )
