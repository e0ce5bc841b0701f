"""What every command has in common: one transaction, words for people, JSON for programs."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

import click
from flask import Flask
from sqlalchemy import inspect

from learnhub.app import create_app
from learnhub.audit.trail import SYSTEM, Actor
from learnhub.config import Config, ConfigError, read_config
from learnhub.identity import members
from learnhub.kernel.catalogues import reader
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
                    require_tables()
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


def require_tables() -> None:
    """End the command with a sentence when the database was never set up."""
    if not has_tables():
        people("The database has no tables yet. Run: learnhub db upgrade")
        raise SystemExit(1)


def reachable_unit(actor: Actor, code: str, now: datetime) -> Any:
    """The unit of that code: any for the system, one in reach for a member."""
    from learnhub.organisations import units
    from learnhub.organisations.permissions import Permission
    from learnhub.organisations.scope import scope_of

    if actor.id is None:
        return units.unit_by_code(code)
    return scope_of(actor.id, now).unit(Permission.SEE_MEMBERS, code)
