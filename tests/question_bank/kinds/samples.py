"""Questions to try the kinds with, and how each is answered rightly."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from question_bank.kinds import kind

Content = dict[str, Any]
WORDS = st.text("abcdeé北京上海 12", min_size=1, max_size=8).map(str.strip).filter(bool)


def prepared(name: str, content: Content) -> Content:
    """The content as a version stores it."""
    kind(name).validate(content)
    return kind(name).prepare(content)


def _matching() -> st.SearchStrategy[Content]:
    pair = st.fixed_dictionaries({"html": WORDS, "match_html": WORDS})
    other = st.fixed_dictionaries({"html": WORDS})
    found = st.fixed_dictionaries(
        {"pairs": st.lists(pair, min_size=1, max_size=6), "distractors": st.lists(other, max_size=3)}
    )
    return found.filter(
        lambda one: len({p["match_html"] for p in one["pairs"]} | {d["html"] for d in one["distractors"]}) > 1
    )


def _ordering() -> st.SearchStrategy[Content]:
    items = st.lists(WORDS, min_size=2, max_size=6, unique=True).map(lambda texts: [{"html": one} for one in texts])
    scorings = st.sampled_from(["all_or_nothing", "per_place", "adjacent_pairs", "longest_sequence", "exact"])
    return st.fixed_dictionaries({"items": items, "scoring": scorings})


def _select_text() -> st.SearchStrategy[Content]:
    segment = st.fixed_dictionaries({"html": WORDS, "right": st.booleans(), "feedback_html": st.just("seen")})
    segments = st.lists(segment, min_size=1, max_size=6).filter(lambda found: any(one["right"] for one in found))
    return segments.map(lambda found: {"segments": found})


@st.composite
def _drag_text(draw: st.DrawFn) -> Content:
    choice = st.fixed_dictionaries({"html": WORDS, "group": st.integers(1, 2), "unlimited": st.booleans()})
    choices = draw(st.lists(choice, min_size=1, max_size=6))
    gaps = draw(st.lists(st.integers(0, len(choices) - 1), min_size=1, max_size=5))
    return {"choices": choices, "gaps": gaps}


def _cloze() -> st.SearchStrategy[Content]:
    weights = st.sampled_from(["1", "0", "1/2", "-1/2"])
    option = st.fixed_dictionaries({"html": WORDS, "fraction": weights})
    chosen = st.builds(
        lambda right, others, below: {"options": [{"html": right, "fraction": "1"}, *others], "negative": below},
        WORDS,
        st.lists(option, min_size=1, max_size=4),
        st.booleans(),
    )
    several = st.builds(
        lambda right, others: {
            "options": [{"html": right, "fraction": "1"}, *({"html": one, "fraction": "0"} for one in others)]
        },
        WORDS,
        st.lists(WORDS, min_size=1, max_size=4),
    )
    word = WORDS.map(lambda text: {"answers": [{"text": text}]})
    number = st.integers(-99, 99).map(lambda n: {"answers": [{"value": str(n), "tolerance": "0"}]})
    kinds = [("single_choice", chosen), ("multiple_choice", several), ("short_answer", word), ("numerical", number)]
    part = st.one_of(
        st.fixed_dictionaries(
            {"kind": st.just(name), "content": content, "weight": st.sampled_from(["1", "2", "1/3"])},
            optional={"layout": st.sampled_from(["inline", "vertical", "horizontal"])},
        )
        for name, content in kinds
    )
    return st.fixed_dictionaries({"parts": st.lists(part, min_size=1, max_size=4)})


CONTENTS: dict[str, st.SearchStrategy[Content]] = {
    "matching": _matching(),
    "ordering": _ordering(),
    "select_text": _select_text(),
    "drag_text": _drag_text(),
    "cloze": _cloze(),
}


def right_response(name: str, content: Content) -> dict[str, Any]:
    """What a member who knows it all answers."""
    match name:
        case "matching":
            return {"matches": {pair["key"]: pair["match_key"] for pair in content["pairs"]}}
        case "ordering":
            return {"order": [item["key"] for item in content["items"]]}
        case "select_text":
            return {"choices": [one["key"] for one in content["segments"] if one["right"]]}
        case "drag_text":
            return {"gaps": [content["choices"][at]["key"] for at in content["gaps"]]}
        case "cloze":
            return {"parts": {str(n): _right_part(part) for n, part in enumerate(content["parts"], 1)}}
    if "options" in content:
        right = [one["key"] for one in content["options"] if Fraction(one["fraction"]) > 0]
        return {"choice": right[0]} if name == "single_choice" else {"choices": right}
    answer = content["answers"][0]
    return {"text": answer.get("text", answer.get("value"))}


def _right_part(part: Content) -> dict[str, Any]:
    return right_response(part["kind"], part["content"])
