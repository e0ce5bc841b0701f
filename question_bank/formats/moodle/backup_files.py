"""The files inside a Moodle backup (`.mbz`): a zip or a packed tape, with what `files.xml` says of each by its hash."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from learnhub.kernel.archives import Limits, open_archive
from learnhub.kernel.errors import Refused
from learnhub.kernel.tarballs import Tarball, is_tarball
from learnhub.kernel.words import _
from question_bank import media
from question_bank.formats import xml_stream

QUESTIONS, FILES, ABOUT, OLD = "questions.xml", "files.xml", "moodle_backup.xml", "moodle.xml"
LIMITS = Limits(entries=60_000, total_bytes=1 << 30, file_bytes=512 << 20)
LARGEST_LIST = 128 << 20
"""Bytes of an XML file that is read."""
LARGEST_MEDIA = max(media.LARGEST_PICTURE, media.LARGEST_SOUND)
MOST_MEDIA = 300 << 20
"""Bytes of the pictures and sounds of all questions."""
_NAMES = (QUESTIONS, FILES, ABOUT, OLD)
_HASH = re.compile(r"[0-9a-f]{40}")

Place = tuple[str, str]
"""The area that a file of a question lies in, and the number of what it belongs to there."""


@dataclass
class Backup:
    """What of a backup is read: its lists by name, and its files by hash once they are asked for."""

    data: bytes
    lists: dict[str, bytes] = field(default_factory=dict)
    media: dict[str, bytes] = field(default_factory=dict)


def looks_like(data: bytes) -> bool:
    """Whether these are the bytes of a backup, of a course, an activity or a bank, of any age; or its list alone."""
    if list_alone(data):
        return True
    if data.startswith(b"PK\x03\x04") and b"moodle" not in data:
        return False
    if not data.startswith(b"PK\x03\x04") and not is_tarball(data):
        return False
    try:
        return any(name in {ABOUT, OLD} for name in _names(data))
    except Refused:
        return False


def list_alone(data: bytes) -> str:
    """Which list of a backup this is that comes without its archive; empty where it is none."""
    begin = re.match(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<(question_categories|MOODLE_BACKUP)\b", data[:1000])
    if begin is None:
        return ""
    return OLD if begin[1] == b"MOODLE_BACKUP" else QUESTIONS


def _names(data: bytes) -> Iterator[str]:
    if is_tarball(data):
        yield from (entry.name for entry, _tape in Tarball(data, LIMITS).entries())
        return
    with open_archive(data, LIMITS) as archive:
        yield from (entry.name for entry in archive.members())


def opened(data: bytes) -> Backup:
    """The lists of a backup. Refused when it holds no questions, or is too old."""
    backup = Backup(data)
    alone = list_alone(data)
    backup.lists = {alone: data} if alone else _each(data, lambda name: name in {QUESTIONS, FILES}, LARGEST_LIST)
    if backup.lists.get(QUESTIONS):
        return backup
    if OLD in backup.lists:
        raise Refused(_("This backup is of Moodle 1.9 or older; export its questions there as Moodle XML."))
    raise Refused(_("There are no questions in this backup; back it up with its question bank."))


def take_media(backup: Backup, hashes: Iterable[str]) -> None:
    """Read the files with these hashes; one that is too large, or not there, is left out."""
    wanted = {f"files/{one[:2]}/{one}" for one in hashes if _HASH.fullmatch(one)}
    found = _each(backup.data, lambda name: name in wanted, LARGEST_MEDIA) if wanted else {}
    taken = 0
    for name, data in found.items():
        taken += len(data)
        if name in wanted and data and taken <= MOST_MEDIA:
            backup.media[name.rpartition("/")[2]] = data


def _each(data: bytes, is_wanted: Callable[[str], bool], largest: int = 0) -> dict[str, bytes]:
    """The wanted files of an archive by name, and the names of its lists, empty, where they are not wanted."""
    if is_tarball(data):
        found = {}
        for entry, tape in Tarball(data, LIMITS).entries():
            if is_wanted(entry.name) and entry.size <= largest:
                found[entry.name] = tape.all()
            elif entry.name in _NAMES:
                found[entry.name] = b""
        return found
    with open_archive(data, LIMITS) as archive:
        entries = [one for one in archive.members() if one.name in _NAMES or is_wanted(one.name)]
        return {
            one.name: archive.read(one.name) if is_wanted(one.name) and one.size <= largest else b"" for one in entries
        }


def files_of_questions(backup: Backup) -> dict[Place, list[tuple[str, str]]]:
    """For each place the files in it: their path with name, and their hash."""
    found: dict[Place, list[tuple[str, str]]] = {}
    for piece in xml_stream.pieces(xml_stream.as_utf8(backup.lists.get(FILES) or b"<files/>"), "file"):
        one = piece.element
        if one is None or not _said(one, "component").startswith(("question", "qtype_")):
            continue
        name = _said(one, "filename")
        if name and name != ".":
            path = f"{_said(one, 'filepath') or '/'}{name}".lstrip("/")
            found.setdefault((_said(one, "filearea"), _said(one, "itemid")), []).append(
                (path, _said(one, "contenthash"))
            )
    return found


def _said(element: Element, name: str) -> str:
    return said(element.findtext(name))


def said(value: Any) -> str:
    """A value of a backup, which writes its own word for none."""
    text = str(value or "").strip()
    return "" if text == "$@NULL@$" else text
