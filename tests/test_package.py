"""An installed LearnHub has what it needs besides Python: every such file is named as the package's data."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
MADE = {".py", ".pyc", ".mo"}
"""Modules, and what is made from other files where it runs."""


def test_an_installed_package_has_its_templates_pictures_manual_and_catalogues() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    left_out = []
    for package in ("learnhub", "courses", "question_bank", "migrations"):
        folder = ROOT / package
        patterns = settings["package-data"].get(package, [])
        named = {path for pattern in patterns for path in folder.glob(pattern)}
        files = {path for path in folder.rglob("*") if path.is_file() and path.suffix not in MADE}
        left_out += sorted(str(path.relative_to(ROOT)) for path in files - named)
    assert left_out == []
