"""Who signed a draw on paper, as what and when, beside who entered it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, UtcDateTime

revision = "0088"
down_revision = "0085"
branch_labels = None
depends_on = None

# A signer took the place of who had entered it; the log alone told the two apart.
_SIGNED = """
UPDATE paper_draw SET signed_by = made_by, signed_as = 'supervisor', signed_at = made_at
WHERE EXISTS (
    SELECT 1 FROM audit_entry JOIN event ON event.id = paper_draw.event_id
    WHERE audit_entry.competition_id = paper_draw.competition_id
    AND audit_entry.action = 'draw.paper_sign' AND audit_entry.actor_id = paper_draw.made_by
    AND audit_entry.subject = event.code || '/' || paper_draw.stage || '/' || paper_draw.module
)
"""


def upgrade() -> None:
    roles = (
        *("organiser", "chief", "judge", "coder", "recorder", "supervisor"),
        *("clerk", "contact", "arbiter", "head_arbiter"),
    )
    with op.batch_alter_table("paper_draw") as batch:
        batch.add_column(sa.Column("signed_by", BigId, nullable=True))
        batch.add_column(
            sa.Column(
                "signed_as",
                sa.Enum(*roles, name="role", native_enum=False, length=20),
                nullable=True,
            )
        )
        batch.add_column(sa.Column("signed_at", UtcDateTime(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_paper_draw_signed_by_account"),
            "account",
            ["signed_by"],
            ["id"],
            ondelete="RESTRICT",
        )
        batch.create_index(op.f("ix_paper_draw_signed_by"), ["signed_by"])
    op.execute(_SIGNED)


def downgrade() -> None:
    op.execute(
        "UPDATE paper_draw SET made_by = signed_by, made_at = signed_at WHERE signed_by IS NOT NULL"
    )
    with op.batch_alter_table("paper_draw") as batch:
        batch.drop_index(op.f("ix_paper_draw_signed_by"))
        batch.drop_constraint(op.f("fk_paper_draw_signed_by_account"), type_="foreignkey")
        batch.drop_column("signed_at")
        batch.drop_column("signed_as")
        batch.drop_column("signed_by")
