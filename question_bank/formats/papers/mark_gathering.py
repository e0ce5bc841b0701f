"""The part of gathering a paper that lines about marks decide: `本题得分上限：5分`, `（满分5分）`."""

from __future__ import annotations

from learnhub.kernel.words import _
from question_bank.formats.papers.blocks import Block, Line
from question_bank.formats.papers.marks import MarkSaid, is_of_all, mark_said
from question_bank.formats.papers.number_gathering import NumberGathering
from question_bank.formats.papers.shapes import answer_before_number, number_of


class MarkGathering(NumberGathering):
    """The state between one line and the next; lines that say what a question earns."""

    mark_above = ""
    """What the next question earns, as a line above its number says."""
    marks_stand_above = False
    """Whether the first such line of the part stood above the first question: then each is of the question below it."""

    def _take_mark(self, at: int, line: Line) -> bool:
        """`本题满分：5分` is the mark of its question, and no part of an option or an answer."""
        if is_of_all(line.text):
            self.found.unplaced.append(line)
            return True
        said = mark_said(line.text)
        if said is None or self._waits_for_text():
            return False
        if self._is_mark_of_next(at, is_of_question=said.is_of_question):
            self.mark_above = said.text
        elif self.block is None or self._is_of_paper(at, said):
            self.found.unplaced.append(line)
        else:
            put_mark(self.block, said.text, line)
        return True

    def _waits_for_text(self) -> bool:
        """Whether the answer begins below its label: then a figure is what answers."""
        block = self.block
        return block is not None and block.into == "answer" and not "".join(block.answer).strip()

    def _is_mark_of_next(self, at: int, *, is_of_question: bool) -> bool:
        """Whether a mark stands above the number of its question: nearer to it, or as the first of the part does."""
        below = next((one.text for one in self.below(at) if one.text.strip()), "")
        given = answer_before_number(below)
        number = number_of(given[1] if given else below)
        if number is None or number.style != self.style:
            return False
        if self.block is None:
            self.marks_stand_above = is_of_question
        is_near_next = self.after_blank and bool(self.lines[at + 1].text.strip())
        return self.marks_stand_above or is_near_next

    def _is_of_paper(self, at: int, said: MarkSaid) -> bool:
        """Whether `满分：100分` ends the paper, apart from its last question."""
        return self.after_blank and not said.is_of_question and not any(one.text.strip() for one in self.below(at))

    def _give_mark_above(self) -> None:
        """Give the mark that stood above a number to the question that it began."""
        if self.mark_above and self.block is not None:
            self.block.fields.setdefault("mark", []).append(self.mark_above)
        self.mark_above = ""


def put_mark(block: Block, mark: str, line: Line) -> None:
    """Set a question's mark without ending what was being read; another one than before is told, and left out."""
    before = "".join(block.fields.get("mark", []))
    if before and before.removesuffix("分") != mark:
        block.notes.append(
            _(
                "%(where)s: the question has two marks, %(one)s and %(other)s; the first was taken.",
                where=line.where,
                one=before[:20],
                other=mark,
            )
        )
        return
    block.fields["mark"] = [mark]
