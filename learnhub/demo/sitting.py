"""How a member of the demo answers: right as often as their skill has it, else something that could be meant."""

from __future__ import annotations

import random
from typing import Any

from learnhub.quizzes import papers


def responses(layout: dict[str, Any], skill: float, seed: random.Random) -> dict[int, dict[str, Any]]:
    """A response for every slot that is not left blank."""
    given = {}
    for slot in papers.slots_of(layout):
        asked = papers.asked(slot.version_id)
        if seed.random() < 0.02:
            continue
        raw = _right(asked, seed) if seed.random() < skill else _otherwise(asked, seed)
        response = asked.kind.clean_response(asked.content, raw)
        if response:
            given[slot.number] = response
    return given


def _right(asked: papers.Asked, seed: random.Random) -> dict[str, Any]:
    content = asked.content
    if asked.kind.name == "single_choice":
        return {"choice": next(one["key"] for one in content["options"] if one["fraction"] == "1")}
    if asked.kind.name == "multiple_choice":
        return {"choices": [one["key"] for one in content["options"] if not one["fraction"].startswith(("-", "0"))]}
    if asked.kind.name == "true_false":
        return {"choice": "true" if content["answer"] else "false"}
    if asked.kind.name == "fill_in":
        return {"blanks": [_text(blank["answers"][0]) for blank in content["blanks"]]}
    if asked.kind.name in _ARRANGED:
        return _arranged(asked.kind.name, content, seed, slips=0)
    return {"text": _text(seed.choice([one for one in content["answers"] if one["fraction"] == "1"]))}


def _otherwise(asked: papers.Asked, seed: random.Random) -> dict[str, Any]:
    content = asked.content
    if asked.kind.name == "single_choice":
        return {"choice": seed.choice(content["options"])["key"]}
    if asked.kind.name == "multiple_choice":
        return {"choices": [one["key"] for one in content["options"] if seed.random() < 0.5]}
    if asked.kind.name == "true_false":
        return {"choice": "false" if content["answer"] else "true"}
    if asked.kind.name == "fill_in":
        return {"blanks": [seed.choice(["不清楚", "", _text(blank["answers"][0])]) for blank in content["blanks"]]}
    if asked.kind.name in _ARRANGED:
        return _arranged(asked.kind.name, content, seed, slips=0.6)
    return {"text": seed.choice(["不清楚", "1", "7"])}


_ARRANGED = ("matching", "ordering", "select_text", "drag_text", "cloze")


def _arranged(kind: str, content: dict[str, Any], seed: random.Random, slips: float) -> dict[str, Any]:
    """A response whose parts are right but for that share of slips."""
    if kind == "matching":
        choices = [pair["match_key"] for pair in content["pairs"]]
        return {"matches": {p["key"]: _or(p["match_key"], choices, seed, slips) for p in content["pairs"]}}
    if kind == "ordering":
        keys = [item["key"] for item in content["items"]]
        return {"order": seed.sample(keys, len(keys)) if slips else keys}
    if kind == "select_text":
        return {"choices": [one["key"] for one in content["segments"] if one["right"] != (seed.random() < slips)]}
    if kind == "drag_text":
        return {"gaps": [_of_group(content["choices"], at, seed, slips) for at in content["gaps"]]}
    return {"parts": {str(n): _of_part(part, seed, slips) for n, part in enumerate(content["parts"], 1)}}


def _of_group(choices: list[dict[str, Any]], at: int, seed: random.Random, slips: float) -> str:
    others = [one["key"] for one in choices if one["group"] == choices[at]["group"]]
    return str(_or(choices[at]["key"], others, seed, slips))


def _of_part(part: dict[str, Any], seed: random.Random, slips: float) -> dict[str, Any]:
    content = part["content"]
    if "options" not in content:
        return {"text": _or(_text(content["answers"][0]), ["不清楚", "1", "7"], seed, slips)}
    right = [one["key"] for one in content["options"] if not one["fraction"].startswith(("-", "0"))]
    if part["kind"] == "multiple_choice":
        return {"choices": right}
    return {"choice": _or(right[0], [one["key"] for one in content["options"]], seed, slips)}


def _or(right: Any, others: list[Any], seed: random.Random, slips: float) -> Any:
    return seed.choice(others) if slips and seed.random() < slips else right


def _text(answer: dict[str, Any]) -> str:
    return str(answer.get("text") or answer.get("value") or answer.get("low"))
