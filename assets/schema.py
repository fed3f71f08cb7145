"""What an asset is: the table, the value that the rooms pass around, and what must hold of both."""

import uuid
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from math import isfinite

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.session import Base, Moment
from words.categories import CATEGORIES
from words.faults import Fault

STATUSES = ("accepted", "held")
GEOCODE_METHODS = ("coordinates", "postcode", "none")
LONGEST_NAME = 300


@dataclass(frozen=True)
class Asset:
    """One place, group or service of the register, as it stood when it was read.

    `longitude` and `latitude` are degrees in EPSG:4326, both or neither. `place` and `area` name the place
    whose areas hold the point, None outside every place. `source_category` is the category as the source
    wrote it. `confirmed_on` says when somebody last checked it in the world, which is not `updated_at`.
    """

    id: str
    name: str
    category: str
    source_category: str
    longitude: float | None
    latitude: float | None
    postcode: str
    address: str
    website: str
    description: str
    geocode_method: str
    geocode_quality: str
    place: str | None
    area: str | None
    status: str
    review_reason: str
    source: str
    source_row: int | None
    source_key: str | None
    confirmed_on: date | None
    created_at: datetime
    updated_at: datetime

    def as_dict(self) -> dict[str, object]:
        """Return the asset as plain values that JSON can hold; dates and times as ISO text."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}


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
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(String(40), index=True)
    source_category: Mapped[str] = mapped_column(Text)
    longitude: Mapped[float | None]
    latitude: Mapped[float | None]
    postcode: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    website: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    geocode_method: Mapped[str] = mapped_column(String(20))
    geocode_quality: Mapped[str] = mapped_column(Text)
    place: Mapped[str | None] = mapped_column(Text, index=True)
    area: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(20), index=True)
    review_reason: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    source_row: Mapped[int | None]
    source_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    identity: Mapped[str] = mapped_column(String(64), index=True)
    confirmed_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)

    def asset(self) -> Asset:
        """Return the row as a value that no longer hangs on the session."""
        return Asset(**{field.name: getattr(self, field.name) for field in fields(Asset)})


def new_id() -> str:
    """Return a fresh identifier."""
    return str(uuid.uuid4())


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def point_faults(longitude: float | None, latitude: float | None) -> list[Fault]:
    """Return what is wrong with a point in degrees: half of it missing, or out of range."""
    if longitude is None and latitude is None:
        return []
    if longitude is None or latitude is None:
        return [Fault("Only one of the two coordinates is given.", "Give both, or neither and a postcode.")]
    checks = (("latitude", latitude, 90.0), ("longitude", longitude, 180.0))
    return [
        Fault(
            f"A {name} lies between -{limit:g} and {limit:g} degrees.",
            "Give degrees (WGS84), or a postcode instead.",
            column=name,
            value=f"{value:g}",
        )
        for name, value, limit in checks
        if not (isfinite(value) and abs(value) <= limit)
    ]


def asset_faults(
    name: str, category: str, status: str, longitude: float | None, latitude: float | None
) -> list[Fault]:
    """Return everything that keeps these values out of the register."""
    faults = point_faults(longitude, latitude)
    if not name.strip():
        faults.append(Fault("An asset needs a name.", "Write what people call it.", column="name"))
    if len(name) > LONGEST_NAME:
        cure = f"Keep it under {LONGEST_NAME} characters and put the rest in the description."
        faults.append(Fault(f"The name has {len(name)} characters.", cure, column="name"))
    if category not in CATEGORIES:
        cure = f"Use one of: {', '.join(CATEGORIES)}."
        faults.append(Fault("This category is not known.", cure, column="category", value=category))
    if status not in STATUSES:
        faults.append(Fault("This status is not known.", f"Use one of: {', '.join(STATUSES)}.", value=status))
    return faults
