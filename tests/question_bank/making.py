"""Questions by chance, one strategy for each kind: what a writer and a reader are tried with."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from typing import Any

from hypothesis import strategies as st
from PIL import Image

from question_bank.authoring import QuestionDraft
from question_bank.kinds.file_upload import ACCEPTED, LARGEST_FILE
from question_bank.kinds.ordering import SCORINGS

Content = dict[str, Any]

words = st.text(alphabet="abcXYZ甲乙丙0123 .,;:!?-+=~#{}[]()<>&'\"\\/*%@$|_\n", min_size=1, max_size=16).filter(
    lambda text: any(c.isalnum() for c in text)
)
"""Plain texts with everything in them that some format uses as a mark."""
simple_words = st.text(alphabet="abcXYZ甲乙丙0123 ", min_size=1, max_size=12).map(str.strip).filter(bool)
_escaped = words.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
htmls = (
    _escaped
    | _escaped.map(lambda text: f"<p>{text}</p>")
    | st.tuples(_escaped, _escaped).map(lambda two: f"<b>{two[0]}</b> {two[1]}")
    | _escaped.map(lambda text: f'<p>{text}</p>\n<p><img src="https://example.org/a.png" alt="a &amp; b"></p>')
)
"""Rich texts."""
feedbacks = st.just("") | htmls
weights = st.sampled_from(["0", "1", "1/2", "1/3", "2/3", "1/7", "3/4", "-1/2", "-1"])
shares = st.sampled_from(["1", "1/2", "1/3", "3/4", "0"])
numbers = st.decimals(-1000, 1000, allow_nan=False, places=2).map(lambda number: format(number, "f"))
tolerances = st.sampled_from(["0", "0.5", "0.01", "2"])


def picture(colour: str = "teal") -> bytes:
    """A small picture in PNG."""
    out = BytesIO()
    Image.new("RGB", (2, 2), colour).save(out, "PNG")
    return out.getvalue()


def _unlike(items: st.SearchStrategy[str], least: int, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(items, min_size=least, max_size=most, unique_by=lambda text: " ".join(text.split()))


@st.composite
def _options(draw: st.DrawFn, worth: st.SearchStrategy[str]) -> Content:
    options = [
        {"html": html, "fraction": draw(worth), "feedback_html": draw(feedbacks)} for html in draw(_unlike(htmls, 2, 5))
    ]
    options[draw(st.integers(0, len(options) - 1))]["fraction"] = draw(st.sampled_from(["1", "1/2", "1/3"]))
    return {"options": options}


def _right_and_wrong(contents: st.SearchStrategy[Content]) -> st.SearchStrategy[Content]:
    return contents.map(_with_a_full_option)


def _with_a_full_option(content: Content) -> Content:
    best = max(content["options"], key=lambda option: Fraction(option["fraction"]))
    return {"options": [option | ({"fraction": "1"} if option is best else {}) for option in content["options"]]}


single_choices = _right_and_wrong(_options(weights))
multiple_choices = _options(weights)
true_falses = st.fixed_dictionaries(
    {"answer": st.booleans(), "feedback_true_html": feedbacks, "feedback_false_html": feedbacks}
)


@st.composite
def _typed(draw: st.DrawFn) -> Content:
    answers: list[Content] = [
        {"text": " ".join(text.split()), "fraction": draw(shares), "feedback_html": draw(feedbacks)}
        for text in draw(_unlike(words, 1, 4))
    ]
    answers[0]["fraction"] = "1"
    if draw(st.booleans()):
        answers.append({"text": "a*b", "wildcards": True, "fraction": "1/2"})
    return {"answers": answers}


@st.composite
def _numbers(draw: st.DrawFn) -> Content:
    count = draw(st.integers(1, 3))
    answers: list[Content] = [
        {
            "value": draw(numbers),
            "tolerance": draw(tolerances),
            "fraction": draw(shares) if n else "1",
            "feedback_html": draw(feedbacks),
        }
        for n in range(count)
    ]
    if draw(st.booleans()):
        answers.append({"text": "*", "wildcards": True, "fraction": "0", "feedback_html": draw(feedbacks)})
    return {"answers": answers}


short_answers = _typed()
numericals = _numbers()
fill_ins = st.lists(
    _unlike(simple_words, 1, 3).map(lambda texts: {"answers": [{"text": text} for text in texts]}),
    min_size=1,
    max_size=4,
).map(lambda blanks: {"blanks": blanks})


@st.composite
def _pairs(draw: st.DrawFn) -> Content:
    lefts, rights = draw(_unlike(htmls, 2, 4)), draw(_unlike(_escaped, 4, 6))
    pairs = [{"html": left, "match_html": rights[n]} for n, left in enumerate(lefts)]
    if draw(st.booleans()):
        pairs[0]["match_html"] = pairs[1]["match_html"]
    return {"pairs": pairs, "distractors": [{"html": html} for html in rights[len(lefts) :]]}


matchings = _pairs()
orderings = st.builds(
    lambda items, scoring: {"items": [{"html": html} for html in items], "scoring": scoring},
    _unlike(htmls, 2, 6),
    st.sampled_from(SCORINGS),
)


def _part(kind: str, layouts: tuple[str, ...], contents: st.SearchStrategy[Content]) -> st.SearchStrategy[Content]:
    return st.fixed_dictionaries(
        {
            "kind": st.just(kind),
            "weight": st.integers(1, 9).map(str),
            "layout": st.sampled_from(layouts),
            "content": contents,
        }
    )


_parts = (
    _part("single_choice", ("inline", "vertical", "horizontal"), single_choices)
    | _part("multiple_choice", ("vertical", "horizontal"), multiple_choices)
    | _part("short_answer", ("inline",), short_answers)
    | _part("numerical", ("inline",), numericals)
)
clozes = st.lists(_parts, min_size=1, max_size=3).map(lambda parts: {"parts": parts})


@st.composite
def _segments(draw: st.DrawFn) -> Content:
    segments = [
        {"html": html, "right": draw(st.booleans()), "feedback_html": draw(feedbacks)}
        for html in draw(_unlike(_escaped, 1, 5))
    ]
    segments[0]["right"] = True
    return {"segments": segments}


@st.composite
def _gaps(draw: st.DrawFn) -> Content:
    choices = [
        {"html": html, "group": draw(st.integers(1, 3)), "unlimited": draw(st.booleans())}
        for html in draw(_unlike(_escaped, 2, 5))
    ]
    gaps = draw(st.lists(st.integers(0, len(choices) - 1), min_size=1, max_size=4))
    return {"choices": choices, "gaps": gaps}


select_texts = _segments()
drag_texts = _gaps()
rubrics = st.lists(
    st.builds(
        lambda title, texts: {
            "title": title,
            "levels": [{"text": one, "points": str(n)} for n, one in enumerate(texts)],
        },
        simple_words,
        _unlike(simple_words, 2, 3),
    ),
    max_size=2,
)
essays = st.builds(
    lambda least, more, template, marker, rubric: {
        "least": least,
        "most": least + more,
        "template": template,
        "marker_html": marker,
        "rubric": rubric,
    },
    st.sampled_from([0, 50]),
    st.sampled_from([0, 100]),
    st.just("") | words.map(str.strip),
    feedbacks,
    rubrics,
)
file_uploads = st.fixed_dictionaries(
    {
        "accept": st.lists(st.sampled_from(ACCEPTED), unique=True),
        "most": st.integers(1, 10),
        "largest": st.sampled_from([1 << 20, 20 << 20, LARGEST_FILE]),
        "marker_html": feedbacks,
        "rubric": rubrics,
    }
)
descriptions = st.just({})


def _stem(kind: str, content: Content, text: str) -> str:
    places = {"cloze": "parts", "select_text": "segments", "drag_text": "gaps"}.get(kind)
    if places:
        return text + "".join(f" [[{n}]]" for n in range(1, len(content[places]) + 1))
    return text + " ____" * len(content.get("blanks", []))


@st.composite
def _case(draw: st.DrawFn) -> Content:
    asked = [
        {
            "kind": kind,
            "content": (content := draw(CONTENTS[kind])),
            "stem_html": _stem(kind, content, draw(htmls)),
            "mark": draw(st.sampled_from([1000, 2500])),
        }
        for kind in draw(
            st.lists(st.sampled_from(sorted(set(CONTENTS) - {"case", "description"})), min_size=1, max_size=3)
        )
    ]
    return {"questions": asked}


CONTENTS: dict[str, st.SearchStrategy[Content]] = {
    "single_choice": single_choices,
    "multiple_choice": multiple_choices,
    "true_false": true_falses,
    "fill_in": fill_ins,
    "short_answer": short_answers,
    "numerical": numericals,
    "matching": matchings,
    "ordering": orderings,
    "cloze": clozes,
    "select_text": select_texts,
    "drag_text": drag_texts,
    "essay": essays,
    "file_upload": file_uploads,
    "description": descriptions,
}
CONTENTS["case"] = _case()


@st.composite
def drafts(draw: st.DrawFn, kind: str) -> QuestionDraft:
    """A question of that kind with everything that can stand around it."""
    content = draw(CONTENTS[kind])
    return QuestionDraft(
        kind=kind,
        stem_html=_stem(kind, content, draw(htmls)),
        content=content,
        title=draw(st.just("") | words),
        mark=0 if kind == "description" else draw(st.sampled_from([1000, 500, 2500, 333])),
        category=draw(st.sampled_from(["", "Law", "Law/Civil", "法律/总则"])),
        tags=tuple(draw(_unlike(simple_words, 0, 2))),
        explanation_html=draw(feedbacks),
        hints=tuple(draw(st.lists(htmls, max_size=2))),
    )


SAMPLES: dict[str, QuestionDraft] = {
    draft.kind: draft
    for draft in (
        QuestionDraft(
            "single_choice", "Which?", {"options": [{"html": "a", "fraction": "1"}, {"html": "b", "fraction": "0"}]}
        ),
        QuestionDraft(
            "multiple_choice",
            "Which ones?",
            {
                "options": [
                    {"html": text, "fraction": worth} for text, worth in zip("abc", ("1/2", "1/2", "0"), strict=True)
                ]
            },
        ),
        QuestionDraft("true_false", "Is it?", {"answer": True}),
        QuestionDraft("fill_in", "It is ____.", {"blanks": [{"answers": [{"text": "red"}]}]}),
        QuestionDraft("short_answer", "What?", {"answers": [{"text": "red"}]}),
        QuestionDraft("numerical", "How many?", {"answers": [{"value": "3", "tolerance": "0.5"}]}),
        QuestionDraft(
            "matching", "Match.", {"pairs": [{"html": "a", "match_html": "1"}, {"html": "b", "match_html": "2"}]}
        ),
        QuestionDraft("ordering", "Order.", {"items": [{"html": "first"}, {"html": "second"}], "scoring": "per_place"}),
        QuestionDraft(
            "cloze",
            "It is [[1]].",
            {"parts": [{"kind": "short_answer", "content": {"answers": [{"text": "red"}]}}]},
        ),
        QuestionDraft(
            "select_text",
            "[[1]] and [[2]]",
            {"segments": [{"html": "a", "right": True}, {"html": "b", "right": False}]},
        ),
        QuestionDraft("drag_text", "It is [[1]].", {"choices": [{"html": "red"}, {"html": "blue"}], "gaps": [0]}),
        QuestionDraft("essay", "Why?", {}),
        QuestionDraft("file_upload", "Hand it in.", {"accept": ["pdf"]}),
        QuestionDraft(
            "case",
            "A story.",
            {"questions": [{"kind": "true_false", "stem_html": "Is it?", "mark": 1000, "content": {"answer": True}}]},
        ),
        QuestionDraft("description", "Read.", {}, mark=0),
    )
}
"""The plainest question of each kind."""
