"""What takes two in a bank in one table, in the place of three; pictures of questions.

The three came with the tables of the banks themselves, which no release has had.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, EncryptedBytes, UtcDateTime

revision = "0132"
down_revision = "0131"
branch_labels = None
depends_on = None

_STANDS = sa.text("ended_at IS NULL")
_OF_PICTURES = {"bank_id": "question_bank", "made_by": "account"}
_NEEDED = {
    "bank_request": {"bank_id", "asked_by"},
    "bank_export": {"bank_id", "asked_by"},
    "paper_seal": {"paper_id", "asked_by"},
    "question_release": {"question_id", "asked_by"},
}
_ONE_STANDS = sa.text("ended_at IS NULL AND kind <> 'file'")


def upgrade() -> None:
    for table in "question_release", "paper_seal", "bank_export":
        op.drop_table(table)
    _table(
        "bank_request",
        _Refs(bank_id="question_bank", paper_id="exam_paper", question_id="question"),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("form", sa.String(length=10), nullable=True),
        sa.Column("opens_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        agreed_at=True,
    )
    _one("uq_bank_request_paper", "bank_request", ["paper_id", "kind"], _ONE_STANDS)
    _one("uq_bank_request_question", "bank_request", ["question_id", "kind"], _STANDS)
    op.create_table(
        "question_picture",
        sa.Column("id", BigId, nullable=False),
        sa.Column("bank_id", BigId, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file", sa.String(length=64), nullable=False),
        sa.Column("file_key", EncryptedBytes(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_by", BigId, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_question_picture_{column}_{table}"),
                ondelete="RESTRICT",
            )
            for column, table in _OF_PICTURES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_picture")),
        sa.UniqueConstraint("bank_id", "name", name=op.f("uq_question_picture_bank_id_name")),
    )
    for column in _OF_PICTURES:
        op.create_index(op.f(f"ix_question_picture_{column}"), "question_picture", [column])


def downgrade() -> None:
    op.drop_table("question_picture")
    op.drop_table("bank_request")
    _table(
        "bank_export",
        _Refs(bank_id="question_bank", paper_id="exam_paper"),
        sa.Column("form", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        agreed_at=True,
    )
    _table(
        "paper_seal",
        _Refs(paper_id="exam_paper", open_asked_by="account", opened_by="account"),
        sa.Column("opens_at", UtcDateTime(), nullable=False),
        sa.Column("open_asked_at", UtcDateTime(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=True),
        agreed_at=True,
    )
    _one("uq_paper_seal", "paper_seal", ["paper_id"], _STANDS)
    _table(
        "question_release",
        _Refs(question_id="question"),
        sa.Column("reason", sa.String(length=500), nullable=False),
        agreed_at=False,
    )
    _one("uq_question_release", "question_release", ["question_id"], _STANDS)


_Refs = dict[str, str]
"""By column the table to which it points."""


def _table(name: str, refs: _Refs, *columns: sa.Column[Any], agreed_at: bool) -> None:
    refs = refs | {"asked_by": "account", "agreed_by": "account"}
    needed = _NEEDED[name]
    op.create_table(
        name,
        sa.Column("id", BigId, nullable=False),
        *(sa.Column(it, BigId, nullable=it not in needed) for it in refs),
        *columns,
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        *([sa.Column("agreed_at", UtcDateTime(), nullable=True)] if agreed_at else ()),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_{name}_{column}_{table}"),
                ondelete="RESTRICT",
            )
            for column, table in refs.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    for column in refs:
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column])


def _one(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)
