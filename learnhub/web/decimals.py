"""Numbers with decimals in forms, and nothing that only passes for a number."""

from __future__ import annotations

from typing import Any

from wtforms import DecimalField


class FiniteField(DecimalField):  # type: ignore[misc]
    """A number to count with: `NaN`, `sNaN` and `Infinity`, which Python takes for decimals, are refused."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        super().process_formdata(valuelist)
        if valuelist and not self.data.is_finite():
            super().process_formdata([""])  # refused in the library's own words
