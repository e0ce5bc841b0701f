"""Titles of a paper as Markdown writes them: each is a question, names one, or begins a part of the paper."""

from __future__ import annotations

import re

from question_bank.formats.papers.blocks import Line, Section
from question_bank.formats.papers.key_lines import KeyLineGathering
from question_bank.formats.papers.part_names import kind_behind, without_marks
from question_bank.formats.papers.shapes import narrow, number_of
from question_bank.formats.papers.task_names import total_of
from question_bank.formats.sheets.columns import kind_named

_TITLE_OF_ONE = re.compile(r"\s*[A-Za-z0-9.#-]{0,8}\s*[【\[(]([^【】\[\]()]{1,60})[】\])]\s*")
LONGEST_TITLE = 60
"""Characters of a title that are kept as the category of the questions below it."""


class TitleGathering(KeyLineGathering):
    """The state between one line and the next, and what titles do to it."""

    def _take_title(self, at: int, line: Line) -> bool:
        """A title that says nothing a paper's heading would say: the question above ends, a part of the paper begins.

        `C01【初级 · 易 · 单选】` is the title of one question, and may name its type.
        """
        block = self.block
        is_open = block is not None and not (block.is_closed or self._answer_in(block.stem))
        if not line.is_part and (is_open or self._is_asking(at, line)):
            return False
        self.block = None
        tagged = _TITLE_OF_ONE.fullmatch(narrow(line.text))
        if tagged:
            words = re.split(r"[\s·,、;|/]+", tagged.group(1))
            kind = next((word for word in words if kind_named(word)), None)
            self.pending = [("kind", kind)] if kind else []
            return True
        if line.title > 1:
            numbered = number_of(line.text)
            here = Section() if numbered and numbered.style in {"cn", "cnparen"} else self.section
            name = " ".join((without_marks(line.text) if line.is_part else line.text).split())
            kind = (kind_behind(line.text) if line.is_part else None) or here.kind
            titled = Section(kind, here.mark, here.mark_per_blank, name[:LONGEST_TITLE], level=line.title)
            titled.total = total_of(line.text) if line.is_part else None
            self.found.sections.append(titled)
            self.title_at = len(self.found.unplaced)
            self.style = self._style_after(at + 1)
        else:
            here = self.section
            is_over = here.level > line.title
            if here.blocks or is_over:
                name = "" if is_over else here.category
                self.found.sections.append(Section(here.kind, here.mark, here.mark_per_blank, name))
            self.found.unplaced.append(line)
        return True
