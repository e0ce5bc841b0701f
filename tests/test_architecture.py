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


RUNS_TEXT = {"eval", "exec", "compile", "__import__", "render_template_string", "from_string"}
TEMPLATES = {"render_template_string", "from_string"}
READS_YAML = {"safe_load", "scan"}
"""What of yaml gives plain values only."""
UNPICKLES = {"pickle", "cPickle", "marshal", "shelve", "dill", "joblib", "jsonpickle"}


def dangers(text: str) -> list[str]:
    """Where a module could run text, unpickle it or build objects from YAML."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [one.name for one in node.names if one.name.split(".")[0] in UNPICKLES]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in UNPICKLES | {"yaml"}:
            found.append(str(node.module))
        elif isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name) and called.id in RUNS_TEXT:
                found.append(called.id)
            elif isinstance(called, ast.Attribute) and called.attr in TEMPLATES:
                found.append(called.attr)
            elif isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "yaml":
                found += [f"yaml.{called.attr}"] if called.attr not in READS_YAML else []
    return found


def test_w16_no_text_is_run_unpickled_or_taken_for_a_template() -> None:
    found = {
        str(path.relative_to(ROOT)): bad
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if (bad := dangers(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_w16_what_would_run_text_is_found() -> None:
    for bad in ("import pickle", "from yaml import load", "yaml.load(x)", "eval(x)", "app.jinja_env.from_string(x)"):
        assert dangers(bad), bad
