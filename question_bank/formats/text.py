"""Plain text in the conventions of the field: numbered questions, lettered options, answers beside or at the end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.carries import Carried, both
from question_bank.formats.fields import plain_answers
from question_bank.formats.fields.answers import blanks_in, truth
from question_bank.formats.fields.blanks import is_answer_of_blank
from question_bank.formats.papers import text2qti
from question_bank.formats.papers.answering import answer_all
from question_bank.formats.papers.blocks import Block, Line, Section
from question_bank.formats.papers.composing import asks_for_words, draft_of_block
from question_bank.formats.papers.fences import (
    with_answers_labelled,
    with_bold_answers,
    with_options_unfenced,
    with_plain_labels,
    with_replies_named,
    with_tags_numbered,
    with_titles_numbered,
    without_front_matter,
)
from question_bank.formats.papers.gaps import note_gaps
from question_bank.formats.papers.gathering import gather
from question_bank.formats.papers.headings import begins_with_kind, heading_of
from question_bank.formats.papers.hook_headers import is_header
from question_bank.formats.papers.keys import is_key_heading
from question_bank.formats.papers.lone_letters import answers_alone
from question_bank.formats.papers.one_line import questions_in
from question_bank.formats.papers.page_copies import is_copy, running_heads, without_buttons
from question_bank.formats.papers.part_names import with_titles_underlined
from question_bank.formats.papers.rereading import answered, read_best
from question_bank.formats.papers.shapes import (
    SIGNS,
    answer_before_number,
    answer_of,
    cut_answer,
    narrow,
    number_of,
    options_of,
)
from question_bank.formats.papers.unlettered import POINT, TICKED_END
from question_bank.formats.reading import Reading, Refusal

NAME = "text"
CARRIES = Carried(
    "Numbered questions with lettered options, answers beside them or in a key at the end. Titles and feedback are not"
    " kept, nor markup.",
    plain_answers.CARRIED
    | {"case": both("Read as a material, or as numbers in brackets below a question; written with such numbers.")},
)
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD], None)
_MARKDOWN = re.compile(r"^#{1,6} |^\s*(?:\d{1,3}[.、)]\s+)?\*\*.+\*\*|^```|<summary>", re.MULTILINE)
_BOLD_WORDS = re.compile(r"(?<![\w*])\*\*(?=[^\s*])[^*\n]+(?<=\S)\*\*(?![\w*])")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*|__(?=[^\s_])([^_]+?)(?<=[^\s_])__(?=\s|$)")
_DRESS = re.compile(
    r"\s*(?:>\s*|[-+]\s+(?=(?:\[[ xX]?\]\s*)?\**[(（]?[A-Za-z][.、．:：)）])|[-*+]\s+(?=\[[ xX]\]\s)"
    r"|[-*+]\s+(?=\*{0,2}(?:题目|问题|练习)\s*\d|\*{0,2}(?:本题)?(?:正确|参考|标准)?答案|\*{0,2}解析"
    r"|\*{0,2}(?:[Cc]orrect |[Rr]ight )?[Aa]nswers?\b|\*{0,2}[Ee]xplanation\b))+"
)
_OPTION_ROW = re.compile(
    r"\s*\|(?:\s*(?P<tick>[*√✓✔✅xX]?)\s*\|)?\s*(?P<tick2>[*√✓✔✅])?\s*(?P<letter>[A-Ha-h])\s*[.、．)）]?\s*\|\s*(?P<text>[^|]*[^|\s])\s*\|\s*"
)
_QUESTION_ROW = re.compile(r"\s*\|\s*(\d{1,4}\s*[.、．])\s*\|\s*([^|]*[^|\s])\s*\|[\s|]*")
_ANSWER_ROW = re.compile(
    r"\s*\|\s*((?:正确|参考|标准)?答案\s*[:：»][^|]*[^|\s]|(?:correct\s+)?answer\s*[:»][^|]*[^|\s])\s*\|[\s|]*",
    re.IGNORECASE,
)
_EMPTY_ROW = re.compile(r"\s*\|[\s|:-]*\|\s*")
_CALLOUT = re.compile(r"\s*>\s*\[!\w+\][-+]?\s*")
_NUMBERED_BOX = re.compile(r"\s*\d{1,2}[.)]\s+(?=\[[ xX]\])")
_CONTAINER = re.compile(r"\s*:{3,}\s*[\w-]*\s*(.*)")
"""`::: details 查看答案` folds what stands below it away, as `<details>` does; `:::` ends it."""
_FOLD_BY_NAME = re.compile(r'\s*\?{3}\+?\s*[\w-]*\s*"([^"]*)"\s*')
"""`??? question "Show answer"` does so, too."""
_FRAME = re.compile(r"\s*</?(?:div|p|ol|ul|section)\b[^>]*>\s*", re.IGNORECASE)
_ORNAMENT = re.compile(
    r"(\s*(?:#{1,6}\s+)?\**)(?:[\u2600-\u27bf\u2b50\U0001f300-\U0001faff]\ufe0f?\s*)+"
    r"(?=\**\s*[【\[]?(?:正确|参考|标准)?(?:答案|解析|解释|分析|考点|知识点|关键词|难度)"
    r"|\**(?:correct |right )?answer|\**explanation)",
    re.IGNORECASE,
)
"""Pictures before 答案 and its like, which say nothing."""
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!~>|])")
_ESCAPED_LABEL = re.compile(r"^(\s*(?:[A-H]|\d{1,4}))\\([.)])", re.MULTILINE)
_SUMMARY = re.compile(r"<summary>\s*(.*?)\s*</summary>", re.IGNORECASE)
_SAYS_ANSWER = re.compile(r"答案|answer|solution", re.IGNORECASE)
_FOLDED = re.compile(r"</?(?:details|summary)\b[^>]*>", re.IGNORECASE)
"""What folds an answer away on a page, and what stands on the fold."""
_BOLD_TAG = re.compile(r"</?(?:b|strong)>", re.IGNORECASE)
_COLOURED = re.compile(f"(?<=[{SIGNS}])\ufe0f")
_TITLE = re.compile(r"^\s*#{1,6}\s+")
LONGEST_SHOWN = 60
"""Characters of a line that is shown because it fits nowhere."""


_MARKED_RIGHT = re.compile(r"[(（【\[]\s*正确(?:答案|选项)\s*[】\])）]\s*$")
_JUDGED = re.compile(rf"[(（]\s*(?:[{SIGNS}]|对|错|正确|错误)\s*[)）]")
_BOLD_POINT = re.compile(r"\s*[-*+]\s+\*\*[^*]+\*\*\s*")
_LIST_POINT = re.compile(r"\s*[-*+]\s")
"""What a point of a list begins with."""
_POINT_ABOVE_BOXES = re.compile(r"^[-*+] +(?=[^\s\[])(.*\n(?:[ \t]*\n)?[ \t]+[-*+] +\[[ xX]?\] )", re.MULTILINE)
"""A question that is a point of a list, with its options as points of a list inside it."""
_ITALIC_ANSWER = re.compile(
    r"(\s*)([*_])(?=[(（]?(?:正确|参考|标准)?答案|解析|[(（]?(?:correct )?answer)([^*]+)\2\s*", re.IGNORECASE
)
"""`*参考答案：…*`: a whole line of Markdown in italics."""
_ASKED = re.compile(r"^\s*(?:问|问题|题目|题干)\s*[:：]\s*\S", re.MULTILINE)
_SAID = re.compile(r"^\s*答案?\s*[:：]\s*\S", re.MULTILINE)
_LETTERED = re.compile(r"[A-Za-z]\s*[.、．)）:：]")
_ASKS = re.compile(rf"[?？]|[(（]\s*(?:[A-Ha-h]{{1,6}}|[{SIGNS}]|对|错|正确|错误|T|F)\s*[)）]")


def looks_like(text: str) -> bool:
    """Whether a text has the shapes of a paper: options or answers below numbers or headings.

    Numbers and letters alone are those of any list: something has to ask, or to be marked as right.
    """
    options = answers = numbers = headings = told_beside = asked = judged = chosen = explained = verdicts = 0
    above = title = ""
    is_asked = is_of_kind = False
    text = with_replies_named(with_bold_answers(_POINT_ABOVE_BOXES.sub(r"\1", with_plain_labels(text))))
    for raw in _first_lines(text):
        shown = _undressed(raw, is_markdown=True)
        line = shown.text
        if not line.strip():
            continue
        is_numbered = number_of(line) is not None
        title = line if shown.title else title
        found = options_of(line, "A") or options_of(line, "", anywhere=True)
        told_beside += 2 * is_header(line)
        headings += heading_of(line) is not None or is_key_heading(line)
        numbers += is_numbered or begins_with_kind(line)
        given = answer_before_number(line)
        judged += (is_numbered and _JUDGED.search(line) is not None) or (given is not None and bool(given[0]))
        judged += _JUDGED.fullmatch(line.strip()) is not None and number_of(above) is not None
        said = answer_of(line)
        answers += said is not None or answers_alone(line, above) or is_answer_of_blank(line)
        verdicts += said is not None and truth(said.text) is not None and not said.text.isascii()
        explained += answer_of(line) is not None and narrow(above).rstrip()[-1:] == "?"
        told_beside += bool(_MARKED_RIGHT.search(line)) or (
            ("答案" in line or "ANSWER" in line) and cut_answer(line) is not None
        )
        options += len(found)
        is_ticked = any(one.ticked for one in found)
        asked += is_ticked or _asks(line if is_numbered else above if found else "")
        chosen += is_ticked and (_asks(title) or (_asks(above) and _LETTERED.search(line) is not None))
        chosen += is_asked and _BOLD_POINT.fullmatch(raw) is not None
        is_of_kind = begins_with_kind(line) if not _LIST_POINT.match(raw) else is_of_kind
        chosen += is_ticked and is_of_kind
        chosen += POINT.match(raw) is not None and TICKED_END.search(line) is not None
        is_asked = _asks(line) if not POINT.match(raw) else is_asked
        above = line
    return (
        bool(options and (answers or headings or (numbers and asked)))
        or bool(answers and (numbers or headings))
        or bool(headings and numbers)
        or told_beside > 1
        or judged > 1
        or verdicts > 1
        or chosen > 0
        or explained > 1
        or len(_ASKED.findall(text)) > 1 < len(_SAID.findall(text))
    )


def _first_lines(text: str) -> list[str]:
    """What a glance at a text takes in, questions on one line apart."""
    return [piece for raw in _COLOURED.sub("", text).split("\n", 3000)[:3000] for piece in questions_in(raw)]


def _asks(text: str) -> bool:
    return bool(text) and (_ASKS.search(text) is not None or blanks_in(text) > 0)


def folds_answers(text: str) -> bool:
    """Whether a text that begins with a tag is Markdown whose answers are folded away, and no page of HTML."""
    return "<summary>" in text and "<html" not in text.casefold() and looks_like(text)


def says_answers(text: str) -> bool:
    """Whether lines beginning with 答案 stand below lines with numbers or letters: no other format has such lines."""
    answers = len(re.findall(r"^\s*【?(?:正确|参考|标准)?答案】?\s*[:：]", text, re.MULTILINE))
    return answers > 0 and re.search(r"^\s*[(（]?(?:\d{1,4}|[A-Da-d])\s*[.．、）)]", text, re.MULTILINE) is not None


def reads_as_paper(text: str) -> bool:
    """Whether a text without any of those shapes is one of questions all the same: most of what is read is complete.

    So is a list of nothing but questions, as an examiner hands it out.
    """
    reading = read("\n".join(text.split("\n", LINES_TRIED)[:LINES_TRIED]))
    complete = len(answered(reading))
    if complete > 1:
        return 2 * complete > len(reading.questions) + len(reading.refused)
    lines = [line for line in text.split("\n") if line.strip()]
    numbers = [number.value for line in lines if (number := number_of(line))]
    asked = sum(narrow(line).rstrip()[-1:] == "?" for line in lines)
    counts_on = len(numbers) == len(lines) > 2 and all(a < b for a, b in pairwise(numbers))
    return counts_on and 3 * asked >= len(lines)


LINES_TRIED = 600
"""Lines of a text that is read to find out whether it holds questions."""


def read(text: str) -> Reading:
    """Every question of a plain text; what fits nowhere is listed as warnings with its line."""
    if text2qti.looks_like(text):
        return text2qti.read(text, NAME)
    reading = Reading(NAME)
    read_lines(reading, lines_of(text))
    if with_replies_named(text) != text:
        reading.warnings.append(_("The lines below the questions were taken for their answers. Please check."))
    return reading


def lines_of(text: str) -> list[Line]:
    """The lines of a text, freed of Markdown's dress and of invisible signs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_INVISIBLE).replace("\x0c", "\n")
    text = _COLOURED.sub("", text) if "\ufe0f" in text else text
    is_markdown = bool(_MARKDOWN.search(text)) or len(_BOLD_WORDS.findall(text)) > 1
    lines: list[Line] = []
    in_code, is_of_page = False, is_copy(text)
    text = with_tags_numbered(_POINT_ABOVE_BOXES.sub(r"\1", with_plain_labels(text)))
    text = with_titles_numbered(with_options_unfenced(text)) if is_markdown else text
    text = with_bold_answers(with_answers_labelled(text)) if "*" in text else text
    text = with_replies_named(without_front_matter(text))
    text = _ESCAPED_LABEL.sub(r"\1\2", text) if "\\" in text else text
    heads = running_heads(text)
    for number, sent in enumerate(text.split("\n"), 1):
        if heads and sent.strip() in heads:
            continue
        where = f"line {number}"
        raw = without_buttons(sent) if is_of_page else sent
        if is_markdown and raw.lstrip().startswith(("```", "~~~")):
            in_code = not in_code
            continue
        if in_code:
            lines.append(Line(where, raw, is_code=True))
            continue
        for n, piece in enumerate(questions_in(raw), 1):
            found = _undressed(piece, is_markdown=is_markdown)
            lines.append(replace(found, where=where if n == 1 else f"{where}, question {n}"))
    return with_titles_underlined(lines)


