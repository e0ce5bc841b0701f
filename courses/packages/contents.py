"""Tables of contents as mdBook, GitBook and docsify write them: a list of links that gives order and modules."""

from __future__ import annotations

import re
from dataclasses import dataclass

from courses.packages.layout import Chapter, Layout
from courses.packages.links import is_outside, place

NAMES = ("summary.md", "_sidebar.md")
_HEADING = re.compile(r"#{1,3}[ \t]+(.+?)[ \t#]*$")
_ITEM = re.compile(r"([ \t]*)(?:[-*+]|\d+[.)])[ \t]+(.*)$")
_LINK = re.compile(r"\[([^\]]*)\]\(<?([^)>\s]*)>?[^)]*\)")


@dataclass(frozen=True)
class _Line:
    indent: int
    title: str
    page: str | None
    heading: bool = False


def arrange(shape: Layout, name: str, text: str) -> Layout:
    """The layout in the order of a table of contents `name`; what the table does not list follows as it was.

    A table that lists less than half of the lessons is not followed.
    """
    pages = {page for chapter in shape.chapters for page in (chapter.about, *chapter.lessons) if page}
    lines = _lines(name, text, pages)
    listed = {line.page for line in lines if line.page}
    if len(listed) * 2 < len(pages):
        return shape
    rest = [
        Chapter(chapter.folder, chapter.about if chapter.about not in listed else None, left)
        for chapter in shape.chapters
        if (left := [page for page in chapter.lessons if page not in listed])
        or (chapter.about and chapter.about not in listed)
    ]
    return Layout(shape.about, [*_chapters(lines), *rest], [page for page in shape.left_out if page != name])


def _lines(name: str, text: str, pages: set[str]) -> list[_Line]:
    folder = name.rpartition("/")[0]
    seen: set[str] = set()
    lines: list[_Line] = []
    for written in text.split("\n"):
        if heading := _HEADING.match(written):
            lines.append(_Line(0, _plain(heading.group(1)), None, heading=True))
            continue
        item = _ITEM.match(written)
        if not item and not _LINK.match(written):
            continue
        indent, rest = (len(item.group(1).expandtabs(4)), item.group(2)) if item else (0, written)
        link = _LINK.search(rest)
        page = _page(link.group(2), folder, pages) if link else None
        title = _plain(link.group(1) if link else rest)
        if page and page in seen:
            continue
        seen |= {page} if page else set()
        lines.append(_Line(indent, title, page))
    is_titled = re.match(r"\s*#[ \t]", text)
    return lines[1:] if is_titled and lines and lines[0].heading else lines


def _page(address: str, folder: str, pages: set[str]) -> str | None:
    if is_outside(address):
        return None
    target = place(address.lstrip("/") if folder else address, folder)
    tries = (target, f"{target}.md", f"{target}/README.md", f"{target}/index.md") if target else ()
    return next((page for page in tries if page in pages), None)


def _plain(text: str) -> str:
    return re.sub(r"[*_`]", "", _LINK.sub(r"\1", text)).strip()[:200]


def _chapters(lines: list[_Line]) -> list[Chapter]:
    by_heading = any(line.heading for line in lines)
    outermost = min((line.indent for line in lines if not line.heading), default=0)
    chapters = [Chapter("")]
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else None
        has_children = following is not None and not following.heading and following.indent > line.indent
        opens = line.heading or (not by_heading and line.indent == outermost and has_children)
        if opens:
            chapters.append(Chapter("", title=line.title))
        elif not by_heading and line.indent == outermost and chapters[-1].title:
            chapters.append(Chapter(""))
        if line.page:
            chapters[-1].lessons.append(line.page)
    return [chapter for chapter in chapters if chapter.lessons]
