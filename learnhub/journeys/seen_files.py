"""Files of questions that somebody is looking at: read once, and shown page by page until file or bank change."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from learnhub.audit.models import Import
from learnhub.journeys.import_questions import Seen, State, look_again, state_of
from learnhub.journeys.question_file import Looked, find_near, stamp_of
from question_bank import authoring

MOST_KEPT = 4
LARGEST_KEPT = 10_000
"""Questions; a longer file is read anew for every page."""
_seen: OrderedDict[State, Looked] = OrderedDict()
_lock = Lock()


def see(row: Import) -> Looked:
    """What an import that waits would write now, near-duplicates noted."""
    bank = authoring.find_bank(row.target)
    found = _kept(state_of(row, stamp_of(bank)))
    if found is None:
        found = look_again(row)
        find_near(found, bank)
        note(row, found)
    return found


def to_write(row: Import) -> Seen:
    """What an import that waits would write now, ready to be written, for `import_questions.accept`; near-duplicates
    need not be noted."""
    found = _kept(state_of(row, stamp_of(authoring.find_bank(row.target)))) or look_again(row)
    found.make_ready()
    return Seen(found, state_of(row, found.stamp))


def note(row: Import, looked: Looked) -> None:
    """Keep what was just read from the file of an import, near-duplicates noted, for the pages that show it next."""
    _keep(state_of(row, looked.stamp), looked)


def _kept(state: State) -> Looked | None:
    with _lock:
        found = _seen.get(state)
        if found is not None:
            _seen.move_to_end(state)
        return found


def _keep(state: State, looked: Looked) -> None:
    if len(looked.questions) + len(looked.refused) > LARGEST_KEPT:
        return
    with _lock:
        _seen[state] = looked
        while len(_seen) > MOST_KEPT:
            _seen.popitem(last=False)