_LETTER_IN_FORMULA = re.compile(rf"([（(]\s*)\$\s*([A-H]{{1,8}}|[TF{SIGNS}])\s*\$(?=\s*[)）])")
_FRAME_INSIDE = re.compile(r"</?(?:div|p|section|span)\b[^>]*>", re.IGNORECASE)
_LETTER_SIGN = re.compile("([\U0001f170\U0001f171\U0001f1e6-\U0001f1ed\u24b6-\u24bd\U0001f130-\U0001f137])\ufe0f?")
"""Letters as pictures and in circles."""
_LETTER_IN_HOOKS = re.compile(rf"〔\s*((?:[A-HＡ-Ｈ]{{1,8}}|[{SIGNS}]|对|错|正确|错误)?)\s*〕")
_POINT = re.compile(r"^\s*[•·▪◦]\s*(?=[(（]?[A-Ha-h]\s*[.、．:：)）])")


def _undressed(raw: str, *, is_markdown: bool) -> Line:
    """A line without `>`, `-`, `#` and `**`; what was bold is marked."""
    text = _ORNAMENT.sub(r"\1", raw.rstrip(), count=1) if _ORNAMENT.match(raw) else raw.rstrip()
    text = _POINT.sub("", _LETTER_IN_HOOKS.sub(r"（\1）", text))
    text = _with_plain_letters(text) if _LETTER_SIGN.search(text) else text
    text = _LETTER_IN_FORMULA.sub(r"\1\2", text) if "$" in text else text
    if not is_markdown:
        dress = re.match(
            r"\s*(?:[-*+]\s+|>\s*(?=(?:正确|参考|标准)?答案|解析|[Aa]nswer|[Ee]xplanation))"
            r"(?=\[[ xX]\]\s|(?:\[[ xX]?\]\s*)?[A-Za-z][.、．:：)）]|(?:正确|参考|标准)?答案|解析"
            r"|(?:[Cc]orrect |[Rr]ight )?[Aa]nswers?\s*[:：]|[Ee]xplanation\s*[:：])",
            text,
        )
        return Line("", text[dress.end() :] if dress else _of_row(text))
    if _FRAME.fullmatch(text):
        return Line("", "")
    if italic := _ITALIC_ANSWER.fullmatch(text):
        text = italic.group(1) + italic.group(3)
    is_quote = text.lstrip().startswith(">")
    text = _CALLOUT.sub("", text, count=1) if _CALLOUT.match(text) else text
    dress = _DRESS.match(text) or _NUMBERED_BOX.match(text)
    text = text[dress.end() :] if dress else text
    if folded := _CONTAINER.fullmatch(text) or _FOLD_BY_NAME.fullmatch(text):
        text = "答案：" if _SAYS_ANSWER.search(folded.group(1)) else ""
    title = _TITLE.match(text)
    level = title.group().count("#") if title else 0
    text = _FRAME_INSIDE.sub("", _BOLD_TAG.sub("", text)) if "<summary>" in text.casefold() else text
    text = _SUMMARY.sub(_of_fold, text)
    text = _of_row(_FOLDED.sub("", _TITLE.sub("", text)))
    out, marked, at = "", [], 0
    for found in _BOLD.finditer(text):
        out += text[at : found.start()]
        bold = found.group(1) or found.group(2)
        marked.append((len(out), len(out) + len(bold), "bold"))
        out, at = out + bold, found.end()
    if "\\" in text and not marked:
        return Line("", _ESCAPED.sub(r"\1", text), title=level, is_quote=is_quote)
    return Line("", out + text[at:], tuple(marked), title=level, is_quote=is_quote)


