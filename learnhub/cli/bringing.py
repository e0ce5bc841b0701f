"""Bringing things in: questions, courses, rosters; and taking them back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from learnhub.audit.trail import Actor
from learnhub.cli.running import has_tables, reachable_unit, with_database
from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db

_FORMATS = "auto, gift, aiken, moodle-xml, qti, excel, csv, text, docx, json, h5p or moodle-backup"


@click.group("import")
def bring() -> None:
    """Bring in courses and questions, and take an import back."""


@bring.command("questions")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--bank", required=True, metavar="SLUG", help="The bank to fill; made when it does not exist.")
@click.option("--format", "format_", default="auto", show_default=True, metavar="NAME", help=_FORMATS)
@click.option("--encoding", default=None, help="When the file's encoding can't be told: utf-8, gb18030, …")
@click.option("--strict", is_flag=True, help="Refuse the whole file if one question is refused.")
@click.option("--dry-run", is_flag=True, help="Read and report; write nothing.")
@with_database
def import_questions_command(
    file: Path, bank: str, format_: str, encoding: str | None, strict: bool, dry_run: bool, actor: Actor
) -> dict[str, Any]:
    """Bring questions from a file: GIFT, Moodle XML, QTI, Excel, Word and others; auto tells by the content."""
    from learnhub.journeys import import_questions

    data = file.read_bytes()
    if dry_run:
        known = bank if has_tables() else ""
        report = import_questions.dry_run(data, file.name, format=format_, encoding=encoding, bank_slug=known)
    else:
        report = import_questions.carry_out(
            data,
            file.name,
            bank_slug=bank,
            format=format_,
            encoding=encoding,
            strict=strict,
            actor=actor,
            unit=_unit_of(actor),
            now=utcnow(),
        )
    return _import_result(report)


@bring.command("course")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--format", "format_", default="auto", show_default=True)
@click.option("--dry-run", is_flag=True, help="Read and report; write nothing.")
@with_database
def import_course_command(file: Path, format_: str, dry_run: bool, actor: Actor) -> dict[str, Any]:
    """Bring a course from a folder or a zip of Markdown."""
    from learnhub.journeys import import_course

    if dry_run:
        return _import_result(import_course.dry_run(file, file.name, format=format_))
    return _import_result(
        import_course.carry_out(file, file.name, format=format_, actor=actor, unit=_unit_of(actor), now=utcnow())
    )


@bring.command("roster")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--unit", "code", default=None, metavar="CODE", help="The unit of rows that name none; else your own.")
@click.option("--encoding", default=None, help="When the file's encoding can't be told: utf-8, gb18030, …")
@click.option("--create-units", is_flag=True, help="Make the units that the file names and nobody knows.")
@click.option("--dry-run", is_flag=True, help="Read and report; write nothing.")
@with_database
def import_roster_command(
    file: Path, code: str | None, encoding: str | None, create_units: bool, dry_run: bool, actor: Actor
) -> dict[str, Any]:
    """Bring members from a roster: Excel, CSV or OneRoster."""
    from learnhub.journeys import import_roster
    from learnhub.organisations.roster.asking import Asked

    now = utcnow()
    unit = reachable_unit(actor, code, now) if code else _unit_of(actor)
    bring_in = import_roster.dry_run if dry_run else import_roster.carry_out
    asked = Asked(encoding=encoding, create_units=create_units)
    return _import_result(bring_in(file.read_bytes(), file.name, unit=unit, actor=actor, now=now, asked=asked))


@bring.command("undo")
@click.argument("name", metavar="import:ID")
@with_database
def undo_command(name: str, actor: Actor) -> dict[str, Any]:
    """Take an import back."""
    from learnhub.journeys import undo_import

    return undo_import.undo(name, actor, utcnow())


def _unit_of(actor: Actor) -> Any:
    """The unit that owns what is brought in: the actor's own, or the top of the tree for the system."""
    from learnhub.organisations import memberships, units
    from learnhub.organisations.models import Unit

    unit_id = memberships.primary_unit_id(actor.id, utcnow()) if actor.id else None
    return db.session.get_one(Unit, unit_id) if unit_id else units.root()


def _import_result(report: dict[str, Any]) -> dict[str, Any]:
    nothing = report.get("refused") and not report.get("imported") and not report.get("updated")
    return {**report, "exit": 1 if nothing and not report.get("skipped") else 0}
