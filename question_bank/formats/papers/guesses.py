"""Ways in which a paper may be written that no line of it tells: each is tried on the whole of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from learnhub.kernel.words import Message, _
from question_bank.formats.fields.answers import blanks_in
from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.papers.shapes import answer_of, narrow, number_of, options_of, tail_of

Lines = Sequence[Line]


@dataclass(frozen=True)
class Guess:
    """How a paper may be meant: its lines in the words of every paper, and what the sender is told if that holds."""

    of: Callable[[Lines], Lines]
    note: Message | None = None


def _lists_joined(lines: Lines) -> list[list[int]]:
    """The places of lines that nothing parts, in runs: all of a fence, or all of what `>` sets apart."""
    runs = groupby(range(len(lines)), key=lambda at: (lines[at].is_code, lines[at].is_quote))
    return [list(places) for (is_code, is_quote), places in runs if is_code or is_quote]


# What a fence holds


def with_fields_unfenced(lines: Lines) -> Lines:
    """Answers and explanations that stand in fences of Markdown, as if they stood in no fence."""
    out = list(lines)
    for places in _lists_joined(lines):
        said = [lines[at].text for at in places if lines[at].text.strip()]
        if lines[places[0]].is_code and said and (answer_of(said[0]) or tail_of(said[0])):
            for at in places:
                out[at] = replace(lines[at], is_code=False)
    return out


# Words below a question that say no more than its answer


_TRUTH = re.compile(r"\s*(?:true|false|正确|错误|对|错|[√×✓✗✔✘])\s*[。.]?\s*", re.IGNORECASE)


def with_verdicts_named(lines: Lines) -> Lines:
    """`True` or `错误` alone right below a sentence, as its answer."""
    out = list(lines)
    for at in range(1, len(lines)):
        is_verdict = _TRUTH.fullmatch(narrow(lines[at].text)) is not None and not lines[at].is_code
        above = lines[at - 1].text
        if is_verdict and above.strip() and not _TRUTH.fullmatch(narrow(above)) and answer_of(above) is None:
            out[at] = Line(lines[at].where, f"答案：{lines[at].text.strip()}")
    return out


def with_quotes_named(lines: Lines) -> Lines:
    """What `>` sets apart below a numbered question without options, as its answer."""
    out = list(lines)
    for places in _lists_joined(lines):
        if not lines[places[0]].is_quote:
            continue
        above = [lines[at].text for at in range(places[0] - 1, max(places[0] - 4, -1), -1)]
        asked = next((text for text in above if text.strip()), "")
        first = next((at for at in places if lines[at].text.strip()), None)
        is_asked = number_of(asked) is not None and not re.search(r"[(（]\s*[^()（）]{1,4}\s*[)）]\s*$", asked)
        if first is None or not is_asked or answer_of(lines[first].text) or tail_of(lines[first].text):
            continue
        for at in places:
            out[at] = replace(lines[at], is_quote=False)
        out[first] = Line(lines[first].where, f"参考答案：{lines[first].text.strip()}")
    return out


# Letters for right and wrong


def with_letters_judging(lines: Lines) -> Lines:
    """A and B that answer sentences, in a paper that has no options at all, as right and wrong."""
    if any(options_of(line.text, "A") for line in lines) or any(heading_of(line.text) for line in lines):
        return lines
    out = []
    letters = set()
    for line in lines:
        found = _JUDGED_BY_LETTER.fullmatch(line.text)
        if found:
            letters.add(found.group("said"))
            line = Line(line.where, f"{found.group('before')}{'正确' if found.group('said') == 'A' else '错误'}")
        elif answer_of(line.text) is not None or (blanks_in(line.text) and line.text.strip()):
            return lines
        out.append(line)
    return out if letters == {"A", "B"} else lines


_JUDGED_BY_LETTER = re.compile(
    r"(?P<before>.*?(?:(?:正确|标准|参考)?答案|[Aa]nswer)\s*[】\]]?\s*[:：]?\s*)(?P<said>[AB])\s*[。.]?\s*"
)


def guesses() -> Iterator[Guess]:
    """Every guess, the surest first."""
    yield Guess(with_fields_unfenced)
    yield Guess(with_verdicts_named)
    yield Guess(
        with_quotes_named,
        _("What is set apart below the questions was taken for their answers. Please check."),
    )
    yield Guess(
        with_letters_judging,
        _("True/false questions without options are answered with A and B; A was taken for true. Please check."),
    )
