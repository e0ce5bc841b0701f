"""Signs of GIFT where they mean something else: inside tags and words, and answers that stand without braces."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from learnhub.kernel.cells import folded
from question_bank.formats.fields.vocabulary import (
    ASKS_FOR_SEVERAL,
    FALSE_ELSEWHERE,
    MARKS_BEHIND,
    NO_ELSEWHERE,
    TRUE_ELSEWHERE,
    YES_ELSEWHERE,
)

_MARKS = frozenset("~=")
_SIGNS = re.compile(r"(?<!\\)[~={}]")


def braced(source: str) -> tuple[str, bool]:
    """A question with its braces, and whether they had to be set: a text, and below it a line for each answer.

    Only where one of the lines is right (`=`), the others are wrong (`~`), and nothing else can be meant.
    """
    lines = source.split("\n")
    first = next((n for n, line in enumerate(lines) if line.lstrip()[:1] in _MARKS), 0)
    stem, answers = "\n".join(lines[:first]), [line.strip() for line in lines[first:]]
    marks = [line[:1] for line in answers]
    told = marks.count("=") == 1 and len(marks) > 1 and _MARKS.issuperset(marks)
    if not first or not told or re.search(r"(?<!\\)[{}]", stem):
        return source, False
    if any(line.count("{") != line.count("}") for line in answers):
        return source, False
    inside = "\n".join(line[:1] + _SIGNS.sub(r"\\\g<0>", line[1:]) for line in answers)
    return f"{stem}{{\n{inside}\n}}", True


def in_word(inner: str, at: int) -> bool:
    """Whether an unescaped `=` stands inside a word of an answer that has a line of its own: `header=True`."""
    word = inner[at - 1 : at].isalnum() and inner[at + 1 : at + 2].isalnum()
    return word and _line_before(inner, at).lstrip()[:1] in {"=", "~", "#"}


def _line_before(inner: str, at: int) -> str:
    return inner[inner.rfind("\n", 0, at) + 1 : at]


_OPERATOR = re.compile(r"(?:(?<=[ <>!=+*/:|&^])|(?<= -))=(?=[ =])|(?<=[\w)\]])=(?=\S)|(?<=[\w)\]][=<>!:+*/-])=(?=\S)")
_EQUATION = re.compile(r"(?:^|\W)\w{1,2} ?=|[\d*+/^(]")
_PATH = re.compile("(?<=[ %])~(?=/)")


def of_lines(inner: str) -> bool:
    """Whether each answer has a line of its own, so that a sign inside of one can be text: `=F = m * a`, `=cd ~/a`."""
    lines = [line.strip() for line in inner.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    begun = [line[0] for line in lines]
    paths = sum(1 for line in lines if _PATH.search(line, 1))
    bare = any("~" in _PATH.sub("", line[1:]) for line in lines)
    if len(lines) < 2 or not _MARKS.issuperset(begun) or bare or 2 * paths > len(lines):
        return False
    if "~" not in begun:
        equations = [line[1:].replace("==", "=") for line in lines]
        return all(len(_OPERATOR.findall(one)) == 1 and _EQUATION.search(one) for one in equations)
    return begun.count("=") == 1 or ("=" not in begun and any(line[1:].lstrip().startswith("%") for line in lines))


def inside_line(inner: str, at: int) -> bool:
    """Whether a sign is an operator or begins a path behind other words of a line, whose mark stands before them."""
    sign = _OPERATOR if inner[at] == "=" else _PATH
    return len(_line_before(inner, at).strip()) > 1 and sign.match(inner, at) is not None


def in_tag(inner: str, start: int, at: int) -> bool:
    """Whether an unescaped `=` belongs to an attribute of a tag: `<img src="…">`."""
    opened = inner.rfind("<", start, at)
    return (
        opened >= 0
        and ">" not in inner[opened:at]
        and re.match(r"<[a-zA-Z][^<>]*\s[\w-]+\s*$", inner[opened:at]) is not None
        and inner[at + 1 :].lstrip()[:1] in {'"', "'"}
    )


ORDERED = re.compile(
    r">[ \t]*\d*(?:[ \t]*(?:ALL|RANDOM|CONTIGUOUS|CONTIG|REL|EXACT)(?:[ \t]+(?:VERTICAL|HORIZONTAL|VERT|HORI|[VH01])"
    r"(?:[ \t]+([A-Z_]+)(?:[ \t]+\S+){0,2})?)?)?[ \t]*\n(?=.*\S.*\n.*\S)"
)
"""What stands above the items of an order, as Moodle's add-on writes it: `>0 ALL VERTICAL ABSOLUTE_POSITION SHOW`."""
NOTE = re.compile(r"#(?!#)\s*(?!\d)\w(?=.*(?:\s\S+\s|[\u4e00-\u9fff]{5}|：))[^=~#]*", re.DOTALL)
"""Words where nothing is asked for but a text: feedback, and no number, which one word alone may try to tell."""
_WIDE = str.maketrans("｛｝＝～＃％", "{}=~#%")
_WIDE_BRACES = re.compile(r"｛([^｛｝{}]*)｝")
_WIDE_INSIDE = re.compile(r"(?<!\\)\{(\s*[＝～][^{}]*)\}")
_WIDE_TILDE = re.compile(r"(?<!\\)\{(\s*=[^{}~]*\s～[^{}~]*)\}")
_WIDE_TITLE = re.compile(r"\s*：：([^：\n]+)：：")


