"""What follows from a new version, certificates that replace others, the published names.

A valid certificate gets what it is for from its face; where two are for the
same, the later keeps none, so that the database that holds them can be taken
over at all.
"""

from __future__ import annotations

import json
from collections import Counter

import sqlalchemy as sa
from alembic import op

from compete.models.types import EncryptedBytes, UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consequence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "publication_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column(
            "certificate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "entrant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("was", sa.JSON(), nullable=False),
        sa.Column("now", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "withdrawn",
                "replaced",
                "keeping",
                "kept",
                "overtaken",
                name="consequencestate",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column(
            "settled_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("agreed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("agreed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreed_by"],
            ["account.id"],
            name=op.f("fk_consequence_agreed_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name=op.f("fk_consequence_certificate_id_certificate"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_consequence_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entrant_id"],
            ["entrant.id"],
            name=op.f("fk_consequence_entrant_id_entrant"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_consequence_publication_id_publication"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"],
            ["account.id"],
            name=op.f("fk_consequence_settled_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_consequence_team_id_team"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consequence")),
        sa.UniqueConstraint(
            "publication_id",
            "certificate_id",
            name=op.f("uq_consequence_publication_id_certificate_id"),
        ),
    )
    with op.batch_alter_table("consequence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consequence_agreed_by"), ["agreed_by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_consequence_certificate_id"), ["certificate_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_consequence_competition_id"), ["competition_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_consequence_entrant_id"), ["entrant_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_consequence_publication_id"), ["publication_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_consequence_settled_by"), ["settled_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_consequence_team_id"), ["team_id"], unique=False)

    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("prize", sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column("place", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "replaces_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.add_column(sa.Column("replaced_why", sa.String(length=500), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_certificate_replaces_id"), ["replaces_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_certificate_replaces_id_certificate"),
            "certificate",
            ["replaces_id"],
            ["id"],
            ondelete="RESTRICT",
        )
    name_prizes()
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(
            "uq_certificate_valid_entrant",
            ["competition_id", "prize", "entrant_id"],
            unique=True,
            sqlite_where=sa.text("state = 'valid'"),
            postgresql_where=sa.text("state = 'valid'"),
        )
        batch_op.create_index(
            "uq_certificate_valid_place",
            ["competition_id", "prize", "place"],
            unique=True,
            sqlite_where=sa.text("state = 'valid'"),
            postgresql_where=sa.text("state = 'valid'"),
        )
        batch_op.create_index(
            "uq_certificate_valid_team",
            ["competition_id", "prize", "team_id"],
            unique=True,
            sqlite_where=sa.text("state = 'valid'"),
            postgresql_where=sa.text("state = 'valid'"),
        )
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.add_column(sa.Column("names", EncryptedBytes(), nullable=True))


def name_prizes() -> None:
    """What each certificate is for, and the how-manieth of it, in the order of issue."""
    bind = op.get_bind()
    rows = bind.execute(
        sa.text(
            "SELECT id, competition_id, kind, entrant_id, team_id, face, state"
            " FROM certificate ORDER BY id"
        )
    ).all()
    places: Counter[tuple[int, str]] = Counter()
    held = set()
    for row in rows:
        face = json.loads(row.face) if isinstance(row.face, str) else row.face
        if row.kind == "grade":
            prize = f"grade/{row.entrant_id}"
        else:
            prize = "/".join((face.get("event", ""), face.get("item") or "", face["award"]))
        prize = prize[:500]
        holder = (row.competition_id, prize, row.entrant_id, row.team_id)
        if row.state == "valid" and holder in held:
            continue
        if row.state == "valid":
            held.add(holder)
        places[row.competition_id, prize] += 1
        bind.execute(
            sa.text("UPDATE certificate SET prize = :prize, place = :place WHERE id = :id"),
            {"prize": prize, "place": places[row.competition_id, prize], "id": row.id},
        )


def downgrade() -> None:
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.drop_column("names")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_certificate_replaces_id_certificate"), type_="foreignkey"
        )
        batch_op.drop_index(
            "uq_certificate_valid_team",
            sqlite_where=sa.text("state = 'valid'"),
            postgresql_where=sa.text("state = 'valid'"),
        )
        batch_op.drop_index(
            "uq_certificate_valid_place",
            sqlite_where=sa.text("state = 'valid'"),
            postgresql_where=sa.text("state = 'valid'"),
        )
        batch_op.drop_index(
            "uq_certificate_valid_entrant",
            sqlite_where=sa.text("state = 'valid'"),
            postgresql_where=sa.text("state = 'valid'"),
        )
        batch_op.drop_constraint(batch_op.f("uq_certificate_replaces_id"), type_="unique")
        batch_op.drop_column("replaced_why")
        batch_op.drop_column("replaces_id")
        batch_op.drop_column("place")
        batch_op.drop_column("prize")

    with op.batch_alter_table("consequence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consequence_team_id"))
        batch_op.drop_index(batch_op.f("ix_consequence_settled_by"))
        batch_op.drop_index(batch_op.f("ix_consequence_publication_id"))
        batch_op.drop_index(batch_op.f("ix_consequence_entrant_id"))
        batch_op.drop_index(batch_op.f("ix_consequence_competition_id"))
        batch_op.drop_index(batch_op.f("ix_consequence_certificate_id"))
        batch_op.drop_index(batch_op.f("ix_consequence_agreed_by"))

    op.drop_table("consequence")
