"""What a search among a hundred thousand assets needs: an index of words, and one that holds a list's columns."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_ASKED = (
    "name_key", "id", "deleted_at", "status", "precision", "category", "kind", "confirmed_on",
    "shown_longitude", "shown_latitude",
)  # fmt: skip
# They hold all that a list asks, so that it need not read the rows themselves, and stand in its order.
LISTED = (*_ASKED, "place", "n")
IN_PLACE = ("place", *_ASKED, "n")
DRAWN = ("shown_longitude", "shown_latitude", *_ASKED[:-2], "name", "area", "place", "n")
FOUND = ("n", *_ASKED, "place")
# Most assets share their status, their place, often their category: an index of those sends a reader all over the table
REPLACED = ("status", "place", "category")
_WORDS = (
    "CREATE VIRTUAL TABLE assets_words USING fts5(search, content='assets', content_rowid='n', prefix='2 3')",
    # FTS5 names a row by a number, and SQLite's own may change when a database is packed
    "CREATE TRIGGER assets_words_in AFTER INSERT ON assets BEGIN "
    "UPDATE assets SET n = (SELECT coalesce(max(n), 0) + 1 FROM assets) WHERE id = new.id; "
    "INSERT INTO assets_words (rowid, search) SELECT n, search FROM assets WHERE id = new.id; END",
    "CREATE TRIGGER assets_words_changed AFTER UPDATE OF search ON assets BEGIN "
    "INSERT INTO assets_words (assets_words, rowid, search) VALUES ('delete', old.n, old.search); "
    "INSERT INTO assets_words (rowid, search) VALUES (new.n, new.search); END",
    "CREATE TRIGGER assets_words_out AFTER DELETE ON assets BEGIN "
    "INSERT INTO assets_words (assets_words, rowid, search) VALUES ('delete', old.n, old.search); END",
)


def upgrade() -> None:
    """Make them, and take in the words that are there."""
    with op.batch_alter_table("assets", recreate="never") as assets:
        assets.add_column(sa.Column("n", sa.Integer))
    for name in REPLACED:
        op.drop_index(f"ix_assets_{name}", "assets")
    op.create_index("assets_listed", "assets", list(LISTED))
    op.create_index("assets_in_place", "assets", list(IN_PLACE))
    op.drop_index("assets_by_shown_point", "assets")
    op.create_index("assets_drawn", "assets", list(DRAWN))
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            "ALTER TABLE assets ADD COLUMN assets_words tsvector "
            "GENERATED ALWAYS AS (to_tsvector('simple', search)) STORED"
        )
        op.execute("CREATE INDEX assets_by_word ON assets USING gin (assets_words)")
        return
    op.execute("UPDATE assets SET n = rowid")
    op.create_index("assets_found", "assets", list(FOUND))
    for statement in _WORDS:
        op.execute(statement)
    op.execute("INSERT INTO assets_words (assets_words) VALUES ('rebuild')")


def downgrade() -> None:
    """Take them away."""
    if op.get_bind().dialect.name == "sqlite":
        for trigger in ("in", "changed", "out"):
            op.execute(f"DROP TRIGGER assets_words_{trigger}")
        op.execute("DROP TABLE assets_words")
        op.drop_index("assets_found", "assets")
    else:
        op.execute("ALTER TABLE assets DROP COLUMN assets_words")
    op.drop_index("assets_listed", "assets")
    op.drop_index("assets_in_place", "assets")
    op.drop_index("assets_drawn", "assets")
    op.create_index("assets_by_shown_point", "assets", ["shown_longitude", "shown_latitude"])
    for name in REPLACED:
        op.create_index(f"ix_assets_{name}", "assets", [name])
    with op.batch_alter_table("assets", recreate="never") as assets:
        assets.drop_column("n")
