"""What an attempt comes to, said once more in a few plain words. Nothing here asks the application for anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any

GRACE, QUEUES = timedelta(seconds=5), timedelta(seconds=30)
SHARES = {"right": Fraction(1), "half": Fraction(1, 2), "wrong": Fraction(0), "minus": Fraction(-1, 2)}
"""What the options of a question are worth; any other words are an essay."""
Outcome = tuple[Any, ...]
"""What somebody is told: a word, and what goes with it."""


@dataclass(frozen=True)
class Rules:
    """What a quiz asks; times in seconds."""

    limit: int | None
    closes: datetime | None
    more_for_first: int
    allowed: int
    marks: tuple[int, ...]
    pass_percent: int = 40
    behaviour: str = "at_end"
    sequential: bool = False
    per_page: int = 4
    question_seconds: int | None = None
    tries: int = 1
    penalty: Fraction = Fraction(0)

    @property
    def pages(self) -> int:
        """How many pages the paper has."""
        return -(-len(self.marks) // self.per_page)

    def page_of(self, slot: int) -> int:
        """On which page a question stands."""
        return (slot - 1) // self.per_page + 1


@dataclass(frozen=True)
class Packet:
    """An answer on its way."""

    slot: int
    said: str
    sequence: int
    base: int
    recorded_at: datetime | None = None


@dataclass
class Held:
    """What stands in a slot."""

    said: str = ""
    sequence: int = 0
    revision: int = 0


@dataclass(frozen=True)
class Version:
    """A line of the history."""

    slot: int
    revision: int
    sequence: int
    base: int
    said: str
    saved_at: datetime
    recorded_at: datetime | None
    late: bool


@dataclass(frozen=True)
class Try:
    """A check of an answer."""

    revision: int
    mark: int
    verdict: str


def half_up(value: Fraction) -> int:
    """Whole thousandths; halves go away from zero."""
    return floor(value + Fraction(1, 2)) if value >= 0 else -floor(-value + Fraction(1, 2))


@dataclass
class Sheet:
    """One attempt."""

    rules: Rules
    member: int
    number: int
    started_at: datetime
    extra: int
    past_close: int
    state: str = "open"
    deadline: datetime | None = None
    closed_by: str = ""
    submitted_at: datetime | None = None
    closed_at: datetime | None = None
    closings: int = 0
    reopened: int = 0
    page: int = 1
    page_since: datetime | None = None
    page_extra: int = 0
    """Seconds granted to the page since it was shown."""
    fixed: set[int] = field(default_factory=set)
    flags: set[int] = field(default_factory=set)
    held: dict[int, Held] = field(default_factory=dict)
    history: list[Version] = field(default_factory=list)
    tries: dict[int, list[Try]] = field(default_factory=dict)
    by_hand: dict[int, int] = field(default_factory=dict)
    """The marks that a person gave and that stand."""
    was_marked_by_hand: bool = False
    decisions: dict[int, tuple[bool, int]] = field(default_factory=dict)
    """The last decision about a late answer, by its place in the history: whether it counts, and as which revision."""
    handed_in: dict[int, str] = field(default_factory=dict)
    """What stood at the close, blanks left out."""
    marks: list[tuple[int, str]] = field(default_factory=list)
    score: int | None = None
    passed: bool | None = None

    def __post_init__(self) -> None:
        self.deadline = self.ends()
        own = self.rules.question_seconds
        self.question_seconds = own and own + ceil(Fraction(self.extra, len(self.rules.marks)))
        """Whoever begins with extra time has an equal part of it for each question."""

    # The clock

    def ends(self) -> datetime | None:
        """By limit, close and granted time."""
        close = self.rules.closes and self.rules.closes + timedelta(seconds=self.past_close)
        if self.rules.limit is None:
            return close
        own = self.started_at + timedelta(seconds=self.rules.limit + self.extra)
        return own if close is None else min(own, close)

    def is_over(self, now: datetime) -> bool:
        """Whether it takes no more answers."""
        return self.deadline is not None and now > self.deadline + GRACE

    def is_overdue(self, now: datetime) -> bool:
        """Whether the clock closes it."""
        return self.state == "open" and self.is_over(now - QUEUES)

    def page_ends(self) -> datetime | None:
        """When the time of the page is over; the last page has the deadline."""
        return None if self.page >= self.rules.pages else self.own_end()

    def own_end(self) -> datetime | None:
        """When the time of the page's own questions is over, with what was granted to it."""
        if self.question_seconds is None or self.page_since is None:
            return None
        left = len(self.rules.marks) - (self.page - 1) * self.rules.per_page
        seconds = self.question_seconds * min(left, self.rules.per_page) + self.page_extra
        return self.page_since + timedelta(seconds=seconds)

    def is_page_over(self, now: datetime) -> bool:
        """Whether its page takes no more answers."""
        ends = self.page_ends()
        return ends is not None and now > ends + GRACE

    def look(self, now: datetime) -> None:
        """Somebody touches it: what ran out is closed first."""
        if self.state == "open" and self.is_over(now):
            self.close(now, "request")

    def show(self, now: datetime) -> None:
        """The page is looked at: where each question has its time, it runs from now on, or is over."""
        self.look(now)
        if self.state != "open" or self.question_seconds is None:
            return
        if self.page_since is not None and not self.is_page_over(now):
            return
        if self.page_since is not None:
            if self.rules.behaviour == "challenge" and self.page not in self.fixed:
                self.close(now, "check")
                return
            self.page, self.page_extra = self.page + 1, 0
        self.page_since = now
        end = self.own_end()
        if self.page == self.rules.pages and end is not None:
            self.deadline = end if self.deadline is None else min(self.deadline, end)

    def go_on(self, page: int, now: datetime) -> Outcome:
        """The button for the next page."""
        self.look(now)
        if self.state != "open":
            return ("closed",)
        if self.rules.sequential and page == self.page and page < self.rules.pages:
            if self.rules.behaviour == "challenge" and page not in self.fixed:
                return ("refused",)
            self.page, self.page_since, self.page_extra = page + 1, None, 0
        page = self.page
        self.show(now)
        return ("page", page)

    # Answers

    def save(self, packet: Packet, now: datetime) -> Outcome:
        """One answer arrives."""
        if self.state != "open" or self.is_over(now):
            self._keep_late(packet, self.submitted_at or self.deadline, now)
            return ("closed",)
        return self._put(packet, now)

    def save_many(self, packets: list[Packet], now: datetime) -> list[Outcome] | Outcome:
        """Several answers arrive in one call."""
        if self.state != "open" or self.is_over(now):
            for packet in packets:
                self._keep_late(packet, self.submitted_at or self.deadline, now)
            return ("closed",)
        return [self._put(packet, now) for packet in packets]

    def save_form(self, packets: list[Packet], now: datetime) -> list[Outcome] | Outcome:
        """A page without a script: only what differs from what is held is saved."""
        changed = [one for one in packets if one.said != self.held.get(one.slot, Held()).said]
        return self.save_many(changed, now) if changed else []

    def _put(self, packet: Packet, now: datetime) -> Outcome:
        barred = self._barred(packet.slot, now)
        if barred is not None:
            if barred[0] == "passed":
                self._keep_late(packet, barred[1], now)
            return barred[:1]
        held = self.held.get(packet.slot, Held())
        if packet.slot in self.fixed:
            if packet.said != held.said:
                return ("fixed",)
        elif not held.revision or (packet.sequence > held.sequence and packet.base == held.revision):
            self._take(packet.slot, packet.said, packet.sequence, packet.base, now, packet.recorded_at)
            return ("saved", held.revision + 1, packet.sequence, False, self.deadline)
        elif packet.said != held.said:
            if packet.sequence > held.sequence or not self._was_taken(packet):
                return ("stale", held.revision, held.sequence, held.said)
            return ("saved", held.revision, held.sequence, True, self.deadline)
        return ("saved", held.revision, held.sequence, packet.sequence < held.sequence, self.deadline)

    def _barred(self, slot: int, now: datetime) -> Outcome | None:
        """Why a question takes no answer now where there is no way back, and up to when it did."""
        its_page = self.rules.page_of(slot)
        if not self.rules.sequential:
            return None
        if its_page != self.page:
            return ("passed", now) if its_page < self.page else ("later",)
        return ("passed", self.page_ends()) if self.is_page_over(now) else None

    def _was_taken(self, packet: Packet) -> bool:
        taken = (packet.slot, packet.sequence, packet.said)
        return any((one.slot, one.sequence, one.said) == taken for one in self.history if not one.late)

    def _take(
        self, slot: int, said: str, sequence: int, base: int, saved_at: datetime, recorded_at: datetime | None
    ) -> None:
        revision = self.held.get(slot, Held()).revision + 1
        self.held[slot] = Held(said, sequence, revision)
        self.history.append(Version(slot, revision, sequence, base, said, saved_at, recorded_at, False))

    def _keep_late(self, packet: Packet, end: datetime | None, now: datetime) -> None:
        """What was given in time and came too late is kept, once, unless it says what stands."""
        assert end is not None
        in_time = (packet.recorded_at or now) <= end or now <= end + GRACE
        known = any(one.late and (one.slot, one.sequence) == (packet.slot, packet.sequence) for one in self.history)
        if in_time and not known and packet.said != self.held.get(packet.slot, Held()).said:
            late = (packet.slot, 0, packet.sequence, packet.base, packet.said, now, packet.recorded_at, True)
            self.history.append(Version(*late))

    def count_what_is_in_time(self) -> None:
        """The end has moved: the newest late answer of each slot counts, if it was made on the answer that stands."""
        newest = {one.slot: one for one in sorted(self.history, key=lambda one: one.sequence) if one.late}
        for slot, late in newest.items():
            held = self.held.get(slot, Held())
            if late.base != held.revision or late.sequence <= held.sequence:
                continue
            if slot not in self.fixed and self._barred(slot, late.saved_at) is None:
                self._take(slot, late.said, late.sequence, held.revision, late.saved_at, late.recorded_at)

    # Checks

    def check(self, slot: int, now: datetime) -> Outcome:
        """The button under a question."""
        if self.state != "open" or self.is_over(now):
            return ("closed",)
        made = self.tries.get(slot, [])
        if self.rules.behaviour == "at_end":
            return ("refused",)
        if slot in self.fixed:
            return ("checked", len(made), made[-1].mark, made[-1].verdict, True, False)
        held = self.held.get(slot, Held())
        if self._barred(slot, now) is not None or not held.said or held.said not in SHARES:
            return ("refused",)
        if made and made[-1].revision == held.revision:
            return ("checked", len(made), made[-1].mark, made[-1].verdict, False, False)
        mark, verdict = self._worth(slot, held.said, len(made) + 1)
        self.tries[slot] = [*made, Try(held.revision, mark, verdict)]
        stands = verdict == "right" or len(made) + 1 >= self.rules.tries
        self.fixed |= {slot} if stands else set()
        ends = self.rules.behaviour == "challenge" and (verdict != "right" or slot == len(self.rules.marks))
        if ends:
            self.close(now, "check")
        return ("checked", len(made) + 1, mark, verdict, stands, ends)

    def _worth(self, slot: int, said: str, number: int = 1) -> tuple[int, str]:
        """The mark and the verdict of an answer as the n-th try."""
        if not said:
            return 0, "blank"
        if said not in SHARES:
            return 0, "by_hand"
        share = SHARES[said]
        kept = max(Fraction(0), 1 - self.rules.penalty * (number - 1)) if share > 0 else 1
        verdict = "right" if share == 1 else "partly" if share > 0 else "wrong"
        return half_up(share * self.rules.marks[slot - 1] * kept), verdict

    # The end

    def hand_in(self, now: datetime) -> None:
        """The button, as often as it is pressed."""
        if self.state == "open":
            self.close(now, "request" if self.deadline is not None and now >= self.deadline else "member")

    def close(self, now: datetime, by: str) -> None:
        """It ends, never after its deadline, with what stands."""
        self.state, self.closed_by, self.closed_at = "closed", by, now
        self.submitted_at = now if self.deadline is None else min(now, self.deadline)
        self.handed_in = {slot: one.said for slot, one in self.held.items() if one.said}
        self.closings += 1
        self.judge()

    def judge(self) -> None:
        """Marks, score and pass."""
        self.marks = [self._mark(slot) for slot in range(1, len(self.rules.marks) + 1)]
        if self.rules.behaviour == "challenge":
            wrong = next((n for n, (_mark, verdict) in enumerate(self.marks) if verdict != "right"), len(self.marks))
            self.marks[wrong:] = [(0, verdict) for _mark, verdict in self.marks[wrong:]]
        score = max(0, sum(mark for mark, _verdict in self.marks))
        waits = any(verdict == "by_hand" for _mark, verdict in self.marks)
        passed = 100 * score >= self.rules.pass_percent * sum(self.rules.marks)
        self.score, self.passed = (None, None) if waits else (score, passed)

    def _mark(self, slot: int) -> tuple[int, str]:
        held, made = self.held.get(slot, Held()), self.tries.get(slot, [])
        if slot in self.by_hand:
            full, mark = self.rules.marks[slot - 1], self.by_hand[slot]
            return mark, "right" if mark >= full else "partly" if mark else "wrong"
        if not made:
            return self._worth(slot, held.said)
        tried = [(one.mark, one.verdict) for one in made]
        if held.said and held.revision > made[-1].revision and len(made) < self.rules.tries:
            tried.append(self._worth(slot, held.said, len(made) + 1))
        return max(tried, key=lambda one: one[0])

    def mark_by_hand(self, slot: int, mark: int) -> Outcome:
        """A person marks an essay of a closed attempt."""
        said = self.held.get(slot, Held()).said
        if self.state == "open" or not said or said in SHARES:
            return ("refused",)
        self.by_hand[slot], self.was_marked_by_hand = mark, True
        self.judge()
        return ("marked",)

    def decide(self, nth: int, counts: bool, now: datetime) -> Outcome:
        """A marker lets a late answer count, or what was there before it."""
        version = self.history[nth]
        held = self.held.get(version.slot, Held())
        did, revision = self.decisions.get(nth, (False, 0))
        if self.state == "open" or (did and revision == held.revision) == counts:
            return ("refused",)
        before = (one for one in self.history if (one.slot, one.revision) == (version.slot, held.revision - 1))
        source = version if counts else next((one for one in before if not one.late), None)
        sequence = max(version.sequence, held.sequence)
        said, at, on = (source.said, source.saved_at, source.recorded_at) if source else ("", now, None)
        self._take(version.slot, said, sequence, held.revision, at, on)
        self.decisions[nth] = (counts, held.revision + 1)
        self.by_hand.pop(version.slot, None)
        self.judge()
        return ("decided",)
