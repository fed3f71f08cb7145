"""Tables for what residents said."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make them."""


def downgrade() -> None:
    """Take them away."""
