"""The register: the only writer of assets, and what reads them back."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from assets.drafts import Draft
from assets.errors import AssetError
from assets.locate import Nowhere, Where
from assets.postcode_mending import readings
from assets.schema import Asset, AssetRow, asset_faults, new_id, now
from words.categories import category_code
from words.faults import Fault


class KnownRow(NamedTuple):
    """An imported row that the register has: its asset and whether that has a point."""

    id: str
    located: bool


def add_asset(
    session: Session,
    *,
    name: str,
    category: str,
    longitude: float | None = None,
    latitude: float | None = None,
    postcode: str = "",
    address: str = "",
    website: str = "",
    description: str = "",
    source: str = "added by hand",
    confirmed_on: date | None = None,
    where: Where | None = None,
) -> Asset:
    """Add one asset that somebody names; it is accepted, and unconfirmed unless `confirmed_on` is given.

    `category` is a code or a usual spelling; the point is `longitude` and `latitude` (degrees, EPSG:4326) or
    else the postcode's, as `where` knows it. Raises AssetError with every fault: no name, an unknown
    category, coordinates out of range, no location at all.
    """
    where = where or Nowhere()
    code = category_code(category) or category
    faults = asset_faults(name, code, "accepted", longitude, latitude)
    written, method, quality = "", "coordinates", "as given"
    if postcode.strip():
        written = next(iter(readings(postcode)), "")
    if longitude is None and latitude is None:
        located = next(((text, at) for text in readings(postcode) if (at := where.postcode(text))), None)
        if located is None:
            faults.append(_no_location(postcode))
        else:
            written, at = located
            longitude, latitude, method, quality = at.longitude, at.latitude, "postcode", at.quality
    if faults:
        raise AssetError(faults)
    spot = where.spot(longitude, latitude) if longitude is not None and latitude is not None else None
    draft = Draft(
        name=" ".join(name.split()),
        category=code,
        source_category=category,
        longitude=longitude,
        latitude=latitude,
        postcode=written or postcode.strip(),
        address=address.strip(),
        website=website.strip(),
        description=description.strip(),
        geocode_method=method,
        geocode_quality=quality,
        place=spot.place if spot else None,
        area=spot.area if spot else None,
        confirmed_on=confirmed_on,
        source=source,
    )
    return keep(session, draft)


def _no_location(postcode: str) -> Fault:
    if not postcode.strip():
        return Fault(
            "There is no location.", "Give a postcode, or longitude and latitude.", column="postcode"
        )
    return Fault(
        "No postcode table here knows this postcode.",
        "Correct it, or give longitude and latitude.",
        column="postcode",
        value=postcode,
    )


def keep(
    session: Session,
    draft: Draft,
    *,
    review_reason: str = "",
    source_row: int | None = None,
    source_key: str | None = None,
) -> Asset:
    """Write a draft into the register: accepted, or held where there is a reason to review it."""
    moment = now()
    row = AssetRow(
        **asdict(draft),
        id=new_id(),
        status="held" if review_reason else "accepted",
        review_reason=review_reason,
        source_row=source_row,
        source_key=source_key,
        identity=identity(draft),
        created_at=moment,
        updated_at=moment,
    )
    session.add(row)
    session.flush()
    return row.asset()


def place_again(session: Session, asset_id: str, draft: Draft, review_reason: str) -> Asset:
    """Give an asset that had no point the location found since; its reason for review is judged anew."""
    row = _row(session, asset_id)
    for name in (
        "longitude", "latitude", "postcode", "geocode_method", "geocode_quality", "place", "area",
    ):  # fmt: skip
        setattr(row, name, getattr(draft, name))
    row.status = "held" if review_reason else "accepted"
    row.review_reason = review_reason
    row.identity = identity(draft)
    row.updated_at = now()
    session.flush()
    return row.asset()


def get_asset(session: Session, asset_id: str) -> Asset:
    """Return one asset. Raises AssetError where the register has none with this id."""
    return _row(session, asset_id).asset()


def _row(session: Session, asset_id: str) -> AssetRow:
    row = session.get(AssetRow, asset_id)
    if row is None:
        raise AssetError(f"The register has no asset {asset_id!r}.", "See `larder assets list` for the ids.")
    return row


def list_assets(
    session: Session,
    place: str | None = None,
    status: str | None = None,
    categories: Iterable[str] | None = None,
) -> list[Asset]:
    """Return assets by name, then id: all, or those of one place, one status, some categories.

    `place` compares with the place found when the asset was written; `assets.find` asks the map instead.
    """
    query = select(AssetRow).order_by(AssetRow.name, AssetRow.id)
    if place is not None:
        query = query.where(AssetRow.place == place)
    if status is not None:
        query = query.where(AssetRow.status == status)
    if categories is not None:
        query = query.where(AssetRow.category.in_(list(categories)))
    return [row.asset() for row in session.scalars(query)]


def counts(session: Session, place: str | None = None) -> dict[str, dict[str, int]]:
    """Return how many assets there are, by `status` and by `category` (the accepted ones)."""
    assets = list_assets(session, place)
    return {
        "status": dict(Counter(asset.status for asset in assets)),
        "category": dict(Counter(asset.category for asset in assets if asset.status == "accepted")),
    }


def known_keys(session: Session) -> dict[str, KnownRow]:
    """Return what was imported, by the key of its row in its source."""
    columns = select(AssetRow.source_key, AssetRow.id, AssetRow.longitude.is_not(None))
    rows = session.execute(columns.where(AssetRow.source_key.is_not(None)))
    return {key: KnownRow(asset_id, located) for key, asset_id, located in rows if key}


def known_identities(session: Session) -> dict[str, str]:
    """Return the id of an asset for every identity in the register."""
    rows = session.execute(select(AssetRow.identity, AssetRow.id))
    return {row.identity: row.id for row in rows}


def identity(draft: Draft) -> str:
    """Return a digest of what makes two rows the same asset: name, category and location.

    The location is the point to 5 decimals (1 m), else postcode and address.
    """
    if draft.longitude is None or draft.latitude is None:
        where = f"{draft.postcode}|{_fold(draft.address)}"
    else:
        where = f"{draft.longitude:.5f} {draft.latitude:.5f}"
    return digest(_fold(draft.name), draft.category, where)


def digest(*parts: str) -> str:
    """Return a digest of some texts, in their order."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def as_of(assets: Iterable[Asset]) -> datetime | None:
    """Return when the newest of the assets was last written, or None where there are none."""
    return max((asset.updated_at.astimezone(UTC) for asset in assets), default=None)
