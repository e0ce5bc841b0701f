"""Papers assembled from a blueprint: several variants at once, exact where a drawing of one paper would give up."""

from __future__ import annotations

from question_bank.assembly.comparing import Comparison, compare
from question_bank.assembly.plans import Plan, plan_of
from question_bank.assembly.variants import Variant, assemble

__all__ = ["Comparison", "Plan", "Variant", "assemble", "compare", "plan_of"]
