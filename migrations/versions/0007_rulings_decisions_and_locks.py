"""Rulings, decisions by two, judges who withdraw, locks, paper readings, contact with tablets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import EncryptedBytes, Points, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lock_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stage", sa.String(length=80), nullable=False),
        sa.Column("module", sa.String(length=80), nullable=False),
        sa.Column("session", sa.String(length=80), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "locked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("locked_at", UtcDateTime(), nullable=False),
        sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("asked_why", sa.String(length=500), nullable=True),
        sa.Column(
            "unlocked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("unlocked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["account.id"],
            name=op.f("fk_lock_entry_asked_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_lock_entry_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_lock_entry_event_id_event"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["locked_by"],
            ["account.id"],
            name=op.f("fk_lock_entry_locked_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["unlocked_by"],
            ["account.id"],
            name=op.f("fk_lock_entry_unlocked_by_account"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lock_entry")),
    )
    with op.batch_alter_table("lock_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lock_entry_asked_by"), ["asked_by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_lock_entry_competition_id"), ["competition_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_lock_entry_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lock_entry_locked_by"), ["locked_by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_lock_entry_unlocked_by"), ["unlocked_by"], unique=False
        )

    op.create_table(
        "contact",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("judge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("heard_at", UtcDateTime(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["judge_id"], ["judge.id"], name=op.f("fk_contact_judge_id_judge"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_judge_id"), ["judge_id"], unique=False)

    op.create_table(
        "recusal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("judge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "entrant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sheets", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_recusal_account_id_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_recusal_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entrant_id"],
            ["entrant.id"],
            name=op.f("fk_recusal_entrant_id_entrant"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["judge_id"], ["judge.id"], name=op.f("fk_recusal_judge_id_judge"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_recusal_unit_id_unit"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal")),
    )
    with op.batch_alter_table("recusal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recusal_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_recusal_competition_id"), ["competition_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_recusal_entrant_id"), ["entrant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recusal_judge_id"), ["judge_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recusal_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "ruling",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "entrant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("stage", sa.String(length=80), nullable=False),
        sa.Column("module", sa.String(length=80), nullable=False),
        sa.Column("aspect", sa.String(length=80), nullable=False),
        sa.Column("value", Points(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("judge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("ruled_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_ruling_account_id_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_ruling_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entrant_id"],
            ["entrant.id"],
            name=op.f("fk_ruling_entrant_id_entrant"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["judge_id"], ["judge.id"], name=op.f("fk_ruling_judge_id_judge"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruling")),
    )
    with op.batch_alter_table("ruling", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ruling_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_ruling_competition_id"), ["competition_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_ruling_entrant_id"), ["entrant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ruling_judge_id"), ["judge_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "entrant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("stage", sa.String(length=80), nullable=False),
        sa.Column("module", sa.String(length=80), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("points", Points(), nullable=True),
        sa.Column("seconds", Points(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("photo", EncryptedBytes(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "confirmed",
                "withdrawn",
                name="decisionstate",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column(
            "confirmed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_why", sa.String(length=500), nullable=True),
        sa.Column(
            "outcome_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "penalty_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_decision_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"],
            ["account.id"],
            name=op.f("fk_decision_confirmed_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"],
            ["account.id"],
            name=op.f("fk_decision_ended_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entrant_id"],
            ["entrant.id"],
            name=op.f("fk_decision_entrant_id_entrant"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"],
            ["outcome_entry.id"],
            name=op.f("fk_decision_outcome_id_outcome_entry"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["penalty_id"],
            ["penalty_entry.id"],
            name=op.f("fk_decision_penalty_id_penalty_entry"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"],
            ["account.id"],
            name=op.f("fk_decision_proposed_by_account"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_decision_competition_id"), ["competition_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_decision_confirmed_by"), ["confirmed_by"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_decision_ended_by"), ["ended_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_entrant_id"), ["entrant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_outcome_id"), ["outcome_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_penalty_id"), ["penalty_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_proposed_by"), ["proposed_by"], unique=False)

    op.create_table(
        "paper_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sheet_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_paper_entry_account_id_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"],
            ["sheet.id"],
            name=op.f("fk_paper_entry_sheet_id_sheet"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_entry")),
    )
    with op.batch_alter_table("paper_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_entry_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_entry_sheet_id"), ["sheet_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("paper_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_entry_sheet_id"))
        batch_op.drop_index(batch_op.f("ix_paper_entry_account_id"))

    op.drop_table("paper_entry")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_proposed_by"))
        batch_op.drop_index(batch_op.f("ix_decision_penalty_id"))
        batch_op.drop_index(batch_op.f("ix_decision_outcome_id"))
        batch_op.drop_index(batch_op.f("ix_decision_entrant_id"))
        batch_op.drop_index(batch_op.f("ix_decision_ended_by"))
        batch_op.drop_index(batch_op.f("ix_decision_confirmed_by"))
        batch_op.drop_index(batch_op.f("ix_decision_competition_id"))

    op.drop_table("decision")
    with op.batch_alter_table("ruling", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ruling_judge_id"))
        batch_op.drop_index(batch_op.f("ix_ruling_entrant_id"))
        batch_op.drop_index(batch_op.f("ix_ruling_competition_id"))
        batch_op.drop_index(batch_op.f("ix_ruling_account_id"))

    op.drop_table("ruling")
    with op.batch_alter_table("recusal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recusal_unit_id"))
        batch_op.drop_index(batch_op.f("ix_recusal_judge_id"))
        batch_op.drop_index(batch_op.f("ix_recusal_entrant_id"))
        batch_op.drop_index(batch_op.f("ix_recusal_competition_id"))
        batch_op.drop_index(batch_op.f("ix_recusal_account_id"))

    op.drop_table("recusal")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_judge_id"))

    op.drop_table("contact")
    with op.batch_alter_table("lock_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lock_entry_unlocked_by"))
        batch_op.drop_index(batch_op.f("ix_lock_entry_locked_by"))
        batch_op.drop_index(batch_op.f("ix_lock_entry_event_id"))
        batch_op.drop_index(batch_op.f("ix_lock_entry_competition_id"))
        batch_op.drop_index(batch_op.f("ix_lock_entry_asked_by"))

    op.drop_table("lock_entry")
