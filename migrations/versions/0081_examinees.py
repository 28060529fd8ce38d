"""Grades of people who take no part: who they are, and for which occupation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, EncryptedBytes, EncryptedText, UtcDateTime

revision = "0081"
down_revision = "0079"
branch_labels = None
depends_on = None

_REFERENCES = {"competition_id": "competition", "person_id": "person"}


def upgrade() -> None:
    op.create_table(
        "examinee",
        sa.Column("id", BigId, nullable=False),
        sa.Column("competition_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=True),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("id_type", sa.String(length=20), nullable=False),
        sa.Column("id_number", EncryptedText(), nullable=True),
        sa.Column("id_hash", sa.String(length=64), nullable=True),
        sa.Column("unit_name", sa.String(length=200), nullable=False),
        sa.Column("gender", sa.String(length=10), nullable=True),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("certificate", EncryptedText(), nullable=True),
        sa.Column("photo", EncryptedBytes(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [name],
                [f"{other}.id"],
                name=op.f(f"fk_examinee_{name}_{other}"),
                ondelete="RESTRICT",
            )
            for name, other in _REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_examinee")),
        sa.UniqueConstraint("competition_id", "code", name=op.f("uq_examinee_competition_id_code")),
        sa.UniqueConstraint(
            "competition_id", "id_hash", name=op.f("uq_examinee_competition_id_id_hash")
        ),
    )
    for name in _REFERENCES:
        op.create_index(op.f(f"ix_examinee_{name}"), "examinee", [name])
    with op.batch_alter_table("erasure") as batch:
        batch.add_column(sa.Column("examinee_id", BigId, nullable=True))
        batch.create_foreign_key(
            op.f("fk_erasure_examinee_id_examinee"),
            "examinee",
            ["examinee_id"],
            ["id"],
            ondelete="RESTRICT",
        )
        batch.create_index(op.f("ix_erasure_examinee_id"), ["examinee_id"])
    with op.batch_alter_table("grade_claim") as batch:
        batch.add_column(sa.Column("examinee_id", BigId, nullable=True))
        batch.add_column(sa.Column("occupation", sa.JSON(), nullable=True))
        batch.alter_column("event_id", existing_type=BigId, nullable=True)
        batch.alter_column("entrant_id", existing_type=BigId, nullable=True)
        batch.create_foreign_key(
            op.f("fk_grade_claim_examinee_id_examinee"),
            "examinee",
            ["examinee_id"],
            ["id"],
            ondelete="RESTRICT",
        )
        batch.create_index(op.f("ix_grade_claim_examinee_id"), ["examinee_id"])
        batch.create_check_constraint(
            op.f("ck_grade_claim_one_holder"),
            "(entrant_id IS NULL) <> (examinee_id IS NULL)"
            " AND (event_id IS NULL) = (entrant_id IS NULL)",
        )


def downgrade() -> None:
    theirs = "SELECT id FROM grade_claim WHERE examinee_id IS NOT NULL"
    op.execute(f"UPDATE certificate SET claim_id = NULL WHERE claim_id IN ({theirs})")
    op.execute("DELETE FROM grade_claim WHERE examinee_id IS NOT NULL")
    op.execute("DELETE FROM erasure WHERE examinee_id IS NOT NULL")
    with op.batch_alter_table("erasure") as batch:
        batch.drop_index(op.f("ix_erasure_examinee_id"))
        batch.drop_constraint(op.f("fk_erasure_examinee_id_examinee"), type_="foreignkey")
        batch.drop_column("examinee_id")
    with op.batch_alter_table("grade_claim") as batch:
        batch.drop_constraint(op.f("ck_grade_claim_one_holder"), type_="check")
        batch.drop_index(op.f("ix_grade_claim_examinee_id"))
        batch.drop_constraint(op.f("fk_grade_claim_examinee_id_examinee"), type_="foreignkey")
        batch.alter_column("entrant_id", existing_type=BigId, nullable=False)
        batch.alter_column("event_id", existing_type=BigId, nullable=False)
        batch.drop_column("occupation")
        batch.drop_column("examinee_id")
    op.drop_table("examinee")
