"""Series: nodes, what they reported, places further up, nominations, results from outside."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, UtcDateTime

revision = "0136"
down_revision = "0135"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "series",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("organiser", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("made_by", BigId, nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by"], ["account.id"], name=op.f("fk_series_made_by_account"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
    )
    op.create_index(op.f("ix_series_made_by"), "series", ["made_by"])
    op.create_table(
        "outside_result",
        sa.Column("id", BigId, nullable=False),
        sa.Column("competition_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("contest", sa.String(length=200), nullable=False),
        sa.Column("host", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("event", sa.String(length=200), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("entered", sa.Integer(), nullable=True),
        sa.Column("honours", sa.JSON(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("entered_by", BigId, nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.Column("agreed_by", BigId, nullable=True),
        sa.Column("agreed_at", UtcDateTime(), nullable=True),
        sa.Column("dropped_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreed_by"],
            ["account.id"],
            name=op.f("fk_outside_result_agreed_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_outside_result_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"],
            ["account.id"],
            name=op.f("fk_outside_result_entered_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_outside_result_person_id_person"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_result")),
    )
    op.create_index(op.f("ix_outside_result_agreed_by"), "outside_result", ["agreed_by"])
    op.create_index(op.f("ix_outside_result_competition_id"), "outside_result", ["competition_id"])
    op.create_index(op.f("ix_outside_result_entered_by"), "outside_result", ["entered_by"])
    op.create_index(op.f("ix_outside_result_person_id"), "outside_result", ["person_id"])
    op.create_table(
        "series_node",
        sa.Column("id", BigId, nullable=False),
        sa.Column("series_id", BigId, nullable=False),
        sa.Column("parent_id", BigId, nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("organiser", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", BigId, nullable=True),
        sa.Column("competition_id", BigId, nullable=True),
        sa.Column("made_by", BigId, nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_series_node_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_series_node_made_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_series_node_organisation_id_organisation"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["series_node.id"],
            name=op.f("fk_series_node_parent_id_series_node"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["series.id"],
            name=op.f("fk_series_node_series_id_series"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series_node")),
        sa.UniqueConstraint(
            "series_id", "competition_id", name=op.f("uq_series_node_series_id_competition_id")
        ),
    )
    op.create_index(op.f("ix_series_node_competition_id"), "series_node", ["competition_id"])
    op.create_index(op.f("ix_series_node_made_by"), "series_node", ["made_by"])
    op.create_index(op.f("ix_series_node_organisation_id"), "series_node", ["organisation_id"])
    op.create_index(op.f("ix_series_node_parent_id"), "series_node", ["parent_id"])
    op.create_index(op.f("ix_series_node_series_id"), "series_node", ["series_id"])
    op.create_table(
        "series_berth",
        sa.Column("id", BigId, nullable=False),
        sa.Column("series_id", BigId, nullable=False),
        sa.Column("from_node_id", BigId, nullable=False),
        sa.Column("event", sa.String(length=80), nullable=False),
        sa.Column("to_node_id", BigId, nullable=False),
        sa.Column("to_event", sa.String(length=80), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("per_unit", sa.Integer(), nullable=True),
        sa.Column("substitutes", sa.Integer(), nullable=False),
        sa.Column("ties", sa.String(length=20), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("begun", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("made_by", BigId, nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_node_id"],
            ["series_node.id"],
            name=op.f("fk_series_berth_from_node_id_series_node"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_series_berth_made_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["series.id"],
            name=op.f("fk_series_berth_series_id_series"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["to_node_id"],
            ["series_node.id"],
            name=op.f("fk_series_berth_to_node_id_series_node"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series_berth")),
    )
    op.create_index(op.f("ix_series_berth_from_node_id"), "series_berth", ["from_node_id"])
    op.create_index(op.f("ix_series_berth_made_by"), "series_berth", ["made_by"])
    op.create_index(op.f("ix_series_berth_series_id"), "series_berth", ["series_id"])
    op.create_index(op.f("ix_series_berth_to_node_id"), "series_berth", ["to_node_id"])
    op.create_table(
        "session_report",
        sa.Column("id", BigId, nullable=False),
        sa.Column("node_id", BigId, nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("examined", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("told_by", sa.String(length=80), nullable=False),
        sa.Column("replaces_id", BigId, nullable=True),
        sa.Column("made_by", BigId, nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_session_report_made_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["node_id"],
            ["series_node.id"],
            name=op.f("fk_session_report_node_id_series_node"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"],
            ["session_report.id"],
            name=op.f("fk_session_report_replaces_id_session_report"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_report")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_session_report_replaces_id")),
    )
    op.create_index(op.f("ix_session_report_made_by"), "session_report", ["made_by"])
    op.create_index(op.f("ix_session_report_node_id"), "session_report", ["node_id"])
    op.create_index(op.f("ix_session_report_replaces_id"), "session_report", ["replaces_id"])
    op.create_table(
        "series_settled",
        sa.Column("id", BigId, nullable=False),
        sa.Column("berth_id", BigId, nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("method", sa.String(length=200), nullable=False),
        sa.Column("made_by", BigId, nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["berth_id"],
            ["series_berth.id"],
            name=op.f("fk_series_settled_berth_id_series_berth"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_series_settled_made_by_account"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series_settled")),
    )
    op.create_index(op.f("ix_series_settled_berth_id"), "series_settled", ["berth_id"])
    op.create_index(op.f("ix_series_settled_made_by"), "series_settled", ["made_by"])
    op.create_table(
        "nomination",
        sa.Column("id", BigId, nullable=False),
        sa.Column("berth_id", BigId, nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("application", sa.String(length=32), nullable=True),
        sa.Column("made_by", BigId, nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["berth_id"],
            ["series_berth.id"],
            name=op.f("fk_nomination_berth_id_series_berth"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_nomination_made_by_account"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination")),
    )
    op.create_index(op.f("ix_nomination_application"), "nomination", ["application"])
    op.create_index(op.f("ix_nomination_berth_id"), "nomination", ["berth_id"])
    op.create_index("ix_nomination_berth_person", "nomination", ["berth_id", "person"])
    op.create_index(op.f("ix_nomination_made_by"), "nomination", ["made_by"])


def downgrade() -> None:
    op.drop_table("nomination")
    op.drop_table("series_settled")
    op.drop_table("session_report")
    op.drop_table("series_berth")
    op.drop_table("series_node")
    op.drop_table("outside_result")
    op.drop_table("series")
