"""The register: how assets get into it, and what reads them back."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assets.drafts import Draft
from assets.errors import AssetError
from assets.keeping import derive, draft_values, row_of, unknown, view, visible, write_version
from assets.locate import Nowhere, Where
from assets.postcode_mending import readings
from assets.rules import asset_faults, detail_faults
from assets.schema import Asset, AssetRow, new_id, now
from store.roles import ANYONE, Actor, importer, may, require
from words.categories import category_code
from words.faults import Fault

DETAILS = (
    "kind", "for_whom", "opening_hours", "accessibility", "cost", "organisation", "phone", "email",
    "private_name", "private_email", "private_phone", "consent_on", "identifiers", "precision", "licence",
)  # fmt: skip
"""The fields of an asset beside its name, category, location, website and description."""


def add_asset(
    session: Session,
    *,
    actor: Actor,
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
    reason: str = "",
    where: Where | None = None,
    place: str | None = None,
    **details: Any,
) -> Asset:
    """Add one asset that somebody names; it is accepted, and unconfirmed unless `confirmed_on` is given.

    `category` is a code or a usual spelling; the point is `longitude` and `latitude` (degrees, EPSG:4326) or
    else the postcode's, as `where` knows it; `place` says which place is meant where several hold the point;
    `details` are any of DETAILS. Raises Forbidden for who may only
    suggest; AssetError with every fault: no name, an unknown category, coordinates out of range, no location
    at all, a private contact without consent.
    """
    require(actor, "add_asset")
    where = where or Nowhere()
    code = category_code(category) or category
    texts: dict[str, Any] = {"address": address, "website": website, "description": description}
    point = _point(longitude, latitude, postcode, where)
    faults = [
        *asset_faults(name, code, "accepted", longitude, latitude),
        *unknown_faults(details, DETAILS),
        *detail_faults({**texts, "postcode": postcode, "name": name, **details}),
        *([] if point else [no_location(postcode)]),
    ]
    if faults:
        raise AssetError(faults)
    draft = Draft(
        name=" ".join(name.split()), category=code, source_category=category, confirmed_on=confirmed_on,
        source=source, **{field: text.strip() for field, text in texts.items()},
        **_placed(point, where, place), **details,
    )  # fmt: skip
    return keep(session, draft, actor=actor, reason=reason, where=where)


def _point(longitude: float | None, latitude: float | None, postcode: str, where: Where) -> dict[str, Any]:
    """Return the fields of a point that is given, else of the postcode's; none where nothing here knows it."""
    read = readings(postcode)
    if longitude is not None or latitude is not None:
        written, point = next(iter(read), postcode.strip()), (longitude, latitude)
        method, quality = "coordinates", "as given"
    else:
        located = next(((text, at) for text in read if (at := where.postcode(text))), None)
        if located is None:
            return {}
        written, at = located
        point, method, quality = (at.longitude, at.latitude), "postcode", at.quality
    return {
        "longitude": point[0], "latitude": point[1], "postcode": written, "geocode_method": method,
        "geocode_quality": quality,
    }  # fmt: skip


def _placed(point: Mapping[str, Any], where: Where, place: str | None) -> dict[str, Any]:
    """Return the fields of a point with the place and the area that hold it."""
    spot = where.spot(point["longitude"], point["latitude"], place)
    return {**point, "place": spot.place if spot else None, "area": spot.area if spot else None}


def unknown_faults(values: Mapping[str, Any], known: Iterable[str]) -> list[Fault]:
    """Return a fault for every field that an asset does not have, or that is not for changing."""
    return [
        Fault("This field cannot be set.", "Leave it out.", column=str(name))
        for name in values
        if name not in set(known)
    ]


def no_location(postcode: str) -> Fault:
    """Return the fault of an asset that nothing here can put on the map."""
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
    actor: Actor | None = None,
    review_reason: str = "",
    source_row: int | None = None,
    source_key: str | None = None,
    reason: str = "",
    where: Where | None = None,
) -> Asset:
    """Write a draft into the register: accepted, or held where there is a reason to review it.

    With a `source_key` it is an import that writes. The actor is the import of the draft's source unless
    another is named. Raises Forbidden for who may not add.
    """
    actor = actor or importer(draft.source)
    require(actor, "import" if source_key else "add_asset")
    moment = now()
    row = AssetRow(
        **draft_values(draft),
        id=new_id(),
        status="held" if review_reason else "accepted",
        review_reason=review_reason,
        source_row=source_row,
        source_key=source_key,
        version=0,
        created_at=moment,
        updated_at=moment,
    )
    derive(row, where)
    session.add(row)
    return write_version(session, row, None, actor=actor, action="add", reason=reason, where=where)


def get_asset(session: Session, asset_id: str, actor: Actor = ANYONE) -> Asset:
    """Return one asset, as much of it as the actor may see.

    Raises AssetError where the register has none with this id that the actor may see: hidden, held and
    removed ones are like none to the public.
    """
    asset = row_of(session, asset_id).asset()
    needs = {
        "see_hidden": asset.precision == "hidden",
        "see_held": asset.status == "held",
        "see_removed": asset.deleted_at is not None,
    }
    if any(holds and not may(actor, action) for action, holds in needs.items()):
        raise unknown(asset_id)
    return view(asset, actor)


def list_assets(
    session: Session,
    place: str | None = None,
    status: str | None = None,
    categories: Iterable[str] | None = None,
    actor: Actor = ANYONE,
) -> list[Asset]:
    """Return assets by name, then id: all, or those of one place, one status, some categories.

    As the actor may see them: what was removed is never among them, what is hidden or held only for those
    who may see it. `place` compares with the place found when the asset was written; `assets.find` asks the
    map instead.
    """
    query = select(AssetRow).where(*visible(actor)).order_by(AssetRow.name_key, AssetRow.id)
    if place is not None:
        query = query.where(AssetRow.place == place)
    if status is not None:
        query = query.where(AssetRow.status == status)
    if categories is not None:
        query = query.where(AssetRow.category.in_(list(categories)))
    return [view(row.asset(), actor) for row in session.scalars(query)]


def assets_to_export(session: Session, *, actor: Actor, everything: bool = False) -> list[Asset]:
    """Return what an export holds: what is published, or everything that is in the register, private contacts too.

    What is published is the same for everybody, whoever exports it. Raises Forbidden.
    """
    require(actor, "export_all" if everything else "export_public")
    return list_assets(session, actor=actor if everything else ANYONE)


def counts(session: Session, place: str | None = None, actor: Actor = ANYONE) -> dict[str, dict[str, int]]:
    """Return how many assets the actor may see, by `status` and by `category` (the accepted ones)."""
    assets = list_assets(session, place, actor=actor)
    return {
        "status": dict(Counter(asset.status for asset in assets)),
        "category": dict(Counter(asset.category for asset in assets if asset.status == "accepted")),
    }


def as_of(assets: Iterable[Asset]) -> datetime | None:
    """Return when the newest of the assets was last written, or None where there are none."""
    return max((asset.updated_at.astimezone(UTC) for asset in assets), default=None)
