"""Entrants, assignments, memberships, certificates and grades."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import EncryptedText, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stage", sa.String(length=80), nullable=False),
        sa.Column("module", sa.String(length=80), nullable=False),
        sa.Column("judge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("station", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_assignment_event_id_event"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["judge_id"],
            ["judge.id"],
            name=op.f("fk_assignment_judge_id_judge"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint(
            "event_id",
            "stage",
            "module",
            "judge_id",
            "station",
            name=op.f("uq_assignment_event_id_stage_module_judge_id_station"),
        ),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_judge_id"), ["judge_id"], unique=False)
    op.create_table(
        "entrant",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=400), nullable=False),
        sa.Column("id_type", sa.String(length=20), nullable=False),
        sa.Column("id_number", EncryptedText(), nullable=True),
        sa.Column("id_hash", sa.String(length=64), nullable=True),
        sa.Column("group_name", sa.String(length=20), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("promoted", sa.Integer(), nullable=True),
        sa.Column("phone", EncryptedText(), nullable=True),
        sa.Column("gender", sa.String(length=10), nullable=True),
        sa.Column("birth", sa.Date(), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.Column("badge_hash", sa.String(length=64), nullable=False),
        sa.Column("badge_token", EncryptedText(), nullable=False),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_entrant_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_entrant_event_id_event"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_entrant_team_id_team"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_entrant_unit_id_unit"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entrant")),
        sa.UniqueConstraint("badge_hash", name=op.f("uq_entrant_badge_hash")),
        sa.UniqueConstraint("competition_id", "code", name=op.f("uq_entrant_competition_id_code")),
        sa.UniqueConstraint("event_id", "id_hash", name=op.f("uq_entrant_event_id_id_hash")),
    )
    with op.batch_alter_table("entrant", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_entrant_competition_id"), ["competition_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_entrant_event_id"), ["event_id"], unique=False)
        batch_op.create_index("ix_entrant_id_hash", ["id_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_entrant_team_id"), ["team_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_entrant_unit_id"), ["unit_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "role",
            sa.Enum(
                "organiser",
                "chief",
                "judge",
                "coder",
                "recorder",
                "supervisor",
                name="role",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("judge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_membership_account_id_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_membership_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["judge_id"],
            ["judge.id"],
            name=op.f("fk_membership_judge_id_judge"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "account_id",
            "competition_id",
            "role",
            name=op.f("uq_membership_account_id_competition_id_role"),
        ),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_membership_competition_id"), ["competition_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_membership_judge_id"), ["judge_id"], unique=False)
    op.create_table(
        "blind_code",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "entrant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("layer", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("drawn_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entrant_id"],
            ["entrant.id"],
            name=op.f("fk_blind_code_entrant_id_entrant"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_blind_code_event_id_event"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blind_code")),
        sa.UniqueConstraint("entrant_id", "layer", name=op.f("uq_blind_code_entrant_id_layer")),
        sa.UniqueConstraint(
            "event_id", "layer", "code", name=op.f("uq_blind_code_event_id_layer_code")
        ),
    )
    with op.batch_alter_table("blind_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_blind_code_entrant_id"), ["entrant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_blind_code_event_id"), ["event_id"], unique=False)
    op.create_table(
        "certificate",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("token", EncryptedText(), nullable=False),
        sa.Column(
            "competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "entrant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("body_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("face", sa.JSON(), nullable=False),
        sa.Column("id_number", EncryptedText(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("valid", "revoked", name="certificatestate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("revoke_reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["body_id"],
            ["issuing_body.id"],
            name=op.f("fk_certificate_body_id_issuing_body"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_certificate_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entrant_id"],
            ["entrant.id"],
            name=op.f("fk_certificate_entrant_id_entrant"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_certificate_team_id_team"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_certificate_token_hash")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_body_id"), ["body_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_certificate_competition_id"), ["competition_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_certificate_entrant_id"), ["entrant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_team_id"), ["team_id"], unique=False)
    op.create_table(
        "grade_decision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "entrant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=True),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "held",
                "refused",
                "approved",
                "issued",
                "revoked",
                name="gradestate",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decision_reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["account.id"],
            name=op.f("fk_grade_decision_decided_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entrant_id"],
            ["entrant.id"],
            name=op.f("fk_grade_decision_entrant_id_entrant"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_grade_decision_event_id_event"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_decision")),
        sa.UniqueConstraint("entrant_id", name=op.f("uq_grade_decision_entrant_id")),
    )
    with op.batch_alter_table("grade_decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_grade_decision_decided_by"), ["decided_by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_grade_decision_entrant_id"), ["entrant_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_grade_decision_event_id"), ["event_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("grade_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_grade_decision_event_id"))
        batch_op.drop_index(batch_op.f("ix_grade_decision_entrant_id"))
        batch_op.drop_index(batch_op.f("ix_grade_decision_decided_by"))

    op.drop_table("grade_decision")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_team_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_entrant_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_competition_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_body_id"))

    op.drop_table("certificate")
    with op.batch_alter_table("blind_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_blind_code_event_id"))
        batch_op.drop_index(batch_op.f("ix_blind_code_entrant_id"))

    op.drop_table("blind_code")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_judge_id"))
        batch_op.drop_index(batch_op.f("ix_membership_competition_id"))
        batch_op.drop_index(batch_op.f("ix_membership_account_id"))

    op.drop_table("membership")
    with op.batch_alter_table("entrant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entrant_unit_id"))
        batch_op.drop_index(batch_op.f("ix_entrant_team_id"))
        batch_op.drop_index("ix_entrant_id_hash")
        batch_op.drop_index(batch_op.f("ix_entrant_event_id"))
        batch_op.drop_index(batch_op.f("ix_entrant_competition_id"))

    op.drop_table("entrant")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_judge_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_event_id"))

    op.drop_table("assignment")
