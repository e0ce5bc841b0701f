"""Templates hold to the content policy and speak both languages."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEMPLATES = sorted((ROOT / "learnhub" / "web" / "templates").rglob("*.html"))


def test_no_template_carries_inline_script_or_style() -> None:
    bad = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE)
    assert [str(path) for path in TEMPLATES if bad.search(path.read_text(encoding="utf-8"))] == []


def test_nothing_is_fetched_from_elsewhere() -> None:
    outside = re.compile(r"(?:src|href)=[\"'](?:https?:)?//", re.IGNORECASE)
    scripts = (ROOT / "learnhub" / "web" / "static").rglob("*.js")
    assert [str(path) for path in TEMPLATES if outside.search(path.read_text(encoding="utf-8"))] == []
    assert [str(path) for path in scripts if re.search(r"from\s+[\"']https?:", path.read_text(encoding="utf-8"))] == []


def test_every_form_that_posts_carries_the_token() -> None:
    tokens = ("csrf_token", "hidden_tag", "data-resume")
    missing = [
        f"{path.name}: {form[:80]}"
        for path in TEMPLATES
        if path.name != "design.html"
        for form in re.findall(r"<form\b.*?</form>", path.read_text(encoding="utf-8"), re.DOTALL)
        if 'method="post"' in form and not any(token in form for token in tokens)
    ]
    assert missing == []


def test_both_catalogues_are_complete() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "scripts.translations", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout


def test_every_name_that_marks_a_sentence_is_extracted() -> None:
    from scripts.translations import KEYWORDS

    alias = re.compile(r"import (?:_|n_|translated|lazy_gettext|gettext|ngettext) as (\w+)")
    used = {
        name
        for package in ("learnhub", "courses", "question_bank")
        for path in (ROOT / package).rglob("*.py")
        for name in alias.findall(path.read_text(encoding="utf-8"))
    }
    assert used <= set(KEYWORDS)
