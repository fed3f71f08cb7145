"""On PostgreSQL, an index of words for each sort of reader, so that a word that many assets have is counted from it."""

from alembic import op

revision = "0006"
down_revision = "0005"

# A row that an index has already judged is counted without being taken apart, which is most of the cost.
IN_REGISTER = "deleted_at IS NULL"
PUBLISHED = f"{IN_REGISTER} AND precision <> 'hidden' AND status = 'accepted'"


def upgrade() -> None:
    """Make them in place of the one of all assets."""
    if op.get_bind().dialect.name == "sqlite":
        return
    op.execute("DROP INDEX assets_by_word")
    op.execute(f"CREATE INDEX assets_by_word ON assets USING gin (assets_words) WHERE {IN_REGISTER}")
    op.execute(f"CREATE INDEX assets_by_public_word ON assets USING gin (assets_words) WHERE {PUBLISHED}")


def downgrade() -> None:
    """Make the one of all assets again."""
    if op.get_bind().dialect.name == "sqlite":
        return
    op.execute("DROP INDEX assets_by_public_word")
    op.execute("DROP INDEX assets_by_word")
    op.execute("CREATE INDEX assets_by_word ON assets USING gin (assets_words)")
