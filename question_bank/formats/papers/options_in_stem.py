"""Options that stand in brackets of the stem: `应当使用（远光灯/近光灯）`, answered by one of them."""

from __future__ import annotations

import re

from learnhub.kernel.cells import folded
from question_bank.formats.fields.rows import Row

_LISTED = re.compile(r"[(（]\s*([^()（）/／]{1,30}(?:[/／][^()（）/／]{1,30}){1,5})\s*[)）]")


def take_options_in_stem(row: Row, said: str | None) -> None:
    """Give a choice the options of such brackets, where there is just one pair of them and the answer is one."""
    if row.options or said not in {"choice", "single_choice"}:
        return
    found = _LISTED.findall(row.stem)
    texts = [text.strip() for text in re.split("[/／]", found[0])] if len(found) == 1 else []
    names = [folded(text) for text in texts]
    if len(set(names)) == len(names) > 1 and folded(row.answer) in names:
        row.options = {chr(65 + n): text for n, text in enumerate(texts)}
        row.answer = chr(65 + names.index(folded(row.answer)))
