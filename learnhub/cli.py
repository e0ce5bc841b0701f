"""The `learnhub` command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import Flask
from sqlalchemy import inspect

from learnhub.app import create_app
from learnhub.audit.trail import SYSTEM, Actor, record
from learnhub.config import Config, ConfigError, read_config
from learnhub.identity import members
from learnhub.kernel.catalogues import reader
from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db
from learnhub.kernel.errors import DomainError
from learnhub.kernel.words import Message

say = reader(os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or "")
"""Messages in the language of the shell."""


def people(text: str | Message) -> None:
    """Words for people go to standard error, so that standard output holds only what was asked for."""
    click.echo(say(text), err=True)


def application() -> Flask:
    """The application for this environment; a wrong setting ends the command with a sentence."""
    try:
        return create_app(settings())
    except ConfigError as error:
        people(str(error))
        raise SystemExit(2) from None


def settings() -> Config:
    """The settings of this environment."""
    return read_config()


def with_database(command: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command in one transaction: committed when it ends well; a refusal is explained and exits with 1.

    The command gets `actor`, and returns a dict, printed as JSON with --json or as lines of `name: value`.
    """

    @click.option("--json", "as_json", is_flag=True, help="Print exactly one JSON object on standard output.")
    @click.option("--as", "as_whom", default=None, metavar="NAME", help="Act as this member (number or sign-in name).")
    @wraps(command)
    def run(*args: Any, as_json: bool, as_whom: str | None, **kwargs: Any) -> None:
        app = application()
        with app.app_context():
            try:
                if not kwargs.get("dry_run"):
                    _require_tables()
                actor = Actor(members.find_member(as_whom)) if as_whom else SYSTEM
                result = command(*args, actor=actor, **kwargs)
                db.session.commit()
            except DomainError as error:
                db.session.rollback()
                _refuse(say(error.message), as_json)
            except OSError as error:
                db.session.rollback()
                _refuse(f"{error.filename}: {error.strerror}", as_json)
        exit_code = int(result.pop("exit", 0))
        _print(result, as_json)
        raise SystemExit(exit_code)

    return run


def _refuse(reason: str, as_json: bool) -> None:
    if as_json:
        _print({"refused": [{"where": "", "reason": reason}]}, as_json=True)
    people(reason)
    raise SystemExit(1)


def _print(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_plain(result), ensure_ascii=False, indent=2))
        return
    for name, value in result.items():
        for one in value if isinstance(value, list) else [value]:
            text = "  ".join(str(_plain(part)) for part in one.values()) if isinstance(one, dict) else _plain(one)
            click.echo(f"{name}: {text}")


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return say(value)
    if isinstance(value, dict):
        if "text" in value and set(value) <= {"text", "plural", "params"}:
            return say(Message.from_json(value))
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def has_tables() -> bool:
    """Whether the database has our tables: a dry run reads a file without them, too."""
    return inspect(db.engine).has_table("member")


def _require_tables() -> None:
    if not has_tables():
        people("The database has no tables yet. Run: learnhub db upgrade")
        raise SystemExit(1)


@click.group()
@click.version_option(package_name="learnhub")
def main() -> None:
    """LearnHub: courses, quizzes, study hours, points, boards and transcripts."""


@main.group("db")
def database() -> None:
    """The database's tables."""


@database.command("upgrade")
def upgrade() -> None:
    """Bring the tables to this version, one process at a time."""
    from learnhub.migrating import upgrade as bring_up

    app = application()
    with app.app_context():
        before, after = bring_up(Path(app.config["LEARNHUB"].instance))
    people(f"Tables: {before or 'none'} → {after}" if before != after else f"Tables are up to date ({after}).")


@database.command("check")
def check() -> None:
    """Do the tables fit this version? Exit 1 when they do not."""
    from learnhub.migrating import differences

    with application().app_context():
        found = differences()
    for line in found:
        people(line)
    if found:
        raise SystemExit(1)
    people("The tables fit.")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True, help="Processes; one is right for SQLite.")
@click.option("--threads", default=8, show_default=True, help="Requests at once in each process.")
@click.option("--no-jobs", is_flag=True, help="On SQLite, do not run the clock in a child process.")
def serve(host: str, port: int, workers: int, threads: int, no_jobs: bool) -> None:
    """The web server; on SQLite it also runs the clock in a child process."""
    from granian import Granian
    from granian.constants import Interfaces

    app = application()
    with app.app_context():
        _require_tables()
        _announce(app, host, port)
    config = app.config["LEARNHUB"]
    clock = None
    if config.embedded and not no_jobs:
        clock = subprocess.Popen([sys.executable, "-m", "learnhub.cli", "jobs", "--parent", str(os.getpid())])
    try:
        Granian(
            "learnhub.app:wsgi",
            factory=True,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=threads,
            respawn_failed_workers=True,
            log_access=False,
        ).serve()
    finally:
        if clock is not None:
            clock.send_signal(signal.SIGTERM)
            clock.wait(10)


def _announce(app: Flask, host: str, port: int) -> None:
    people(f"LearnHub: http://{host}:{port}/")
    from learnhub import demo

    for line in demo.accounts(app.config["LEARNHUB"]):
        people(line)


