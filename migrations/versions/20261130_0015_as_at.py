"""Members of a day that is over, and values of own fields, are found by indexes; rosters fill SQLite's index at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a4d81f3c60e9"
down_revision = "c6f20d9a51b3"

TERMS = """(
  WITH RECURSIVE rest(words) AS (
    SELECT lower(ROW.name || char(10) || ROW.number || char(10) || coalesce(ROW.phone, ''))
    UNION ALL SELECT substr(words, 2) FROM rest WHERE length(words) > 1
  )
  SELECT group_concat(
    hex(substr(words, 1, 3)) || ' ' || hex(substr(words, 1, 2)) || ' ' || hex(substr(words, 1, 1)), ' ')
  FROM rest)"""
TERMS_BEFORE = """(
  WITH RECURSIVE rest(words) AS (
    SELECT lower(ROW.name || char(10) || ROW.number || char(10) || coalesce(ROW.phone, ''))
    UNION ALL SELECT substr(words, 2) FROM rest WHERE length(words) > 1
  )
  SELECT group_concat(
    hex(substr(words, 1, 3))
    || CASE WHEN substr(words, 1, 2) GLOB '*[^0-9]*' THEN ' ' || hex(substr(words, 1, 2)) ELSE '' END
    || CASE WHEN substr(words, 1, 1) GLOB '[^0-9]' THEN ' ' || hex(substr(words, 1, 1)) ELSE '' END, ' ')
  FROM rest)"""
HOLD = "CREATE TABLE member_fts_hold (since INTEGER NOT NULL)"
FREE = "NOT EXISTS (SELECT 1 FROM member_fts_hold)"
CHANGED = "old.name IS NOT new.name OR old.number IS NOT new.number OR old.phone IS NOT new.phone"
ADD = "INSERT INTO member_fts(rowid, terms) VALUES (new.id, TERMS);"
TAKE_OUT = "INSERT INTO member_fts(member_fts, rowid, terms) VALUES ('delete', old.id, TERMS);"
FILL = "INSERT INTO member_fts(rowid, terms) SELECT id, TERMS FROM member"


def of_row(statement: str, terms: str, row: str) -> str:
    """A statement with the pieces of a row."""
    return statement.replace("TERMS", terms.replace("ROW", row))


def triggers(terms: str, free: str, changed: str) -> list[str]:
    """What keeps the index in step, with the conditions under which it does."""
    add, take_out = of_row(ADD, terms, "new"), of_row(TAKE_OUT, terms, "old")
    return [
        f"CREATE TRIGGER member_fts_add AFTER INSERT ON member {free} BEGIN {add} END",
        f"CREATE TRIGGER member_fts_take_out AFTER DELETE ON member {free} BEGIN {take_out} END",
        "CREATE TRIGGER member_fts_change AFTER UPDATE OF name, number, phone ON member "
        f"WHEN {changed} BEGIN {take_out} {add} END",
    ]


def fill_anew(terms: str, made: list[str]) -> None:
    """Other triggers, and the index of all members made again."""
    for trigger in ("member_fts_add", "member_fts_take_out", "member_fts_change"):
        op.execute(f"DROP TRIGGER {trigger}")
    op.execute("INSERT INTO member_fts(member_fts) VALUES ('delete-all')")
    op.execute(of_row(FILL, terms, "member"))
    for trigger in made:
        op.execute(trigger)


def upgrade() -> None:
    """Forward."""
    op.create_index("ix_member_change_field_id_made_at", "member_change", ["field_id", "made_at"])
    op.create_index("ix_member_value_words", "member_value", ["field_id", sa.text("lower(substr(text, 1, 120))")])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(HOLD)
        fill_anew(TERMS, triggers(TERMS, f"WHEN {FREE}", f"{FREE} AND ({CHANGED})"))


def downgrade() -> None:
    """Back."""
    if op.get_bind().dialect.name == "sqlite":
        fill_anew(TERMS_BEFORE, triggers(TERMS_BEFORE, "", CHANGED))
        op.execute("DROP TABLE member_fts_hold")
    op.drop_index("ix_member_value_words", "member_value")
    op.drop_index("ix_member_change_field_id_made_at", "member_change")
