"""Questions found by words and by likeness, and pages of the list with its filters, in a small bank and in a large
one, against reading one by its key."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from benchmarks.harness import analyse, application, best_of, options, report
from learnhub.kernel.db import db
from question_bank import authoring, catalogue, facets
from question_bank.authoring import QuestionDraft
from question_bank.catalogue import Filter
from question_bank.finding import likeness
from question_bank.finding.texts import words_of
from question_bank.models import Bank, QuestionVersion

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
SMALL = 1_000
ROUNDS = 50
CHUNK = 5_000
HAN = "公务员法规定应当回避情形的人民政府机关工作职责任免处分申诉控告培训考核录用退休辞职监督党章纪律条例组织学习"
ENGLISH = (
    "member office law notice duty rule party court order term right vote appeal record service public fire".split()
)


def draft(number: int) -> QuestionDraft:
    """A question of its own: Chinese and English words by lot, and a word that ten questions share."""
    lot = random.Random(number)
    han = "".join(lot.choice(HAN) for _n in range(24))
    english = " ".join(lot.choice(ENGLISH) for _n in range(8))
    stem = f"<p>{han}（甲{number // 10:06d}乙）？ {english} word{number // 10}</p>"
    options = [{"html": f"{lot.choice(HAN)}{lot.choice(HAN)}{n}", "fraction": "0" if n else "1"} for n in range(4)]
    shelf = {"category": f"part {number % 7}/chapter {number % 91}", "tags": (f"tag {number % 30}",)}
    return QuestionDraft("single_choice", stem, {"options": options}, **shelf)


def populate(bank: Bank, first: int, count: int) -> None:
    """So many questions more."""
    for start in range(first, first + count, CHUNK):
        many = [draft(number) for number in range(start, min(start + CHUNK, first + count))]
        authoring.add_questions(bank, many, NOW)
        db.session.commit()


def cost(work: Callable[[int], Any], size: int) -> float:
    """CPU seconds of one look-up: over many numbers of questions, each in a transaction of its own."""
    chosen = random.Random(3).sample(range(size), ROUNDS)

    def look() -> None:
        for number in chosen:
            assert work(number)
            db.session.rollback()

    look()
    return best_of(3, look) / ROUNDS


def measured(bank: Bank, size: int) -> dict[str, float]:
    """CPU milliseconds of each kind of look-up in a bank of that size."""
    bank_id = bank.id
    ids = catalogue.ids(bank, Filter(), size)

    def search(text: str) -> int:
        return catalogue.questions(db.session.get_one(Bank, bank_id), Filter(text=text)).total

    def like(number: int) -> Any:
        one = draft(number)
        changed = one.stem_html.replace("？", "吗？")
        return likeness.like(bank_id, {0: words_of("", changed, one.content)})

    def by_key(number: int) -> Any:
        return catalogue.get_question(db.session.get_one(Bank, bank_id), ids[number])

    def first_page(_number: int) -> int:
        bank = db.session.get_one(Bank, bank_id)
        counted = facets.of_bank(bank, NOW.date())
        return catalogue.questions(bank, total=counted.total(Filter())).total

    def some_page(number: int) -> int:
        return len(catalogue.questions(db.session.get_one(Bank, bank_id), page=number // 50, total=size).items)

    looks: dict[str, Callable[[int], Any]] = {
        "rare_word": lambda number: search(f"word{number // 10} "),
        "chinese_phrase": lambda number: search(draft(number).stem_html[3:9]),
        "common_words": lambda number: search("公务 law"),
        "likeness": like,
        "first_page_with_filters": first_page,
        "some_page": some_page,
        "key": by_key,
    }
    return {name: cost(look, size) * 1000 for name, look in looks.items()}


def main() -> None:
    """Measure at a thousand questions, then at the whole size."""
    asked = options("search_bank", 100_000, 3_000, __doc__ or "")
    with application(asked):
        bank = authoring.create_bank("bank", "Bank", NOW)
        populate(bank, 0, SMALL)
        analyse()
        few = measured(bank, SMALL)
        populate(bank, SMALL, asked.size - SMALL)
        analyse()
        many = measured(bank, asked.size)
        assert db.session.query(QuestionVersion).count() == asked.size
        names = ("rare_word", "chinese_phrase", "common_words", "likeness", "first_page_with_filters", "some_page")
        report(
            asked,
            ratio=many["key"] / max(many["chinese_phrase"], many["likeness"]),
            goal="growth of words that few have, and of likeness, under 2",
            baseline="read by primary key",
            **{f"cpu_ms_{name}": many[name] for name in (*names, "key")},
            **{f"cpu_ms_{name}_small": few[name] for name in names},
            **{f"growth_{name}": many[name] / few[name] for name in names},
        )


if __name__ == "__main__":
    main()
