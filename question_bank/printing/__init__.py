"""Papers on paper: questions and their key as PDF."""

from __future__ import annotations

from question_bank.paper_parts import Part
from question_bank.printing.paper import Heading, Item, render

__all__ = ["Heading", "Item", "Part", "render"]
