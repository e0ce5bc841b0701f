"""Files of questions (GIFT, Moodle XML, a workbook) into an empty bank, and whether ten times the file costs ten times,
against bare inserts of the rows."""

from __future__ import annotations

import resource
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import xlsxwriter
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
MOST = 100_000
"""Questions of the largest file (a workbook has one fewer, for its header); at the default size it is measured too."""


def gift(count: int, salt: str) -> bytes:
    """So many single choices with a title, some markup, four options and a feedback."""
    return "\n\n".join(
        f"::Question {salt}{n}:: [html]<p>What is {n} <b>plus</b> {salt}{n}?</p>"
        f" {{\n={2 * n}#Right.\n~{2 * n + 1}\n~{2 * n + 3}\n~{2 * n + 5}\n}}"
        for n in range(count)
    ).encode()


def moodle_xml(count: int, salt: str) -> bytes:
    """The same questions as Moodle exports them."""
    around = "".join(
        f'<{tag} format="html"><text></text></{tag}>'
        for tag in ("generalfeedback", "correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
    )
    settings = (
        "<defaultgrade>1.0000000</defaultgrade><penalty>0.3333333</penalty><hidden>0</hidden><idnumber></idnumber>"
        "<single>true</single><shuffleanswers>true</shuffleanswers><answernumbering>abc</answernumbering>"
    )

    def answer(worth: int, text: int, told: str) -> str:
        feedback = f'<feedback format="html"><text>{told}</text></feedback>'
        return f'<answer fraction="{worth}" format="html">\n<text>{text}</text>\n{feedback}\n</answer>\n'

    questions = (
        f'<question type="multichoice">\n<name>\n<text>Question {salt}{n}</text>\n</name>\n'
        '<questiontext format="html">\n'
        f"<text><![CDATA[<p>What is {n} <b>plus</b> {salt}{n}?</p>]]></text>\n</questiontext>\n{around}{settings}\n"
        + answer(100, 2 * n, "Right.")
        + "".join(answer(0, 2 * n + more, "") for more in (1, 3, 5))
        + "</question>\n"
        for n in range(count)
    )
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n' + "".join(questions) + "</quiz>\n").encode()


def workbook(count: int, salt: str) -> bytes:
    """The same questions in the first wide layout, as text."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet()
    for row in range(count + 1):
        n = row - 1
        cells = ["题干", "题型", "选项A", "选项B", "选项C", "选项D", "答案", "解析"]
        if row:
            options = [str(2 * n), str(2 * n + 1), str(2 * n + 3), str(2 * n + 5)]
            cells = [f"What is {n} plus {salt}{n}?", "单选题", *options, "A", "Right."]
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell)
    book.close()
    return out.getvalue()


FILES: dict[str, tuple[str, Callable[[int, str], bytes]]] = {
    "gift": ("q.gift", gift),
    "moodle_xml": ("q.xml", moodle_xml),
    "excel": ("q.xlsx", workbook),
}
"""What is measured: the name of the file and what makes it."""


def import_cost(made: str, count: int, bank: str) -> float:
    """CPU seconds a question."""
    name, make = FILES[made]
    data, unit = make(count, bank), units.root()

    def bring() -> None:
        report_ = import_questions.carry_out(data, name, bank_slug=bank, actor=SYSTEM, unit=unit, now=NOW)
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
    """Measure each format at a tenth of the size and at the whole; without --quick GIFT at a hundred thousand too."""
    asked = options("import_questions", 10_000, 1_000, __doc__ or "")
    with application(asked):
        units.new_unit("HQ", "Committee", NOW)
        db.session.commit()
        figures: dict[str, float] = {}
        for made in FILES:
            import_cost(made, 100, f"warm-{made.replace('_', '-')}")
            slug = made.replace("_", "-")
            tenth = import_cost(made, asked.size // 10, f"tenth-{slug}")
            whole = import_cost(made, asked.size, f"whole-{slug}")
            figures |= {
                f"{made}_cpu_ms_per_question": whole * 1000,
                f"{made}_growth": whole / tenth,
                f"{made}_questions_per_core_s": 1 / whole,
            }
            if not asked.quick:
                most = import_cost(made, MOST - (made == "excel"), f"most-{slug}")
                figures |= {
                    f"{made}_cpu_ms_per_question_of_{MOST}": most * 1000,
                    f"{made}_growth_to_{MOST}": most / tenth,
                }
        bare = insert_cost(asked.size)
        worst = max(figures[f"{made}_cpu_ms_per_question"] for made in FILES)
        report(
            asked,
            ratio=bare * 1000 / worst,
            goal="at most 0.8 ms each, linear",
            baseline="bare inserts of the rows",
            cpu_ms_per_question=worst,
            growth=max(figures[name] for name in figures if "_growth" in name),
            peak_rss_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            **figures,
        )


if __name__ == "__main__":
    main()
