"""Tables whose heads say nothing, or not enough: columns told by what stands in them, if it can be nothing else."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from learnhub.kernel.cells import folded
from question_bank.formats.fields.answers import letters_in, says_true_or_false
from question_bank.formats.sheets.cells import options_below, options_in_one_cell
from question_bank.formats.sheets.columns import Columns, kind_named, named_columns

LAST_LETTER = "H"
FEWEST_QUESTIONS = 2
"""One row alone could be anything."""
SHORTEST_STEM = 6
"""Characters that stems have on average: names and figures are shorter."""
MOST_OPTIONS = 8
_NUMBER = re.compile(r"\s*(\d{1,4})\s*[.、．)）]?\s*")
_DRAWN = re.compile(r"\s*:?-+:?\s*")
_ASKS = re.compile(r"[呢吗]\s*$|下列|以下|哪|什么|多少|[?？:：]\s*$|[（(]\s*[)）]|_{2,}|[（(]\s*[)）]\s*[。.]?\s*$")
_HOOKS = re.compile(r"\s*[(（\[【]\s*(.*?)\s*[)）\]】]\s*")

Body = Sequence[Sequence[str]]


@dataclass(frozen=True)
class _Told:
    """The rows of a table below its head, its width, and the columns that no head names."""

    body: Body
    free: tuple[int, ...]

    def cells(self, at: int) -> list[str]:
        """What stands in a column."""
        return [row[at] for row in self.body]

    def length(self, at: int) -> float:
        """How long the texts of a column are on average."""
        return sum(map(len, self.cells(at))) / len(self.body)


def columns_of_cells(rows: Sequence[Sequence[str]]) -> tuple[int, Columns] | None:
    """Where the head stands (one row above the first question where there is none), and what the columns hold.

    None unless every row answers with letters, a verdict, or the text of one of its own cells, and everything else
    of a question has just one place where it can stand.
    """
    full = [at for at, row in enumerate(rows) if sum(map(bool, row)) > 1 and not all(map(_is_drawn, row))]
    if len(full) < 2:
        return None
    width = max(len(rows[at]) for at in full)
    padded = [[*rows[at], *[""] * (width - len(rows[at]))] for at in full]
    named = named_columns(padded[0])
    named = named if named.fields or len(named.options) > 1 else Columns({})
    found = _found(padded[1:], named) if len(padded) > FEWEST_QUESTIONS else None
    if found is None:
        found = _found(padded, Columns({})) if not named.worth and len(padded) >= FEWEST_QUESTIONS else None
        return (full[0] - 1, found) if found else None
    if not named.worth and _is_like(padded[0], padded[1:], found):
        return full[0] - 1, found
    return full[0], found


def completed(rows: Sequence[Sequence[str]], at: int, columns: Columns) -> Columns | None:
    """The columns of a head that names the question, with what it leaves open told by the cells; None if nothing is."""
    width = max(len(row) for row in rows)
    below = [[*row, *[""] * (width - len(row))] for row in rows[at + 1 :]]
    body = [row for row in below if sum(map(bool, row)) > 1 and not all(map(_is_drawn, row))]
    found = _found(body, columns) if body else None
    return found if found is not None and found.worth > columns.worth else None


def _is_drawn(cell: str) -> bool:
    return not cell or _DRAWN.fullmatch(cell) is not None


def _found(body: Body, named: Columns) -> Columns | None:
    taken = {*named.fields.values(), *named.options.values(), *named.flags.values(), *named.blank_answers}
    width = len(body[0])
    filled = [at for at in range(width) if at not in taken and any(row[at] for row in body)]
    told = _Told(body, tuple(at for at in filled if not _is_counted([row[at] for row in body], is_first=at == 0)))
    fields = dict(named.fields)
    kinds = [at for at in told.free if all(kind_named(cell) for cell in told.cells(at))]
    if kinds and "kind" not in fields:
        fields["kind"] = kinds[0]
    told = replace(told, free=tuple(at for at in told.free if at not in kinds))
    key = fields.get("answer")
    key = _key(told) if key is None else key
    if key is None:
        return None
    fields["answer"] = key
    told = replace(told, free=tuple(at for at in told.free if at != key))
    found = _with_options(told, replace(named, fields=fields))
    return found if found is not None and _is_whole(body, found) else None


def _is_counted(cells: Sequence[str], *, is_first: bool) -> bool:
    """Whether the cells are numbers that count the rows; those of the first column may leave some out."""
    numbers = [int(mark.group(1)) if (mark := _NUMBER.fullmatch(cell)) else -1 for cell in cells]
    return (
        len(numbers) > 1
        and all(b == a + 1 or (is_first and b > a) for a, b in itertools.pairwise(numbers))
        and numbers[0] >= 0
    )


def _letters(cell: str) -> list[str]:
    inside = _HOOKS.fullmatch(cell)
    found = letters_in(inside.group(1) if inside else cell) or []
    return found if found and max(found) <= LAST_LETTER and len(cell) <= 2 * MOST_OPTIONS else []


def _is_key(cell: str) -> bool:
    return bool(_letters(cell)) or says_true_or_false(cell.strip("()（）"))


def _key(told: _Told) -> int | None:
    """The one column whose every cell answers: with letters, a verdict, or the text of another cell in its row."""
    found = [at for at in told.free if all(map(_is_key, told.cells(at)))]
    varied = [at for at in found if len(set(told.cells(at))) > 1] or found
    if varied:
        return varied[0] if len(varied) == 1 else None
    repeats = [at for at in told.free if all(_repeats(row, at, told.free) for row in told.body)]
    return repeats[-1] if repeats and len(told.body) > 1 else None


def _repeats(row: Sequence[str], at: int, free: Sequence[int]) -> bool:
    return bool(row[at]) and folded(row[at]) in {folded(row[other]) for other in free if other < at}


def _with_options(told: _Told, named: Columns) -> Columns | None:
    """The columns with those of the question and the options."""
    key, stem = named.fields["answer"], named.fields.get("stem")
    if named.options or "options" in named.fields:
        before = [at for at in told.free if at < min([*named.options.values(), *_of(named, "options")])]
        return named if stem is not None else _with_stem(told, named, before or told.free)
    left = [at for at in told.free if at < key and (stem is None or at > stem)]
    left = left if stem is not None else _without_parts(told, left)
    right = [at for at in told.free if at > key]
    if stem is None:
        if not left:
            return None
        stem, left = left[0], left[1:]
        if not _is_stem(told, stem, left):
            return None
    whole = replace(named, fields={**named.fields, "stem": stem})
    if all(says_true_or_false(cell.strip("()（）")) for cell in told.cells(key)) and len(left) < 2:
        return whole if not left else None
    if not left and _hold_options(told, stem, key):
        return whole
    return _with_some(told, whole, left) or (_with_some(told, whole, right) if not left else None)


def _hold_options(told: _Told, stem: int, key: int) -> bool:
    """Whether each question has its options on lines below it, in the same cell."""
    return all(
        (letters := _letters(row[key])) and options_below(row[stem], max(letters)) is not None for row in told.body
    )


def _of(named: Columns, name: str) -> list[int]:
    return [named.fields[name]] if name in named.fields else []


def _with_some(told: _Told, named: Columns, places: Sequence[int]) -> Columns | None:
    if len(places) == 1 and all(len(options_in_one_cell(cell)) > 1 for cell in told.cells(places[0])):
        return replace(named, fields={**named.fields, "options": places[0]})
    if not 2 <= len(places) <= MOST_OPTIONS or list(places) != list(range(places[0], places[-1] + 1)):
        return None
    return replace(named, options={chr(65 + n): at for n, at in enumerate(places)})


def _with_stem(told: _Told, named: Columns, places: Sequence[int]) -> Columns | None:
    longest = sorted(_without_parts(told, places), key=told.length)
    if not longest or (len(longest) > 1 and told.length(longest[-1]) < 1.5 * told.length(longest[-2])):
        return None
    return replace(named, fields={**named.fields, "stem": longest[-1]})


def _without_parts(told: _Told, places: Sequence[int]) -> list[int]:
    """Without the columns to the left whose cells repeat, as names of chapters and degrees do."""
    out = list(places)
    while len(out) > 1 and len(set(told.cells(out[0]))) < len(told.body):
        out.pop(0)
    return out


def _is_stem(told: _Told, at: int, others: Sequence[int]) -> bool:
    """Whether a column holds questions: no two are the same, and they ask, or are the longest texts by far."""
    cells = told.cells(at)
    if len(set(cells)) < len(cells) or not all(cells):
        return False
    asking = sum(_ASKS.search(cell) is not None for cell in cells)
    longest = all(told.length(at) > told.length(other) for other in others)
    return 2 * asking >= len(cells) or (longest and told.length(at) >= SHORTEST_STEM)


def _is_whole(body: Body, found: Columns) -> bool:
    """Whether each row has the options that its answer names, and one at least is answered by them or by a verdict."""
    key, packed = found.fields["answer"], found.fields.get("options")
    verdicts = chosen = 0
    for row in body:
        options = [row[at] for at in found.options.values() if row[at]]
        options = list(options_in_one_cell(row[packed]).values()) if packed is not None and row[packed] else options
        letters = _letters(row[key])
        if not letters and says_true_or_false(row[key].strip("()（）")):
            verdicts += 1
        elif (
            (letters and ord(max(letters)) - 64 <= len(options))
            or (not letters and folded(row[key]) in map(folded, options))
            or (letters and options_below(row[found.fields["stem"]], max(letters)))
        ):
            chosen += 1
        elif letters or options:
            return False
    return chosen > 0 or (verdicts > 1 and not found.options and packed is None)


def _is_like(head: Sequence[str], body: Body, found: Columns) -> bool:
    """Whether the first row answers as those below it do: then the table has no head."""
    key = found.fields["answer"]
    return _is_key(head[key]) if all(_is_key(row[key]) for row in body) else _repeats(head, key, range(key))
