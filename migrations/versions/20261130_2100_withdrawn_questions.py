"""Questions of imports that were undone have a state of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e7a1c4d95b30"
down_revision = "d48b1f6c93e0"

_question = sa.table("question", sa.column("state", sa.String), sa.column("fingerprint", sa.String))


def upgrade() -> None:
    """Forward: nothing but an undone import frees the fingerprint of a question."""
    is_withdrawn = (_question.c.state == "retired") & (_question.c.fingerprint == "")
    op.execute(_question.update().where(is_withdrawn).values(state="withdrawn"))


def downgrade() -> None:
    """Back."""
    op.execute(_question.update().where(_question.c.state == "withdrawn").values(state="retired"))
