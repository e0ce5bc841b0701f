"""A course on its way in: read from a package or written by a program, not yet stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from courses.models import CompletionRule, LessonKind

HERE = "/courses/@course/"
"""What addresses inside a draft's HTML begin with; storing puts the course's own address there."""


@dataclass
class AssetDraft:
    """A file of the package. `path` is its place there; `open` gives its content, as often as asked."""

    path: str
    media_type: str
    kind: str
    size: int
    open: Callable[[], BinaryIO]
    title: str = ""
    seconds: int | None = None
    details: dict[str, Any] = field(default_factory=dict)


@dataclass
class LessonDraft:
    """A lesson; `main_asset` and `attachments` are paths of assets, `quiz` is the slug of a quiz to hang here."""

    slug: str
    title: str
    kind: str = LessonKind.TEXT
    body_source: str = ""
    body_html: str = ""
    link_url: str = ""
    main_asset: str | None = None
    attachments: dict[str, str] = field(default_factory=dict)
    """Path to title."""
    quiz: str = ""
    nominal_seconds: int = 300
    completion_rule: str = CompletionRule.MARKED
    completion_seconds: int = 0
    completion_coverage: int = 90
    where: str = ""
    """Its file in the package."""


@dataclass
class ModuleDraft:
    """A chapter with its lessons in order."""

    title: str
    lessons: list[LessonDraft] = field(default_factory=list)


@dataclass
class CourseDraft:
    """A course with all that belongs to it; `cover` is the path of an asset."""

    slug: str
    title: str
    summary: str = ""
    language: str = "zh_Hans"
    category: str = ""
    cover: str | None = None
    modules: list[ModuleDraft] = field(default_factory=list)
    assets: dict[str, AssetDraft] = field(default_factory=dict)

    @property
    def lessons(self) -> list[LessonDraft]:
        """All lessons in the order of the course."""
        return [lesson for module in self.modules for lesson in module.lessons]
