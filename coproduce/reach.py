"""Reach: which assets are near a point, measured in a straight line."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from pyproj import Transformer

from assets.schema import Asset
from geo.crs import WIRE

MEASURE = "straight line"


@dataclass(frozen=True)
class NearAsset:
    """An asset and how far it is: metres on the map's plane, measured as `measure` says."""

    asset: Asset
    metres: float
    measure: str = MEASURE


@dataclass(frozen=True)
class Located:
    """An asset and its point in metres."""

    asset: Asset
    x: float
    y: float


def located(assets: Iterable[Asset], crs: str) -> list[Located]:
    """Return the accepted assets that have a point, each with its point in `crs`, a metric CRS.

    For who asks again and again: the way from degrees to metres is set up once.
    """
    there = [
        asset
        for asset in assets
        if asset.status == "accepted" and asset.longitude is not None and asset.latitude is not None
    ]
    if not there:
        return []
    into = Transformer.from_crs(WIRE, crs, always_xy=True)
    xs, ys = into.transform([asset.longitude for asset in there], [asset.latitude for asset in there])
    return [Located(asset, x, y) for asset, x, y in zip(there, xs, ys, strict=True)]


def nearest_located(
    x: float, y: float, points: Iterable[Located], *, categories: Iterable[str] | None = None, limit: int = 5
) -> list[NearAsset]:
    """Return the assets nearest to a point, as `nearest_assets` does, of points that are in metres already."""
    wanted = None if categories is None else frozenset(categories)
    near = [
        NearAsset(one.asset, math.hypot(one.x - x, one.y - y))
        for one in points
        if wanted is None or one.asset.category in wanted
    ]
    return sorted(near, key=lambda one: (one.metres, one.asset.name, one.asset.id))[:limit]


def nearest_assets(
    x: float,
    y: float,
    assets: Iterable[Asset],
    *,
    crs: str,
    categories: Iterable[str] | None = None,
    limit: int = 5,
) -> list[NearAsset]:
    """Return the accepted assets nearest to a point, nearest first, at most `limit` of them.

    The distance is the straight line between points in `crs`, the place's metric CRS; walking is longer.
    `x` and `y` are metres in `crs`. Assets that are held, have no point or are of other categories than
    `categories` (None: all) do not count; equal distances are ordered by name, then id.

    Example: in the 3 x 3 town an asset at the centre of A2 is 100 m from the centre of A1.
    """
    return nearest_located(x, y, located(assets, crs), categories=categories, limit=limit)
