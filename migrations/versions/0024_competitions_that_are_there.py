"""The installation's own chain seals which competitions there are; the upgrade does it."""

from __future__ import annotations

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """`compete db upgrade` seals what has no seal yet after a migration."""


def downgrade() -> None:
    """The seals do no harm to the version before."""
