"""Which files of a Markdown tree are lessons, which of them belong together, and in what order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

_MARKDOWN = (".md", ".markdown")
_ABOUT_FOLDER = frozenset({"readme", "index", "_index", "module"})
_NOT_LESSONS = frozenset(
    "license licence copying contributing code_of_conduct code-of-conduct changelog changes history security support "
    "authors contributors governance citation maintainers pull_request_template issue_template _sidebar _navbar "
    "_footer _coverpage summary translations sponsors funding".split()
)
_OTHER_LANGUAGES = frozenset({"translations", "translated_images", "i18n", "locales"})
_OTHER_LANGUAGE = re.compile(r"^(readme|index)[._-][a-z]{2}(?:[-_][a-z]{2,4})?$")
_CHINESE_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_PARTS = re.compile(r"(\d+|[零一二三四五六七八九十]+(?=[章节讲课篇部单周、]))")


@dataclass
class Chapter:
    """A folder of lessons: its path, the file that speaks about the folder, its lesson files in order."""

    folder: str
    about: str | None = None
    lessons: list[str] = field(default_factory=list)
    title: str = ""
    """Its title in a table of contents."""


@dataclass
class Layout:
    """The files of a course: the one that speaks about all of it, its chapters, Markdown that is no lesson."""

    about: str | None
    chapters: list[Chapter]
    left_out: list[str]


def lay_out(names: Iterable[str]) -> Layout:
    """The course that a tree of files is, by the names alone; names are paths below the course's own folder."""
    markdown = [name for name in names if name.lower().endswith(_MARKDOWN)]
    own = next((name for name in markdown if name.lower() == "course.md"), None)
    left_out = [] if own else [name for name in markdown if _is_no_lesson(name)]
    pages = [name for name in markdown if name not in set(left_out) and name != own]
    if not own:
        left_out += _hidden_beside_open(pages)
        pages = [name for name in pages if name not in set(left_out)]
    about = own or next((name for name in pages if _folder(name) == "" and _stem(name) in _ABOUT_FOLDER), None)
    return Layout(about, _chapters([name for name in pages if name != about]), sorted(left_out))


def _chapters(pages: list[str]) -> list[Chapter]:
    by_folder: dict[str, list[str]] = {}
    for name in pages:
        by_folder.setdefault(_folder(name), []).append(name)
    chapters: dict[str, Chapter] = {}
    for folder, inside in by_folder.items():
        about = next((name for name in inside if _stem(name) in _ABOUT_FOLDER), None)
        lessons = [name for name in inside if name != about]
        has_children = any(other.startswith(f"{folder}/") for other in by_folder if other != folder)
        if about and not lessons and not has_children and _stem(about) != "module":
            _chapter(chapters, _folder(folder)).lessons.append(about)
            continue
        chapter = _chapter(chapters, folder)
        chapter.about = about
        chapter.lessons += lessons
    for chapter in chapters.values():
        chapter.lessons.sort(key=natural)
    return sorted(chapters.values(), key=lambda chapter: natural(chapter.folder))


def _chapter(chapters: dict[str, Chapter], folder: str) -> Chapter:
    return chapters.setdefault(folder, Chapter(folder))


def _is_no_lesson(name: str) -> bool:
    folders = name.lower().split("/")[:-1]
    stem = _stem(name)
    return (
        stem in _NOT_LESSONS
        or bool(_OTHER_LANGUAGE.match(stem))
        or not _OTHER_LANGUAGES.isdisjoint(folders)
        or "issue_template" in folders
        or "node_modules" in folders
    )


def _hidden_beside_open(pages: list[str]) -> list[str]:
    hidden = [name for name in pages if any(part.startswith(".") for part in name.split("/"))]
    open_lessons = [
        name for name in pages if name not in set(hidden) and (_folder(name) or _stem(name) not in _ABOUT_FOLDER)
    ]
    return hidden if open_lessons else []


def common_folder(names: Iterable[str]) -> str:
    """The folder that everything lies in, with its slash, or nothing: archives often wrap all in one folder."""
    prefix = ""
    rest = list(names)
    while rest and all("/" in name for name in rest):
        first = rest[0].split("/", 1)[0]
        if any(name.split("/", 1)[0] != first for name in rest) or first.startswith("."):
            break
        prefix += f"{first}/"
        rest = [name.split("/", 1)[1] for name in rest]
        if any("/" not in name for name in rest):
            break
    return prefix


def natural(name: str) -> list[tuple[int, int, str]]:
    """A key that sorts 2 before 10 and 第二章 before 第十章; the file about a folder comes first in it."""
    key: list[tuple[int, int, str]] = []
    for part in name.lower().split("/"):
        stem = part.rsplit(".", 1)[0] if part.endswith(_MARKDOWN) else part
        if stem in _ABOUT_FOLDER:
            key.append((-1, 0, ""))
            continue
        for piece in _PARTS.split(stem):
            number = _number(piece)
            key.append((1, 0, piece) if number is None else (0, number, ""))
        key.append((-2, 0, ""))
    return key


def _number(piece: str) -> int | None:
    if piece.isascii() and piece.isdigit():
        return int(piece[:15])
    if not piece or not set(piece) <= {*_CHINESE_DIGITS, "十"}:
        return None
    if "十" not in piece:
        return int("".join(str(_CHINESE_DIGITS[digit]) for digit in piece)[:15])
    tens, _, ones = piece.partition("十")
    return _CHINESE_DIGITS.get(tens, 1) * 10 + _CHINESE_DIGITS.get(ones, 0)


def _folder(name: str) -> str:
    return name.rsplit("/", 1)[0] if "/" in name else ""


def _stem(name: str) -> str:
    return PurePosixPath(name).stem.lower()


def title_from_name(name: str) -> str:
    """A title out of a file's or folder's name: without its number, with spaces."""
    last = name.rstrip("/").rsplit("/", 1)[-1]
    stem = last.rsplit(".", 1)[0] if last.lower().endswith((*_MARKDOWN, ".zip")) else last
    if stem.lower() in _ABOUT_FOLDER and "/" in name:
        return title_from_name(name.rsplit("/", 1)[0])
    spaced = re.sub(r"[-_]+", " ", _without_number(stem)).strip() or stem
    return spaced[:1].upper() + spaced[1:]


def _without_number(name: str) -> str:
    return re.sub(r"^\d+(?:[.\-_]\d+)*\s*[.\-_、\s]\s*", "", name) or name


def slug_from(text: str, fallback: str = "lesson") -> str:
    """A name for addresses: letters and digits of any script in lower case, joined by hyphens, at most 72."""
    slug = re.sub(r"[\W_]+", "-", text.lower()).strip("-")[:72].strip("-")
    return slug or fallback


def lesson_slug(name: str, taken: set[str]) -> str:
    """A slug for a lesson file that no other lesson has: by its own name, then with its folder's, then counted."""
    stem = PurePosixPath(name).stem
    folder = _folder(name)
    own = folder.rsplit("/", 1)[-1] if stem.lower() in _ABOUT_FOLDER and folder else stem
    bare = slug_from(_without_number(own))
    parent = slug_from(_without_number(folder.rsplit("/", 1)[-1])) if folder else "lesson"
    tries = [bare, slug_from(f"{parent}-{bare}"), *(f"{bare}-{count}" for count in range(2, 3000))]
    return next(slug for slug in tries if slug not in taken)
