"""Taking things out: boards, questions, score sheets, transcripts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from learnhub.audit.trail import Actor, record
from learnhub.cli.running import reachable_unit, say, with_database
from learnhub.identity import members
from learnhub.kernel.catalogues import reader
from learnhub.kernel.clock import utcnow
from learnhub.kernel.errors import NotFound
from learnhub.kernel.words import _

_FORMATS = "gift, aiken, moodle-xml, qti, excel, text or json"


@click.group("export")
def export() -> None:
    """Write questions, sheets, boards and transcripts to files."""


@export.command("board")
@click.option("--board", "name", required=True, metavar="NAME", help="members, units-per-head or units-total")
@click.option("--unit", "unit_code", required=True, metavar="CODE")
@click.option("--period", required=True, metavar="PERIOD", help="2026-11-22, 2026-W47, 2026-11, 2026-Q4, 2026 or all")
@click.option("--format", "format_", type=click.Choice(["csv", "json"]), default="csv", show_default=True)
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@with_database
def export_board_command(
    name: str, unit_code: str, period: str, format_: str, out: Path, actor: Actor
) -> dict[str, Any]:
    """Write a board to a file."""
    from learnhub.boards.export import export_board

    reachable_unit(actor, unit_code, utcnow())
    result = export_board(name, unit_code, period, format_, out, utcnow())
    record(actor, "export", "board", name, utcnow(), unit=unit_code, period=period)
    return result


@export.command("questions")
@click.option("--bank", "slug", required=True, metavar="SLUG")
@click.option("--format", "format_", required=True, metavar="NAME", help=_FORMATS)
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@with_database
def export_questions_command(slug: str, format_: str, out: Path, actor: Actor) -> dict[str, Any]:
    """Write the published questions of a bank to a file; what its format can't say or keep is listed."""
    from learnhub.authorship import works
    from learnhub.journeys import export_questions
    from learnhub.organisations.scope import scope_of
    from question_bank.authoring import find_bank

    now = utcnow()
    bank = works.editable_bank(scope_of(actor.id, now), slug) if actor.id is not None else find_bank(slug)
    if bank is None:
        raise NotFound(_("There is no such bank."))
    written = export_questions.export(bank, format_, actor, now)
    out.write_bytes(written.data)
    return {
        "format": format_,
        "questions": len(export_questions.drafts_of(bank)) - len(written.left_out),
        "left_out": [{"where": one.where, "reason": say(one.reason)} for one in written.left_out],
        "lost": [say(one) for one in written.lost],
        "file": str(out),
    }


@export.command("scores")
@click.option("--unit", "unit_code", required=True, metavar="CODE")
@click.option("--from", "first", required=True, type=click.DateTime(["%Y-%m-%d"]), metavar="DATE")
@click.option("--to", "last", required=True, type=click.DateTime(["%Y-%m-%d"]), metavar="DATE")
@click.option("--as-at", "as_at", default=None, type=click.DateTime(["%Y-%m-%d"]), metavar="DATE")
@click.option("--format", "format_", type=click.Choice(["xlsx", "csv", "json"]), default="xlsx", show_default=True)
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@with_database
def export_scores_command(
    unit_code: str, first: datetime, last: datetime, as_at: datetime | None, format_: str, out: Path, actor: Actor
) -> dict[str, Any]:
    """Write the scores of a unit and all below it as a sheet (成绩单)."""
    from learnhub.transcripts import scores

    now = utcnow()
    unit = reachable_unit(actor, unit_code, now)
    moment = as_at.date() if as_at else None
    result = scores.export(unit, first.date(), last.date(), moment, format_, out, now, say)
    record(actor, "export", "unit", unit.id, now, unit_id=unit.id, sheet=out.name)
    return result


@export.command("transcript")
@click.argument("member_name", metavar="MEMBER")
@click.option("--period", default=None, metavar="PERIOD", help="2026, 2026-Q4 …; this year without one.")
@click.option("--format", "format_", type=click.Choice(["pdf", "json"]), default="pdf", show_default=True)
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@with_database
def export_transcript_command(
    member_name: str, period: str | None, format_: str, out: Path, actor: Actor
) -> dict[str, Any]:
    """Issue a member's transcript as a signed PDF or JSON file."""
    from learnhub.kernel.house import house
    from learnhub.kernel.periods import Grain, parse_period, period_at
    from learnhub.organisations.permissions import Permission
    from learnhub.organisations.scope import scope_of
    from learnhub.transcripts import document, sealing, spans

    now = utcnow()
    member = members.find_member(member_name)
    if actor.id is not None:
        scope_of(actor.id, now).member(Permission.SEE_MEMBERS, member.id)
    span = spans.of_period(parse_period(period) if period else period_at(now, Grain.YEAR, house.zone), now)
    issued = document.issue(member, span, now, actor, reader(member.locale or house.default_locale))
    out.write_bytes(document.as_json(issued) if format_ == "json" else sealing.as_pdf(issued))
    return {"code": issued.code, "revision": issued.revision, "file": str(out)}
