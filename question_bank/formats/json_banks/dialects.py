"""Dialects of quiz programs in JSON, each turned into the flat form: question, type, options, answer, explanation."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Any

from learnhub.kernel.cells import text_of_cell
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.fields.answers import blanks_in, truth
from question_bank.formats.json_banks.benchmarks import with_key, with_label
from question_bank.formats.json_banks.blank_lists import with_blank_list
from question_bank.formats.json_banks.dialect_items import (
    INDEX,
    RIGHT,
    STEMS,
    Item,
    flagged,
    kept,
    stem_of,
)
from question_bank.formats.json_banks.encoded import decoded
from question_bank.formats.json_banks.option_ids import by_id
from question_bank.formats.json_banks.orders import in_order
from question_bank.formats.json_banks.pairs import with_pairs
from question_bank.formats.json_banks.ranges import in_range
from question_bank.formats.json_banks.stray_fields import says_accepted
from question_bank.formats.json_banks.unnamed import in_letters, options_in_stem, unnamed_options
from question_bank.formats.papers.turned import turned
from question_bank.formats.sheets.columns import kind_named, role_of


def flat(item: Item) -> Item | None:
    """The object in the flat form, when it is of a known dialect; None when it is flat already, or no question.

    Refused when it is a question of a dialect, but of a type that can't be asked.
    """
    for dialect in (
        with_key, with_label, with_blank_list, by_id, turned, in_range, _opentdb, _quizizz, _kahoot, _surveyjs,
        _quizapi, _react_quiz, with_pairs, in_order, _answers_as_options, _true_or_false, _short_names, _also_accepted,
        in_letters, unnamed_options, options_in_stem,
    ):  # fmt: skip
        found = dialect(item)
        if found is not None:
            return found
    return None


_WRONG = (
    "incorrect_answers", "incorrectAnswers", "wrong_answers", "wrongAnswers", "distractors", "incorrect", "wrong",
    "incorrectOptions", "wrongOptions", "incorrect_options", "wrong_options",
)  # fmt: skip
_RIGHT = ("correct_answer", "correctAnswer", "correct_answers", "correct", "right", "answer", "rightAnswer")


def _opentdb(item: Item) -> Item | None:
    """`correct_answer` beside `incorrect_answers`; texts carry entities, or are encoded as a whole."""
    item = decoded(item)
    wrong = next((item[n] for n in _WRONG if isinstance(item.get(n), list)), None)
    right = next((item[n] for n in _RIGHT if n in item), None)
    stem = item.get("question")
    stem = stem.get("text") if isinstance(stem, dict) else stem
    if not isinstance(wrong, list) or right is None or not isinstance(stem, str):
        return None
    rights = [_unescaped(one) for one in (right if isinstance(right, list) else [right])]
    wrongs = [_unescaped(one) for one in wrong]
    kind = "boolean" if len(rights) == 1 and _are_verdicts(rights + wrongs) else ""
    return {
        "question": _unescaped(stem),
        "type": kind or ("multiple_choice" if len(rights) > 1 else "single_choice"),
        "options": [] if kind else flagged(rights + wrongs, set(range(len(rights)))),
        "answer": rights[0] if kind else "",
        **{name: _unescaped(value) if isinstance(value, str) else value for name, value in kept(item).items()},
    }


def _are_verdicts(texts: Sequence[str]) -> bool:
    """Whether what can be chosen is true and false: then that is asked, though a program calls it a choice."""
    return sorted(map(str, map(truth, texts))) == ["False", "True"]


def _unescaped(value: Any) -> str:
    return html.unescape(text_of_cell(value))


def _quizizz(item: Item) -> Item | None:
    """`structure` holds query, options and the index of the right one."""
    structure = item.get("structure")
    if not isinstance(structure, dict) or not isinstance(structure.get("query"), dict):
        return None
    kind = str(structure.get("kind") or item.get("type") or "").upper()
    options = [_html_of(one) for one in structure.get("options") or []]
    answer = structure.get("answer")
    base = {"question": _html_of(structure["query"]), **kept(item)}
    if structure.get("explain"):
        base["explanation"] = _html_of(structure["explain"])
    if kind in {"MCQ", "MSQ"}:
        said = "multiple_choice" if kind == "MSQ" else "" if _are_verdicts(options) else "single_choice"
        return base | {"type": said, "options": options, INDEX: answer}
    if kind == "BLANK":
        return base | {"type": "short_answer", "answer": "|".join(options)}
    if kind == "OPEN":
        return base | {"type": "essay"}
    raise Refused(_("The type %(name)s is not known.", name=kind[:40]))


def _html_of(found: Any) -> str:
    if not isinstance(found, dict):
        return text_of_cell(found)
    pictures = "".join(
        f'<img src="{html.escape(str(one.get("url")))}" alt="">'
        for one in found.get("media") or []
        if isinstance(one, dict) and one.get("type") == "image" and one.get("url")
    )
    text = re.sub(r"^<p>((?:(?!</?p\b).)*)</p>$", r"\1", text_of_cell(found.get("text")), flags=re.DOTALL)
    return text + pictures


_KAHOOT = {
    "quiz": "choice", "multiple_select_quiz": "multiple_choice", "multiple_choice": "choice",
    "true_false": "true_false", "open_ended": "short_answer", "jumble": "ordering",
}  # fmt: skip
_KAHOOT_ASKS_NOTHING = frozenset(
    "survey content word_cloud brainstorming drop_pin scale nps slider feedback poll".split()
)


def _kahoot(item: Item) -> Item | None:
    """`choices` of `{answer, correct}` beside `time` or `points`."""
    choices = item.get("choices")
    if not isinstance(choices, list) or not isinstance(item.get("question"), str):
        return None
    if not all(isinstance(one, dict) and "answer" in one for one in choices) or not (choices or "time" in item):
        return None
    said = str(item.get("type") or "quiz").casefold()
    if said in _KAHOOT_ASKS_NOTHING or said not in _KAHOOT:
        raise Refused(_("The type %(name)s is not known.", name=said[:40]))
    kind = _KAHOOT[said]
    texts = [text_of_cell(one["answer"]) for one in choices]
    right = {n for n, one in enumerate(choices) if one.get("correct") is True}
    base = {"question": item["question"], "type": kind}
    if isinstance(item.get("image"), str) and item["image"].startswith("http"):
        base["question"] += f'<br><img src="{html.escape(item["image"])}" alt="">'
    if kind == "short_answer":
        return base | {
            "answer": "|".join(text for text, one in zip(texts, choices, strict=True) if one.get("correct", True))
        }
    if kind == "ordering":
        return base | {"options": texts, "answer": ""}
    if len(right) == 1 and _are_verdicts(texts):
        return base | {"type": "true_false", "answer": texts[right.pop()]}
    return base | {"options": flagged(texts, right)}


_SURVEY = {
    "radiogroup": "single_choice", "dropdown": "single_choice", "checkbox": "multiple_choice",
    "tagbox": "multiple_choice", "boolean": "true_false", "comment": "essay", "ranking": "ordering",
    "text": "short_answer", "imagepicker": "choice", "matrix": "matching",
}  # fmt: skip


def _surveyjs(item: Item) -> Item | None:
    """SurveyJS: `type` of an element, `name`, `title`, `choices` and `correctAnswer` by value."""
    said = item.get("type")
    if (
        not isinstance(said, str)
        or said not in _SURVEY
        or not isinstance(item.get("name"), str)
        or ("question" in item or "options" in item)
    ):
        return None
    kind, answer = _SURVEY[said], item.get("correctAnswer")
    stem = item.get("title") or item["name"]
    stem = stem.get("default", item["name"]) if isinstance(stem, dict) else stem
    base = {"question": stem, "type": kind, **kept(item)}
    if kind == "essay":
        return base | {"answer": text_of_cell(answer)}
    if answer is None:
        raise Refused(_("The question has no answer."))
    if kind == "short_answer":
        return (
            base
            | ({"type": "numerical"} if item.get("inputType") == "number" else {})
            | {"answer": text_of_cell(answer)}
        )
    if kind == "true_false":
        labels = {str(item.get("labelTrue")): True, str(item.get("labelFalse")): False}
        return base | {"answer": labels.get(str(answer), answer)}
    if kind == "matching":
        return base | _by_row(item, answer)
    return base | _by_value(item.get("choices") or [], answer, kind)


def _by_row(item: Item, answer: Any) -> Item:
    """The pairs of a matrix: `{"row": "column"}`, by their values."""
    rows, columns = (_texts_by_value(item.get(name) or []) for name in ("rows", "columns"))
    if not isinstance(answer, dict) or set(answer) != set(rows) or not set(map(str, answer.values())) <= set(columns):
        raise Refused(_("The answer is written in a way that is not known here."))
    return {"options": [f"{text} → {columns[str(answer[row])]}" for row, text in rows.items()]}


def _texts_by_value(choices: list[Any]) -> dict[str, str]:
    parted = [(one.get("value"), one.get("text")) if isinstance(one, dict) else (one, None) for one in choices]
    return {text_of_cell(value): text_of_cell(text or value) for value, text in parted}


def _by_value(choices: list[Any], answer: Any, kind: str) -> Item:
    values = [one.get("value") if isinstance(one, dict) else one for one in choices]
    texts = [
        text_of_cell(one.get("text") or one.get("value")) if isinstance(one, dict) else text_of_cell(one)
        for one in choices
    ]
    named = answer if isinstance(answer, list) else [answer]
    if not all(one in values for one in named):
        raise Refused(_("The answer %(answer)s is none of the options.", answer=str(answer)[:60]))
    places = [values.index(one) for one in named]
    if kind == "ordering":
        return {"options": [texts[at] for at in places], "answer": ""}
    return {"options": flagged(texts, set(places))}


def _quizapi(item: Item) -> Item | None:
    """quizapi.io: `answers` by `answer_a` …, `correct_answers` by `answer_a_correct` …"""
    answers, right = item.get("answers"), item.get("correct_answers")
    if not isinstance(answers, dict) or not isinstance(right, dict) or not isinstance(item.get("question"), str):
        return None
    names = [name for name, text in answers.items() if text]
    places = {n for n, name in enumerate(names) if str(right.get(f"{name}_correct")).casefold() == "true"}
    kind = "multiple_choice" if str(item.get("multiple_correct_answers")).casefold() == "true" else "choice"
    options = flagged([text_of_cell(answers[name]) for name in names], places)
    return {"question": item["question"], "type": kind, "options": options, **kept(item)}


def _react_quiz(item: Item) -> Item | None:
    """react-quiz-component: `answerSelectionType` tells the kind; `correctAnswer` counts the answers from 1."""
    said, answers = item.get("answerSelectionType"), item.get("answers")
    stem = item.get("question")
    if not isinstance(said, str) or not isinstance(answers, list) or not isinstance(stem, str):
        return None
    right = item.get("correctAnswer")
    places = {int(str(one)) - 1 for one in (right if isinstance(right, list) else [right])}
    if not places <= set(range(len(answers))):
        raise Refused(_("The answer %(answer)s is none of the options.", answer=str(right)[:60]))
    if isinstance(item.get("questionPic"), str) and item["questionPic"].startswith("http"):
        stem += f'<br><img src="{html.escape(item["questionPic"])}" alt="">'
    if item.get("questionType") == "photo":
        answers = [f'<img src="{html.escape(str(one))}" alt="">' for one in answers]
    answers = [text_of_cell(one) for one in answers]
    kind = "multiple_choice" if said == "multiple" else "" if _are_verdicts(answers) else "single_choice"
    options = flagged(answers, places)
    return {"question": stem, "type": kind, "options": options, **kept(item, "point")}


def _answers_as_options(item: Item) -> Item | None:
    """`answers` are the options when they carry flags, or when another key says which is right."""
    answers = item.get("answers")
    stem = stem_of(item)
    if stem is None or not isinstance(answers, list) or len(answers) < 2 or item.get("options") or item.get("choices"):
        return None
    rest = {name: value for name, value in item.items() if name not in {"answers", *STEMS}}
    if all(isinstance(one, dict) for one in answers):
        return {"question": stem, **rest, "options": answers}
    named = next((name for name in RIGHT if name in item), None)
    if named is None:
        return None
    rest.pop(named)
    key = INDEX if _counts(named) else "answer"
    return {"question": stem, **rest, "options": answers, key: item[named]}


def _counts(name: str) -> bool:
    """Whether the name of a key says that what stands there counts the options."""
    return "ndex" in name or "ndices" in name


def _true_or_false(item: Item) -> Item | None:
    """`{"whale": true, "shark": false}`: the options say of themselves whether they are right.

    So does `{"q": …, "a": false}`.
    """
    if isinstance(item.get("q"), str) and type(item.get("a")) is bool and not item.keys() & {"options", "choices", "b"}:
        return {"question": item["q"], "type": "true_false", "answer": item["a"], **kept(item)}
    name = next((one for one in ("answers", "options", "choices") if isinstance(item.get(one), dict)), None)
    stem = stem_of(item)
    if name is None or stem is None or len(item[name]) < 2 or not all(type(v) is bool for v in item[name].values()):
        return None
    right = {n for n, said in enumerate(item[name].values()) if said}
    return {"question": stem, "options": flagged(list(item[name]), right), **kept(item, "type")}


_ALSO = ("aliases", "also")


def _also_accepted(item: Item) -> Item | None:
    """A typed answer beside others that are as right."""
    also = next((name for name in item if _is_also(name, item[name])), None)
    others, stem = item.get(also) if also else None, stem_of(item)
    known = [*_RIGHT, "answer_key", *(name for name in item if role_of(str(name)) == "answer")]
    named = next((name for name in known if isinstance(item.get(name), str)), "")
    answer = item.get(named)
    if not others or not isinstance(answer, str) or stem is None or item.get("options") or item.get("choices"):
        return None
    if also and _are_options(also, others, answer, str(item.get("type", ""))):
        chosen = {**{name: value for name, value in item.items() if name != also}, "options": others}
        return flat(chosen) or chosen
    texts = [answer, *(one for one in others if isinstance(one, str))]
    if any("|" in text for text in texts) or len(texts) <= len(others):
        return None
    rest = {name: value for name, value in item.items() if name not in {*STEMS, also, named, "answer_key", *RIGHT}}
    kind = kind_named(str(item.get("type", "")))
    return {
        **rest,
        **({"type": "short_answer"} if kind == "essay" or not (item.get("type") or blanks_in(stem)) else {}),
        "question": stem,
        "answer": _of_each_blank(texts, blanks_in(stem)),
    }


_NAMED = re.compile(r"(?:option|choice)?[_ -]?(?:[A-Ha-h]|\d)(?:\s*[.、)）:：].*)?", re.DOTALL)
"""`B`, `option2`, `B. rye`: what names an option."""


def _are_options(name: str, others: list[Any], answer: str, kind: str) -> bool:
    """Whether `alternatives` are what is chosen from: the answer is one of them, or the letter or number of one."""
    if not name.casefold().startswith("alternativ") or kind_named(kind) in {"short_answer", "fill_in"}:
        return False
    return answer in others or (len(others) > 2 and _NAMED.fullmatch(answer.strip()) is not None)


def _of_each_blank(texts: list[str], blanks: int) -> str | list[list[str]]:
    """What is accepted, of several blanks for each: `甲；乙` and `丙；丁` are two answers of two blanks."""
    if blanks < 2:
        return "|".join(dict.fromkeys(text.strip() for text in texts))
    parts = [[one.strip() for one in re.split("[;；]", text)] for text in texts]
    if any(len(part) != blanks for part in parts):
        raise Refused(_("The answer is written in a way that is not known here."))
    return [list(dict.fromkeys(said)) for said in zip(*parts, strict=True)]


def _is_also(name: str, value: Any) -> bool:
    return isinstance(value, list) and (name in _ALSO or says_accepted(name))


def _short_names(item: Item) -> Item | None:
    """`q`, `text` or `name` for the stem; `correct` and its like for the answer; an index named as such."""
    options = item.get("options", item.get("choices", item.get("opts")))
    if options is None and isinstance(item.get("a"), list):
        options = item["a"]
    named = next((name for name in RIGHT if name in item and name not in {"answer", "solution"}), None)
    if named is None and isinstance(options, list) and isinstance(item.get("a"), int | str):
        named = "a"
    stem = stem_of(item)
    if stem is None or not isinstance(options, list | dict):
        return None
    known = {"question", "questionText", "question_text", "prompt", "stem", "title", "题目", "题干", "content"}
    if named is None and any(name in item for name in known):
        return None
    left = {*STEMS, "choices", "options", "opts", "a"} - {named}
    rest = {name: value for name, value in item.items() if name not in left and value is not stem}
    found = {"question": stem, **rest, "options": options}
    if named is not None and "answer" not in item:
        found[INDEX if _counts(named) else "answer"] = found.pop(named)
    return found
