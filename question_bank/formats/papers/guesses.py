"""Ways in which a paper may be written that no line of it tells: each is tried on the whole of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from learnhub.kernel.words import Message, _
from question_bank.formats.fields.answers import blanks_in
from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.composing import asks_for_words
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.papers.keys import is_key_heading
from question_bank.formats.papers.shapes import answer_of, cut_answer, narrow, number_of, options_of
from question_bank.formats.papers.tails import tail_of

Lines = Sequence[Line]


@dataclass(frozen=True)
class Guess:
    """How a paper may be meant: its lines in the words of every paper, and what the sender is told if that holds."""

    of: Callable[[Lines], Lines]
    note: Message | None = None


def _runs(lines: Lines) -> list[list[int]]:
    """The places of lines that nothing parts, in runs: all of a fence, or all of what `>` sets apart."""
    runs = groupby(range(len(lines)), key=lambda at: (lines[at].is_code, lines[at].is_quote))
    return [list(places) for (is_code, is_quote), places in runs if is_code or is_quote]


def _above(lines: Lines, at: int, far: int = 4) -> str:
    """The nearest line above that is not empty."""
    return next((lines[n].text for n in range(at - 1, max(at - far, -1), -1) if lines[n].text.strip()), "")


def _counts_questions(text: str) -> bool:
    number = number_of(text)
    return number is not None and number.style not in {"cn", "cnparen"}


# What a fence holds


def with_fields_unfenced(lines: Lines) -> Lines:
    """Answers and explanations that stand in fences of Markdown, as if they stood in no fence."""
    out = list(lines)
    for places in _runs(lines):
        said = [lines[at].text for at in places if lines[at].text.strip()]
        if lines[places[0]].is_code and said and (answer_of(said[0]) or tail_of(said[0])):
            for at in places:
                out[at] = replace(lines[at], is_code=False)
    return out


# Words below a question that say no more than its answer


_TRUTH = re.compile(r"\s*(?:true|false|T|F|正确|错误|对|错|[√×✓✗✔✘])\s*[。.]?\s*", re.IGNORECASE)


def with_verdicts_named(lines: Lines) -> Lines:
    """`True` or `错误` alone right below a sentence, as its answer; with the other below it, both were to choose."""
    out = list(lines)
    for at in range(1, len(lines)):
        is_verdict = _TRUTH.fullmatch(narrow(lines[at].text)) is not None and not lines[at].is_code
        above = lines[at - 1].text
        below = next((one.text for one in lines[at + 1 :] if one.text.strip()), "")
        is_verdict = is_verdict and not any(_TRUTH.fullmatch(narrow(text)) for text in (above, below))
        if is_verdict and above.strip() and answer_of(above) is None:
            out[at] = Line(lines[at].where, f"答案：{lines[at].text.strip()}")
    return out


def with_quotes_named(lines: Lines) -> Lines:
    """What `>` sets apart below a numbered question without options, as its answer."""
    out = list(lines)
    for places in _runs(lines):
        asked = _above(lines, places[0])
        first = next((at for at in places if lines[at].text.strip()), None)
        if not lines[places[0]].is_quote or first is None or not _counts_questions(asked):
            continue
        if answer_of(lines[first].text) or tail_of(lines[first].text):
            continue
        for at in places:
            out[at] = replace(lines[at], is_quote=False)
        label = "解析" if re.search(r"[(（]\s*[^()（）]{1,4}\s*[)）]\s*$", asked) else "参考答案"
        out[first] = Line(lines[first].where, f"{label}：{lines[first].text.strip()}")
    return out


def with_texts_below_named(lines: Lines) -> Lines:
    """What stands below numbered titles that ask, or that name terms to explain, as their answers."""
    out = list(lines)
    is_of_terms = waits = False
    for at, line in enumerate(lines):
        heading = heading_of(line.text) if not line.is_code else None
        if heading is not None:
            is_of_terms, waits = "名词" in line.text, False
        elif line.title:
            number = number_of(line.text)
            asked = line.text[number.end :] if number else ""
            asks = is_of_terms or narrow(asked).rstrip()[-1:] == "?" or asks_for_words(asked)
            waits = asks and _counts_questions(line.text)
        elif waits and line.text.strip():
            waits = False
            if answer_of(line.text) is None and tail_of(line.text) is None and not options_of(line.text, "A"):
                out[at] = replace(line, text=f"参考答案：{line.text.strip()}", marked=(), is_code=False)
    return out


_ANSWER_TITLE = re.compile(r"\s*(?:参考|正确|标准)?(?:答案|解答)\s*[:：]?\s*")


def with_titles_as_labels(lines: Lines) -> Lines:
    """Titles that say no more than 答案, where there is one for every question, as the labels of their answers."""
    titles = [at for at, line in enumerate(lines) if line.title and _ANSWER_TITLE.fullmatch(line.text)]
    if len(titles) < FEWEST_TITLES:
        return lines
    out = list(lines)
    for at in titles:
        out[at] = Line(lines[at].where, "答案：")
    return out


FEWEST_TITLES = 2
"""Titles that say 答案, from which on they are no heading of a key."""


# Answers inside their sentences


def with_bold_blanks(lines: Lines) -> Lines:
    """What is bold inside the numbered sentences of a part of blanks, as what belongs there."""
    out = list(lines)
    kind: str | None = None
    for at, line in enumerate(lines):
        heading = heading_of(line.text) if not line.is_code else None
        kind = heading.kind if heading is not None else kind
        bold = sorted((a, b) for a, b, mark in line.marked if mark == "bold")
        is_blank = kind == "fill_in" and heading is None and _counts_questions(line.text) and not blanks_in(line.text)
        if not is_blank or not bold or sum(b - a for a, b in bold) * 2 > len(line.text.strip()) * 1.8:
            continue
        text = line.text
        for a, b in reversed(bold):
            text = f"{text[:a]}【{text[a:b]}】{text[b:]}"
        out[at] = Line(line.where, text, title=line.title)
    return out


_LINE = re.compile(r"(?<!_)_{1,10}(?!_)")
_BETWEEN_LINES = re.compile(r"(?<!_)_{1,10}(?P<said>[^_]+)_{1,10}(?!_)")
_WORD = re.compile(
    r"\s*(?=.*[\u4e00-\u9fff].*[\u4e00-\u9fff]|\s*\d)[^\s，。；;：:、？！?!][^，。；;？！?!]{0,30}(?<![，、：:])\s*"
)
_BINDS = re.compile(
    r"(?:以及|或者|并且|其中|以上|以下|左右|应当|必须|不得|[^\u4e00-\u9fff]*[和与及或并是为在以的到至].{0,2})\s*"
)
"""What may stand between two blanks that are empty."""
_SIGN_LISTED = re.compile(
    r"(?:_{1,10}\s*[\u4e00-\u9fff]{1,12}\s*_{1,10}\s*[、，,；;]\s*)+_{1,10}\s*[\u4e00-\u9fff]{1,12}\s*_{1,10}\s*[。.]?\s*$"
)
"""`__望__、__闻__。`: words between lines, one after the other, however short."""


def with_lines_filled(lines: Lines) -> Lines:
    """`方针是__突出重点__。` in a part of blanks, where every sentence has two lines for each of its answers.

    Sentences with empty blanks have an odd number of lines now and then, or something between them that no word is.
    """
    out = list(lines)
    kind: str | None = None
    filled = 0
    if any(is_key_heading(line.text) for line in lines):
        return lines
    for at, line in enumerate(lines):
        heading = heading_of(line.text) if not line.is_code else None
        kind = heading.kind if heading is not None else kind
        if kind != "fill_in" or heading is not None or not _counts_questions(line.text) or not _LINE.search(line.text):
            continue
        said = _BETWEEN_LINES.findall(line.text)
        is_filled = len(_LINE.findall(line.text)) == 2 * len(said) and cut_answer(line.text) is None
        below = next((one.text for one in lines[at + 1 :] if one.text.strip()), "")
        is_filled = is_filled and answer_of(below) is None
        is_listed = _SIGN_LISTED.search(line.text) is not None
        if not is_filled or not (is_listed or all(_WORD.fullmatch(one) and not _BINDS.fullmatch(one) for one in said)):
            return lines
        out[at] = Line(line.where, _BETWEEN_LINES.sub(r"【\g<said>】", line.text), title=line.title)
        filled += 1
    return out if filled >= FEWEST_FILLED else lines


FEWEST_FILLED = 2
"""Sentences with a word between two lines, from which on such words are answers."""


_SAID_BEHIND = re.compile(r"(?P<asked>.*\S)\s+#\s+(?P<said>\S.{0,80}?)\s*")


def with_notes_named(lines: Lines) -> Lines:
    """`The _____ is a model. # prototype`: what stands behind a sentence with a blank, as what belongs there."""
    out = []
    for line in lines:
        found = _SAID_BEHIND.fullmatch(line.text) if not line.is_code else None
        if found is None or not _counts_questions(line.text) or blanks_in(found.group("asked")) != 1:
            out.append(line)
            continue
        out.append(replace(line, text=found.group("asked"), marked=()))
        out.append(Line(f"{line.where}, behind #", f"答案：{found.group('said')}"))
    return out


def with_replies_below(lines: Lines) -> Lines:
    """Sentences with blanks and no numbers, each with one line below it, as questions and their answers.

    Any other line that stands above one of them is a title.
    """
    if any(options_of(line.text, "A") for line in lines):
        return lines
    out = list(lines)
    last = -2
    count = 0
    asked = [n for n in range(len(lines) - 1) if _is_replied_to(lines, n)]
    for at in asked if len(asked) >= FEWEST_REPLIES else []:
        is_next = at == last + 2
        count, last = count + 1 if is_next else 1, at
        out[at] = Line(lines[at].where, f"{count}. {lines[at].text.strip()}")
        out[at + 1] = Line(lines[at + 1].where, f"答案：{lines[at + 1].text.strip()}")
    for at, line in enumerate(out):
        begins = at == 0 or not out[at - 1].text.strip()
        below = next((one.text for one in out[at + 1 :] if one.text.strip()), "")
        if count and begins and _is_plain(line) and _counts_questions(below) and answer_of(line.text) is None:
            out[at] = replace(line, title=2)
    return out


def _is_replied_to(lines: Lines, at: int) -> bool:
    below = lines[at + 1]
    is_said = _is_plain(below) and len(below.text.strip()) <= LONGEST_REPLY and not blanks_in(below.text)
    return is_said and _is_plain(lines[at]) and blanks_in(lines[at].text) > 0


def _is_plain(line: Line) -> bool:
    """Whether a line says something without an answer, and is neither numbered nor a title."""
    is_text = bool(line.text.strip()) and not (line.is_code or line.title)
    return is_text and number_of(line.text) is None and cut_answer(line.text) is None


FEWEST_REPLIES = 3
"""Sentences with a line below them, from which on such lines are answers."""
LONGEST_REPLY = 60
"""Characters of a line that can be what belongs in the blank of the line above it."""


# Keys


_SOLVED = re.compile(r"(?P<name>.*?\S)\s*(?:的?(?:详细|参考|标准)?(?:解答|题解))\s*")


def with_solutions_as_keys(lines: Lines) -> Lines:
    """`填空题 解答` below `模拟试卷 详细解答`, as the headings of a key and of its parts."""
    out = list(lines)
    begun = False
    for at, line in enumerate(lines):
        found = _SOLVED.fullmatch(line.text) if line.title and not line.is_code else None
        if found is None or is_key_heading(line.text):
            continue
        part = heading_of(found.group("name"))
        if part is not None and part.kind is not None and begun:
            out[at] = replace(line, text=found.group("name"), marked=())
        elif not _counts_questions(line.text):
            out[at] = replace(line, text="参考答案", marked=())
            begun = True
    return out


# Letters for right and wrong


_JUDGED_BY_LETTER = re.compile(
    r"(?P<before>.*?(?:(?:正确|标准|参考)?答案|[Aa]nswer)\s*[】\]]?\s*[:：]?\s*)(?P<said>[AB])\s*[。.]?\s*"
)


_LABEL_OF_ANSWER = re.compile(r"[\s@#|]*[【\[]?(?:正确|标准|参考)?(?:答案|[Aa]nswer)\s*[】\]]?\s*[:：]?\s*$")
_PLACE_AT_END = re.compile(r"[（(]\s*[)）]\s*[。.]?\s*$")


def with_letters_judging(lines: Lines) -> Lines:
    """A and B that answer sentences, in a paper that has no options at all, as right and wrong."""
    if any(options_of(line.text, "A") for line in lines) or any(heading_of(line.text) for line in lines):
        return lines
    out = []
    letters = set()
    for line in lines:
        found = _JUDGED_BY_LETTER.fullmatch(line.text)
        asked = _PLACE_AT_END.sub("", _LABEL_OF_ANSWER.sub("", found.group("before")) if found else line.text)
        if blanks_in(asked) or (found is None and answer_of(line.text) is not None):
            return lines
        letters |= {found.group("said")} if found else set()
        said = "正确" if found and found.group("said") == "A" else "错误"
        out.append(Line(line.where, f"{found.group('before')}{said}") if found else line)
    return out if letters == {"A", "B"} else lines


# Numbers


_IN_WORDS = re.compile(r"\s*[（(]\s*[一二三四五六七八九十]{1,3}\s*[)）]\s*[、.．]?\s*")


def with_numbers_in_digits(lines: Lines) -> Lines:
    """`（一）…` as `1、…`, in a paper whose questions have no other numbers."""
    found = {at: number for at, line in enumerate(lines) if not line.is_code and (number := number_of(line.text))}
    counted = {at for at, number in found.items() if number.style == "cnparen" and heading_of(lines[at].text) is None}
    if len(counted) < FEWEST_COUNTED or any(number.style not in {"cn", "cnparen"} for number in found.values()):
        return lines
    out = list(lines)
    for at in counted:
        if begun := _IN_WORDS.match(lines[at].text):
            label = f"{found[at].value}、"
            moved = len(label) - begun.end()
            marked = tuple((max(a + moved, 0), max(b + moved, 0), mark) for a, b, mark in lines[at].marked)
            out[at] = replace(lines[at], text=label + lines[at].text[begun.end() :], marked=marked)
    return out


FEWEST_COUNTED = 2
"""Lines numbered `（一）` that can be the questions of a paper."""


def guesses() -> Iterator[Guess]:
    """Every guess, the surest first."""
    below = _("What stands below the questions was taken for their answers. Please check.")
    yield Guess(with_numbers_in_digits)
    yield Guess(with_titles_as_labels)
    yield Guess(with_solutions_as_keys)
    yield Guess(with_fields_unfenced)
    yield Guess(with_verdicts_named)
    yield Guess(with_notes_named)
    yield Guess(with_replies_below, below)
    yield Guess(with_bold_blanks, _("What is bold in the sentences was taken for what belongs there. Please check."))
    yield Guess(
        with_lines_filled,
        _("What stands between lines in the sentences was taken for what belongs there. Please check."),
    )
    yield Guess(with_quotes_named, below)
    yield Guess(with_texts_below_named, below)
    yield Guess(
        with_letters_judging,
        _("True/false questions without options are answered with A and B; A was taken for true. Please check."),
    )
