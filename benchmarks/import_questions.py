"""A file of questions into an empty bank, and whether twice the file costs twice, against bare inserts of its rows."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import insert

from benchmarks.harness import application, cpu_seconds, options, report
from learnhub.audit.trail import SYSTEM
from learnhub.journeys import import_questions
from learnhub.kernel.db import db
from learnhub.kernel.ids import new_id
from learnhub.organisations import units
from question_bank import authoring
from question_bank.models import Question, QuestionVersion

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def gift(count: int, salt: str) -> bytes:
    """So many single choices with a title, some markup, four options and a feedback."""
    return "\n\n".join(
        f"::Question {salt}{n}:: [html]<p>What is {n} <b>plus</b> {salt}{n}?</p>"
        f" {{\n={2 * n}#Right.\n~{2 * n + 1}\n~{2 * n + 3}\n~{2 * n + 5}\n}}"
        for n in range(count)
    ).encode()


def import_cost(count: int, bank: str) -> float:
    """CPU seconds a question."""
    data, unit = gift(count, bank), units.root()

    def bring() -> None:
        report_ = import_questions.carry_out(data, "q.gift", bank_slug=bank, actor=SYSTEM, unit=unit, now=NOW)
        assert report_["imported"] == count
        db.session.commit()

    return cpu_seconds(bring) / count


def insert_cost(count: int) -> float:
    """CPU seconds a question of writing one row of each table, in chunks, and nothing else."""
    bank = authoring.create_bank("bare", "Bare", NOW)
    content = {
        "options": [{"key": f"abcde{n}", "html": str(n), "fraction": "0", "feedback_html": ""} for n in range(4)]
    }

    def write() -> None:
        for start in range(0, count, 500):
            ids = [new_id() for _n in range(min(500, count - start))]
            questions = [
                {
                    "id": one,
                    "bank_id": bank.id,
                    "version_id": one,
                    "kind": "single_choice",
                    "fingerprint": f"{one:064d}",
                    "created_at": NOW,
                }
                for one in ids
            ]
            versions = [
                {
                    "id": one,
                    "question_id": one,
                    "number": 1,
                    "kind": "single_choice",
                    "stem_html": "<p>What is it?</p>",
                    "content": content,
                    "created_at": NOW,
                }
                for one in ids
            ]
            db.session.execute(insert(Question), questions)
            db.session.execute(insert(QuestionVersion), versions)
        db.session.commit()

    return cpu_seconds(write) / count


def main() -> None:
    """Measure half the size, then the whole."""
    asked = options("import_questions", 10_000, 2_000, __doc__ or "")
    with application(asked):
        units.new_unit("HQ", "Committee", NOW)
        db.session.commit()
        import_cost(200, "warm")
        half, whole = import_cost(asked.size // 2, "half"), import_cost(asked.size, "whole")
        bare = insert_cost(asked.size)
        report(
            asked,
            ratio=bare / whole,
            goal="at most 0.8 ms each, linear",
            baseline="bare inserts of the rows",
            cpu_ms_per_question=whole * 1000,
            cpu_ms_per_question_half=half * 1000,
            growth=whole / half,
        )


if __name__ == "__main__":
    main()
