"""Study days are found by unit and by course, for the charts of the desk."""

from __future__ import annotations

from alembic import op

revision = "9d21f6c4a0e7"
down_revision = "b4e17c02d9f3"


def upgrade() -> None:
    """Forward."""
    op.create_index("ix_study_day_unit_id_day", "study_day", ["unit_id", "day"])
    op.create_index("ix_study_day_course_id_day", "study_day", ["course_id", "day"])


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_study_day_course_id_day", "study_day")
    op.drop_index("ix_study_day_unit_id_day", "study_day")
