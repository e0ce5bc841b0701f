"""How a roster's file is to be read: what somebody chose or mended after looking at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from learnhub.kernel.sealing import seal
from learnhub.organisations.roster.columns import ByHand, Field


@dataclass(frozen=True)
class Asked:
    """What was chosen; nothing, when a file is read for the first time."""

    encoding: str | None = None
    columns: ByHand | None = None
    rows: Mapping[str, Mapping[str, Any] | None] | None = None
    """Where a row stands → the fields that were mended (`details`: the organisation's own, sealed by key), or None:
    it is left out."""
    create_units: bool = False
    details: Mapping[str, int | None] | None = None
    """Columns chosen for the organisation's own fields, by their keys; None: not in this file."""

    def mended(self, where: str, said: Mapping[str, str], details: Mapping[str, str]) -> dict[str, Any]:
        """What a row says now: `said` for the fields, and the organisation's own that were entered now or before."""
        before = ((self.rows or {}).get(where) or {}).get("details", {})
        return {**said, "details": {**before, **{key: seal(text).decode() for key, text in details.items()}}}

    def as_json(self) -> dict[str, Any]:
        """For the register."""
        columns = {str(one): at for one, at in (self.columns or {}).items()}
        return {
            "encoding": self.encoding,
            "columns": columns,
            "rows": {where: dict(one) if one else None for where, one in (self.rows or {}).items()},
            "create_units": self.create_units,
            "details": dict(self.details or {}),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Asked:
        """From the register."""
        columns = {Field(name): at for name, at in kept.get("columns", {}).items()}
        made = bool(kept.get("create_units"))
        return cls(kept.get("encoding"), columns, kept.get("rows", {}), made, kept.get("details", {}))
