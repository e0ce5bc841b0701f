"""A transcript as a signed PDF page: drawing, signing and sealing it, against the same words drawn bare."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from benchmarks.harness import application, best_of, options, report
from learnhub.audit.trail import SYSTEM
from learnhub.identity import members
from learnhub.kernel import signing
from learnhub.kernel.catalogues import reader
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.kernel.periods import parse_period
from learnhub.kernel.words import _
from learnhub.organisations import memberships, units
from learnhub.points import ledger
from learnhub.transcripts import document, pdf, sealing, spans, verification
from learnhub.transcripts.models import IssuedTranscript

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
WORDS = "学习贯彻网络安全与信息素养专题班公文写作基础"


def issue(count: int) -> list[IssuedTranscript]:
    """Transcripts of so many members, each with its own name, eight courses and six quizzes."""
    top = units.new_unit("HQ", "云岭科技集团党委", NOW, kind="committee")
    unit = units.new_unit("B1", "机关第一支部", NOW, parent=top)
    span = spans.of_period(parse_period("2026"), NOW + timedelta(hours=1))
    issued = []
    for n in range(count):
        member = members.new_member(f"YL{n:06d}", f"王{WORDS[n % len(WORDS)]}", NOW)
        memberships.join_unit(member, unit, date(2026, 1, 1))
        ledger.post(
            member.id, kind="bench", source_id="1", points=n % 40, reason=_("Quiz passed"), occurred_at=NOW, now=NOW
        )
        issued.append(document.issue(member, span, NOW, SYSTEM, reader("zh_Hans")))
    db.session.commit()
    for one in issued:
        db.session.refresh(one)
        db.session.expunge(one)
        one.document = {**one.document, "tables": _tables(one.document["tables"])}
        one.signature = signing.sign(document.canonical(one.document), house.signing_key)
    return issued


def _tables(tables: list[dict[str, Any]]) -> list[dict[str, Any]]:
    courses, quizzes = tables
    taken = [[f"{WORDS[n:]} · {WORDS[:n]}", f"{n}.25", "2026-10-01"] for n in range(8)]
    sat = [[WORDS[n : n + 9], "1", "16 / 20", "通过", "2026-11-17"] for n in range(6)]
    return [{**courses, "rows": taken}, {**quizzes, "rows": sat}]


def bare(said: dict[str, Any]) -> bytes:
    """The words of a transcript, each drawn at a place of its own in the same font: the baseline."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, initialFontName=pdf.REGULAR)
    texts = [said["organisation"], said["title"]]
    texts += [cell for row in [*said["head"], *said["figures"]] for cell in row]
    texts += [cell for table in said["tables"] for row in [table["columns"], *table["rows"]] for cell in row]
    canvas.setFont(pdf.REGULAR, 9.5)
    for place, text in enumerate(texts):
        canvas.drawString(50 + place % 3 * 170, 800 - place // 3 * 14, text)
    canvas.save()
    return out.getvalue()


def main() -> None:
    """Measure pages of many members, once the fonts are loaded."""
    asked = options("transcript_pdf", 200, 40, __doc__ or "")
    with application(asked):
        issued = issue(asked.size)
        files = [sealing.as_pdf(one) for one in issued]
        if not all(verification.verify_file(file)["genuine"] for file in files):
            raise SystemExit("a page does not verify")
        ours = best_of(3, lambda: [sealing.as_pdf(one) for one in issued]) / len(issued)
        alone = best_of(3, lambda: [bare(one.document) for one in issued]) / len(issued)
        check = best_of(3, lambda: [verification.verify_file(file) for file in files]) / len(files)
        report(
            asked,
            ratio=alone / ours,
            goal="at most 35 ms CPU a page",
            baseline="the same words drawn bare",
            cpu_ms_per_page=ours * 1000,
            cpu_ms_per_verification=check * 1000,
            kb_per_file=sum(map(len, files)) / len(files) / 1000,
        )


if __name__ == "__main__":
    main()
