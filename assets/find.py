"""Finding assets: those that lie in a place, whenever the place was added."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from assets.errors import AssetError
from assets.locate import points_in
from assets.register import list_assets
from assets.schema import STATUSES, Asset
from geo.place import Place, find_place
from store.roles import ANYONE, Actor
from store.session import reading
from words.categories import CATEGORIES


def find_assets(
    home: Path,
    place: str | Place | None = None,
    status: str | None = None,
    categories: Iterable[str] | None = None,
    actor: Actor = ANYONE,
) -> list[Asset]:
    """Return assets of the home's register by name: all, or of a place, a status, some categories.

    As the actor may see them: the public sees none that is hidden or held for review, no private contact,
    and no point more exact than it may be shown.

    An asset is in a place when its point lies in one of the place's areas, or when it has no point and was
    imported for that place; it comes back with that place's name and the code of the area. So an asset that
    was imported before its place was added is found, and so is one that lies in two places.

    Raises AssetError for an unknown status or category, GeoError for an unknown place.
    """
    if status is not None and status not in STATUSES:
        raise AssetError(f"There is no status {status!r}.", f"Use one of: {', '.join(STATUSES)}.")
    wanted = None if categories is None else list(categories)
    unknown = sorted(set(wanted or ()) - set(CATEGORIES))
    if unknown:
        raise AssetError(f"No category is called {', '.join(unknown)}.", f"Use: {', '.join(CATEGORIES)}.")
    with reading(home) as session:
        assets = list_assets(session, status=status, categories=wanted, actor=actor)
    if place is None:
        return assets
    return in_place(assets, find_place(home, place) if isinstance(place, str) else place)


def in_place(assets: Iterable[Asset], place: Place) -> list[Asset]:
    """Return the assets that lie in the place, in their order, each with its area's code there."""
    listed = list(assets)
    located = [asset for asset in listed if asset.longitude is not None and asset.latitude is not None]
    codes = points_in(
        place,
        [asset.longitude for asset in located if asset.longitude is not None],
        [asset.latitude for asset in located if asset.latitude is not None],
    )
    areas = {located[position].id: str(code) for position, code in codes.items()}
    return [
        replace(asset, place=place.name, area=areas.get(asset.id))
        for asset in listed
        if asset.id in areas or (asset.longitude is None and asset.place == place.name)
    ]
