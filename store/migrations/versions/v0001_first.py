"""The shape of the first databases: the register alone."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the register."""
    op.create_table(
        "assets",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("source_category", sa.Text, nullable=False),
        sa.Column("longitude", sa.Double),
        sa.Column("latitude", sa.Double),
        sa.Column("postcode", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("website", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("geocode_method", sa.String(20), nullable=False),
        sa.Column("geocode_quality", sa.Text, nullable=False),
        sa.Column("place", sa.Text),
        sa.Column("area", sa.Text),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("review_reason", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("source_row", sa.Integer),
        sa.Column("source_key", sa.String(64), unique=True),
        sa.Column("identity", sa.String(64), nullable=False),
        sa.Column("confirmed_on", sa.Date),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("name <> ''", name="assets_have_a_name"),
        sa.CheckConstraint("status IN ('accepted', 'held')", name="assets_status"),
        sa.CheckConstraint("(longitude IS NULL) = (latitude IS NULL)", name="assets_whole_point"),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name="assets_longitude"),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name="assets_latitude"),
    )
    for name in ("category", "place", "status", "identity"):
        op.create_index(f"ix_assets_{name}", "assets", [name])
    op.create_index("assets_by_point", "assets", ["longitude", "latitude"])


def downgrade() -> None:
    """Take the register away."""
    op.drop_table("assets")
