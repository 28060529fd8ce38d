"""What was said of a file on the page, and by what its kind is known again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import EncryptedText

revision = "0100"
down_revision = "0099"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answers", EncryptedText(), nullable=True))
        batch_op.add_column(sa.Column("heads", sa.String(length=16), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_column("heads")
        batch_op.drop_column("answers")
