"""What the lines of a stem say about their question: its type, its mark, and the marks of its parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from question_bank.formats.papers.headings import cut_tags

_PART_WITH_MARK = re.compile(r"\s*[(（]\s*\d{1,2}\s*[)）].*[(（]\s*(\d+(?:\.\d+)?)\s*分\s*[)）]\s*[。.]?\s*")


def cut_from_stem(lines: Sequence[str]) -> tuple[str, str, str]:
    """The stem without its tags, the type and the mark that they name.

    Parts such as `（1）…（4分）` keep their marks in the text; the question's is its own or else their sum. Its own may
    stand at the end of the first line, above more of the stem.
    """
    stem, kind, mark = cut_tags("\n".join(lines).strip())
    parts = [found for line in lines[1:] if (found := _PART_WITH_MARK.fullmatch(line))]
    if len(parts) > 1:
        first, _kind, own = cut_tags(lines[0])
        total = own or format(sum(Decimal(found.group(1)) for found in parts), "f")
        return "\n".join([first, *lines[1:]]).strip(), kind, total
    if not mark and "\n" in stem:
        first, _break, below = stem.partition("\n")
        first, _kind, mark = cut_tags(first)
        stem = f"{first}\n{below}" if mark else stem
    return stem, kind, mark
