"""The manual: Markdown files in both languages, read once, cut into sections that keep their addresses."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from learnhub.kernel.markup import markdown_parser, sanitize_html, text_of
from learnhub.kernel.words import Message, _
from learnhub.organisations.permissions import Role

FOLDER = Path(__file__).parents[1] / "manual"
LANGUAGES = ("zh_Hans", "en")


@dataclass(frozen=True)
class Chapter:
    """A chapter's name in addresses and file names, its icon, and the role that it is for."""

    slug: str
    icon: str
    role: Role = Role.MEMBER


CHAPTERS = (
    Chapter("first-steps", "compass"),
    Chapter("courses", "book"),
    Chapter("quizzes", "pencil-square"),
    Chapter("study-hours", "clock"),
    Chapter("points", "star"),
    Chapter("boards", "trophy"),
    Chapter("transcripts", "file-earmark-text"),
    Chapter("account", "person"),
    Chapter("making-courses", "journal-text", Role.INSTRUCTOR),
    Chapter("question-banks", "collection", Role.INSTRUCTOR),
    Chapter("importing-questions", "upload", Role.INSTRUCTOR),
    Chapter("making-quizzes", "ui-checks", Role.INSTRUCTOR),
    Chapter("papers", "printer", Role.INSTRUCTOR),
    Chapter("members", "people", Role.SECRETARY),
    Chapter("progress", "graph-up", Role.SECRETARY),
    Chapter("score-sheets", "table", Role.SECRETARY),
    Chapter("units", "diagram-3", Role.ADMINISTRATOR),
    Chapter("points-rules", "sliders", Role.ADMINISTRATOR),
    Chapter("audit-trail", "clock-history", Role.ADMINISTRATOR),
    Chapter("system", "activity", Role.ADMINISTRATOR),
)
"""In the order in which they are read."""

BY_SLUG = {chapter.slug: chapter for chapter in CHAPTERS}

PARTS: dict[Role, Message] = {
    Role.MEMBER: _("For everybody"),
    Role.INSTRUCTOR: _("For instructors"),
    Role.SECRETARY: _("For secretaries"),
    Role.ADMINISTRATOR: _("For administrators"),
}
"""What the contents call the chapters of a role."""


@dataclass(frozen=True)
class Section:
    """A part of a chapter: its anchor (empty for the opening), its title, its clean HTML and its bare words."""

    chapter: Chapter
    chapter_title: str
    anchor: str
    title: str
    html: str
    text: str


@dataclass(frozen=True)
class Written:
    """A chapter in one language."""

    chapter: Chapter
    title: str
    opening: Section
    sections: tuple[Section, ...]

    @property
    def all(self) -> tuple[Section, ...]:
        """The opening and the sections."""
        return (self.opening, *self.sections)


_HEADING = re.compile(r"^## (?P<title>.+?) \{#(?P<anchor>[a-z0-9-]+)\}$", re.MULTILINE)
_CHAPTER_LINK = re.compile(r'(href="[a-z-]+)\.md(?=[#"])')


def read(text: str, chapter: Chapter) -> Written:
    """A chapter from its Markdown: `# Title`, an opening, then sections headed `## Title {#anchor}`."""
    first, _newline, rest = text.strip().partition("\n")
    title = first.removeprefix("# ").strip()
    marks = list(_HEADING.finditer(rest))
    starts = [mark.start() for mark in marks] + [len(rest)]
    opening = _section(chapter, title, "", title, rest[: starts[0]])
    sections = (
        _section(chapter, title, mark["anchor"], mark["title"], rest[mark.end() : end])
        for mark, end in zip(marks, starts[1:], strict=True)
    )
    return Written(chapter, title, opening, tuple(sections))


def _section(chapter: Chapter, chapter_title: str, anchor: str, title: str, markdown: str) -> Section:
    clean = sanitize_html(str(markdown_parser().render(markdown)))
    return Section(
        chapter, chapter_title, anchor, title, _CHAPTER_LINK.sub(r"\1", clean), text_of(_without_pictures(clean))
    )


def _without_pictures(html: str) -> str:
    return re.sub(r"<img[^>]*>", "", html)


@functools.cache
def manual(language: str) -> dict[str, Written]:
    """All chapters in a language, by slug; read when first asked for, and then kept."""
    folder = FOLDER / (language if language in LANGUAGES else LANGUAGES[0])
    return {
        chapter.slug: read((folder / f"{chapter.slug}.md").read_text(encoding="utf-8"), chapter) for chapter in CHAPTERS
    }


def title_of(language: str, slug: str) -> str:
    """The title of a chapter in a language."""
    return manual(language)[slug].title