def narrowed(source: str) -> tuple[str, bool]:
    """A question with the signs of GIFT for those of full width that were typed in their place, and whether it had any.

    Only where no other reading is left: braces of full width alone, or answers that begin with such a sign.
    """
    text = _WIDE_TITLE.sub(r"::\1::", source, count=1) if _WIDE_TITLE.match(source) else source
    if not re.search(r"(?<!\\)[{}]", text):
        text = _WIDE_BRACES.sub(lambda found: "{" + found[1].translate(_WIDE) + "}", text)
    for pattern in (_WIDE_INSIDE, _WIDE_TILDE):
        text = pattern.sub(lambda found: "{" + found[1].translate(_WIDE) + "}", text)
    return text, text != source


_ESCAPED = re.compile(r"\\[\\~=#{}:n]")
MOST_LINES = 200
"""Lines of answers that are looked through for their end."""
_FENCE = re.compile(r"\s*```\s*(\w*)\s*$")
_BEGINS = ("::", "$CATEGORY")


def unfenced(lines: Sequence[str]) -> list[str]:
    """The lines of a file without fences (```gift) that chats set around questions; code inside keeps its own."""
    kept = list(lines)
    closing = -1
    for at, line in enumerate(lines):
        found = _FENCE.match(line)
        if at <= closing or not found or found[1].casefold() not in {"", "gift", "text", "txt", "plaintext"}:
            continue
        following = next((one for one in map(str.lstrip, lines[at + 1 :]) if one and not one.startswith("//")), "")
        if found[1].casefold() != "gift" and not following.startswith(_BEGINS):
            continue
        closing = _closing(lines, at)
        if closing > at:
            kept[at] = kept[closing] = ""
    return kept


def uncommented(lines: Sequence[str]) -> tuple[list[str], list[int]]:
    """The lines of a file without passages between /* and */ on lines of their own, and where those begin.

    Programs have such lines too: here one opens a passage only where a question could begin, and closes it only where
    the question could end.
    """
    kept, opened = list(lines), []
    closings = [n for n, line in enumerate(lines) if line.rstrip().endswith("*/")]
    at, depth, before = 0, 0, ""
    while at < len(kept):
        line = kept[at].strip("\ufeff \t")
        may_begin = depth == 0 and (not before or before.endswith("}") or before.startswith(("//", "$CATEGORY")))
        if may_begin and line.startswith("/*") and (found := bisect_left(closings, at)) < len(closings):
            closing = closings[found]
            if _may_end(kept, closing):
                kept[at : closing + 1] = [""] * (closing + 1 - at)
                opened.append(at + 1)
                at, line = closing, ""
        if not line.startswith("//"):
            bare = _ESCAPED.sub("", line)
            depth = max(0, depth + bare.count("{") - bare.count("}"))
        before = line
        at += 1
    return kept, opened


