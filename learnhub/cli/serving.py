"""Running it: the database, the server, the clock, the first administrator, the demo."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Any

import click
from flask import Flask

from learnhub.audit.trail import Actor
from learnhub.cli.running import application, people, require_tables, settings, with_database
from learnhub.cli.supervising import Clock, keep_up
from learnhub.identity import members
from learnhub.kernel.clock import utcnow

BACKLOG = 4096
"""Connections that may wait to be taken: thousands press start in the same seconds, and none should be reset. Linux
gives as many as net.core.somaxconn says."""


@click.group("db")
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


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True, help="Processes; one is right for SQLite.")
@click.option("--threads", default=8, show_default=True, help="Requests at once in each process.")
@click.option("--no-jobs", is_flag=True, help="On SQLite, do not run the clock in a child process.")
def serve(host: str, port: int, workers: int, threads: int, no_jobs: bool) -> None:
    """The web server; on SQLite it also runs the clock in a child process."""
    from granian import Granian
    from granian.constants import Interfaces

    from learnhub.web.quizzes.clock_events import STREAMS

    app = application()
    with app.app_context():
        require_tables()
        _announce(app, host, port)
    config = app.config["LEARNHUB"]
    logging.getLogger("_granian").addFilter(_is_news)

    def server() -> Any:
        return Granian(
            "learnhub.app:wsgi",
            factory=True,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            backlog=BACKLOG,
            workers=workers,
            blocking_threads=threads + STREAMS,
            respawn_failed_workers=True,
            respawn_interval=0.5,
            log_access=False,
        )

    clock = Clock() if config.embedded and not no_jobs else None
    try:
        keep_up(server)
    except RuntimeError as error:
        people(f"{host}:{port} can't be had: {error}. Choose another address with --host and --port.")
        raise SystemExit(1) from None
    finally:
        if clock is not None:
            clock.stop()


def _is_news(line: logging.LogRecord) -> bool:
    """Whether a line of the server is for its administrator; the threads are many because most hold a stream."""
    return not str(line.msg).startswith(("Configuration allows spawning", "Websockets are not supported"))


def _announce(app: Flask, host: str, port: int) -> None:
    people(f"LearnHub: http://{host}:{port}/")
    from learnhub import demo

    for line in demo.accounts(app.config["LEARNHUB"]):
        people(line)


@click.command()
@click.option("--parent", type=int, default=None, hidden=True)
def jobs(parent: int | None) -> None:
    """The clock; one leader among any number."""
    from learnhub import jobs as clock

    clock.run(application(), parent=parent)


@click.command("create-admin")
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


@click.command("erase")
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


@click.command("demo")
@click.option("--size", type=click.Choice(["small", "medium", "large"]), default="small", show_default=True)
@with_database
def demo_command(size: str, actor: Actor) -> dict[str, Any]:
    """Create the demo organisation in an empty database (nothing happens when it is there)."""
    from learnhub import demo

    del actor
    return demo.create(size, settings(), utcnow())
