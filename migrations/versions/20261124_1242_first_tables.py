"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.append_only import guards, lift
from learnhub.kernel.db import BigInt, Json, UTCDateTime

revision = "583aa722e528"
down_revision = None


APPEND_ONLY = (
    "answer_version",
    "audit_entry",
    "checkpoint",
    "checkpoint_head",
    "issued_transcript",
    "ledger",
    "question_version",
    "rule_version",
)


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "bank",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank")),
        sa.UniqueConstraint("slug", name=op.f("uq_bank_slug")),
    )
    op.create_table(
        "checkpoint",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("members", BigInt, nullable=False),
        sa.Column("entries", BigInt, nullable=False),
        sa.Column("last_entry_id", BigInt, nullable=True),
        sa.Column("signature", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_checkpoint")),
    )
    op.create_table(
        "course",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("category", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("cover_asset_id", BigInt, nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("slug", name=op.f("uq_course_slug")),
    )
    op.create_table(
        "credit_rule",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("minutes_per_hour", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("valid_from", name=op.f("pk_credit_rule")),
    )
    op.create_table(
        "member",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("sign_in_name", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("locale", sa.String(length=16), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("password_changed_at", UTCDateTime(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("number", name=op.f("uq_member_number")),
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index("uq_member_sign_in_name", [sa.literal_column("lower(sign_in_name)")], unique=True)

    op.create_table(
        "point_rule",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("title", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_rule")),
        sa.UniqueConstraint("code", name=op.f("uq_point_rule_code")),
    )
    with op.batch_alter_table("point_rule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_point_rule_event"), ["event"], unique=False)

    op.create_table(
        "sign_in_failure",
        sa.Column("name_digest", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("failures", BigInt, nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name_digest", "address", name=op.f("pk_sign_in_failure")),
    )
    op.create_table(
        "unit",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("parent_id", BigInt, nullable=True),
        sa.Column("position", BigInt, nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "yearly_target",
        sa.Column("year", BigInt, autoincrement=False, nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("unit_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("hours", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("year", "role", "unit_id", name=op.f("pk_yearly_target")),
    )
    op.create_table(
        "access_token",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("scopes", Json, nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("last_used_at", UTCDateTime(), nullable=True),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_access_token_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_access_token_digest")),
    )
    with op.batch_alter_table("access_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_token_member_id"), ["member_id"], unique=False)

    op.create_table(
        "audit_entry",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", BigInt, nullable=True),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("object_kind", sa.String(length=32), nullable=False),
        sa.Column("object_id", sa.String(length=64), nullable=False),
        sa.Column("unit_id", BigInt, nullable=True),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["member.id"], name=op.f("fk_audit_entry_actor_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entry_actor_id_at", ["actor_id", "at"], unique=False)
        batch_op.create_index("ix_audit_entry_at", ["at"], unique=False)
        batch_op.create_index("ix_audit_entry_object", ["object_kind", "object_id", "at"], unique=False)

    op.create_table(
        "balance",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("points", BigInt, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_balance_member_id_member")),
        sa.PrimaryKeyConstraint("member_id", "period", name=op.f("pk_balance")),
    )
    with op.batch_alter_table("balance", schema=None) as batch_op:
        batch_op.create_index(
            "ix_balance_period_points", ["period", sa.literal_column("points DESC"), "member_id"], unique=False
        )

    op.create_table(
        "category",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("bank_id", BigInt, nullable=False),
        sa.Column("path", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_category_bank_id_bank")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category")),
        sa.UniqueConstraint("bank_id", "path", name=op.f("uq_category_bank_id_path")),
    )
    op.create_table(
        "checkpoint_head",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("sequence", BigInt, autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["day"], ["checkpoint.day"], name=op.f("fk_checkpoint_head_day_checkpoint")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_checkpoint_head_member_id_member")),
        sa.PrimaryKeyConstraint("member_id", "sequence", name=op.f("pk_checkpoint_head")),
    )
    with op.batch_alter_table("checkpoint_head", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checkpoint_head_day"), ["day"], unique=False)

    op.create_table(
        "co_instructor",
        sa.Column("work", sa.String(length=16), nullable=False),
        sa.Column("work_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_co_instructor_member_id_member")),
        sa.PrimaryKeyConstraint("work", "work_id", "member_id", name=op.f("pk_co_instructor")),
    )
    op.create_table(
        "course_module",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("course_id", BigInt, nullable=False),
        sa.Column("position", BigInt, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_module_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_module")),
    )
    with op.batch_alter_table("course_module", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_course_module_course_id"), ["course_id"], unique=False)

    op.create_table(
        "enrolment",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("course_id", BigInt, nullable=False),
        sa.Column("enrolled_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("completed_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_enrolment_course_id_course")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_enrolment_member_id_member")),
        sa.PrimaryKeyConstraint("member_id", "course_id", name=op.f("pk_enrolment")),
    )
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enrolment_course_id"), ["course_id"], unique=False)

    op.create_table(
        "export_job",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("format", sa.String(length=8), nullable=False),
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("parameters", Json, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("done", BigInt, nullable=False),
        sa.Column("total", BigInt, nullable=False),
        sa.Column("leased_until", UTCDateTime(), nullable=True),
        sa.Column("tries", BigInt, nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=True),
        sa.Column("error", Json, nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_export_job_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_job")),
    )
    with op.batch_alter_table("export_job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_export_job_member_id"), ["member_id"], unique=False)

    op.create_table(
        "import",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("format", sa.String(length=32), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("target", sa.String(length=120), nullable=False),
        sa.Column("unit_id", BigInt, nullable=True),
        sa.Column("report", Json, nullable=False),
        sa.Column("object_ids", Json, nullable=False),
        sa.Column("actor_id", BigInt, nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("accepted_at", UTCDateTime(), nullable=True),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["member.id"], name=op.f("fk_import_actor_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
    )
    op.create_table(
        "issued_transcript",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("revision", BigInt, nullable=False),
        sa.Column("as_at", UTCDateTime(), nullable=False),
        sa.Column("issued_at", UTCDateTime(), nullable=False),
        sa.Column("issued_by", BigInt, nullable=True),
        sa.Column("document", Json, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["issued_by"], ["member.id"], name=op.f("fk_issued_transcript_issued_by_member")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_issued_transcript_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_transcript")),
        sa.UniqueConstraint("code", name=op.f("uq_issued_transcript_code")),
        sa.UniqueConstraint("member_id", "revision", name=op.f("uq_issued_transcript_member_id_revision")),
    )
    op.create_table(
        "ledger_head",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("sequence", BigInt, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_ledger_head_member_id_member")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_ledger_head")),
    )
    op.create_table(
        "membership",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("unit_id", BigInt, nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("post", sa.String(length=80), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_membership_ends_after_start")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_membership_member_id_member")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_membership_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index("ix_membership_member_id_starts_on", ["member_id", "starts_on"], unique=False)
        batch_op.create_index("ix_membership_unit_id_starts_on", ["unit_id", "starts_on"], unique=False)

    op.create_table(
        "ownership",
        sa.Column("work", sa.String(length=16), nullable=False),
        sa.Column("work_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("unit_id", BigInt, nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_ownership_unit_id_unit")),
        sa.PrimaryKeyConstraint("work", "work_id", name=op.f("pk_ownership")),
    )
    with op.batch_alter_table("ownership", schema=None) as batch_op:
        batch_op.create_index("ix_ownership_unit_id_work", ["unit_id", "work"], unique=False)

    op.create_table(
        "repeatable_call",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("asked", sa.String(length=64), nullable=False),
        sa.Column("status", BigInt, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_repeatable_call_member_id_member")),
        sa.PrimaryKeyConstraint("member_id", "key", name=op.f("pk_repeatable_call")),
    )
    with op.batch_alter_table("repeatable_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_repeatable_call_at"), ["at"], unique=False)

    op.create_table(
        "role_grant",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("unit_id", BigInt, nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=True),
        sa.Column("granted_by", BigInt, nullable=True),
        sa.ForeignKeyConstraint(["granted_by"], ["member.id"], name=op.f("fk_role_grant_granted_by_member")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_role_grant_member_id_member")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_role_grant_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grant_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_grant_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "rule_version",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("rule_id", BigInt, nullable=False),
        sa.Column("number", BigInt, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("amount", BigInt, nullable=False),
        sa.Column("daily_cap", BigInt, nullable=True),
        sa.Column("total_cap", BigInt, nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("created_by", BigInt, nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_rule_version_created_by_member")),
        sa.ForeignKeyConstraint(["rule_id"], ["point_rule.id"], name=op.f("fk_rule_version_rule_id_point_rule")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_version")),
        sa.UniqueConstraint("rule_id", "number", name=op.f("uq_rule_version_rule_id_number")),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("key_digest", sa.String(length=64), nullable=False),
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("last_seen_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_sign_in_session_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("key_digest", name=op.f("uq_sign_in_session_key_digest")),
    )
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_session_member_id"), ["member_id"], unique=False)

    op.create_table(
        "study_clock",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("credited_until", UTCDateTime(), nullable=False),
        sa.Column("interval_id", BigInt, nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_study_clock_member_id_member")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_study_clock")),
    )
    op.create_table(
        "study_day",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("course_id", BigInt, nullable=False),
        sa.Column("unit_id", BigInt, nullable=False),
        sa.Column("milliseconds", BigInt, nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_study_day_course_id_course")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_study_day_member_id_member")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_study_day_unit_id_unit")),
        sa.PrimaryKeyConstraint("member_id", "day", "course_id", "unit_id", name=op.f("pk_study_day")),
    )
    op.create_table(
        "unit_balance",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("unit_id", BigInt, nullable=False),
        sa.Column("points", BigInt, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_unit_balance_member_id_member")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_balance_unit_id_unit")),
        sa.PrimaryKeyConstraint("member_id", "period", "unit_id", name=op.f("pk_unit_balance")),
    )
    with op.batch_alter_table("unit_balance", schema=None) as batch_op:
        batch_op.create_index(
            "ix_unit_balance_period_unit_points",
            ["period", "unit_id", sa.literal_column("points DESC"), "member_id"],
            unique=False,
        )

    op.create_table(
        "unit_path",
        sa.Column("above_id", BigInt, nullable=False),
        sa.Column("below_id", BigInt, nullable=False),
        sa.Column("depth", BigInt, nullable=False),
        sa.ForeignKeyConstraint(["above_id"], ["unit.id"], name=op.f("fk_unit_path_above_id_unit")),
        sa.ForeignKeyConstraint(["below_id"], ["unit.id"], name=op.f("fk_unit_path_below_id_unit")),
        sa.PrimaryKeyConstraint("above_id", "below_id", name=op.f("pk_unit_path")),
    )
    with op.batch_alter_table("unit_path", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_path_below_id"), ["below_id"], unique=False)

    op.create_table(
        "ledger",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("source_id", sa.String(length=80), nullable=False),
        sa.Column("entry_no", BigInt, autoincrement=False, nullable=False),
        sa.Column("event_month", sa.String(length=7), nullable=False),
        sa.Column("id", BigInt, nullable=False),
        sa.Column("sequence", BigInt, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("unit_id", BigInt, nullable=False),
        sa.Column("points", BigInt, nullable=False),
        sa.Column("rule_version_id", BigInt, nullable=True),
        sa.Column("reason", Json, nullable=False),
        sa.Column("actor_id", BigInt, nullable=True),
        sa.Column("occurred_at", UTCDateTime(), nullable=False),
        sa.Column("posted_at", UTCDateTime(), nullable=False),
        sa.Column("reverses", BigInt, nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["member.id"], name=op.f("fk_ledger_actor_id_member")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_ledger_member_id_member")),
        sa.ForeignKeyConstraint(
            ["rule_version_id"], ["rule_version.id"], name=op.f("fk_ledger_rule_version_id_rule_version")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_ledger_unit_id_unit")),
        sa.PrimaryKeyConstraint("member_id", "kind", "source_id", "entry_no", "event_month", name=op.f("pk_ledger")),
        sa.UniqueConstraint("id", name=op.f("uq_ledger_id")),
        sa.UniqueConstraint("member_id", "sequence", name=op.f("uq_ledger_member_id_sequence")),
        sa.UniqueConstraint("reverses", name=op.f("uq_ledger_reverses")),
    )
    with op.batch_alter_table("ledger", schema=None) as batch_op:
        batch_op.create_index("ix_ledger_day", ["day"], unique=False)
        batch_op.create_index(
            "ix_ledger_member_id_rule_version_id_day", ["member_id", "rule_version_id", "day"], unique=False
        )

    op.create_table(
        "lesson",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("course_id", BigInt, nullable=False),
        sa.Column("module_id", BigInt, nullable=False),
        sa.Column("position", BigInt, nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("body_source", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("sanitiser_version", BigInt, nullable=False),
        sa.Column("link_url", sa.String(length=500), nullable=False),
        sa.Column("main_asset_id", BigInt, nullable=True),
        sa.Column("nominal_seconds", BigInt, nullable=False),
        sa.Column("completion_rule", sa.String(length=16), nullable=False),
        sa.Column("completion_seconds", BigInt, nullable=False),
        sa.Column("completion_coverage", BigInt, nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_lesson_course_id_course")),
        sa.ForeignKeyConstraint(["module_id"], ["course_module.id"], name=op.f("fk_lesson_module_id_course_module")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
        sa.UniqueConstraint("course_id", "slug", name=op.f("uq_lesson_course_id_slug")),
    )
    with op.batch_alter_table("lesson", schema=None) as batch_op:
        batch_op.create_index("ix_lesson_course_id_position", ["course_id", "position"], unique=False)
        batch_op.create_index(batch_op.f("ix_lesson_module_id"), ["module_id"], unique=False)

    op.create_table(
        "question",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("bank_id", BigInt, nullable=False),
        sa.Column("category_id", BigInt, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version_id", BigInt, nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("difficulty", BigInt, nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_question_bank_id_bank")),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_question_category_id_category")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index("ix_question_bank_id_fingerprint", ["bank_id", "fingerprint"], unique=False)
        batch_op.create_index("ix_question_bank_id_state_kind", ["bank_id", "state", "kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_category_id"), ["category_id"], unique=False)

    op.create_table(
        "refused_event",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("source_id", sa.String(length=80), nullable=False),
        sa.Column("rule_version_id", BigInt, nullable=True),
        sa.Column("occurred_at", UTCDateTime(), nullable=False),
        sa.Column("reason", Json, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_refused_event_member_id_member")),
        sa.ForeignKeyConstraint(
            ["rule_version_id"], ["rule_version.id"], name=op.f("fk_refused_event_rule_version_id_rule_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_event")),
        sa.UniqueConstraint("member_id", "kind", "source_id", name=op.f("uq_refused_event_member_id_kind_source_id")),
    )
    op.create_table(
        "asset",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("course_id", BigInt, nullable=False),
        sa.Column("lesson_id", BigInt, nullable=True),
        sa.Column("path", sa.String(length=255), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size", BigInt, nullable=False),
        sa.Column("seconds", BigInt, nullable=True),
        sa.Column("details", Json, nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_asset_course_id_course")),
        sa.ForeignKeyConstraint(["lesson_id"], ["lesson.id"], name=op.f("fk_asset_lesson_id_lesson")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset")),
        sa.UniqueConstraint("course_id", "path", name=op.f("uq_asset_course_id_path")),
    )
    with op.batch_alter_table("asset", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_asset_lesson_id"), ["lesson_id"], unique=False)

    op.create_table(
        "lesson_progress",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("lesson_id", BigInt, nullable=False),
        sa.Column("course_id", BigInt, nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.Column("played", Json, nullable=False),
        sa.Column("position", BigInt, nullable=False),
        sa.Column("completed_at", UTCDateTime(), nullable=True),
        sa.Column("completed_by", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_lesson_progress_course_id_course")),
        sa.ForeignKeyConstraint(["lesson_id"], ["lesson.id"], name=op.f("fk_lesson_progress_lesson_id_lesson")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_lesson_progress_member_id_member")),
        sa.PrimaryKeyConstraint("member_id", "lesson_id", name=op.f("pk_lesson_progress")),
    )
    with op.batch_alter_table("lesson_progress", schema=None) as batch_op:
        batch_op.create_index("ix_lesson_progress_member_id_course_id", ["member_id", "course_id"], unique=False)

    op.create_table(
        "question_tag",
        sa.Column("question_id", BigInt, nullable=False),
        sa.Column("tag", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_question_tag_question_id_question")),
        sa.PrimaryKeyConstraint("question_id", "tag", name=op.f("pk_question_tag")),
    )
    with op.batch_alter_table("question_tag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_tag_tag"), ["tag"], unique=False)

    op.create_table(
        "question_version",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("question_id", BigInt, nullable=False),
        sa.Column("number", BigInt, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("stem_html", sa.Text(), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("explanation_html", sa.Text(), nullable=False),
        sa.Column("mark", BigInt, nullable=False),
        sa.Column("sanitiser_version", BigInt, nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_version_question_id_question")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_version")),
        sa.UniqueConstraint("question_id", "number", name=op.f("uq_question_version_question_id_number")),
    )
    op.create_table(
        "quiz",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("introduction_html", sa.Text(), nullable=False),
        sa.Column("unit_id", BigInt, nullable=False),
        sa.Column("lesson_id", BigInt, nullable=True),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("paper", Json, nullable=False),
        sa.Column("time_limit_seconds", BigInt, nullable=True),
        sa.Column("grace_seconds", BigInt, nullable=False),
        sa.Column("opens_at", UTCDateTime(), nullable=True),
        sa.Column("closes_at", UTCDateTime(), nullable=True),
        sa.Column("attempts_allowed", BigInt, nullable=True),
        sa.Column("wait_seconds", BigInt, nullable=False),
        sa.Column("counts", sa.String(length=8), nullable=False),
        sa.Column("pass_percent", BigInt, nullable=False),
        sa.Column("shuffle_questions", sa.Boolean(), nullable=False),
        sa.Column("shuffle_options", sa.Boolean(), nullable=False),
        sa.Column("questions_per_page", BigInt, nullable=False),
        sa.Column("multiple_marking", sa.String(length=16), nullable=False),
        sa.Column("review", Json, nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lesson_id"], ["lesson.id"], name=op.f("fk_quiz_lesson_id_lesson")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_quiz_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz")),
        sa.UniqueConstraint("slug", name=op.f("uq_quiz_slug")),
    )
    with op.batch_alter_table("quiz", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quiz_lesson_id"), ["lesson_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_quiz_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "study_interval",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("lesson_id", BigInt, nullable=False),
        sa.Column("course_id", BigInt, nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=False),
        sa.Column("present_seconds", BigInt, nullable=False),
        sa.CheckConstraint("ended_at >= started_at", name=op.f("ck_study_interval_ends_after_start")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_study_interval_course_id_course")),
        sa.ForeignKeyConstraint(["lesson_id"], ["lesson.id"], name=op.f("fk_study_interval_lesson_id_lesson")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_study_interval_member_id_member")),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_study_interval")),
    )
    with op.batch_alter_table("study_interval", schema=None) as batch_op:
        batch_op.create_index("ix_study_interval_member_id_started_at", ["member_id", "started_at"], unique=False)

    op.create_table(
        "study_presence",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("tab", sa.String(length=40), nullable=False),
        sa.Column("lesson_id", BigInt, nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("last_beat_at", UTCDateTime(), nullable=False),
        sa.Column("beats", BigInt, nullable=False),
        sa.Column("present_seconds", BigInt, nullable=False),
        sa.ForeignKeyConstraint(["lesson_id"], ["lesson.id"], name=op.f("fk_study_presence_lesson_id_lesson")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_study_presence_member_id_member")),
        sa.PrimaryKeyConstraint("member_id", "tab", name=op.f("pk_study_presence")),
    )
    op.create_table(
        "attempt",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("quiz_id", BigInt, nullable=False),
        sa.Column("unit_id", BigInt, nullable=False),
        sa.Column("number", BigInt, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("preview", sa.Boolean(), nullable=False),
        sa.Column("layout", Json, nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("deadline", UTCDateTime(), nullable=True),
        sa.Column("extra_seconds", BigInt, nullable=False),
        sa.Column("last_saved_at", UTCDateTime(), nullable=True),
        sa.Column("saves", BigInt, nullable=False),
        sa.Column("submitted_at", UTCDateTime(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("closed_by", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("score", BigInt, nullable=True),
        sa.Column("full_marks", BigInt, nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("marks", Json, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_attempt_member_id_member")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_attempt_quiz_id_quiz")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_attempt_unit_id_unit")),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("quiz_id", "member_id", "number", name=op.f("uq_attempt_quiz_id_member_id_number")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index(
            "ix_attempt_open_deadline",
            ["deadline"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.create_index("ix_attempt_quiz_id_state", ["quiz_id", "state"], unique=False)
        batch_op.create_index(
            "uq_attempt_open",
            ["quiz_id", "member_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "answer",
        sa.Column("member_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("attempt_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("slot", BigInt, autoincrement=False, nullable=False),
        sa.Column("response", Json, nullable=False),
        sa.Column("sequence", BigInt, nullable=False),
        sa.Column("revision", BigInt, nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id", "attempt_id"],
            ["attempt.member_id", "attempt.id"],
            name=op.f("fk_answer_member_id_attempt_id_attempt"),
        ),
        sa.PrimaryKeyConstraint("member_id", "attempt_id", "slot", name=op.f("pk_answer")),
    )
    op.create_table(
        "answer_version",
        sa.Column("member_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("attempt_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("slot", BigInt, autoincrement=False, nullable=False),
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("revision", BigInt, nullable=False),
        sa.Column("sequence", BigInt, nullable=False),
        sa.Column("base", BigInt, nullable=False),
        sa.Column("response", Json, nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id", "attempt_id"],
            ["attempt.member_id", "attempt.id"],
            name=op.f("fk_answer_version_member_id_attempt_id_attempt"),
        ),
        sa.PrimaryKeyConstraint("member_id", "attempt_id", "slot", "id", name=op.f("pk_answer_version")),
    )
    for table in APPEND_ONLY:
        for statement in guards(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    """Back."""
    for table in APPEND_ONLY:
        for statement in lift(table, op.get_bind().dialect.name):
            op.execute(statement)
    op.drop_table("answer_version")
    op.drop_table("answer")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_attempt_open", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )
        batch_op.drop_index("ix_attempt_quiz_id_state")
        batch_op.drop_index(
            "ix_attempt_open_deadline",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.drop_table("attempt")
    op.drop_table("study_presence")
    with op.batch_alter_table("study_interval", schema=None) as batch_op:
        batch_op.drop_index("ix_study_interval_member_id_started_at")

    op.drop_table("study_interval")
    with op.batch_alter_table("quiz", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quiz_unit_id"))
        batch_op.drop_index(batch_op.f("ix_quiz_lesson_id"))

    op.drop_table("quiz")
    op.drop_table("question_version")
    with op.batch_alter_table("question_tag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_tag_tag"))

    op.drop_table("question_tag")
    with op.batch_alter_table("lesson_progress", schema=None) as batch_op:
        batch_op.drop_index("ix_lesson_progress_member_id_course_id")

    op.drop_table("lesson_progress")
    with op.batch_alter_table("asset", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asset_lesson_id"))

    op.drop_table("asset")
    op.drop_table("refused_event")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_category_id"))
        batch_op.drop_index("ix_question_bank_id_state_kind")
        batch_op.drop_index("ix_question_bank_id_fingerprint")

    op.drop_table("question")
    with op.batch_alter_table("lesson", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lesson_module_id"))
        batch_op.drop_index("ix_lesson_course_id_position")

    op.drop_table("lesson")
    with op.batch_alter_table("ledger", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_member_id_rule_version_id_day")
        batch_op.drop_index("ix_ledger_day")

    op.drop_table("ledger")
    with op.batch_alter_table("unit_path", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_path_below_id"))

    op.drop_table("unit_path")
    with op.batch_alter_table("unit_balance", schema=None) as batch_op:
        batch_op.drop_index("ix_unit_balance_period_unit_points")

    op.drop_table("unit_balance")
    op.drop_table("study_day")
    op.drop_table("study_clock")
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_session_member_id"))

    op.drop_table("sign_in_session")
    op.drop_table("rule_version")
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_grant_unit_id"))
        batch_op.drop_index(batch_op.f("ix_role_grant_member_id"))

    op.drop_table("role_grant")
    with op.batch_alter_table("repeatable_call", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_repeatable_call_at"))

    op.drop_table("repeatable_call")
    with op.batch_alter_table("ownership", schema=None) as batch_op:
        batch_op.drop_index("ix_ownership_unit_id_work")

    op.drop_table("ownership")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index("ix_membership_unit_id_starts_on")
        batch_op.drop_index("ix_membership_member_id_starts_on")

    op.drop_table("membership")
    op.drop_table("ledger_head")
    op.drop_table("issued_transcript")
    op.drop_table("import")
    with op.batch_alter_table("export_job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_export_job_member_id"))

    op.drop_table("export_job")
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enrolment_course_id"))

    op.drop_table("enrolment")
    with op.batch_alter_table("course_module", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_module_course_id"))

    op.drop_table("course_module")
    op.drop_table("co_instructor")
    with op.batch_alter_table("checkpoint_head", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_checkpoint_head_day"))

    op.drop_table("checkpoint_head")
    op.drop_table("category")
    with op.batch_alter_table("balance", schema=None) as batch_op:
        batch_op.drop_index("ix_balance_period_points")

    op.drop_table("balance")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_object")
        batch_op.drop_index("ix_audit_entry_at")
        batch_op.drop_index("ix_audit_entry_actor_id_at")

    op.drop_table("audit_entry")
    with op.batch_alter_table("access_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_token_member_id"))

    op.drop_table("access_token")
    op.drop_table("yearly_target")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_parent_id"))

    op.drop_table("unit")
    op.drop_table("sign_in_failure")
    with op.batch_alter_table("point_rule", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_point_rule_event"))

    op.drop_table("point_rule")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_index("uq_member_sign_in_name")

    op.drop_table("member")
    op.drop_table("credit_rule")
    op.drop_table("course")
    op.drop_table("checkpoint")
    op.drop_table("bank")
