"""The page about formats says what the readers and writers do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from question_bank import formats
from question_bank.formats import writing
from question_bank.formats.carried import CARRIED, NAMES, as_markdown
from question_bank.kinds import KINDS
from tests.question_bank import making

PAGE = Path(__file__).parents[3] / "docs" / "formats.md"
NAMED = {format: f"x.{suffix}" for format, suffix in writing.SUFFIXES.items()}


def test_the_page_is_what_the_formats_declare() -> None:
    if os.environ.get("LEARNHUB_WRITE_DOCS"):
        PAGE.write_text(as_markdown(), "utf-8")
    assert PAGE.read_text("utf-8") == as_markdown(), "run LEARNHUB_WRITE_DOCS=1 pytest " + str(Path(__file__).name)


def test_every_format_and_only_known_kinds_are_declared() -> None:
    assert set(formats.FORMATS) <= set(CARRIED)
    assert set(writing.FORMATS) <= set(CARRIED)
    assert set(CARRIED) == set(NAMES)
    assert all(set(carried) <= set(KINDS) for carried in CARRIED.values())


@pytest.mark.parametrize("format", writing.FORMATS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_written_and_read_back_if_it_is_declared(format: str, kind: str) -> None:
    written = writing.write([making.SAMPLES[kind]], format)
    assert (not written.left_out) == CARRIED[format][kind].written
    if not written.left_out:
        assert CARRIED[format][kind].read
        assert [draft.kind for draft in formats.read(written.data, NAMED[format], format).questions] == [kind]


def test_a_format_that_is_not_written_declares_nothing_written() -> None:
    unwritten = set(CARRIED) - set(writing.FORMATS)
    assert not [format for format in unwritten for carries in CARRIED[format].values() if carries.written]
