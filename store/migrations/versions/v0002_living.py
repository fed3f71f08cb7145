"""The living register: more of each asset, its versions and sources, people, the queue, links, messages."""

import json
import re
import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op

from words.categories import CATEGORIES

revision = "0002"
down_revision = "0001"

_MOMENT = sa.DateTime(timezone=True)
_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TEXTS = (
    "for_whom", "opening_hours", "accessibility", "cost", "organisation", "phone", "email", "private_name",
    "private_email", "private_phone", "licence", "confirmed_by", "confirmed_how", "deleted_reason", "search",
)  # fmt: skip
_BATCH = 2_000


def upgrade() -> None:
    """Widen the register, and give each of its assets a first version and what its source said."""
    with op.batch_alter_table("assets", recreate="never") as assets:
        for name in _TEXTS:
            assets.add_column(sa.Column(name, sa.Text, nullable=False, server_default=""))
        assets.add_column(sa.Column("name_key", _SORTED, nullable=False, server_default=""))
        assets.add_column(sa.Column("kind", sa.String(20), nullable=False, server_default="place"))
        assets.add_column(sa.Column("precision", sa.String(20), nullable=False, server_default="exact"))
        assets.add_column(sa.Column("identifiers", sa.JSON, nullable=False, server_default="{}"))
        assets.add_column(sa.Column("version", sa.Integer, nullable=False, server_default="1"))
        assets.add_column(sa.Column("consent_on", sa.Date))
        assets.add_column(sa.Column("shown_longitude", sa.Double))
        assets.add_column(sa.Column("shown_latitude", sa.Double))
        assets.add_column(sa.Column("deleted_at", _MOMENT))
        assets.add_column(sa.Column("merged_into", sa.String(36)))
    _make_histories()
    _make_people()
    _make_queue()
    _fill()
    op.create_index("assets_by_shown_point", "assets", ["shown_longitude", "shown_latitude"])
    op.create_index("assets_by_name", "assets", ["name_key", "id"])
    op.create_index("ix_assets_merged_into", "assets", ["merged_into"])


def downgrade() -> None:
    """Go back to the register alone; what it cannot say is held for review, and nothing hidden comes to light."""
    op.execute(
        "UPDATE assets SET status = 'held', review_reason = 'removed: ' || deleted_reason "
        "WHERE deleted_at IS NOT NULL"
    )
    op.execute(
        "UPDATE assets SET status = 'held', review_reason = 'hidden', address = '' WHERE precision = 'hidden'"
    )
    op.execute(
        "UPDATE assets SET longitude = shown_longitude, latitude = shown_latitude, address = '' "
        "WHERE precision <> 'exact'"
    )
    op.execute("UPDATE assets SET postcode = '', area = NULL WHERE precision IN ('lsoa', 'hidden')")
    for table in ("messages", "limit_salts", "limits", "tokens", "submissions", "people", "versions"):
        op.drop_table(table)
    op.drop_table("asset_sources")
    for index in ("assets_by_shown_point", "assets_by_name", "ix_assets_merged_into"):
        op.drop_index(index, "assets")
    others = (
        "name_key", "kind", "precision", "identifiers", "version", "consent_on", "shown_longitude",
        "shown_latitude", "deleted_at", "merged_into",
    )  # fmt: skip
    with op.batch_alter_table("assets", recreate="never") as assets:
        for name in (*_TEXTS, *others):
            assets.drop_column(name)


