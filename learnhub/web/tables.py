"""Tables of the desk: order, columns, filters and page stand in the address; here they are read and written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from flask import url_for
from werkzeug.datastructures import MultiDict

from learnhub.kernel.words import Message

LONGEST = 255
"""Characters of a filter that are read."""
MOST_PAGES = 100_000

T = TypeVar("T")


@dataclass(frozen=True)
class Column:
    """A column: its key in addresses, its heading, and what may be done with it."""

    key: str
    heading: Message
    number: bool = False
    sorts: bool = True
    """Whether its heading is a link that sorts by it."""
    down: bool = False
    """Whether the first click sorts downwards: what is big or new comes first."""
    shown: bool = True
    """Whether it is shown before anybody has chosen."""


@dataclass(frozen=True)
class Table:
    """What a page's table can do: its columns (the first one always stands), its first order, its filters."""

    columns: tuple[Column, ...]
    sort: str = ""
    """As in addresses: a column's key, with `-` before it for downwards."""
    filters: tuple[str, ...] = ()
    place: str = "page"
    """The parameter that says how far one has leafed."""

    def read(self, asked: MultiDict[str, str], endpoint: str, **values: Any) -> View:
        """The table as an address asks for it; what it does not know falls back to how the table begins."""
        known = {column.key for column in self.columns}
        chosen = tuple(key for key in known_of(asked.getlist("col"), known) if key != self.columns[0].key)
        sort = asked.get("sort", "")
        sorting = {column.key for column in self.columns if column.sorts}
        return View(
            self,
            endpoint,
            values,
            sort=sort if sort.removeprefix("-") in sorting else self.sort,
            chosen=chosen if "col" in asked else None,
            roomy=asked.get("rows") == "roomy",
            place=asked.get(self.place, "")[:LONGEST],
            filters={name: text for name in self.filters if (text := asked.get(name, "").strip()[:LONGEST])},
        )


def known_of(keys: Iterable[str], known: set[str]) -> list[str]:
    """Those keys that are known, each once, in their order."""
    return [key for key in dict.fromkeys(keys) if key in known]


@dataclass(frozen=True)
class View:
    """A table as one person looks at it; its addresses change one thing and keep the rest."""

    table: Table
    endpoint: str
    values: Mapping[str, Any]
    sort: str
    chosen: tuple[str, ...] | None = None
    """Columns chosen beside the first; None while nobody has chosen."""
    roomy: bool = False
    place: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    sortable: bool | tuple[str, ...] = True
    """False, or the keys that sort, where this time not every column can."""

    @property
    def key(self) -> str:
        """The column that it is sorted by."""
        return self.sort.removeprefix("-")

    @property
    def down(self) -> bool:
        """Whether it is sorted downwards."""
        return self.sort.startswith("-")

    @property
    def page(self) -> int:
        """The number of the page, from 1."""
        return min(max(int(self.place), 1), MOST_PAGES) if self.place.isdecimal() and len(self.place) < 8 else 1

    @property
    def columns(self) -> list[Column]:
        """The columns that are shown, in the order of the table."""
        first, *others = self.table.columns
        return [first, *(one for one in others if self.shows(one))]

    def shows(self, column: Column) -> bool:
        """Whether a column is shown."""
        return column.shown if self.chosen is None else column.key in self.chosen

    @property
    def choosable(self) -> Sequence[Column]:
        """The columns that one may hide."""
        return self.table.columns[1:]

    def limited(self, *keys: str) -> View:
        """The same where only these columns sort; the table's own order, if it was sorted by another."""
        view = replace(self, sortable=keys)
        return view if self.key in keys else replace(view, sort=keys[0] if keys else "")

    def sorts(self, column: Column) -> bool:
        """Whether the heading of a column is a link."""
        return column.sorts and (column.key in self.sortable if isinstance(self.sortable, tuple) else self.sortable)

    def aria_sort(self, column: Column) -> str | None:
        """What `aria-sort` says of a column."""
        if column.key != self.key:
            return None
        return "descending" if self.down else "ascending"

    def sort_url(self, column: Column) -> str:
        """The address sorted by a column; the other way round when it is sorted by it already."""
        down = not self.down if column.key == self.key else column.down
        return self.url(sort=f"-{column.key}" if down else column.key)

    def kept(self, *without: str) -> list[tuple[str, str]]:
        """The parameters that a form must send along to keep what it does not change itself."""
        found: list[tuple[str, str]] = [(name, text) for name, text in self.filters.items() if name not in without]
        if "sort" not in without and self.sort != self.table.sort:
            found.append(("sort", self.sort))
        if "col" not in without and self.chosen is not None:
            found += [("col", key) for key in (self.table.columns[0].key, *self.chosen)]
        if "rows" not in without and self.roomy:
            found.append(("rows", "roomy"))
        return found

    def url(self, **changes: Any) -> str:
        """The address with some parameters changed (None takes one away), on the first page unless one is named."""
        asked: dict[str, Any] = {}
        for name, text in self.kept(*changes):
            asked.setdefault(name, []).append(text)
        asked |= {name: value for name, value in changes.items() if value not in (None, "")}
        return url_for(self.endpoint, **{**asked, **self.values})

    @property
    def here(self) -> str:
        """The address of this very view."""
        return self.url(**{self.table.place: self.place})

    def leaf(self, pages: int) -> tuple[str | None, str | None]:
        """The addresses of the page before and the page after, of so many."""
        page, name = min(self.page, pages), self.table.place
        before = self.url(**{name: page - 1 if page > 2 else None}) if page > 1 else None
        return before, self.url(**{name: page + 1}) if page < pages else None


@dataclass(frozen=True)
class Row:
    """A row: the thing itself, where Enter leads, and the id and name by which it is chosen."""

    item: Any
    url: str = ""
    id: str = ""
    name: str = ""


def chosen_ids(form: MultiDict[str, str]) -> list[int]:
    """The ids of the chosen rows that a form sends; 0, which nothing is called, for one that can't be an id."""
    return [int(one) if one.isdecimal() and len(one) < 19 else 0 for one in form.getlist("id")]


def sorted_by(rows: Iterable[T], view: View, value: Callable[[T], Any], tie: Callable[[T], Any]) -> list[T]:
    """Rows in memory in the order of a view; those without a value stand last either way, equals by `tie`."""
    found = sorted(rows, key=tie)
    told = [row for row in found if value(row) is not None]
    told.sort(key=value, reverse=view.down)  # stable: equals stay in the order of `tie`
    return told + [row for row in found if value(row) is None]
