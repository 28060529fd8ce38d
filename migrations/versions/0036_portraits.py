"""Photos of people, and the zips in which many arrive."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import EncryptedBytes, EncryptedText, UtcDateTime

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _keys(table: str, references: dict[str, str]) -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{other}.id"],
                name=op.f(f"fk_{table}_{column}_{other}"),
                ondelete="RESTRICT",
            )
            for column, other in references.items()
        ),
    ]


PORTRAIT = {
    "competition_id": "competition",
    "entrant_id": "entrant",
    "member_id": "member",
    "application_id": "application",
    "made_by": "account",
}
HOLDERS = ("entrant_id", "member_id", "application_id")
UPLOAD = {"competition_id": "competition", "made_by": "account"}
FILE = {"upload_id": "portrait_upload"}


def upgrade() -> None:
    op.create_table(
        "portrait",
        sa.Column("id", _id(), nullable=False),
        sa.Column("competition_id", _id(), nullable=False),
        *(sa.Column(holder, _id(), nullable=True) for holder in HOLDERS),
        sa.Column("picture", EncryptedBytes(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("made_by", _id(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        *_keys("portrait", PORTRAIT),
        *(sa.UniqueConstraint(holder, name=op.f(f"uq_portrait_{holder}")) for holder in HOLDERS),
    )
    op.create_table(
        "portrait_upload",
        sa.Column("id", _id(), nullable=False),
        sa.Column("competition_id", _id(), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("made_by", _id(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        *_keys("portrait_upload", UPLOAD),
    )
    op.create_table(
        "portrait_file",
        sa.Column("id", _id(), nullable=False),
        sa.Column("upload_id", _id(), nullable=False),
        sa.Column("name", EncryptedText(), nullable=False),
        sa.Column("picture", EncryptedBytes(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("fault", sa.String(length=20), nullable=True),
        *_keys("portrait_file", FILE),
    )
    for table, references in (
        ("portrait", PORTRAIT),
        ("portrait_upload", UPLOAD),
        ("portrait_file", FILE),
    ):
        for column in references:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table in ("portrait_file", "portrait_upload", "portrait"):
        op.drop_table(table)
