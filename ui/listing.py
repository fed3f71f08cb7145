"""What the page of assets shows: its search and filters, and the same as an address that can be sent to somebody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from words.categories import CATEGORIES
from words.freshness import STATES, State
from words.register import ASSET_KINDS

SHOWS = {"all": "All", "due": "Due for a check", "looked": "Where looked"}
LONGEST_TEXT = 200


@dataclass(frozen=True)
class Listing:
    """What is listed; an empty filter lets everything through. `asset` is the one that is open, if one is."""

    show: str = "all"
    text: str = ""
    place: str = ""
    categories: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    freshness: tuple[State, ...] = ()
    page: int = 1
    asset: str = ""

    def narrowed(self) -> int:
        """Return how many filters are set."""
        return sum(map(bool, (self.place, self.categories, self.kinds, self.freshness)))


def to_query(listing: Listing) -> dict[str, list[str]]:
    """Return a listing as query parameters; what is at its default is left out."""
    query: dict[str, list[str]] = {
        "show": [listing.show] if listing.show != "all" else [],
        "text": [listing.text],
        "place": [listing.place],
        "category": list(listing.categories),
        "kind": list(listing.kinds),
        "freshness": list(listing.freshness),
        "page": [str(listing.page)] if listing.page > 1 else [],
        "asset": [listing.asset],
    }
    return {key: values for key, values in query.items() if any(values)}


def from_query(query: Mapping[str, Sequence[str]]) -> Listing:
    """Read a listing from query parameters; what cannot be read is left at its default."""
    page = _last(query, "page")
    show = _last(query, "show")
    return Listing(
        show=show if show in SHOWS else "all",
        text=_last(query, "text")[:LONGEST_TEXT],
        place=_last(query, "place"),
        categories=_known(query, "category", CATEGORIES),
        kinds=_known(query, "kind", ASSET_KINDS),
        freshness=tuple(state for state in STATES if state in query.get("freshness", ())),
        page=int(page) if page.isascii() and page.isdecimal() and 1 <= int(page) <= 100_000 else 1,
        asset=_last(query, "asset")[:64],
    )


def _last(query: Mapping[str, Sequence[str]], key: str) -> str:
    values = query.get(key, ())
    return values[-1] if values else ""


def _known(
    query: Mapping[str, Sequence[str]], key: str, known: Mapping[str, object] | Sequence[str]
) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in query.get(key, ()) if value in known))