def _make_histories() -> None:
    op.create_table(
        "asset_sources",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("asset_id", sa.String(36), sa.ForeignKey("assets.id", ondelete="CASCADE"), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("source_key", sa.Text, nullable=False),
        sa.Column("source_row", sa.Integer),
        sa.Column("licence", sa.Text, nullable=False),
        sa.Column("values", sa.JSON, nullable=False),
        sa.Column("imported_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("source", "source_key", name="asset_sources_once"),
    )
    op.create_index("ix_asset_sources_asset_id", "asset_sources", ["asset_id"])
    op.create_table(
        "versions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("entity", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("actor_name", sa.Text, nullable=False),
        sa.Column("via", sa.String(20), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("changes", sa.JSON, nullable=False),
        sa.Column("values", sa.JSON, nullable=False),
        sa.UniqueConstraint("kind", "entity", "number", name="versions_in_order"),
    )


def _make_people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("last_seen_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("issuer", "subject", name="people_once"),
        sa.CheckConstraint(
            "role IN ('viewer', 'contributor', 'steward', 'analyst', 'admin')", name="people_role"
        ),
    )
    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("subject_kind", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.String(64), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT),
    )
    op.create_index("tokens_by_subject", "tokens", ["subject_kind", "subject_id"])
    op.create_table(
        "limits",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("bucket", sa.String(40), nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )
    op.create_index("ix_limits_at", "limits", ["at"])
    op.create_index("limits_by_who", "limits", ["bucket", "who", "at"])
    op.create_table(
        "limit_salts",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("salt", sa.String(64), nullable=False),
    )


def _make_queue() -> None:
    op.create_table(
        "submissions",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject_kind", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.String(64)),
        sa.Column("base_version", sa.Integer),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("submitter", sa.Text, nullable=False),
        sa.Column("submitter_name", sa.Text, nullable=False),
        sa.Column("contact_email", sa.Text, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("submitted_at", _MOMENT, nullable=False),
        sa.Column("decided_at", _MOMENT),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("decision_reason", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint(
            "status IN ('waiting', 'approved', 'amended', 'refused', 'withdrawn')", name="submissions_status"
        ),
    )
    op.create_index("submissions_waiting", "submissions", ["status", "submitted_at"])
    op.create_index("submissions_by_subject", "submissions", ["subject_kind", "subject_id"])
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("subject_kind", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.String(64), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("claimed_at", _MOMENT),
    )
    op.create_index("messages_about", "messages", ["subject_kind", "subject_id"])


def _fill() -> None:
    """Give every asset of before what the columns and tables of now hold."""
    connection = op.get_bind()
    columns = sa.inspect(connection).get_columns("assets")
    assets = sa.table("assets", *(sa.column(each["name"], each["type"]) for each in columns))
    rows = [dict(row) for row in connection.execute(sa.select(assets)).mappings()]
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        change = assets.update().where(assets.c.id == sa.bindparam("key"))
        values: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in ("search", "name_key")}
        point = {"shown_longitude": assets.c.longitude, "shown_latitude": assets.c.latitude}
        connection.execute(
            change.values(**values, **point),
            [
                {"key": row["id"], "new_search": _search(row), "new_name_key": _fold(row["name"])}
                for row in batch
            ],
        )
        connection.execute(_table("versions"), [_first_version(row) for row in batch])
        sources = [_source(row) for row in batch if row["source_key"]]
        if sources:
            connection.execute(_table("asset_sources"), sources)


def _table(name: str) -> sa.Insert:
    columns = sa.inspect(op.get_bind()).get_columns(name)
    return sa.table(name, *(sa.column(each["name"], each["type"]) for each in columns)).insert()


def _first_version(row: dict[str, Any]) -> dict[str, Any]:
    values = _values(row, leave_out={"id", "version", "created_at", "updated_at", "shown_longitude",
                                     "shown_latitude", "search", "name_key", "identity"})  # fmt: skip
    return {
        "kind": "asset", "entity": row["id"], "number": 1, "at": row["updated_at"], "actor": "",
        "actor_name": "somebody, before histories were kept", "via": "import" if row["source_key"] else "form",
        "action": "add", "reason": "", "values": values,
        "changes": {name: [None, value] for name, value in values.items() if value is not None},
    }  # fmt: skip


def _source(row: dict[str, Any]) -> dict[str, Any]:
    kept = (
        "name", "category", "source_category", "longitude", "latitude", "postcode", "address", "website",
        "description", "geocode_method", "geocode_quality", "place", "area", "confirmed_on", "source",
    )  # fmt: skip
    values = _values(row)
    return {
        "asset_id": row["id"], "source": row["source"], "source_key": row["source_key"],
        "source_row": row["source_row"], "licence": "", "values": {name: values[name] for name in kept},
        "imported_at": row["updated_at"],
    }  # fmt: skip


def _values(row: dict[str, Any], leave_out: frozenset[str] | set[str] = frozenset()) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in row.items()
        if name not in leave_out
    }
    if isinstance(values.get("identifiers"), str):
        values["identifiers"] = json.loads(values["identifiers"])
    return values


def _search(row: dict[str, Any]) -> str:
    category = CATEGORIES.get(row["category"])
    name = category.name if category else ""
    parts = (row["name"], name, row["description"], row["postcode"], row["postcode"].replace(" ", ""))
    return f" {_fold(' '.join((*parts, row['address'])))} "


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", re.sub(r"['’]", "", text)).casefold()
    letters = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(re.sub(r"[\W_]+", " ", letters).split())
