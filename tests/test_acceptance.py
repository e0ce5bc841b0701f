"""The table of acceptance is in step with the tests."""

from __future__ import annotations

from pathlib import Path

from scripts import acceptance

REPORT = """<testsuites><testsuite>
<testcase classname="tests.learnhub.test_a" name="test_m01_same[sqlite]"/>
<testcase classname="tests.learnhub.test_a" name="test_m01_same[postgres]"><failure message="no"/></testcase>
<testcase classname="tests.learnhub.test_a" name="test_m02_other"><skipped/></testcase>
</testsuite></testsuites>"""


def test_every_statement_stands_in_the_list_once() -> None:
    ids = [statement.id for statement in acceptance.statements()]
    assert len(ids) == len(set(ids)) == 129


def test_a_test_named_after_a_statement_has_one() -> None:
    known = {statement.id for statement in acceptance.statements()}
    assert [test for test in acceptance.named_tests() if test.id not in known] == []


def test_the_table_names_every_such_test() -> None:
    there = {test.name for test in acceptance.named_tests()}
    assert acceptance.tests_in_table() == there, "run make acceptance"


def test_a_failure_on_one_database_shows(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT, "utf-8")
    found = acceptance.results(report)
    assert found["tests/learnhub/test_a.py", "test_m01_same"] == {"passed": 1, "failed": 1, "skipped": 0}
    assert found["tests/learnhub/test_a.py", "test_m02_other"]["skipped"] == 1
