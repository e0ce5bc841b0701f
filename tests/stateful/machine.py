"""An exam day in process: Hypothesis does with the real services whatever two members, their instructor and the clock
may do, in any order, and after every step the database holds what the model says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from learnhub.audit.trail import SYSTEM, Actor
from learnhub.identity.models import Member
from learnhub.journeys import count_late, grant_time, mark_by_hand, submit_quiz
from learnhub.kernel.db import db
from learnhub.quizzes import answers, attempts, flags, overdue, pace
from learnhub.quizzes.answers import Entry
from learnhub.quizzes.conduct.models import LateAct
from learnhub.quizzes.hand_marks import Given
from learnhub.quizzes.models import AnswerVersion, Attempt, HandMark, Quiz
from learnhub.web.quizzes import pages
from question_bank.models import QuestionVersion
from tests.stateful.day import Grant
from tests.stateful.hall import SECOND, Hall
from tests.stateful.model import SHARES, Held, Outcome, Packet, Sheet

WHO = st.sampled_from((0, 0, 0, 1))
"""Most happens to the first member, so that much happens to one."""
SLOTS = st.sampled_from((2, 2, 1, 3, 4))
"""The second question alone is enough to pass."""
WORDS = st.sampled_from(("right", "right", "right", "half", "wrong", "minus", ""))
RECORDED = st.sampled_from((None, -10, -60, 0, -3, 3600))
"""Seconds by which a device says that it took an answer down before (or, with a wrong clock, after) it came."""
WAITED = st.sampled_from((0, 0, 0, 3, 20, 40))
"""Seconds that a call waited in queues since it arrived."""


class ExamDay(Hall):
    """What members do, what the clock does, what an instructor does."""

    # The members

    @precondition(lambda self: any(self.may_begin(member) for member in (0, 1)))
    @rule(member=WHO)
    def begin(self, member: int) -> None:
        """Start, or go on."""
        ids, member_id, before = self.ids, self.member_ids[member], len(self.day.sheets)
        expected = self.day.begin(member, self.now)

        def start() -> Attempt:
            quiz, who = db.session.get_one(Quiz, self.quiz_id), db.session.get_one(Member, member_id)
            return submit_quiz.start(quiz, who, self.now)

        made = self.call(None, start)
        if expected is None or not isinstance(made, Attempt):
            self.tell(made, ("refused",) if expected is None else ("started",))
            return
        assert ids.setdefault((member, expected.number), made.id) == made.id
        if len(self.day.sheets) > before:
            self._keys[member, expected.number] = self._read_keys(made)

    def may_begin(self, member: int) -> bool:
        """Whether a start would not just go on with what is open."""
        sheet = self.sheet(member)
        return sheet is None or sheet.state == "closed" or sheet.is_over(self.now)

    def _read_keys(self, attempt: Attempt) -> dict[tuple[int, str], str]:
        found = {}
        for slot, one in enumerate(attempt.layout["slots"], 1):
            content = db.session.get_one(QuestionVersion, int(one["version"])).content
            found |= {(slot, option["html"]): option["key"] for option in content.get("options", [])}
        return found

    @rule(member=WHO)
    def show(self, member: int) -> None:
        """Look at the page."""
        sheet = self.sheet(member)
        if sheet is not None:
            self.touched = True
            sheet.show(self.now)
            self.day.settle()
            submit_quiz.show(submit_quiz.look_at(*self.key(sheet), self.now), self.now)

    @precondition(lambda self: self.day.rules.sequential)
    @rule(member=WHO, back=st.sampled_from((0, 0, 0, 1, -1)))
    def go_on(self, member: int, back: int) -> None:
        """Press next, also twice on the same page."""
        sheet = self.sheet(member)
        if sheet is None:
            return
        page = sheet.page - back

        def leave() -> Outcome:
            attempt = submit_quiz.look_at(*self.key(sheet), self.now)
            there = pace.go_on(attempt, page)
            submit_quiz.show_within(attempt, self.now)
            return "page", there

        self.tell(self.call(sheet, leave), sheet.go_on(page, self.now))

    @rule(member=WHO, slot=SLOTS, said=WORDS, recorded=RECORDED, waited=WAITED)
    def answer(self, member: int, slot: int, said: str, recorded: int | None, waited: int) -> None:
        """Answer a question on a page that is up to date."""
        sheet = self.sheet(member)
        if sheet is not None:
            held = sheet.held.get(slot, Held())
            self._save(sheet, self._packet(slot, said, held.sequence + 1, held.revision, recorded, waited), waited)

    @rule(member=WHO, slot=SLOTS, said=WORDS, sequence=st.integers(1, 6), base=st.integers(0, 4), recorded=RECORDED)
    def answer_in_an_old_tab(
        self, member: int, slot: int, said: str, sequence: int, base: int, recorded: int | None
    ) -> None:
        """Answer with what another tab or a slow network believes to be the last answer."""
        sheet = self.sheet(member)
        if sheet is not None:
            self._save(sheet, self._packet(slot, said, sequence, base, recorded, 0), 0)

    @rule(member=WHO, nth=st.integers(0, 5), waited=WAITED)
    def send_again(self, member: int, nth: int, waited: int) -> None:
        """A packet comes a second time: the last one, or one that wandered about."""
        sheet, sent = self.sheet(member), self.sent[member]
        if sheet is not None and sent:
            self._save(sheet, sent[-1 - nth % len(sent)], waited)

    @rule(
        member=WHO, said=st.lists(st.tuples(SLOTS, WORDS, st.integers(0, 1)), min_size=1, max_size=4), recorded=RECORDED
    )
    def send_what_waited(self, member: int, said: list[tuple[int, str, int]], recorded: int | None) -> None:
        """Several answers in one call, some of them made on what is no more."""
        sheet = self.sheet(member)
        if sheet is None:
            return
        packets = []
        for slot, words, behind in said:
            held = sheet.held.get(slot, Held())
            packets.append(self._packet(slot, words, held.sequence + 1, max(0, held.revision - behind), recorded, 0))
        entries = [self._entry(sheet, one) for one in packets]
        done = self.call(sheet, lambda: answers.save_many(*self.key(sheet), entries, self.now))
        self.tell(self._outcomes(sheet, done), self._several(sheet.save_many(packets, self.now)))

    def _packet(self, slot: int, said: str, sequence: int, base: int, recorded: int | None, waited: int) -> Packet:
        at = None if recorded is None else self.now + (recorded - waited) * SECOND
        return Packet(slot, self.words(slot, said), sequence, base, at)

    def _entry(self, sheet: Sheet, packet: Packet) -> Entry:
        response = self.response(sheet, packet.slot, packet.said)
        return Entry(packet.slot, response, packet.sequence, packet.base, packet.recorded_at)

    def _save(self, sheet: Sheet, packet: Packet, waited: int) -> Outcome:
        """Send a packet that arrived some seconds ago."""
        arrived = max(self.now - waited * SECOND, sheet.started_at)
        self.sent[sheet.member].append(packet)
        said = self._deliver(sheet, packet, arrived)
        self.tell(said, sheet.save(packet, arrived))
        return said

    def _deliver(self, sheet: Sheet, packet: Packet, arrived: datetime) -> Outcome:
        one = self._entry(sheet, packet)
        slot = (packet.slot, one.response, one.sequence, one.base, one.recorded_at, arrived)
        done = self.call(sheet, lambda: answers.save(*self.key(sheet), *slot))
        return self._outcome(sheet, done)

    def _outcome(self, sheet: Sheet, done: Any) -> Outcome:
        if isinstance(done, tuple):
            return done
        if isinstance(done, answers.Receipt):
            return ("saved", done.revision, done.sequence, done.superseded, done.deadline)
        if done.code != "stale":
            return ("refused",)
        current = done.current
        return ("stale", current["revision"], current["sequence"], self.said_of(sheet, done.slot, current["response"]))

    def _outcomes(self, sheet: Sheet, done: Any) -> Any:
        return done if isinstance(done, tuple) else [self._outcome(sheet, one) for one in done]

    def _several(self, expected: list[Outcome] | Outcome) -> Any:
        """Of several answers a refusal says no more than that."""
        if isinstance(expected, tuple):
            return expected
        return [one if one[0] in ("saved", "stale") else ("refused",) for one in expected]

    @rule(member=WHO)
    def open_a_form(self, member: int) -> None:
        """Load a page without a script."""
        sheet = self.sheet(member)
        if sheet is not None:
            here = [
                slot for slot in range(1, 5) if not sheet.rules.sequential or sheet.rules.page_of(slot) == sheet.page
            ]
            held = {slot: sheet.held.get(slot, Held()) for slot in here}
            self.forms[member] = (
                sheet,
                [Packet(slot, one.said, one.sequence + 1, one.revision) for slot, one in held.items()],
            )

    @precondition(lambda self: self.forms)
    @rule(member=WHO, said=st.dictionaries(SLOTS, WORDS, max_size=4), hands_in=st.booleans())
    def send_the_form(self, member: int, said: dict[int, str], hands_in: bool) -> None:
        """Send the page that was loaded at some time, with some fields changed; and hand in with it."""
        if member not in self.forms:
            return
        sheet, loaded = self.forms[member]
        packets = [
            Packet(
                one.slot, self.words(one.slot, said[one.slot]) if one.slot in said else one.said, one.sequence, one.base
            )
            for one in loaded
        ]
        fields: MultiDict[str, str] = MultiDict()
        for one in packets:
            fields |= {f"s{one.slot}-base": str(one.base), f"s{one.slot}-sequence": str(one.sequence)}
            fields |= {f"s{one.slot}-{name}": word for name, word in self.response(sheet, one.slot, one.said).items()}

        def send() -> list[Any]:
            attempt = attempts.find(*self.key(sheet))
            return pages.save(attempt, pages.read(attempt, fields), self.now)

        expected = self._several(sheet.save_form(packets, self.now))
        refusals = [one for one in expected if one[0] != "saved"] if isinstance(expected, list) else expected
        self.tell(self._outcomes(sheet, self.call(sheet, send)), refusals)
        if hands_in and not refusals:
            self.press_hand_in(sheet)

    @precondition(lambda self: self.day.rules.behaviour != "at_end")
    @rule(member=WHO, slot=SLOTS)
    def check(self, member: int, slot: int) -> None:
        """Check an answer."""
        sheet = self.sheet(member)
        if sheet is not None:
            done = self.call(sheet, lambda: submit_quiz.check(*self.key(sheet), slot, self.now))
            if not isinstance(done, tuple):
                done = ("checked", done.number, done.mark, done.correctness, done.fixed, done.ends)
            expected = sheet.check(slot, self.now)
            self.tell(("refused",) if done[0] in ("passed", "later") else done, expected)

    @rule(member=WHO, slot=SLOTS, flagged=st.booleans())
    def flag(self, member: int, slot: int, flagged: bool) -> None:
        """Flag a question, or not any more."""
        sheet = self.sheet(member)
        if sheet is not None:
            done = self.call(sheet, lambda: flags.put(*self.key(sheet), slot, flagged))
            if sheet.state == "open":
                sheet.flags = sheet.flags | {slot} if flagged else sheet.flags - {slot}
            self.tell(done, sorted(sheet.flags) if sheet.state == "open" else ("closed",))

    @rule(member=WHO, earlier=st.booleans())
    def hand_in(self, member: int, earlier: bool) -> None:
        """Hand in, also what was handed in long ago."""
        mine = self.day.of(member)
        if mine:
            self.press_hand_in(mine[0] if earlier else mine[-1])

    # The clock

    @rule(seconds=st.sampled_from((1, 4, 7, 20, 31, 60)))
    def time_goes_by(self, seconds: int) -> None:
        """Nothing happens for a while."""
        self.now += seconds * SECOND

    @rule(
        member=WHO, edge=st.sampled_from(("deadline", "page")), after=st.sampled_from((0, 5, 35)), by=st.integers(-1, 1)
    )
    def go_to_an_edge(self, member: int, edge: str, after: int, by: int) -> None:
        """The moment before, at or after an end, a grace or the bound of the queues."""
        sheet = self.sheet(member)
        at = sheet and (sheet.deadline if edge == "deadline" else sheet.page_ends())
        if at is not None:
            self.now = max(self.now, at + (after + by) * SECOND)

    @precondition(lambda self: self.somebody_ran_out(timedelta(0)))
    @rule()
    def sweep(self) -> None:
        """The clock closes what ran out."""
        self.close_what_ran_out()

    @precondition(lambda self: self.somebody_ran_out(timedelta(seconds=35)) and self.day.rules.behaviour == "at_end")
    @rule(member=WHO, slot=SLOTS, said=WORDS)
    def sweep_beside_a_save(self, member: int, slot: int, said: str) -> None:
        """An answer that came in time and waited in queues is saved while the clock marks what it is about to close."""
        sheet = self.sheet(member)
        if sheet is None or not sheet.is_overdue(self.now) or sheet.rules.behaviour != "at_end":
            return
        held, reading, kept = sheet.held.get(slot, Held()), overdue.mark, []
        packet = self._packet(slot, said, held.sequence + 1, held.revision, None, 0)
        arrived = min(self.now, sheet.deadline)

        def mark(keys: Any, *rest: Any) -> Any:
            ended = reading(keys, *rest)
            if self.key(sheet) in keys and not kept:
                self.sent[member].append(packet)
                kept.append(self._deliver(sheet, packet, arrived))
                self.tell(kept[0], sheet.save(packet, arrived))
            return ended

        self.touched = True
        goes_on = [sheet]
        with patch.object(overdue, "mark", mark):
            submit_quiz.close_overdue(self.now)
        for one in self.day.sheets:
            if one.is_overdue(self.now) and not (one in goes_on and kept[0][0] == "saved"):
                one.close(self.now, "sweeper")

    def somebody_ran_out(self, since: timedelta) -> bool:
        """Whether an attempt is open that ended so long ago."""
        ends = [one.deadline for one in self.day.sheets if one.state == "open" and one.deadline is not None]
        return any(end + since <= self.now for end in ends)

    # The instructor

    @rule(
        seconds=st.sampled_from((10, 60, 300)),
        whom=st.sampled_from((0, 1, "HQ", "B1", "B2")),
        past_close=st.booleans(),
        lasting=st.sampled_from((False, False, True)),
        since=st.sampled_from((None, 0, 40, 200)),
        at_once=st.sampled_from((True, True, False)),
    )
    def grant(self, seconds: int, whom: Any, past_close: bool, lasting: bool, since: int | None, at_once: bool) -> None:
        """More time for a member or a subtree, carried out at once or later."""
        reopens_from = None if since is None else self.now - since * SECOND
        member, unit = (whom, None) if isinstance(whom, int) else (None, whom)
        made = Grant(seconds, member, unit, past_close, lasting, reopens_from, self.now)

        def give() -> int:
            wish = grant_time.Wish(
                seconds,
                "Power cut",
                member_id=None if member is None else self.member_ids[member],
                unit=unit and self.place.unit(unit),
                quiz=db.session.get_one(Quiz, self.quiz_id),
                may_pass_close=past_close,
                lasting=lasting,
                reopens_from=reopens_from,
                call_key=f"{self.quiz_id}:{len(self.grant_ids)}",
            )
            first = grant_time.grant(SYSTEM, wish, self.now).id
            assert grant_time.grant(SYSTEM, wish, self.now).id == first, "the form sent twice is one grant"
            return first

        self.grant_ids.append(self.call(None, give))
        self.day.grants.append(made)
        if at_once:
            self.carry_out(-1)

    @precondition(lambda self: self.grant_ids)
    @rule(nth=st.integers(0, 3))
    def carry_out(self, nth: int) -> None:
        """Carry a grant out, also again."""
        self.touched = True
        nth %= len(self.grant_ids)
        self.day.carry_out(self.day.grants[nth], self.now)
        self.day.settle()
        grant_time.carry_out(self.grant_ids[nth], self.now)

    # What often happens together

    @precondition(lambda self: any(one.state == "open" and one.deadline is not None for one in self.day.sheets))
    @rule(
        member=WHO,
        after=st.sampled_from((6, 20, 36)),
        slot=SLOTS,
        said=WORDS,
        swept=st.booleans(),
        seconds=st.sampled_from((60, 300)),
        whom=st.sampled_from((0, "HQ", "B1")),
    )
    def power_cut(self, member: int, after: int, slot: int, said: str, swept: bool, seconds: int, whom: Any) -> None:
        """A last answer comes after the end, the clock comes by or not, and there is more time for all this."""
        sheet = self.sheet(member)
        if sheet is None or sheet.deadline is None:
            return
        self.now = max(self.now, sheet.deadline + after * SECOND)
        self.answer(member, slot, said, -60, 0)
        if swept:
            self.sweep()
        self.grant(seconds, whom, True, False, 200, True)

    @rule(member=WHO, before=WORDS, said=WORDS)
    def one_more_attempt(self, member: int, before: str, said: str) -> None:
        """The answer that decides is changed, the attempt is handed in, and the next one begins with it."""
        if self.sheet(member) is not None:
            self.answer(member, 2, before, None, 0)
            self.hand_in(member, False)
        self.begin(member)
        self.answer(member, 2, said, None, 0)

    def _marker(self) -> Actor:
        return Actor(db.session.get_one(Member, self.place.marker_id))

    @precondition(lambda self: any(one.handed_in.get(4) not in (None, *SHARES) for one in self.day.sheets))
    @rule(member=WHO, earlier=st.booleans(), mark=st.sampled_from((0, 500, 1000)))
    def mark_by_hand(self, member: int, earlier: bool, mark: int) -> None:
        """Mark the essay of an attempt, also anew."""
        mine = self.day.of(member)
        if not mine or self.day.rules.behaviour == "challenge":
            return
        sheet = mine[0] if earlier else mine[-1]

        def give() -> Outcome:
            seen = db.session.scalar(
                select(HandMark.id)
                .where(HandMark.attempt_id == self.key(sheet)[1])
                .order_by(HandMark.id.desc())
                .limit(1)
            )
            standing = seen if 4 in sheet.by_hand else None
            attempt = attempts.find(*self.key(sheet))
            mark_by_hand.mark(self._marker(), attempt, 4, [Given(mark=mark)], "", standing or 0, self.now)
            return ("marked",)

        self.tell(self.call(sheet, give), sheet.mark_by_hand(4, mark))

    @precondition(lambda self: any(version.late for one in self.day.sheets for version in one.history))
    @rule(member=WHO, nth=st.integers(0, 3), counts=st.sampled_from((True, True, False)))
    def decide_about_a_late_answer(self, member: int, nth: int, counts: bool) -> None:
        """Let a late answer count, or not any more."""
        late = [(one, n) for one in self.day.of(member) for n, version in enumerate(one.history) if version.late]
        if not late:
            return
        self.now += SECOND / 1000
        sheet, n = late[nth % len(late)]
        version = sheet.history[n]

        def decide() -> Outcome:
            row = select(AnswerVersion.id).filter_by(
                attempt_id=self.key(sheet)[1], slot=version.slot, sequence=version.sequence, late=True
            )
            act = LateAct.COUNTED if counts else LateAct.TAKEN_BACK
            seen = sheet.held.get(version.slot, Held()).revision
            attempt = attempts.find(*self.key(sheet))
            count_late.decide(self._marker(), attempt, db.session.scalars(row).one(), act, "I saw it", seen, self.now)
            return ("decided",)

        self.tell(self.call(sheet, decide), sheet.decide(n, counts, self.now))
