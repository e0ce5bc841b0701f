"""One outline is drawn behind the map at a time; of several that are, the newest stays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "d20b6e94c1a8"
down_revision = "c58f1d3a7e04"

_OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Forward."""
    op.execute(
        "UPDATE map_outline SET ended_at = (SELECT max(newer.set_at) FROM map_outline AS newer"
        " WHERE newer.ended_at IS NULL) WHERE ended_at IS NULL"
        " AND id <> (SELECT max(kept.id) FROM map_outline AS kept WHERE kept.ended_at IS NULL)"
    )
    op.create_index(
        "uq_map_outline_drawn",
        "map_outline",
        [sa.text("(ended_at IS NULL)")],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def downgrade() -> None:
    """Back."""
    op.drop_index("uq_map_outline_drawn", "map_outline")
