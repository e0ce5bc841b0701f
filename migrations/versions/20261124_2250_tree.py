"""The tree: units are found by a part of their name, have kinds and posts, and where they once hung is kept."""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import BigInt, Json

revision = "a41c7e90d2b6"
down_revision = "a70d9e35c1f8"


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
    _kinds()
    _placements()
    _terms()


def _kinds() -> None:
    """The kinds that were fixed become rows, and any other that a unit is of."""
    kind = op.create_table(
        "unit_kind",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("name_zh", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("position", BigInt, nullable=False),
        sa.Column("below", Json, nullable=False),
        sa.Column("posts", Json, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_unit_kind")),
    )
    unit = sa.table("unit", sa.column("kind"))
    used = op.get_bind().execute(sa.select(unit.c.kind).distinct().order_by(unit.c.kind)).scalars().all()
    keys = dict.fromkeys(["committee", "branch", "team", *used])
    rows = [
        {"key": key, "name_zh": "", "name_en": "", "position": at, "below": [], "posts": []}
        for at, key in enumerate(keys)
    ]
    op.bulk_insert(kind, rows)


def _placements() -> None:
    op.create_table(
        "unit_placement",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("unit_id", BigInt, nullable=False),
        sa.Column("parent_id", BigInt, nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_placement_parent_id_unit")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_placement_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_placement")),
        sa.UniqueConstraint("unit_id", "ends_on", name=op.f("uq_unit_placement_unit_id_ends_on")),
    )
    op.create_index(op.f("ix_unit_placement_ends_on"), "unit_placement", ["ends_on"])
    op.create_index(op.f("ix_unit_placement_parent_id"), "unit_placement", ["parent_id"])


def _terms() -> None:
    op.create_table(
        "term",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("unit_id", BigInt, nullable=False),
        sa.Column("post", sa.String(length=80), nullable=False),
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("ordinal", BigInt, nullable=True),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_term_ends_after_start")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_term_member_id_member")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_term_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
    )
    op.create_index(op.f("ix_term_member_id"), "term", ["member_id"])
    op.create_index(op.f("ix_term_unit_id_starts_on"), "term", ["unit_id", "starts_on"])


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
    for table in ("term", "unit_placement", "unit_kind", "unit_gram"):
        op.drop_table(table)
    op.drop_column("unit", "words")
