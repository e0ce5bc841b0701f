"""Alembic's way into the application: the tables are compared with and written through its own engine."""

from __future__ import annotations

from alembic import context
from flask import current_app

from learnhub.kernel.db import db


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
        )
        with context.begin_transaction():
            context.run_migrations()


run()
