"""Do the books agree with themselves, and is a transcript genuine?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from learnhub.audit.trail import Actor
from learnhub.cli.running import with_database
from learnhub.kernel.clock import utcnow


@click.group("verify")
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
