"""Alembic's way into the application: the tables are compared with and written through its own engine."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app

from learnhub.kernel.db import BigInt, Json, UTCDateTime, db
from learnhub.migrating import can_be_compared


def render_item(kind: str, value: Any, autogen: Any) -> str | bool:
    """Types of our own are written by their names."""
    if kind != "type":
        return False
    for name, ours in (("BigInt", BigInt), ("Json", Json)):
        if value is ours or (
            type(value) is type(ours) and getattr(value, "_variant_mapping", 0) == ours._variant_mapping
        ):
            autogen.imports.add(f"from learnhub.kernel.db import {name}")
            return name
    if isinstance(value, UTCDateTime):
        autogen.imports.add("from learnhub.kernel.db import UTCDateTime")
        return "UTCDateTime()"
    return False


def run() -> None:
    """Run the migrations that were asked for, each in a transaction of its own."""
    if context.is_offline_mode():
        context.configure(
            url=current_app.config["SQLALCHEMY_DATABASE_URI"], target_metadata=db.metadata, literal_binds=True
        )
        with context.begin_transaction():
            context.run_migrations()
        return
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            transaction_per_migration=True,
            render_as_batch=True,
            compare_type=True,
            render_item=render_item,
            include_object=can_be_compared,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
