"""Tables whose rows are never changed or removed: the database itself refuses, on both engines."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import DDL, Table, event

MARK = "redacted_by"
"""The column of a table that can be redacted: the erasure for which personal words were taken out of a row."""


def guards(table: str, dialect: str, kept: Sequence[str] = ()) -> list[str]:
    """The statements that make a table append-only on an engine; migrations execute the same ones.

    With `kept` there is one exception: an update that marks the row with another erasure and leaves these columns as
    they are. So words can be taken out of a row, never without a trace of it, and never what was done, when, by whom.
    """
    return _on_sqlite(table, kept) if dialect == "sqlite" else _on_postgres(table, kept)


def _on_sqlite(table: str, kept: Sequence[str]) -> list[str]:
    same = [f"NEW.{column} IS OLD.{column}" for column in kept]
    allowed = " AND ".join([f"NEW.{MARK} IS NOT NULL", f"NEW.{MARK} IS NOT OLD.{MARK}", *same])
    when = f" WHEN NOT ({allowed})" if kept else ""
    return [
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}{condition} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for verb, condition in (("update", when), ("delete", ""))
    ]


def _on_postgres(table: str, kept: Sequence[str]) -> list[str]:
    refuse = "EXECUTE FUNCTION learnhub_append_only()"
    changes = "DELETE" if kept else "UPDATE OR DELETE"
    made = [
        "CREATE OR REPLACE FUNCTION learnhub_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE {changes} ON {table} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}",
    ]
    if kept:
        same = [f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for column in kept]
        allowed = " AND ".join([f"NEW.{MARK} IS NOT NULL", f"NEW.{MARK} IS DISTINCT FROM OLD.{MARK}", *same])
        made.append(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW WHEN (NOT ({allowed})) {refuse}"
        )
    return made


def lift(table: str, dialect: str) -> list[str]:
    """The statements that take the guards away again: for a migration that must touch old rows, and for tests."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for verb in ("update", "delete")]
    return [f"DROP TRIGGER IF EXISTS {table}_no_{verb} ON {table}" for verb in ("change", "truncate", "update")]


def append_only(table: Table, *, redactable: Sequence[str] = ()) -> None:
    """Guard a model's table whenever it is created from the models; `redactable` columns may lose personal words."""
    kept = [column.name for column in table.columns if column.name not in {*redactable, MARK}] if redactable else []
    for dialect in ("sqlite", "postgresql"):
        for statement in guards(table.name, dialect, kept):
            ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", ddl.execute_if(dialect=dialect))
