"""Where a question is used: quizzes that ask it, papers it stands on, how often it was asked and what it brought."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.quizzes import catalogue, item_figures
from learnhub.quizzes.item_figures import Earned
from learnhub.quizzes.models import Quiz
from learnhub.web.context import scope
from question_bank import paper_sets
from question_bank.models import Bank, PaperSet


@dataclass(frozen=True)
class Uses:
    """The uses of a question: quizzes within my reach by name, those of other units counted."""

    mine: list[Quiz]
    others: int
    papers: list[PaperSet]
    earned: Earned

    @property
    def quizzes(self) -> int:
        """How many quizzes ask it."""
        return len(self.mine) + self.others


def of_question(bank: Bank, question_id: int) -> Uses:
    """Where a question of the bank is used."""
    quizzes = catalogue.used_in([question_id]).get(question_id, [])
    asking = select(Unit.id).where(Unit.id.in_({quiz.unit_id for quiz in quizzes}))
    reach = set(db.session.scalars(asking.where(Unit.id.in_(scope().unit_ids(Permission.AUTHOR)))))
    mine = [quiz for quiz in quizzes if quiz.unit_id in reach]
    earned = item_figures.of_question(question_id, bank.id)
    return Uses(mine, len(quizzes) - len(mine), paper_sets.holding(bank, question_id), earned)
