"""Pictures and sounds inside questions: named by their content, found in the texts, checked before they are kept."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import Any

from learnhub.kernel.camera_notes import without_notes
from learnhub.kernel.errors import Refused
from learnhub.kernel.file_types import FileKind, media_by_content, media_type_of
from learnhub.kernel.words import _
from question_bank.authoring import QuestionDraft

ADDRESS = "/bank-files/"
LARGEST_PICTURE = 10 << 20
"""Bytes."""
LARGEST_SOUND = 50 << 20
SUFFIXES = ("png", "jpg", "gif", "webp", "mp3", "ogg", "wav", "m4a", "mp4", "webm")
PICTURES = frozenset({"png", "jpg", "gif", "webp"})
ACCEPTED = ",".join(f".{suffix}" for suffix in (*SUFFIXES, "jpeg"))
"""What the picker of a browser offers."""
_NAME = re.compile(rf"([0-9a-f]{{64}})\.({'|'.join(SUFFIXES)})")
_USED = re.compile(rf"{ADDRESS}([0-9a-f]{{64}}\.[a-z0-9]{{2,4}})")


@dataclass(frozen=True)
class Kept:
    """A picture or a sound as it is kept: its name and its bytes, without what a camera noted."""

    name: str
    data: bytes


def name_of(data: bytes) -> str | None:
    """`<sha256>.<suffix>` by content; None for what is no picture and no sound that a question may hold."""
    try:
        found = media_by_content(data)
    except Refused:
        return None
    if found is None:
        return None
    largest = LARGEST_PICTURE if found.kind is FileKind.IMAGE else LARGEST_SOUND
    return f"{hashlib.sha256(data).hexdigest()}{found.extension}" if len(data) <= largest else None


def address(name: str) -> str:
    """Where a question's text finds the file of that name."""
    return ADDRESS + name


def kept(data: bytes) -> Kept:
    """A file as it may be kept; Refused, with the reason, for what a question can't hold."""
    found = media_by_content(data)
    if found is None:
        raise Refused(_("A question holds pictures (PNG, JPEG, GIF, WebP) and sounds (MP3, OGG, WAV, M4A, MP4, WebM)."))
    largest = LARGEST_PICTURE if found.kind is FileKind.IMAGE else LARGEST_SOUND
    if len(data) > largest:
        raise Refused(_("The file is larger than %(n)s MB.", n=largest >> 20))
    try:
        plain = without_notes(data)
        name = name_of(plain)
    except (ValueError, OSError):
        name = None
    if name is None:
        raise Refused(_("The picture is damaged."))
    return Kept(name, plain)


def digest_of(name: str) -> str | None:
    """The digest in a name; None when it is not one of ours."""
    found = _NAME.fullmatch(name)
    return found[1] if found else None


def type_of(name: str) -> str:
    """The media type that a name says."""
    return media_type_of("." + name.rpartition(".")[2])


def is_picture(name: str) -> bool:
    """Whether a name is a picture's; else it is a sound's."""
    return name.rpartition(".")[2] in PICTURES


def line(name: str, words: str = "") -> str:
    """The HTML that shows a picture or plays a sound. `words` says what is to be seen, to who can't see it."""
    told = words.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    if is_picture(name):
        return f'<img src="{address(name)}" alt="{told}">'
    return f'<audio controls src="{address(name)}"></audio>'


# In the texts of questions


def names_in(text: str) -> set[str]:
    """The names of the files that a text refers to."""
    return set(_USED.findall(text)) if ADDRESS in text else set()


def names_of(draft: QuestionDraft) -> set[str]:
    """The names of the files that a question refers to, in any part of it."""
    return names_in(_written(draft))


def _written(draft: QuestionDraft) -> str:
    """All of a question in one text, for finding out fast what is not in it; quotes inside may be escaped."""
    return "\n".join((draft.stem_html, draft.explanation_html, *draft.hints, json.dumps(draft.content)))


def _texts(draft: QuestionDraft) -> Iterable[str]:
    yield draft.stem_html
    yield draft.explanation_html
    yield from draft.hints
    yield from _strings(draft.content)


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def renamed(draft: QuestionDraft, names: Mapping[str, str]) -> QuestionDraft:
    """The same question with other names for its files."""
    if not names_of(draft) & set(names):
        return draft

    def changed(text: str) -> str:
        return _USED.sub(lambda found: address(names.get(found[1], found[1])), text)

    return replace(
        draft,
        stem_html=changed(draft.stem_html),
        explanation_html=changed(draft.explanation_html),
        hints=tuple(map(changed, draft.hints)),
        content=json.loads(changed(json.dumps(draft.content))),
    )


_PICTURE = re.compile(rf'<img\b[^>]*?src="{ADDRESS}([0-9a-f]{{64}}\.[a-z0-9]{{2,4}})"[^>]*>')
_WORDS = re.compile(r'\balt="([^"]*)"')


def told_instead(draft: QuestionDraft, missing: set[str]) -> QuestionDraft:
    """The question with the words of those pictures, in brackets, where they would be; `missing` are names."""
    if not names_of(draft) & missing:
        return draft

    def words(picture: re.Match[str]) -> str:
        said = _WORDS.search(picture[0])
        return picture[0] if picture[1] not in missing else f"[{(said[1].strip() if said else '') or '…'}]"

    def changed(value: Any) -> Any:
        if isinstance(value, str):
            return _PICTURE.sub(words, value) if ADDRESS in value else value
        if isinstance(value, Mapping):
            return {name: changed(one) for name, one in value.items()}
        return [changed(one) for one in value] if isinstance(value, list) else value

    return replace(
        draft,
        stem_html=changed(draft.stem_html),
        explanation_html=changed(draft.explanation_html),
        hints=tuple(map(changed, draft.hints)),
        content=changed(draft.content),
    )


class _Pictures(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.untold = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.untold += tag == "img" and not (dict(attrs).get("alt") or "").strip()


def count_untold(draft: QuestionDraft) -> int:
    """How many pictures of a question have no words for who can't see them."""
    if "<img" not in _written(draft):
        return 0
    text = "\n".join(one for one in _texts(draft) if "<img" in one)
    parser = _Pictures()
    parser.feed(text)
    parser.close()
    return parser.untold


def tidied(files: Mapping[str, bytes]) -> tuple[dict[str, bytes], dict[str, str], list[str]]:
    """Files of a reading as they may be kept: by their final names; the new name of each old one; names refused."""
    found: dict[str, bytes] = {}
    names: dict[str, str] = {}
    refused: list[str] = []
    for name, data in files.items():
        try:
            one = kept(data)
        except Refused:
            refused.append(name)
        else:
            found[one.name] = one.data
            names[name] = one.name
    return found, names, refused
