"""Marks and day of an assessment for a grade; what of a job is about people, sealed

Revision ID: 0090
Revises: 0089
"""

import sqlalchemy as sa
from alembic import op

from compete.models.types import EncryptedText, Points

revision = "0090"
down_revision = "0089"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("grade_claim") as batch:
        for part in ("theory", "practice", "review"):
            batch.add_column(sa.Column(part, Points(), nullable=True))
        batch.add_column(sa.Column("assessed_on", sa.Date(), nullable=True))
    with op.batch_alter_table("job") as batch:
        batch.add_column(sa.Column("private", EncryptedText(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("job") as batch:
        batch.drop_column("private")
    with op.batch_alter_table("grade_claim") as batch:
        for part in ("assessed_on", "review", "practice", "theory"):
            batch.drop_column(part)