@main.command()
@click.option("--parent", type=int, default=None, hidden=True)
def jobs(parent: int | None) -> None:
    """The clock; one leader among any number."""
    from learnhub import jobs as clock

    clock.run(application(), parent=parent)


@main.command("create-admin")
@click.argument("name")
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password from standard input.")
@with_database
def create_admin(name: str, password_stdin: bool, actor: Actor) -> dict[str, Any]:
    """Make an administrator of the whole organisation (and the organisation's first unit, if there is none)."""
    from learnhub.journeys import join_organisation

    del password_stdin
    password = sys.stdin.readline().rstrip("\n")
    member = join_organisation.first_administrator(name, password, utcnow(), actor)
    return {"administrator": member.sign_in_name, "id": str(member.id)}


@main.command("erase")
@click.argument("member_name", metavar="MEMBER")
@click.option("--yes", "typed", required=True, metavar="NUMBER", help="The member's number once more: this is meant.")
@with_database
def erase_command(member_name: str, typed: str, actor: Actor) -> dict[str, Any]:
    """Erase the personal data of a member who left; points, marks and hours stay under a pseudonym."""
    from learnhub.journeys import erase_member
    from learnhub.organisations.former import reachable
    from learnhub.organisations.permissions import Permission
    from learnhub.organisations.scope import scope_of

    now = utcnow()
    member = members.find_member(member_name)
    if actor.id is not None:
        reachable(scope_of(actor.id, now), Permission.ADMINISTER, member.id)
    done = erase_member.erase(actor, member, typed, now)
    return {"pseudonym": done.pseudonym, "id": str(member.id), "entries": done.entries}


@main.command("demo")
@click.option("--size", type=click.Choice(["small", "medium", "large"]), default="small", show_default=True)
@with_database
def demo_command(size: str, actor: Actor) -> dict[str, Any]:
    """Create the demo organisation in an empty database (nothing happens when it is there)."""
    from learnhub import demo

    del actor
    return demo.create(size, settings(), utcnow())


@main.group("import")
def bring() -> None:
    """Bring in courses and questions, and take an import back."""


@bring.command("questions")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--bank", required=True, metavar="SLUG", help="The bank to fill; made when it does not exist.")
@click.option("--format", "format_", default="auto", show_default=True)
@click.option("--encoding", default=None, help="When the file's encoding can't be told: utf-8, gb18030, …")
@click.option("--strict", is_flag=True, help="Refuse the whole file if one question is refused.")
@click.option("--dry-run", is_flag=True, help="Read and report; write nothing.")
@with_database
def import_questions_command(
    file: Path, bank: str, format_: str, encoding: str | None, strict: bool, dry_run: bool, actor: Actor
) -> dict[str, Any]:
    """Bring questions from a file: GIFT, Excel, CSV or JSON."""
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

    now = utcnow()
    unit = reachable_unit(actor, code, now) if code else _unit_of(actor)
    bring_in = import_roster.dry_run if dry_run else import_roster.carry_out
    asked = import_roster.Asked(encoding=encoding, create_units=create_units)
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


@main.group("verify")
def verify() -> None:
    """Do the books agree with themselves?"""


@verify.command("ledger")
@with_database
def verify_ledger_command(actor: Actor) -> dict[str, Any]:
    """Find any edited, removed or inserted line of the points ledger."""
    from learnhub.points import verification

    del actor
    result = verification.verify_ledger()
    return {**result, "exit": 1 if result["broken"] else 0}


@verify.command("boards")
@with_database
def verify_boards_command(actor: Actor) -> dict[str, Any]:
    """Compare the standings of every period with the sum of the entries."""
    from learnhub.boards import verification

    del actor
    result = verification.verify_boards(utcnow())
    return {**result, "exit": 1 if result["broken"] else 0}


@main.group("export")
def export() -> None:
    """Write sheets, boards and transcripts to files."""


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


@verify.command("transcript")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_database
def verify_transcript_command(file: Path, actor: Actor) -> dict[str, Any]:
    """Is a PDF or JSON file a transcript of ours, and unchanged? Says so, too, when there is a newer revision."""
    from learnhub.transcripts import document, verification

    del actor
    result = verification.verify_file(file.read_bytes())
    code = result["document"]["code"] if result["document"] else None
    known = document.check(code) if code else None
    return {
        "genuine": result["genuine"],
        "reason": result["reason"],
        "code": code,
        "revision": known.transcript.revision if known else None,
        "newer_revision": known.newer.revision if known and known.newer else None,
        "exit": 0 if result["genuine"] else 1,
    }


def reachable_unit(actor: Actor, code: str, now: datetime) -> Any:
    """The unit of that code: any for the system, one in reach for a member."""
    from learnhub.organisations import units
    from learnhub.organisations.permissions import Permission
    from learnhub.organisations.scope import scope_of

    if actor.id is None:
        return units.unit_by_code(code)
    return scope_of(actor.id, now).unit(Permission.SEE_MEMBERS, code)


if __name__ == "__main__":
    main()
