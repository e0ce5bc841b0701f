"""Finding questions: by words in Chinese and English, and by likeness to one another."""

from __future__ import annotations
