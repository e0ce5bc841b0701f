"""Members are found by a part of their name, number or phone by an index, and listed by name in its order."""

from __future__ import annotations

from alembic import op

revision = "e5a31c08b7d4"
down_revision = "d40b7f91c6e8"

PIECES = """
CREATE OR REPLACE FUNCTION member_pieces(name varchar, number varchar, phone varchar) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 500 AS $$
DECLARE
  found text[] := '{}';
  words text;
  letters boolean;
BEGIN
  FOREACH words IN ARRAY ARRAY[lower(name), lower(number), lower(coalesce(phone, ''))] LOOP
    letters := translate(words, '0123456789', '') <> '';
    FOR place IN 1 .. length(words) LOOP
      IF place < length(words) - 1 THEN
        found := array_append(found, substr(words, place, 3));
      END IF;
      IF letters AND translate(substr(words, place, 2), '0123456789', '') <> '' THEN
        found := array_append(found, substr(words, place, 2));
      END IF;
    END LOOP;
  END LOOP;
  RETURN found;
END
$$
"""
TABLE = "CREATE VIRTUAL TABLE member_fts USING fts5(terms, content = '', detail = none, tokenize = 'ascii')"
TERMS = """(
  WITH RECURSIVE rest(words) AS (
    SELECT lower(ROW.name || char(10) || ROW.number || char(10) || coalesce(ROW.phone, ''))
    UNION ALL SELECT substr(words, 2) FROM rest WHERE length(words) > 1
  )
  SELECT group_concat(
    hex(substr(words, 1, 3))
    || CASE WHEN substr(words, 1, 2) GLOB '*[^0-9]*' THEN ' ' || hex(substr(words, 1, 2)) ELSE '' END
    || CASE WHEN substr(words, 1, 1) GLOB '[^0-9]' THEN ' ' || hex(substr(words, 1, 1)) ELSE '' END, ' ')
  FROM rest)"""
ADD = "INSERT INTO member_fts(rowid, terms) VALUES (new.id, TERMS);".replace("TERMS", TERMS.replace("ROW", "new"))
TAKE_OUT = "INSERT INTO member_fts(member_fts, rowid, terms) VALUES ('delete', old.id, TERMS);".replace(
    "TERMS", TERMS.replace("ROW", "old")
)
TRIGGERS = (
    f"CREATE TRIGGER member_fts_add AFTER INSERT ON member BEGIN {ADD} END",
    f"CREATE TRIGGER member_fts_take_out AFTER DELETE ON member BEGIN {TAKE_OUT} END",
    "CREATE TRIGGER member_fts_change AFTER UPDATE OF name, number, phone ON member WHEN old.name IS NOT new.name "
    f"OR old.number IS NOT new.number OR old.phone IS NOT new.phone BEGIN {TAKE_OUT} {ADD} END",
)
FILL = "INSERT INTO member_fts(rowid, terms) SELECT id, TERMS FROM member".replace(
    "TERMS", TERMS.replace("ROW", "member")
)


def upgrade() -> None:
    """Forward."""
    op.create_index("ix_member_name_number", "member", ["name", "number"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(PIECES)
        op.execute("CREATE INDEX ix_member_pieces ON member USING gin (member_pieces(name, number, phone))")
        return
    for statement in (TABLE, *TRIGGERS, FILL):
        op.execute(statement)


def downgrade() -> None:
    """Back."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_member_pieces", "member")
        op.execute("DROP FUNCTION member_pieces(varchar, varchar, varchar)")
    else:
        for trigger in ("member_fts_add", "member_fts_take_out", "member_fts_change"):
            op.execute(f"DROP TRIGGER {trigger}")
        op.execute("DROP TABLE member_fts")
    op.drop_index("ix_member_name_number", "member")
