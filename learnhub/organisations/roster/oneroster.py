"""OneRoster CSV, 1.1 and 1.2: users, their organisations and, in 1.2, their roles, from the zip or its folder.

Source: 1EdTech, "OneRoster 1.1 CSV Tables" and "OneRoster 1.2 CSV Binding": users.csv, orgs.csv, roles.csv.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from learnhub.kernel.archives import Limits, open_archive
from learnhub.kernel.errors import Refused
from learnhub.kernel.text import decode
from learnhub.kernel.words import Message, _

_LIMITS = Limits(entries=200, total_bytes=200 << 20, file_bytes=100 << 20, ratio=200)
_GONE = {"tobedeleted", "inactive"}


@dataclass(frozen=True)
class Person:
    """A user of the file; `unit` names the primary organisation by its path from the top, by `>`."""

    where: str
    number: str
    name: str
    unit: str
    post: str
    phone: str
    email: str


def looks_like(data: bytes) -> bool:
    """Whether this is a zip with a users.csv."""
    if data[:4] != b"PK\x03\x04" or b"users.csv" not in data:
        return False
    with open_archive(data, _LIMITS) as archive:
        return any(entry.name.rpartition("/")[2] == "users.csv" for entry in archive.members())


def read(data: bytes) -> tuple[list[Person], list[Message]]:
    """The users who are in use, each with the primary organisation; those marked as deleted are counted in a warning.

    The number is `identifier`, else `sourcedId`: what the sending system keeps from year to year.
    """
    tables = _tables(data)
    paths = _paths(tables.get("orgs.csv", []))
    primary = {
        row.get("userSourcedId", ""): row.get("orgSourcedId", "")
        for row in tables.get("roles.csv", [])
        if row.get("roleType", "primary").casefold() == "primary"
    }
    people: list[Person] = []
    gone = 0
    for line, row in enumerate(tables["users.csv"], 2):
        if row.get("status", "").casefold() in _GONE:
            gone += 1
            continue
        own = row.get("sourcedId", "")
        first_org = primary.get(own) or row.get("primaryOrgSourcedId", "") or _first(row.get("orgSourcedIds", ""))
        people.append(
            Person(
                f"users.csv!{line}",
                row.get("identifier") or own,
                _name(row),
                paths.get(first_org, first_org),
                "",
                row.get("phone") or row.get("sms", ""),
                row.get("email", ""),
            )
        )
    return people, [_("%(n)s users are marked as deleted and were left out.", n=gone)] * bool(gone)


def _tables(data: bytes) -> dict[str, list[dict[str, str]]]:
    tables: dict[str, list[dict[str, str]]] = {}
    with open_archive(data, _LIMITS) as archive:
        for entry in archive.members():
            name = entry.name.rpartition("/")[2]
            if name not in {"users.csv", "orgs.csv", "roles.csv"}:
                continue
            reader = csv.DictReader(StringIO(decode(archive.read(entry.name)), newline=""))
            tables[name] = [
                {(key or "").strip(): (value or "").strip() for key, value in row.items()} for row in reader
            ]
    if not tables.get("users.csv") or "sourcedId" not in tables["users.csv"][0]:
        raise Refused(_("users.csv has no column sourcedId, or nobody in it."))
    return tables


def _paths(orgs: list[dict[str, str]]) -> dict[str, str]:
    by_id = {row.get("sourcedId", ""): row for row in orgs if row.get("status", "").casefold() not in _GONE}
    return {one: " > ".join(reversed(list(_upwards(one, by_id)))) for one in by_id}


def _upwards(one: str, by_id: dict[str, dict[str, str]]) -> Iterator[str]:
    seen: set[str] = set()
    while one in by_id and one not in seen:
        seen.add(one)
        yield by_id[one].get("name", one)
        one = by_id[one].get("parentSourcedId", "")


def _first(several: str) -> str:
    return several.split(",", maxsplit=1)[0].strip()


def _name(row: dict[str, str]) -> str:
    """Family name first where it is written in Chinese, last elsewhere."""
    family, given = row.get("familyName", ""), row.get("givenName", "")
    if any("\u3400" <= c <= "\u9fff" for c in family + given):
        return family + given
    return " ".join(part for part in (given, family) if part)