def _may_end(lines: Sequence[str], at: int) -> bool:
    after = lines[at + 1].strip() if at + 1 < len(lines) else ""
    return not after or after.startswith((*_BEGINS, "//", "/*"))


def _closing(lines: Sequence[str], opening: int) -> int:
    inside = False
    for at in range(opening + 1, len(lines)):
        found = _FENCE.match(lines[at])
        if not found:
            continue
        if not found[1] and not inside:
            return at
        inside = not inside
    return -1


def answered(lines: Sequence[str], at: int) -> bool:
    """Whether braces come before the next blank line."""
    for line in lines[at : at + MOST_LINES]:
        if not line.strip():
            return False
        if "{" in _ESCAPED.sub("", line):
            return True
    return False


def closes(lines: Sequence[str], at: int) -> bool:
    """Whether the braces that are open before a blank line are closed before anything new begins."""
    for line in lines[at : at + MOST_LINES]:
        bare = _ESCAPED.sub("", line)
        if bare.strip().startswith(_BEGINS):
            return False
        opening, closing = bare.find("{"), bare.find("}")
        if closing >= 0 and (opening < 0 or closing < opening):
            return True
        if opening >= 0:
            return False
    return False


def goes_on(block: Sequence[str], lines: Sequence[str], at: int) -> bool:
    """Whether a question without its answers goes on below a blank line: in code, with code, or with braces alone."""
    if not block:
        return False
    is_open = sum(1 for line in block if line.lstrip().startswith("```")) % 2 == 1
    following = next((line.lstrip() for line in lines[at:] if line.strip()), "")
    if following.startswith("```") or (is_open and any(_FENCE.match(line) for line in lines[at:])):
        return True
    return following.startswith("{") and _ends_with_braces("\n".join(lines[at : at + MOST_LINES]))


def runs_on(block: Sequence[str], lines: Sequence[str], at: int) -> bool:
    """Whether a title without answers gets them below a blank line, before anything else begins.

    To be asked only where no question stands without a title (`all_titled`).
    """
    if not block or not block[0].lstrip("\ufeff \t").startswith("::"):
        return False
    for line in map(str.lstrip, lines[at : at + MOST_LINES]):
        if line.startswith((*_BEGINS, "//")):
            return False
        if "{" in _ESCAPED.sub("", line):
            return True
    return False


def all_titled(lines: Sequence[str]) -> bool:
    """Whether several questions have titles, and each of the answers in braces may belong to one of them."""
    titles, is_answered, depth = 0, True, 0
    for line in lines:
        bare = _ESCAPED.sub("", line).lstrip("\ufeff \t")
        if bare.startswith(("//", "$CATEGORY")):
            continue
        if not depth and bare.startswith("::"):
            titles, is_answered = titles + 1, False
        if "{" in bare:
            if is_answered and not depth:
                return False
            is_answered = True
        depth = max(0, depth + bare.count("{") - bare.count("}"))
    return titles > 1


def _ends_with_braces(text: str) -> bool:
    found = re.match(r"\s*\{(?:\\.|[^{}\\])*\}", text)
    behind = text[found.end() :].partition("\n")[0].strip() if found else "?"
    return not behind or mark_behind(behind) is not None


_TRUE, _FALSE = (frozenset(map(folded, words.split())) for words in (TRUE_ELSEWHERE, FALSE_ELSEWHERE))


_YES, _NO = (frozenset(map(folded, words.split())) for words in (YES_ELSEWHERE, NO_ELSEWHERE))


