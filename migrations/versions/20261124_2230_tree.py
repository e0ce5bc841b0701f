"""Units are found by a part of their name or code."""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import BigInt

revision = "a41c7e90d2b6"
down_revision = "c83f1d5e7b20"


def upgrade() -> None:
    """Forward."""
    op.add_column("unit", sa.Column("words", sa.String(length=460), nullable=False, server_default=""))
    op.create_table(
        "unit_gram",
        sa.Column("gram", sa.String(length=2), nullable=False),
        sa.Column("unit_id", BigInt, nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_gram_unit_id_unit")),
        sa.PrimaryKeyConstraint("gram", "unit_id", name=op.f("pk_unit_gram")),
    )
    op.create_index(op.f("ix_unit_gram_unit_id"), "unit_gram", ["unit_id"])
    _index_units()


def _index_units() -> None:
    """Fill the index for the units that are there."""
    unit = sa.table("unit", sa.column("id", BigInt), sa.column("code"), sa.column("name"), sa.column("words"))
    gram = sa.table("unit_gram", sa.column("gram"), sa.column("unit_id", BigInt))
    connection = op.get_bind()
    for unit_id, code, name in connection.execute(sa.select(unit.c.id, unit.c.code, unit.c.name)).all():
        parts = [_folded(code), _folded(name)]
        connection.execute(sa.update(unit).where(unit.c.id == unit_id).values(words=" ".join(parts)[:460]))
        pieces = {part[at : at + n] for part in parts for n in (1, 2) for at in range(max(len(part) - n + 1, 0))}
        connection.execute(sa.insert(gram), [{"gram": piece, "unit_id": unit_id} for piece in sorted(pieces)])


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def downgrade() -> None:
    """Back."""
    op.drop_table("unit_gram")
    op.drop_column("unit", "words")