def _with_plain_letters(text: str) -> str:
    """`🅰️ 甲` as `A. 甲`, and 🅰️ anywhere else as A."""
    first = _LETTER_SIGN.match(text.lstrip(" \t-*+"))
    out = _LETTER_SIGN.sub(lambda found: _letter_of_sign(found.group(1)), text)
    if not first:
        return out
    letter = _letter_of_sign(first.group(1))
    return out.replace(letter, f"{letter}. ", 1)


def _letter_of_sign(sign: str) -> str:
    start = next(one for one in (0x1F170, 0x1F1E6, 0x24B6, 0x1F130) if one <= ord(sign) < one + 8)
    return chr(65 + ord(sign) - start)


def _of_fold(found: re.Match[str]) -> str:
    """What stands on a fold: the label of the answer inside it, a question that the fold answers, or nothing."""
    said = found.group(1)
    if _SAYS_ANSWER.search(said) and number_of(said) is None:
        return "答案："
    return str(said) if number_of(said) is not None else ""


def _of_row(text: str) -> str:
    """A row of a table that holds an option, `| * | c. | text |`, as `√c. text`; a row that holds nothing is empty.

    So with a row of a number and a question, `| 3. | text |`, and one of an answer.
    """
    if not text.lstrip().startswith("|"):
        return text
    asked = _QUESTION_ROW.fullmatch(text) or _ANSWER_ROW.fullmatch(text)
    if asked:
        return " ".join(group for group in asked.groups() if group)
    found = _OPTION_ROW.fullmatch(text)
    if not found:
        return "" if _EMPTY_ROW.fullmatch(text) else text
    tick = "√" if found.group("tick") or found.group("tick2") else ""
    return f"{tick}{found.group('letter')}. {found.group('text')}"


