"""Marking as a whole: the same question and response give the same mark anywhere, in whole thousandths."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Double, Float, Numeric

import question_bank
from learnhub.kernel.db import Model
from question_bank import marking
from question_bank.authoring import cleaned
from question_bank.kinds import KINDS
from tests.question_bank import making
from tests.question_bank.kinds.samples import right_response

ROOT = Path(question_bank.__file__).parent
RULES = ("all_or_nothing", "partial")
BY_MACHINE = sorted(set(making.CONTENTS) - {"description", "essay", "file_upload", "case"})
RESPONSES = st.sampled_from(["a", "true", "119", "甲", "3.14", "1"])
TELL = """
import json, sys
from question_bank import marking
for name, content, response, full, rule in json.load(sys.stdin):
    found = marking.mark(name, content, response, full, rule)
    print(json.dumps([found.mark, str(found.correctness), found.parts], sort_keys=True, default=str))
"""


def some_response(name: str, content: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    """A right response, or one of another shape, as a client may send."""
    if name in {"matching", "ordering", "select_text", "drag_text", "cloze"} and data.draw(st.booleans()):
        return right_response(name, content)
    word = data.draw(RESPONSES)
    keys = [option["key"] for option in content.get("options", [])]
    return {
        "single_choice": {"choice": data.draw(st.sampled_from(keys or [word]))},
        "multiple_choice": {"choices": data.draw(st.lists(st.sampled_from(keys or [word]), unique=True))},
        "true_false": {"choice": data.draw(st.sampled_from(["true", "false"]))},
        "fill_in": {"blanks": [word] * len(content.get("blanks", []))},
    }.get(name, {"text": word})


@pytest.mark.parametrize("kind", BY_MACHINE)
@given(data=st.data())
def test_g01_g06_the_same_input_gives_the_same_whole_thousandths(kind: str, data: st.DataObject) -> None:
    content = cleaned(data.draw(making.drafts(kind))).content
    response, full = some_response(kind, content, data), data.draw(st.integers(0, 10**6))
    stored = json.loads(json.dumps(content))
    before = json.dumps([content, response], sort_keys=True)
    for rule in RULES:
        first = marking.mark(kind, content, response, full, rule)
        again = marking.mark(kind, stored, json.loads(json.dumps(response)), full, rule)
        assert first == again
        assert type(first.mark) is int
        assert -full <= first.mark <= full
    assert json.dumps([content, response], sort_keys=True) == before, "marking changes nothing that it is given"


def test_g01_another_process_marks_the_same() -> None:
    cases = []
    for name in BY_MACHINE:
        content = cleaned(making.SAMPLES[name]).content
        keys = [option["key"] for option in content.get("options", [])]
        arranged = name in {"matching", "ordering", "select_text", "drag_text", "cloze"}
        response = right_response(name, content) if arranged else {"text": "red", "choice": "true", "blanks": ["red"]}
        response |= {"choice": keys[0], "choices": keys[:2]} if keys else {}
        cases += [[name, content, response, 3333, rule] for rule in RULES]
    here = []
    for name, content, response, full, rule in cases:
        found = marking.mark(name, content, response, full, rule)
        told = [found.mark, str(found.correctness), found.parts]
        here.append(json.dumps(told, sort_keys=True, default=str))
    for seed in ("1", "2"):
        there = subprocess.run(
            [sys.executable, "-c", TELL],
            input=json.dumps(cases),
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT.parent,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": "Pacific/Apia", "LC_ALL": "C.UTF-8"},
        ).stdout.splitlines()
        assert there == here


def _numbers(tree: ast.AST) -> Iterator[int]:
    """Lines on which a float comes to be."""
    for node in ast.walk(tree):
        called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
        if called or (isinstance(node, ast.Constant) and isinstance(node.value, float)):
            yield node.lineno  # type: ignore[attr-defined]


def test_g06_no_float_is_made_where_marks_are_made() -> None:
    files = [ROOT / "marking.py", ROOT / "fractions.py", *sorted((ROOT / "kinds").glob("*.py"))]
    found = [f"{path.name}:{line}" for path in files for line in _numbers(ast.parse(path.read_text()))]
    assert found == []
    assert set(KINDS) >= set(BY_MACHINE)


def test_g06_no_table_that_holds_scores_holds_a_float() -> None:
    holds = ("attempt", "mark", "score", "point", "answer", "quiz")
    floats = [
        f"{table.name}.{column.name}"
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Float | Double | Numeric)
        and any(word in f"{table.name}.{column.name}" for word in holds)
    ]
    assert floats == []
