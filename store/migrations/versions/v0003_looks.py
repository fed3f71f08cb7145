"""Tables for where somebody looked and who looks after what, and the index that finds what is due."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

DUE = ("status", "confirmed_on", "created_at", "id", "category", "kind", "place", "deleted_at", "merged_into")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "looks",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("area", sa.String(40), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("looked_on", sa.Date(), nullable=False),
        sa.Column("found", sa.String(10), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("found IN ('none', 'all')", name="looks_found"),
    )
    op.create_index("looks_by_area", "looks", ["place", "area", "category", "looked_on"])
    op.create_table(
        "stewardships",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("person", sa.String(36), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.UniqueConstraint("person", "place", "category", name="stewardships_once"),
    )
    op.create_index("ix_stewardships_person", "stewardships", ["person"])
    op.create_index("assets_by_confirmation", "assets", list(DUE))


def downgrade() -> None:
    """Take them away."""
    op.drop_index("assets_by_confirmation", "assets")
    op.drop_table("stewardships")
    op.drop_table("looks")
