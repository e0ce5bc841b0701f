"""Reports on a question are answered: it is fixed, right as it is, or retired; each member who made one is told."""

from __future__ import annotations

from datetime import datetime

from learnhub.audit.trail import Actor, record
from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.journeys import change_questions
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import Message, _
from learnhub.notices import outbox
from learnhub.notices.models import Kind
from learnhub.quizzes import reports
from learnhub.quizzes.models import ReportState
from question_bank.models import Bank
from question_bank.together import Change

SAID: dict[ReportState, Message] = {
    ReportState.FIXED: _("The question is fixed. Thank you."),
    ReportState.NO_ERROR: _("The question is right as it is."),
    ReportState.RETIRED: _("The question is asked no more. Thank you."),
}
"""What a member is told."""


def answer(bank: Bank, question_id: int, outcome: str, words: str, actor: Actor, now: datetime) -> int:
    """Answer the reports that wait on a question of the bank, and tell who made them; how many there were.

    `words` is what the instructor adds. Who says that there is no error says why.
    """
    if outcome not in set(SAID):
        raise Refused(_("Choose what became of the report."))
    state = ReportState(outcome)
    if state is ReportState.NO_ERROR and not words.strip():
        raise Refused(_("Say why the question is right as it is."))
    answered = reports.answer(bank, question_id, state, words, actor.id, now)
    if state is ReportState.RETIRED:
        change_questions.change(bank, [question_id], Change.RETIRE, "", actor, now)
    text = _("%(said)s %(words)s", said=SAID[state], words=answered[0].answer) if answered[0].answer else SAID[state]
    for one in answered:
        outbox.send(
            [one.member_id],
            source=f"report:{one.id}",
            kind=Kind.MESSAGE,
            title=_("Your report on a question is answered"),
            text=text,
            now=now,
            path=f"/attempts/{one.attempt_id}/review",
        )
    unit_id = works.owner_unit_id(Work.BANK, bank.id)
    record(
        actor,
        "reports.answered",
        "question",
        question_id,
        now,
        unit_id=unit_id,
        bank=bank.slug,
        outcome=outcome,
        reports=len(answered),
    )
    return len(answered)
