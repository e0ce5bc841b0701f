"""The house stands as it is drawn: import contracts hold, and every module opens with its sentence."""

from __future__ import annotations

import ast
from pathlib import Path

from click.testing import CliRunner
from importlinter.cli import lint_imports_command

ROOT = Path(__file__).parents[1]
PACKAGES = ("learnhub", "courses", "question_bank")


def test_the_import_contracts_hold() -> None:
    result = CliRunner().invoke(lint_imports_command, ["--config", str(ROOT / "pyproject.toml"), "--no-cache"])
    assert result.exit_code == 0, result.output


def test_every_module_opens_with_one_sentence() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_no_module_outgrows_its_noun() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 500
    }
    assert long == {}


def test_nobody_below_the_edges_asks_for_the_time() -> None:
    edges = {"web", "jobs.py", "cli", "kernel", "demo", "app.py"}
    asking = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if path.relative_to(ROOT / package).parts[0] not in edges or package != "learnhub"
        if any(call in path.read_text(encoding="utf-8") for call in ("utcnow(", "datetime.now(", "date.today("))
    ]
    assert asking == []
