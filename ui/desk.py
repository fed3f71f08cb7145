"""The desk: what the pages of the register ask of it, each for whoever is at the screen."""

from dataclasses import replace
from datetime import date

from assets.due import due
from assets.register import get_asset
from assets.schema import Asset
from assets.search import AssetQuery, count_by_freshness, search_assets
from geo.place import Place
from store.home import home
from store.pages import Page
from store.roles import ANYONE, Actor
from store.session import reading
from ui import cache
from ui.listing import Listing
from words.freshness import STATES

SIZE = 25
MOST_ON_MAP = 500


def query_of(listing: Listing, today: date, size: int = SIZE) -> AssetQuery:
    """Return the question that a listing puts to the register."""
    return AssetQuery(
        text=listing.text,
        categories=listing.categories,
        kinds=listing.kinds,
        freshness=listing.freshness,
        place=listing.place or None,
        page=listing.page,
        size=size,
        today=today,
    )


def listed(listing: Listing, actor: Actor, today: date) -> Page[Asset]:
    """Return the page of assets that a listing asks for; one past the end is the last."""
    found = _page(listing, actor, today, SIZE)
    past = listing.page > found.pages
    return listed(replace(listing, page=found.pages), actor, today) if past else found


def _page(listing: Listing, actor: Actor, today: date, size: int) -> Page[Asset]:
    with reading(home()) as session:
        if listing.show == "due":
            place = listing.place or None
            steward = actor.id if actor.via == "login" else None
            return due(session, actor, today, steward=steward, place=place, page=listing.page, size=size)
        return search_assets(session, query_of(listing, today, size), actor)


def on_map(listing: Listing, page: Page[Asset], actor: Actor, today: date) -> tuple[Asset, ...]:
    """Return the assets that the map shows: all that match where they are few enough, else the page of the list."""
    if listing.show == "due" or page.total > MOST_ON_MAP:
        return page.items
    query = replace(query_of(listing, today, MOST_ON_MAP), page=1)
    with reading(home()) as session:
        return search_assets(session, query, actor).items


def published_count(listing: Listing, today: date) -> int:
    """Return how many of what a listing asks for are published, whoever asks."""
    with reading(home()) as session:
        return search_assets(session, replace(query_of(listing, today, 1), page=1), ANYONE).total


def published_ids(listing: Listing, actor: Actor, today: date) -> set[str]:
    """Return the ids of all that a listing asks for, on every page: what is published, or what is due for the actor."""
    found: set[str] = set()
    page, pages = 1, 1
    while page <= pages:
        part = _page(
            replace(listing, page=page), actor if listing.show == "due" else ANYONE, today, MOST_ON_MAP
        )
        found |= {asset.id for asset in part.items}
        page, pages = page + 1, part.pages
    return found


def by_freshness(listing: Listing, actor: Actor, today: date) -> dict[str, int]:
    """Return how many assets that match are in each state."""
    with reading(home()) as session:
        found = count_by_freshness(session, query_of(listing, today), actor)
    return {state: found[state] for state in STATES if not listing.freshness or state in listing.freshness}


def asset(asset_id: str, actor: Actor) -> Asset:
    """Return one asset as the actor may see it. Raises AssetError where there is none that they may see."""
    with reading(home()) as session:
        return get_asset(session, asset_id, actor)


def places() -> dict[str, Place]:
    """Return the places by their names."""
    return {place.name: place for place in cache.places(home())}


def area_name(place: Place | None, code: str | None) -> str:
    """Return the name of an area of a place, or nothing where it is not known."""
    if place is None or not code:
        return ""
    return cache.area_names(str(place.folder), place.digest).get(code, "")


def area_names(place: Place) -> dict[str, str]:
    """Return the areas of a place by their codes."""
    return cache.area_names(str(place.folder), place.digest)
