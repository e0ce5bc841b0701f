"""What stands above a question in JSON, or between questions, and holds for those below: chapter, kind, mark."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from question_bank.formats.papers.headings import Heading, heading_of


@dataclass(frozen=True)
class Context:
    """What stands above a question: its place, the chapter, the kind that a section names."""

    where: str = ""
    category: str = ""
    kind: str | None = None
    mark: str = ""
    doubt: str = ""
    """The place of a part whose score could be that of each question, or of all of them."""

    def under(self, heading: Heading) -> Context:
        """The same below a heading that stands between questions."""
        mark = "" if heading.mark is None or heading.mark_per_blank else format(Decimal(heading.mark) / 1000, "f")
        return replace(self, kind=heading.kind or self.kind, mark=mark or ("" if heading.kind else self.mark))


_WORD = re.compile(r"[\w.-]{0,20}", re.ASCII)


def heading_between(item: Any) -> Heading | None:
    """The heading that an entry of a list is, alone or in an object that says nothing else; None for any other."""
    if isinstance(item, str):
        return _heading(item)
    if not isinstance(item, Mapping) or len(item) > 6 or any(isinstance(one, list | dict) for one in item.values()):
        return None
    texts = [one for one in item.values() if isinstance(one, str) and not _WORD.fullmatch(one)]
    return _heading(texts[0]) if len(texts) == 1 and "answer" not in item and "type" in item else None


def _heading(text: str) -> Heading | None:
    heading = heading_of(text) if "题" in text or "mark" in text or "point" in text else None
    return heading if heading is not None and (heading.kind or heading.mark) else None
