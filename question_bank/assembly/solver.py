"""A small integer programme and its solution by HiGHS (MIT licence): the same model gives the same solution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _

LONGEST = 30.0
"""Seconds; a blueprint that takes longer is refused."""
_FEASIBLE = 1e-6
_OPTIONS: dict[str, bool | float | int] = {
    "log_to_console": False,
    "output_flag": False,
    "threads": 1,
    "random_seed": 1,
    "time_limit": LONGEST,
    "mip_rel_gap": 0.0,
}


@dataclass
class Programme:
    """Minimise the cost of whole variables, each from 0 to its most, under rows `least <= sum <= most`."""

    costs: list[float] = field(default_factory=list)
    uppers: list[int] = field(default_factory=list)
    rows: list[tuple[float, float, Mapping[int, float]]] = field(default_factory=list)

    def variable(self, most: int, cost: float = 0) -> int:
        """A new variable; gives its number."""
        self.costs.append(cost)
        self.uppers.append(most)
        return len(self.costs) - 1

    def row(self, terms: Mapping[int, float], least: float | None = None, most: float | None = None) -> None:
        """A new row; a bound that is None does not bind."""
        low = -highspy.kHighsInf if least is None else least
        high = highspy.kHighsInf if most is None else most
        self.rows.append((low, high, terms))

    def solve(self) -> list[int] | None:
        """The values of the variables at the least cost; None when there are none. Refused when it takes too long."""
        if any(least > _FEASIBLE or most < -_FEASIBLE for least, most, terms in self.rows if not terms):
            return None
        if not self.costs:
            return []
        highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in _OPTIONS.items():
            highs.setOptionValue(option, value)
        highs.passModel(self._model())
        highs.run()
        status = highs.getModelStatus()
        if status in {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise Refused(_("These rules are too entangled to be solved in time. Take away a rule, or a variant."))
        return [round(value) for value in highs.getSolution().col_value]

    def _model(self) -> Any:
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.costs), len(self.rows)
        model.col_cost_ = np.array(self.costs, dtype=float)
        model.col_lower_ = np.zeros(len(self.costs))
        model.col_upper_ = np.array(self.uppers, dtype=float)
        model.row_lower_ = np.array([least for least, _most, _terms in self.rows], dtype=float)
        model.row_upper_ = np.array([most for _least, most, _terms in self.rows], dtype=float)
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(self.costs)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.cumsum([0, *(len(terms) for _least, _most, terms in self.rows)])
        model.a_matrix_.index_ = np.array([n for _l, _m, terms in self.rows for n in terms], dtype=np.int32)
        model.a_matrix_.value_ = np.array([v for _l, _m, terms in self.rows for v in terms.values()], dtype=float)
        return model
