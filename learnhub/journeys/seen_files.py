"""Files of questions that somebody is looking at: read once, and shown page by page until file or bank change."""

from __future__ import annotations

import json
from collections import OrderedDict
from threading import Lock

from learnhub.audit.models import Import
from learnhub.journeys.import_questions import look_again
from learnhub.journeys.question_file import Looked, find_near
from question_bank import authoring, catalogue
from question_bank.models import Bank

MOST_KEPT = 4
LARGEST_KEPT = 10_000
"""Questions; a longer file is read anew for every page."""
_Key = tuple[str, str, str, int, tuple[int, int]]
_seen: OrderedDict[_Key, Looked] = OrderedDict()
_lock = Lock()


def see(row: Import) -> Looked:
    """What an import that waits would write now, near-duplicates noted."""
    bank = authoring.find_bank(row.target)
    key = _key(row, bank)
    with _lock:
        if key in _seen:
            _seen.move_to_end(key)
            return _seen[key]
    return _noted(key, look_again(row), bank)


def note(row: Import, looked: Looked) -> Looked:
    """Keep what was just read from the file of an import for the pages that show it next; near-duplicates are noted."""
    bank = authoring.find_bank(row.target)
    return _noted(_key(row, bank), looked, bank)


def _key(row: Import, bank: Bank | None) -> _Key:
    """All that a look depends on: the file, how it is read and corrected, and the state of the bank."""
    asked = json.dumps(row.report.get("asked", {}), sort_keys=True)
    state = (bank.id, catalogue.stamp_of(bank)) if bank is not None else (0, (0, 0))
    return (row.file_digest, row.file_name, asked, *state)


def _noted(key: _Key, looked: Looked, bank: Bank | None) -> Looked:
    find_near(looked, bank)
    if len(looked.questions) + len(looked.refused) <= LARGEST_KEPT:
        with _lock:
            _seen[key] = looked
            while len(_seen) > MOST_KEPT:
                _seen.popitem(last=False)
    return looked
