"""Tables for what residents said."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "insights",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("area", sa.String(80)),
        sa.Column("asset", sa.String(36)),
        sa.Column("theme", sa.String(40), nullable=False),
        sa.Column("gathered", sa.String(40), nullable=False),
        sa.Column("heard_on", sa.Date(), nullable=False),
        sa.Column("heard_by", sa.String(40), nullable=False),
        sa.Column("consent", sa.String(20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("consent IN ('shown', 'summarised', 'private')", name="insights_consent"),
    )
    op.create_index("insights_by_place", "insights", ["place", "area"])
    op.create_index("ix_insights_asset", "insights", ["asset"])


def downgrade() -> None:
    """Take them away."""
    op.drop_table("insights")
