"""Duplicates: assets of the register that may be the very one that somebody is about to add."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from assets.keeping import view, visible
from assets.likeness import METRES_A_DEGREE, Description, metres_between
from assets.precision import fold
from assets.schema import Asset, AssetRow
from store.roles import ANYONE, Actor, may

NEAR_METRES = 600.0
FAR_METRES = 1_500.0
ALIKE = 78.0
ALIKE_FROM_AFAR = 90.0
SAME_SPOT_METRES = 40.0
ALIKE_ON_THE_SPOT = 55.0
MOST = 5


@dataclass(frozen=True)
class Similar:
    """An asset that may be the same: how alike the names are (0 to 100), how far apart, and why in words."""

    asset: Asset
    score: float
    metres: float | None
    reasons: tuple[str, ...]


def similar(session: Session, values: Mapping[str, Any], actor: Actor = ANYONE) -> list[Similar]:
    """Return accepted assets that may be the one described, the likeliest first, five at most.

    `values` has a `name` and as far as they are known `longitude`, `latitude` (degrees) and `postcode`. Looked at
    are the assets within 1.5 km (what somebody calls *near* is often no nearer) or of the same postcode; their
    names must be alike, from 600 m on nearly the same, and at the very same spot less alike names are enough.
    Hidden assets are looked at only for who may see them.
    """
    found = [
        one
        for row in session.scalars(_block(values, actor)).all()
        if (one := _compared(row.asset(), values, actor)) is not None
    ]
    return sorted(found, key=lambda one: (-one.score, one.asset.name, one.asset.id))[:MOST]


def _block(values: Mapping[str, Any], actor: Actor) -> Select[AssetRow]:
    shown = may(actor, "see_hidden")
    across, up = (
        (AssetRow.longitude, AssetRow.latitude)
        if shown
        else (AssetRow.shown_longitude, AssetRow.shown_latitude)
    )
    near: list[ColumnElement[bool]] = []
    longitude, latitude = values.get("longitude"), values.get("latitude")
    if longitude is not None and latitude is not None:
        tall = FAR_METRES / METRES_A_DEGREE
        wide = tall / max(cos(radians(latitude)), 0.01)
        near.append(
            across.between(longitude - wide, longitude + wide) & up.between(latitude - tall, latitude + tall)
        )
    if values.get("postcode"):
        # a postcode that is kept back must not be found out by guessing it
        open_to = () if shown else (AssetRow.precision.in_(("exact", "postcode")),)
        near.append(and_(AssetRow.postcode == values["postcode"], *open_to))
    return select(AssetRow).where(or_(False, *near), *visible(actor))


def _compared(asset: Asset, values: Mapping[str, Any], actor: Actor) -> Similar | None:
    known = view(asset, actor)
    metres = metres_between(known, _described(values))
    score = fuzz.WRatio(fold(asset.name), fold(str(values.get("name", ""))))
    if score < _needed(metres):
        return None
    spot = metres is not None and metres <= SAME_SPOT_METRES
    reasons = ["the same name" if score > 99 else "a name like it"]
    if spot:
        reasons.append("at the same spot")
    elif metres is not None:
        reasons.append(f"about {round(metres, -1):.0f} m away")
    if known.postcode and known.postcode == values.get("postcode"):
        reasons.append("the same postcode")
    return Similar(known, score, metres, tuple(reasons))


def _needed(metres: float | None) -> float:
    """Return how alike two names must be, the farther apart the more."""
    if metres is None:
        return ALIKE
    if metres <= SAME_SPOT_METRES:
        return ALIKE_ON_THE_SPOT
    return ALIKE if metres <= NEAR_METRES else ALIKE_FROM_AFAR


def _described(values: Mapping[str, Any]) -> Description:
    return Description(
        str(values.get("name", "")), longitude=values.get("longitude"), latitude=values.get("latitude")
    )
