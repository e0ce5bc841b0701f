"""The lines of a judged roster in a file: judged once, then looked at page by page however long it is."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import orjson

from learnhub.kernel.house import house
from learnhub.kernel.words import Message
from learnhub.organisations.roster.comparing import Judged, Verdict
from learnhub.organisations.roster.reading import RosterRow


def keep(lines: Iterable[Judged]) -> str:
    """Put the lines into the file store; gives the digest by which they are found again.

    The file is like no other, so that it may be removed without asking who else needs it.
    """
    with tempfile.TemporaryFile() as out:
        out.write(f"{secrets.token_hex(16)}\n".encode())
        for one in lines:
            out.write(f"{one.verdict}\t".encode() + orjson.dumps(_as_json(one)) + b"\n")
        out.seek(0)
        return house.files.put(out).digest


def page(digest: str, verdict: str, start: int, count: int) -> list[Judged]:
    """Some of the lines, of one verdict or (empty) of all."""
    wanted = f"{verdict}\t".encode()
    with house.files.open(digest) as kept:
        kept.readline()
        found: Iterator[bytes] = (line for line in kept if line.startswith(wanted)) if verdict else iter(kept)
        return [_line(one) for one in islice(found, start, start + count)]


def row_at(digest: str, where: str) -> RosterRow | None:
    """The row that stands at a place of the file; None when none does."""
    said = orjson.dumps({"where": where})[1:-1]
    with house.files.open(digest) as kept:
        for line in kept:
            if said in line:
                row = _line(line).row
                if row.where == where:
                    return row
    return None


def _as_json(one: Judged) -> dict[str, Any]:
    reason = one.reason.to_json() if isinstance(one.reason, Message) else one.reason
    return {"row": {**vars(one.row), "details": {}}, "reason": reason, "changes": dict(one.changes)}


def _line(text: bytes) -> Judged:
    verdict, _tab, rest = text.partition(b"\t")
    said = orjson.loads(rest)
    reason = Message.from_json(said["reason"]) if said["reason"] else None
    changes = {name: (before, after) for name, (before, after) in said["changes"].items()}
    return Judged(RosterRow(**said["row"]), Verdict(verdict.decode()), reason, changes=changes)
