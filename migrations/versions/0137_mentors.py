"""Mentors: agreements between a mentor and a pupil, visits, the rules of an organisation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, Points, UtcDateTime

revision = "0137"
down_revision = "0136"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mentor_rules",
        sa.Column("id", BigId, nullable=False),
        sa.Column("organisation_id", BigId, nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("made_by", BigId, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_mentor_rules_made_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_mentor_rules_organisation_id_organisation"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_rules")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_mentor_rules_organisation_id")),
    )
    op.create_index(op.f("ix_mentor_rules_made_by"), "mentor_rules", ["made_by"])
    op.create_index(op.f("ix_mentor_rules_organisation_id"), "mentor_rules", ["organisation_id"])
    op.create_table(
        "mentorship",
        sa.Column("id", BigId, nullable=False),
        sa.Column("organisation_id", BigId, nullable=False),
        sa.Column("mentor_id", BigId, nullable=False),
        sa.Column("mentor_unit", sa.String(length=200), nullable=False),
        sa.Column("mentor_grade", sa.Integer(), nullable=True),
        sa.Column("pupil_id", BigId, nullable=False),
        sa.Column("pupil_unit", sa.String(length=200), nullable=False),
        sa.Column("occupation", sa.String(length=100), nullable=False),
        sa.Column("target_grade", sa.Integer(), nullable=True),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("aims", sa.String(length=1000), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_why", sa.String(length=500), nullable=False),
        sa.Column("made_by", BigId, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_by", BigId, nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ended_by"],
            ["account.id"],
            name=op.f("fk_mentorship_ended_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_mentorship_made_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"],
            ["person.id"],
            name=op.f("fk_mentorship_mentor_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_mentorship_organisation_id_organisation"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["pupil_id"],
            ["person.id"],
            name=op.f("fk_mentorship_pupil_id_person"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentorship")),
    )
    op.create_index(op.f("ix_mentorship_ended_by"), "mentorship", ["ended_by"])
    op.create_index(op.f("ix_mentorship_made_by"), "mentorship", ["made_by"])
    op.create_index(op.f("ix_mentorship_mentor_id"), "mentorship", ["mentor_id"])
    op.create_index(op.f("ix_mentorship_organisation_id"), "mentorship", ["organisation_id"])
    op.create_index(
        "ix_mentorship_organisation_starts", "mentorship", ["organisation_id", "starts"]
    )
    op.create_index(op.f("ix_mentorship_pupil_id"), "mentorship", ["pupil_id"])
    op.create_table(
        "mentor_note",
        sa.Column("id", BigId, nullable=False),
        sa.Column("mentorship_id", BigId, nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("hours", Points(), nullable=True),
        sa.Column("made_by", BigId, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_mentor_note_made_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["mentorship_id"],
            ["mentorship.id"],
            name=op.f("fk_mentor_note_mentorship_id_mentorship"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_note")),
    )
    op.create_index(op.f("ix_mentor_note_made_by"), "mentor_note", ["made_by"])
    op.create_index(op.f("ix_mentor_note_mentorship_id"), "mentor_note", ["mentorship_id"])


def downgrade() -> None:
    op.drop_table("mentor_note")
    op.drop_table("mentorship")
    op.drop_table("mentor_rules")
