"""Emptying a PostgreSQL database between tests: taking its rows out costs a tenth of what a new one costs."""

from __future__ import annotations

import psycopg
from psycopg import sql

MOST_PAGES = 64
"""Pages of 8 kB in a table. One that a test grew beyond it stays full of holes when its rows are gone."""
CATALOGUES = ("pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_trigger", "pg_proc")
"""Where PostgreSQL keeps tables, columns, defaults, constraints, guards and functions."""


class Emptying:
    """Puts a database back to the rows that it holds now, and knows when that is not enough.

    The work is a function that only this connection sees: the database keeps nothing of it. The connection acts as a
    replica's, for which neither the guards of append-only tables nor foreign keys fire; that takes a superuser.
    """

    def __init__(self, address: str) -> None:
        self.connection = psycopg.connect(address, autocommit=True)
        self.connection.execute("SET session_replication_role = replica")
        self.connection.execute("SET lock_timeout = '2s'")
        found = self.connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [sql.Identifier("public", name) for (name,) in found]
        steps = [sql.SQL("DELETE FROM {};").format(table) for table in tables]
        for place, table in enumerate(tables):
            if self.connection.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(table)).fetchone() is not None:
                kept = sql.Identifier("pg_temp", f"kept_{place}")
                self.connection.execute(sql.SQL("CREATE TEMPORARY TABLE {} AS TABLE {}").format(kept, table))
                steps.append(sql.SQL("INSERT INTO {} TABLE {};").format(table, kept))
        work = sql.SQL("CREATE FUNCTION pg_temp.empty() RETURNS void LANGUAGE plpgsql AS $work$ BEGIN {} END $work$")
        self.connection.execute(work.format(sql.SQL(" ").join(steps)))
        self.schema = self._schema()

    def empty(self) -> bool:
        """Take out what was written since; False when a new database is needed.

        That is so when the schema was changed, a table was grown, or somebody still holds on to what they wrote.
        """
        try:
            if self._schema() != self.schema or self._others_at_work():
                return False
            self.connection.execute("SELECT pg_temp.empty()")
        except psycopg.Error:
            return False
        return self._largest() <= MOST_PAGES

    def close(self) -> None:
        """Leave the database."""
        self.connection.close()

    def _schema(self) -> object:
        """Whatever is made, changed or dropped changes the count of rows or the youngest writer of its catalogue."""
        parts = (f"(SELECT (count(*), max(xmin::text::bigint)) FROM {name})" for name in CATALOGUES)
        return self.connection.execute(f"SELECT {', '.join(parts)}").fetchone()

    def _others_at_work(self) -> bool:
        """Whether a transaction is open that may still write."""
        query = (
            "SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend' AND state <> 'idle' LIMIT 1"
        )
        return self.connection.execute(query).fetchone() is not None

    def _largest(self) -> int:
        """The pages of the largest table."""
        pages = "pg_relation_size(oid) / current_setting('block_size')::int"
        query = f"SELECT max({pages}) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        found = self.connection.execute(query).fetchone()
        return found[0] if found else 0
