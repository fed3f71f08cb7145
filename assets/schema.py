"""What an asset is: the value that the rooms pass around, and the tables that keep it."""

import uuid
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import Any, Literal, get_args

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assets.drafts import Facts
from store.session import Base, Moment, SortKey

Kind = Literal["place", "group", "service", "skill", "green_space", "event"]
Precision = Literal["exact", "postcode", "lsoa", "hidden"]
KINDS: tuple[Kind, ...] = get_args(Kind)
PRECISIONS: tuple[Precision, ...] = get_args(Precision)
STATUSES = ("accepted", "held")
IDENTIFIERS = ("uprn", "charity", "company", "urn", "ods", "osm")
PRIVATE = ("private_name", "private_email", "private_phone")
"""The fields that only stewards see."""


@dataclass(frozen=True, kw_only=True)
class Asset(Facts):
    """One place, group, service, skill, green space or event of the register, as it stood when it was read.

    What the register adds to the facts: `shown_longitude` and `shown_latitude` are what the public is shown
    of where it is: the point itself, the postcode's, the middle of a wider area, nothing. `updated_at` is
    when it was last written, which is not `confirmed_on`. `version` counts the changes; `deleted_at` and
    `merged_into` are set where it is no longer in the register.
    """

    id: str
    status: str
    review_reason: str
    source_row: int | None
    source_key: str | None
    created_at: datetime
    updated_at: datetime
    shown_longitude: float | None = None
    shown_latitude: float | None = None
    confirmed_by: str = ""
    confirmed_how: str = ""
    version: int = 1
    deleted_at: datetime | None = None
    deleted_reason: str = ""
    merged_into: str | None = None

    def as_dict(self) -> dict[str, object]:
        """Return the asset as plain values that JSON can hold, its id first; dates and times as ISO text."""
        values = {"id": self.id} | {each.name: getattr(self, each.name) for each in fields(self)}
        return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}

    def public(self) -> "Asset":
        """Return what everybody may know of it: no private contact, and the point that may be shown.

        Where the point is not exact, the address goes too, and for an LSOA the postcode and the area's code.
        Nobody should be shown a hidden asset at all; of one, nothing of where it is remains.
        """
        asset = replace(
            self, private_name="", private_email="", private_phone="", consent_on=None, confirmed_by=""
        )
        if self.precision == "exact":
            return asset
        identifiers = {key: text for key, text in self.identifiers.items() if key not in {"uprn", "osm"}}
        asset = replace(
            asset,
            longitude=self.shown_longitude,
            latitude=self.shown_latitude,
            address="",
            identifiers=identifiers,
        )
        return asset if self.precision == "postcode" else replace(asset, postcode="", area=None)


# All that a list asks, in its order: see the step that makes these indexes
_ASKED = (
    "name_key", "id", "deleted_at", "status", "precision", "category", "kind", "confirmed_on",
    "shown_longitude", "shown_latitude",
)  # fmt: skip


WORD_INDEX = "assets_words"
"""The index of the words of assets: see `store.wordsearch`."""


class AssetRow(Base):
    """The table `assets`."""

    __tablename__ = "assets"
    __table_args__ = (
        CheckConstraint("name <> ''", name="assets_have_a_name"),
        CheckConstraint("status IN ('accepted', 'held')", name="assets_status"),
        CheckConstraint("(longitude IS NULL) = (latitude IS NULL)", name="assets_whole_point"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="assets_longitude"),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="assets_latitude"),
        Index("assets_by_point", "longitude", "latitude"),
        Index(
            "assets_drawn", "shown_longitude", "shown_latitude", *_ASKED[:-2], "name", "area", "place", "n"
        ),
        Index("assets_by_name", "name_key", "id"),
        Index("assets_listed", *_ASKED, "place", "n"),
        Index("assets_in_place", "place", *_ASKED, "n"),
        Index(
            "assets_by_confirmation",
            "status",
            "confirmed_on",
            "created_at",
            "id",
            "category",
            "kind",
            "place",
            "deleted_at",
            "merged_into",
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(String(40))
    source_category: Mapped[str] = mapped_column(Text)
    longitude: Mapped[float | None]
    latitude: Mapped[float | None]
    postcode: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    website: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    geocode_method: Mapped[str] = mapped_column(String(20))
    geocode_quality: Mapped[str] = mapped_column(Text)
    place: Mapped[str | None] = mapped_column(Text)
    area: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(20))
    review_reason: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    source_row: Mapped[int | None]
    source_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    identity: Mapped[str] = mapped_column(String(64), index=True)
    confirmed_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    kind: Mapped[str] = mapped_column(String(20), default="place", server_default="place")
    for_whom: Mapped[str] = mapped_column(Text, default="", server_default="")
    opening_hours: Mapped[str] = mapped_column(Text, default="", server_default="")
    accessibility: Mapped[str] = mapped_column(Text, default="", server_default="")
    cost: Mapped[str] = mapped_column(Text, default="", server_default="")
    organisation: Mapped[str] = mapped_column(Text, default="", server_default="")
    phone: Mapped[str] = mapped_column(Text, default="", server_default="")
    email: Mapped[str] = mapped_column(Text, default="", server_default="")
    private_name: Mapped[str] = mapped_column(Text, default="", server_default="")
    private_email: Mapped[str] = mapped_column(Text, default="", server_default="")
    private_phone: Mapped[str] = mapped_column(Text, default="", server_default="")
    consent_on: Mapped[date | None]
    identifiers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    precision: Mapped[str] = mapped_column(String(20), default="exact", server_default="exact")
    shown_longitude: Mapped[float | None]
    shown_latitude: Mapped[float | None]
    licence: Mapped[str] = mapped_column(Text, default="", server_default="")
    confirmed_by: Mapped[str] = mapped_column(Text, default="", server_default="")
    confirmed_how: Mapped[str] = mapped_column(Text, default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    deleted_at: Mapped[datetime | None] = mapped_column(Moment)
    deleted_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    merged_into: Mapped[str | None] = mapped_column(String(36), index=True)
    # what a search looks through and a list is ordered by: folded, and only what the public may read
    search: Mapped[str] = mapped_column(Text, default="", server_default="")
    name_key: Mapped[str] = mapped_column(SortKey, default="", server_default="")
    # the number by which SQLite's index of words names the row, given by the database
    n: Mapped[int | None] = mapped_column(deferred=True)

    def asset(self) -> Asset:
        """Return the row as a value that no longer hangs on the session."""
        return Asset(**{each.name: getattr(self, each.name) for each in fields(Asset)})


class SourceRow(Base):
    """The table `asset_sources`: what each source said of an asset when it was last imported."""

    __tablename__ = "asset_sources"
    __table_args__ = (UniqueConstraint("source", "source_key", name="asset_sources_once"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[str] = mapped_column(ForeignKey("assets.id", ondelete="CASCADE"), index=True)
    source: Mapped[str] = mapped_column(Text)
    source_key: Mapped[str] = mapped_column(Text)
    source_row: Mapped[int | None]
    licence: Mapped[str] = mapped_column(Text)
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    imported_at: Mapped[datetime] = mapped_column(Moment)


def new_id() -> str:
    """Return a fresh identifier."""
    return str(uuid.uuid4())


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)
