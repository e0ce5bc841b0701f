"""What a reader of packages hands back: the draft, what it refused, what it noticed."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from courses.drafts import CourseDraft
from learnhub.kernel.archives import Archive
from learnhub.kernel.words import Message


@dataclass(frozen=True)
class Remark:
    """One thing that was wrong, with its place in the package."""

    where: str
    reason: Message


@dataclass
class Reading:
    """A package as read. `refused` did not come along; `warnings` did, but somebody should look."""

    format: str
    course: CourseDraft | None
    refused: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    archive: Archive | None = None

    def close(self) -> None:
        """Let go of the package; the files of the draft can't be opened afterwards."""
        if self.archive is not None:
            self.archive.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
