"""`python -m learnhub.cli` is the `learnhub` command."""

from __future__ import annotations

from learnhub.cli import main

main()
