"""A roster of members into an empty organisation, then the same again, against bare inserts of its rows."""

from __future__ import annotations

import resource
from datetime import UTC, date, datetime

from sqlalchemy import insert

from benchmarks.harness import application, cpu_seconds, options, report
from learnhub.audit.trail import SYSTEM
from learnhub.identity.models import Member
from learnhub.journeys import import_roster
from learnhub.kernel.db import db
from learnhub.kernel.ids import new_id
from learnhub.organisations import units
from learnhub.organisations.models import Membership

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
BRANCHES = 100


def roster(count: int) -> bytes:
    """So many members of a hundred branches, as CSV with Chinese headings."""
    lines = ["姓名,工号,所在支部,职务,手机,邮箱"]
    lines += [f"学员{n},N{n:07d},第{n % BRANCHES}支部,组员,138{n:08d},n{n}@example.org" for n in range(count)]
    return "\n".join(lines).encode()


def import_cost(data: bytes, *, new: int) -> float:
    """CPU seconds of an import that must bring so many new members."""

    def bring() -> None:
        made = import_roster.carry_out(data, "roster.csv", unit=units.root(), actor=SYSTEM, now=NOW)
        assert (made["imported"], made["updated"], made["refused"]) == (new, 0, [])
        db.session.commit()

    return cpu_seconds(bring)


def insert_cost(count: int) -> float:
    """CPU seconds of writing a row of each table for each member, in chunks, and nothing else."""
    unit_id = units.root().id

    def write() -> None:
        for start in range(0, count, 1000):
            ids = [new_id() for _n in range(min(1000, count - start))]
            people = [
                {"id": one, "number": f"bare{one}", "sign_in_name": f"bare{one}", "name": "Bare", "created_at": NOW}
                for one in ids
            ]
            held = [{"member_id": one, "unit_id": unit_id, "starts_on": date(2026, 11, 22)} for one in ids]
            db.session.execute(insert(Member), people)
            db.session.execute(insert(Membership), held)
        db.session.commit()

    return cpu_seconds(write)


def main() -> None:
    """Import once, import again, and compare with bare inserts."""
    asked = options("import_roster", 100_000, 5_000, __doc__ or "")
    with application(asked):
        top = units.new_unit("HQ", "Committee", NOW)
        for n in range(BRANCHES):
            units.new_unit(f"B{n}", f"第{n}支部", NOW, parent=top)
        db.session.commit()
        data = roster(asked.size)
        first = import_cost(data, new=asked.size)
        again = import_cost(data, new=0)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        bare = insert_cost(asked.size)
        report(
            asked,
            ratio=bare / first,
            goal="memory bounded; the same again changes nothing",
            baseline="bare inserts of the rows",
            rows_per_core_s=asked.size / first,
            again_rows_per_core_s=asked.size / again,
            peak_rss_mb=peak,
        )


if __name__ == "__main__":
    main()
