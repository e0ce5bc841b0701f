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
    return {"text": seed.choice(["不清楚", "1", "7"])}


def _text(answer: dict[str, Any]) -> str:
    return str(answer.get("text") or answer.get("value") or answer.get("low"))
