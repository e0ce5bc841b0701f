"""Tables whose rows are never changed or removed: the database itself refuses, on both engines."""

from __future__ import annotations

from sqlalchemy import DDL, Table, event


def guards(table: str, dialect: str) -> list[str]:
    """The statements that make a table append-only on an engine; migrations execute the same ones."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("update", "delete")
        ]
    return [
        "CREATE OR REPLACE FUNCTION learnhub_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION learnhub_append_only()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION learnhub_append_only()",
    ]


def lift(table: str, dialect: str) -> list[str]:
    """The statements that take the guards away again: for a migration that must touch old rows, and for tests."""
    names = [f"{table}_no_update", f"{table}_no_delete"]
    if dialect == "sqlite":
        return [f"DROP TRIGGER {name}" for name in names]
    return [f"DROP TRIGGER {table}_no_change ON {table}", f"DROP TRIGGER {table}_no_truncate ON {table}"]


def append_only(table: Table) -> None:
    """Guard a model's table whenever it is created from the models."""
    for dialect in ("sqlite", "postgresql"):
        for statement in guards(table.name, dialect):
            ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", ddl.execute_if(dialect=dialect))
