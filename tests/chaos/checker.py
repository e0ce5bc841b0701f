"""The proof afterwards: plain SQL on what the database holds, against what members were told. It knows the tables and
the rules of the domain, and none of the application's code."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, text

from tests.chaos.sitters import Acknowledged

WITHIN = timedelta(seconds=60)
"""After its deadline an attempt is closed."""


class Books:
    """What the database holds. `calm` is when the last harm was done: who ended before it may be closed that later."""

    calm = datetime.min.replace(tzinfo=UTC)

    def __init__(self, engine: Engine) -> None:
        with engine.connect() as connection:

            def rows(query: str) -> list[dict[str, Any]]:
                return [dict(row._mapping) for row in connection.execute(text(query))]

            self.attempts = rows("SELECT * FROM attempt")
            self.answers = rows("SELECT * FROM answer")
            self.versions = rows("SELECT * FROM answer_version")
            self.ledger = rows("SELECT * FROM ledger")
            self.balances = rows("SELECT * FROM balance")
            self.questions = {one["id"]: _json(one["content"]) for one in rows("SELECT * FROM question_version")}
        for table in (self.answers, self.versions):
            for row in table:
                row["response"] = _json(row["response"])
        for row in self.attempts:
            row["layout"], row["marks"] = _json(row["layout"]), _json(row["marks"])
            for name in ("started_at", "deadline", "submitted_at", "closed_at"):
                row[name] = _instant(row[name])
        self.versions_of = grouped(self.versions, lambda row: (row["attempt_id"], row["slot"]))
        self.answer_of = {(row["attempt_id"], row["slot"]): row for row in self.answers}


def grouped(rows: Sequence[dict[str, Any]], key: Callable[[dict[str, Any]], Any]) -> dict[Any, list[dict[str, Any]]]:
    """Rows by a key."""
    found: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _instant(value: Any) -> datetime | None:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def faults(books: Books, saves: Sequence[Acknowledged], receipts: Sequence[tuple[int, str]]) -> list[str]:
    """Everything that is not as it was promised; empty when nothing was lost and nothing was done twice."""
    found = [*lost(books, saves), *misplaced(books)]
    for attempt in books.attempts:
        found += [f"attempt {attempt['id']}: {fault}" for fault in wrongly_closed(books, attempt, receipts)]
        found += [f"attempt {attempt['id']}: {fault}" for fault in wrongly_paid(books, attempt)]
    sums: dict[int, int] = defaultdict(int)
    for entry in books.ledger:
        sums[entry["member_id"]] += entry["points"]
    for balance in books.balances:
        if balance["period"] == "all" and balance["points"] != sums[balance["member_id"]]:
            found.append(f"the balance of {balance['member_id']} is not the sum of the entries")
    return found


def lost(books: Books, saves: Sequence[Acknowledged]) -> Iterator[str]:
    """Every answer that was acknowledged stands in the history as it was sent."""
    for save in saves:
        kept = [row for row in books.versions_of[save.attempt, save.slot] if not row["late"]]
        if not any(_holds(row, save) for row in kept):
            yield f"lost: attempt {save.attempt}, slot {save.slot}, sequence {save.sequence}"
        if not any(row["revision"] >= save.revision for row in kept):
            yield f"revision {save.revision} of attempt {save.attempt}, slot {save.slot} is gone"


def _holds(version: dict[str, Any], save: Acknowledged) -> bool:
    """A superseded answer may have come with a newer one that says the same."""
    newer = save.superseded and version["sequence"] > save.sequence
    return version["response"] == save.response and (version["sequence"] == save.sequence or newer)


def misplaced(books: Books) -> Iterator[str]:
    """The answer that stands is the last one by sequence, which is the last one by revision too; none came twice."""
    for (attempt, slot), rows in books.versions_of.items():
        taken = sorted((row for row in rows if not row["late"]), key=lambda row: row["revision"])
        if not taken:
            continue
        revisions, sequences = [row["revision"] for row in taken], [row["sequence"] for row in taken]
        if revisions != list(range(1, len(taken) + 1)):
            yield f"attempt {attempt}, slot {slot}: revisions {revisions}"
        if sequences != sorted(set(sequences)):
            yield f"attempt {attempt}, slot {slot}: sequences {sequences}"
        current = books.answer_of.get((attempt, slot))
        if current is None or current["response"] != taken[-1]["response"] or current["sequence"] != sequences[-1]:
            yield f"attempt {attempt}, slot {slot}: what stands is not the last answer"


def wrongly_closed(books: Books, attempt: dict[str, Any], receipts: Sequence[tuple[int, str]]) -> Iterator[str]:
    """Closed, once, in time, at its own deadline or before, with the answers that stand, marked as they deserve."""
    if attempt["state"] != "closed":
        yield "still open"
        return
    if attempt["closed_by"] == "member":
        if attempt["submitted_at"] > attempt["deadline"]:
            yield "handed in after its deadline"
    elif attempt["submitted_at"] != attempt["deadline"]:
        yield "closed by the clock, but not at its deadline"
    if attempt["closed_at"] > max(attempt["deadline"], books.calm) + WITHIN:
        yield f"closed {attempt['closed_at'] - attempt['deadline']} after its deadline"
    stands = {slot: row["response"] for (of, slot), row in books.answer_of.items() if of == attempt["id"]}
    said = [[slot, response] for slot, response in sorted(stands.items()) if response]
    digest = hashlib.sha256(
        json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()
    if attempt["digest"] != digest:
        yield "what was marked is not what stands"
    if not attempt["reopened"] and {given for of, given in receipts if of == attempt["id"]} - {digest}:
        yield "a receipt names another digest"
    marks = [_mark(books, slot, stands.get(n)) for n, slot in enumerate(attempt["layout"]["slots"], 1)]
    if [one["mark"] for one in attempt["marks"]] != marks or attempt["score"] != sum(marks):
        yield "the marks are not what the answers deserve"


def _mark(books: Books, slot: dict[str, Any], response: dict[str, Any] | None) -> int:
    right = {one["key"] for one in books.questions[int(slot["version"])]["options"] if one["fraction"] == "1"}
    return int(slot["mark"]) if response and response.get("choice") in right else 0


def wrongly_paid(books: Books, attempt: dict[str, Any]) -> Iterator[str]:
    """Of what was not taken back, handing in is paid once, and passing once and only if it was passed."""
    mine = [row for row in books.ledger if row["member_id"] == attempt["member_id"]]
    taken_back = {row["reverses"] for row in mine}
    paid = [row["kind"] for row in mine if row["reverses"] is None and row["id"] not in taken_back]
    wanted = ["quiz_handed_in", *(["quiz_passed"] if attempt["passed"] else [])]
    if sorted(paid) != wanted:
        yield f"paid {paid}"
