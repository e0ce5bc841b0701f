"""The table of acceptance: which statement is held by which tests, and how they ended in one run."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
STATEMENTS = ROOT / "tests" / "acceptance.md"
TABLE = ROOT / "docs" / "acceptance.md"
_STATEMENT = re.compile(r"- \*\*([A-Z]\d\d)\*\* (.+)")
_TEST = re.compile(r"test_([a-z]\d\d)_\w+")
_ROW = re.compile(r"`(test_[a-z]\d\d_\w+)`")
OUTCOMES = ("failed", "passed", "skipped")


@dataclass(frozen=True)
class Statement:
    """One sentence that must hold: its id, the subject it stands under, its words."""

    id: str
    subject: str
    text: str


@dataclass(frozen=True)
class Test:
    """A test that carries a statement's id in its name, and the file it stands in."""

    id: str
    name: str
    file: str


def statements() -> list[Statement]:
    """Every statement, in the order of the list."""
    found: list[Statement] = []
    subject = ""
    for line in STATEMENTS.read_text("utf-8").splitlines():
        if line.startswith("## "):
            subject = line[3:]
        elif match := _STATEMENT.fullmatch(line):
            found.append(Statement(match[1], subject, match[2]))
    return found


def named_tests() -> list[Test]:
    """Every test function whose name begins with a statement's id, by reading the files."""
    return sorted(
        (
            Test(match[1].upper(), node.name, path.relative_to(ROOT).as_posix())
            for path in (ROOT / "tests").rglob("test_*.py")
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.FunctionDef) and (match := _TEST.fullmatch(node.name))
        ),
        key=lambda test: (test.id, test.file, test.name),
    )


def tests_in_table() -> set[str]:
    """The tests that the written table names."""
    return set(_ROW.findall(TABLE.read_text("utf-8")))


def results(report: Path) -> dict[tuple[str, str], dict[str, int]]:
    """From a JUnit report: for each file and test, how often it passed, failed or was skipped."""
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(OUTCOMES, 0))
    for case in ElementTree.parse(report).iter("testcase"):
        name = case.attrib["name"].split("[")[0]
        file = case.attrib["classname"].replace(".", "/") + ".py"
        found[file, name][_outcome(case)] += 1
    return found


def _outcome(case: ElementTree.Element) -> str:
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "skipped" if case.find("skipped") is not None else "passed"


def written(outcomes: dict[tuple[str, str], dict[str, int]]) -> str:
    """The table as Markdown."""
    by_statement: dict[str, list[Test]] = defaultdict(list)
    for test in named_tests():
        by_statement[test.id].append(test)
    listed = statements()
    held = sum(1 for one in listed if by_statement[one.id])
    lines = [
        "# Acceptance",
        "",
        "Made from the tests by `make acceptance`; the statements stand in `tests/acceptance.md`.",
        f"{held} of {len(listed)} statements have tests. A number counts the cases: both databases, parameters.",
    ]
    subject = ""
    for one in listed:
        if one.subject != subject:
            subject = one.subject
            lines += ["", f"## {subject}", "", "| statement | test | result |", "| --- | --- | --- |"]
        lines += _rows(one, by_statement[one.id], outcomes)
    return "\n".join(lines) + "\n"


def _rows(one: Statement, tests: list[Test], outcomes: dict[tuple[str, str], dict[str, int]]) -> Iterator[str]:
    text = f"**{one.id}** {one.text}".replace("|", "\\|")
    if not tests:
        yield f"| {text} | none yet | |"
    for test in tests:
        counted = outcomes.get((test.file, test.name), {})
        result = ", ".join(f"{counted[name]} {name}" for name in OUTCOMES if counted.get(name)) or "did not run"
        yield f"| {text} | `{test.name}` in `{test.file}` | {result} |"
        text = ""


def main() -> None:
    """Run the named tests and write the table; arguments go on to pytest."""
    files = sorted({test.file for test in named_tests()})
    expression = " or ".join(sorted({f"test_{test.id.lower()}_" for test in named_tests()}))
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", "-k", expression]
        ended = subprocess.run([*command, *sys.argv[1:], *files], cwd=ROOT, check=False)
        TABLE.write_text(written(results(report)), "utf-8")
    raise SystemExit(ended.returncode)


if __name__ == "__main__":
    main()