def read_lines(reading: Reading, lines: Sequence[Line]) -> None:
    """Add the questions of a paper's lines to a reading; every line that fits nowhere becomes a warning."""
    read_best(reading, lines, _read_as_they_stand)


def _read_as_they_stand(reading: Reading, lines: Sequence[Line]) -> None:
    found = gather(lines)
    answer_all(found)
    note_gaps(found.sections)
    inside = {block.serial for section in found.sections for one in section.blocks for block in one.subs}
    is_paper = any(block.is_closed for section in found.sections for block in section.blocks)
    for section in found.sections:
        if is_paper and _asks_nothing(section):
            where = {block.where for block in section.blocks}
            found.unplaced += [line for line in lines if line.where in where]
            continue
        for block in section.blocks:
            if block.serial not in inside:
                _read_block(reading, block)
    reading.warnings += found.warnings
    _show_unplaced(reading, found.unplaced, lines)


def _asks_nothing(section: Section) -> bool:
    """Whether a part of a text holds numbered lines of which none asks, is answered, or has anything to choose from."""
    return bool(section.blocks) and section.kind is None and not any(map(_is_question, section.blocks))


def _is_question(block: Block) -> bool:
    stem = "\n".join(block.stem)
    is_told = block.is_closed or block.is_material or bool(block.subs or block.options or block.mark or block.kind)
    return is_told or blanks_in(stem) > 0 or _ASKS.search(stem) is not None or asks_for_words(stem)


def _read_block(reading: Reading, block: Block) -> None:
    if block.is_material and not block.subs and not block.has_answer:
        reading.refused.append(Refusal(block.where, _("No question follows this text.")))
        return
    try:
        reading.questions.append(draft_of_block(block))
    except Refused as error:
        reading.refuse(block.where, error)
    else:
        reading.warnings += [note for note in block.notes if note not in reading.warnings]


def _show_unplaced(reading: Reading, unplaced: Sequence[Line], lines: Sequence[Line]) -> None:
    at = {line.where: n for n, line in enumerate(lines)}
    last = -2
    for line in unplaced:
        place = at.get(line.where, 0)
        if place > last + 1:
            shown = line.text.strip()
            shown = shown if len(shown) <= LONGEST_SHOWN else shown[: LONGEST_SHOWN - 1] + "…"
            reading.warnings.append(
                _("%(where)s was not taken as part of a question: %(text)s", where=line.where, text=shown)
            )
        last = place
