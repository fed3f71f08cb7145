"""Tables for what importers keep."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make them."""


def downgrade() -> None:
    """Take them away."""
