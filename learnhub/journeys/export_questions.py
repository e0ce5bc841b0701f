"""The questions of a bank go out as a file that can come in again elsewhere."""

from __future__ import annotations

from datetime import datetime

from learnhub.audit.trail import Actor, record
from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.journeys import bank_files
from question_bank import authoring, catalogue
from question_bank.authoring import QuestionDraft
from question_bank.formats import writing
from question_bank.formats.writing import Written
from question_bank.models import Bank

CHUNK = 1000


def export(bank: Bank, format: str, actor: Actor, now: datetime) -> Written:
    """The published questions of a bank as a file of that format, and which of them it can't say.

    Refused when there is no writer for the format. The caller has checked that the actor may edit the bank.
    """
    drafts = drafts_of(bank)
    written = writing.write(drafts, format, bank_files.load(drafts))
    unit_id = works.owner_unit_id(Work.BANK, bank.id)
    count = len(drafts) - len(written.left_out)
    record(actor, "export", "bank", bank.id, now, unit_id=unit_id, format=format, questions=count)
    return written


def file_name(bank: Bank, format: str) -> str:
    """What the file is called."""
    return f"{bank.slug}.{writing.SUFFIXES[format]}"


def drafts_of(bank: Bank) -> list[QuestionDraft]:
    """The published questions of a bank, oldest first; a few statements for each thousand."""
    drafts: list[QuestionDraft] = []
    page = catalogue.questions(bank, per_page=CHUNK)
    for number in range(1, page.pages + 1):
        page = page if number == 1 else catalogue.questions(bank, page=number, per_page=CHUNK)
        drafts += [
            authoring.draft_of(one.version, one.question, one.category, one.tags, one.source_name) for one in page.items
        ]
    return drafts
