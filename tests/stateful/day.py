"""What an exam day comes to: attempts of two members, the time they are granted, what passing earns them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tests.stateful.model import Rules, Sheet

BY_THE_CLOCK = ("request", "sweeper")
UNITS = ({"HQ", "B1", "B1a"}, {"HQ", "B2"})
"""Where each of the two members belongs, with everything above."""


@dataclass
class Grant:
    """More time, for a member or for a unit and below."""

    seconds: int
    member: int | None
    unit: str | None
    past_close: bool
    lasting: bool
    reopens_from: datetime | None
    at: datetime
    had: list[tuple[int, int]] = field(default_factory=list)
    """Who (member, number of the attempt) has had its time."""

    def is_for(self, member: int) -> bool:
        """Whether it is for a member."""
        return self.member == member if self.member is not None else self.unit in UNITS[member]


@dataclass
class Day:
    """Everything that happens in one quiz: two members, their attempts, the time they are granted, their points."""

    rules: Rules
    sheets: list[Sheet] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    passes: dict[int, list[int]] = field(default_factory=lambda: {0: [0, 0], 1: [0, 0]})
    """How often passing was paid, and how often it was taken back, by member."""

    def of(self, member: int) -> list[Sheet]:
        """The attempts of a member, in order."""
        return [one for one in self.sheets if one.member == member]

    def begin(self, member: int, now: datetime) -> Sheet | None:
        """A member presses start; None when the rules allow no attempt."""
        mine = self.of(member)
        over = [one for one in mine if one.state == "open" and one.is_over(now)]
        if mine and mine[-1].state == "open" and not over:
            return mine[-1]
        if len(mine) >= self.rules.allowed or (self.rules.closes is not None and now >= self.rules.closes):
            return None
        for one in over:
            one.look(now)
        lasting = [one for one in self.grants if one.lasting and one.is_for(member)]
        for one in lasting:
            one.had.append((member, len(mine) + 1))
        extra = sum(one.seconds for one in lasting) + (self.rules.more_for_first if member == 0 else 0)
        past_close = sum(one.seconds for one in lasting if one.past_close)
        self.sheets.append(Sheet(self.rules, member, len(mine) + 1, now, extra, past_close))
        return self.sheets[-1]

    def carry_out(self, grant: Grant, now: datetime) -> None:
        """A grant reaches every attempt that it is for, once."""
        for sheet in self.sheets:
            key = sheet.member, sheet.number
            if (
                not grant.is_for(sheet.member)
                or key in grant.had
                or (sheet.deadline is None and sheet.page_since is None)
            ):
                continue
            if (grant.lasting or sheet.started_at <= grant.at) and self._reaches(grant, sheet):
                grant.had.append(key)
                self._lengthen(grant, sheet, now)

    def _reaches(self, grant: Grant, sheet: Sheet) -> bool:
        """An open attempt, or the last one of its member if its clock ended it in the incident."""
        if sheet.state == "open":
            return True
        if grant.reopens_from is None or sheet.closed_by not in BY_THE_CLOCK or sheet.deadline is None:
            return False
        is_last = sheet is self.of(sheet.member)[-1]
        return is_last and not sheet.was_marked_by_hand and sheet.deadline >= grant.reopens_from

    def _lengthen(self, grant: Grant, sheet: Sheet, now: datetime) -> None:
        before, was_over = sheet.deadline, sheet.is_over(now) or sheet.is_page_over(now)
        sheet.extra += grant.seconds
        sheet.past_close += grant.seconds if grant.past_close else 0
        sheet.page_extra += grant.seconds if sheet.page_since is not None else 0
        own_end = sheet.own_end() if sheet.page == sheet.rules.pages else None
        ends = min((one for one in (sheet.ends(), own_end) if one is not None), default=None)
        moved = before if before is None or ends is None else max(before, ends)
        if sheet.state == "open":
            sheet.deadline = moved
            if was_over and not sheet.is_over(now):
                sheet.count_what_is_in_time()
        elif moved is not None and moved > now:
            sheet.deadline = moved
            sheet.state, sheet.closed_by, sheet.submitted_at, sheet.closed_at = "open", "", None, None
            sheet.marks, sheet.score, sheet.passed, sheet.handed_in = [], None, None, {}
            sheet.reopened += 1
            sheet.count_what_is_in_time()

    def sweep(self, now: datetime) -> None:
        """The clock comes by."""
        for sheet in self.sheets:
            if sheet.is_overdue(now):
                sheet.close(now, "sweeper")

    def settle(self) -> None:
        """Passing is paid when the first of a member's attempts passes, and taken back when none does any more."""
        for member, (paid, back) in self.passes.items():
            passes = any(one.passed for one in self.of(member))
            if passes and paid == back:
                self.passes[member] = [paid + 1, back]
            elif not passes and paid > back:
                self.passes[member] = [paid, back + 1]