def truth_elsewhere(word: str, *, or_yes: bool = False) -> bool | None:
    """True or false in other languages than English; `or_yes`: also where it says yes or no."""
    word = folded(word.strip())
    if word in _TRUE or (or_yes and word in _YES):
        return True
    return False if word in _FALSE or (or_yes and word in _NO) else None


_SEVERAL = re.compile("|".join(one.strip() for one in ASKS_FOR_SEVERAL.split(";")), re.IGNORECASE)


def asks_for_several(text: str) -> bool:
    """Whether a question says that several of its options are to be chosen: “Select all …”."""
    return _SEVERAL.search(" ".join(text.split())) is not None


_TELLS_MARK = re.compile(
    rf"[(\[（]\s*(\d{{1,3}}(?:\.\d{{1,2}})?)\s*(?:{'|'.join(MARKS_BEHIND.split())})\.?\s*[)\]）]\.?", re.IGNORECASE
)


def mark_behind(text: str) -> str | None:
    """The mark that a question tells behind its answers, `(2 marks)`; None where anything else stands there."""
    found = _TELLS_MARK.fullmatch(text.strip())
    return found[1] if found else None


def pieces_of(inner: str) -> list[tuple[str, str]]:
    """The answers with their marks, `~=` being `=`; what stands before the first mark counts as marked `=`."""
    pieces: list[tuple[str, str]] = []
    mark, start, alone = "", 0, of_lines(inner)
    lined = sum(1 for line in inner.split("\n") if line.lstrip()[:1] in _MARKS) > 1
    for found in re.finditer("[=~]", inner):
        at = found.start()
        if alone and inside_line(inner, at):
            continue
        if found.group() == "=" and (in_tag(inner, start, at) or (lined and in_word(inner, at))):
            continue
        _keep(pieces, mark, inner[start:at], found.group())
        mark, start = found.group(), found.end()
    _keep(pieces, mark, inner[start:], "")
    return pieces


_ARROW = re.compile(
    r"[ \t]*(?:[\u2192\u21d2\u27f6\u2794\u279c]|[-\u2013\u2014]&gt;|[\u2013\u2014]>|(?<=\s)=>(?=\s))[ \t]*"
)


def arrowed(inner: str) -> tuple[str, bool]:
    """Answers with `->` for the other arrows that stand between both sides of each, and whether there were any.

    Not where a side comes twice: so do the sides of an equation of chemistry that is written in several ways.
    """
    if "->" in inner or "~" in inner or not _ARROW.search(inner):
        return inner, False
    text = _ARROW.sub(" -> ", inner)
    sides = [split_feedback(raw)[0].split("->") for mark, raw in pieces_of(text) if mark == "="]
    if len(sides) < 2 or any(len(pair) != 2 or not all(map(str.strip, pair)) for pair in sides):
        return inner, False
    is_told = all(len({folded(pair[n]) for pair in sides}) == len(sides) for n in (0, 1))
    return (text, True) if is_told else (inner, False)


def _keep(pieces: list[tuple[str, str]], mark: str, raw: str, following: str) -> None:
    if not mark:
        if raw.strip():
            pieces.append(("=", raw))
    elif raw.strip() or not (mark == "~" and following == "="):
        pieces.append((mark, raw))


def split_feedback(raw: str, most: int = 1) -> list[str]:
    """The answer and its feedback: cut at `#`, but not inside `&#39;` or an attribute."""
    parts: list[str] = []
    start = 0
    for found in re.finditer("#", raw):
        at = found.start()
        opened = raw.rfind("<", start, at)
        quoted = opened >= 0 and ">" not in raw[opened:at] and re.search(r"=\s*[\"'][^\"']*$", raw[opened:at])
        if len(parts) >= most or quoted or (raw[at - 1 : at] == "&" and re.match(r"#x?[0-9a-fA-F]{1,6};", raw[at:])):
            continue
        parts.append(raw[start:at])
        start = at + 1
    return [*parts, raw[start:]]
