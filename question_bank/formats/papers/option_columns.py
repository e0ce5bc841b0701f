"""Options in columns: `A. red    C. blue` above `B. green    D. black`, read down as they were set."""

from __future__ import annotations

import re

from question_bank.formats.papers.blocks import Chosen

_LETTER = re.compile(r"\s+[(（]?([B-H])[)）]?\s*[.．、:：)）]\s*(?=\S)")


def out_of_columns(options: list[Chosen]) -> list[Chosen]:
    """The options in the order of their letters, when each line holds one of the first and one of the second half."""
    count = len(options)
    if not 2 <= count <= 4:
        return options
    left, right = [], []
    for place, one in enumerate(options):
        found = _LETTER.search(one.text)
        if not found or found.group(1) != chr(65 + count + place) or one.letter != chr(65 + place):
            return options
        left.append(Chosen(one.letter, [one.text[: found.start()].strip()], one.ticked, one.marks))
        right.append(Chosen(found.group(1), [one.text[found.end() :].strip()]))
    return left + right
