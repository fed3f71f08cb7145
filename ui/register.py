"""The register as the screen shows it: which assets are drawn, listed and near. Live, so nothing here is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pandas as pd

from assets.coverage import last_looks, looks_in
from assets.freshness import freshness
from assets.hours import opens_on
from assets.precision import sort_key
from assets.schema import Asset
from coproduce.reach import Located, nearest_located
from store.session import reading
from ui.icons import icon_name
from words.coverage import Looked, absence_sentences
from words.freshness import FRESHNESS_LABELS, confirmation_words
from words.labels import category_label
from words.palette import asset_mark
from words.sentences import Near, metres_words

NEAR_METRES = 800.0
NEAR_COUNT = 8


@dataclass(frozen=True)
class Shelf:
    """The accepted assets of a place that have a point, as they stand now."""

    assets: tuple[Asset, ...]
    points: tuple[Located, ...] = ()

    def categories(self) -> list[str]:
        """Return the categories there are, in the order of their names."""
        return sorted({asset.category for asset in self.assets}, key=category_label)

    def of(self, categories: Sequence[str]) -> "Shelf":
        """Return those of some categories, all where none is named."""
        return Shelf(
            tuple(asset for asset in self.assets if not categories or asset.category in categories),
            tuple(one for one in self.points if not categories or one.asset.category in categories),
        )

    def counts(self) -> dict[str, int]:
        """Return how many there are of each category."""
        found: dict[str, int] = {}
        for asset in self.assets:
            found[asset.category] = found.get(asset.category, 0) + 1
        return found


def confirmation(asset: Asset, today: date) -> str:
    """Return in words when an asset was last confirmed, and what that is worth."""
    return confirmation_words(asset.confirmed_on, freshness(asset, today))


def marks(assets: Sequence[Asset], today: date) -> list[dict[str, Any]]:
    """Return what the map draws of assets: point, mark, name, what it is, and the area that holds it."""
    return [
        {
            "p": [asset.longitude, asset.latitude],
            "i": icon_name(asset_mark(asset.category).group, freshness(asset, today)),
            "n": asset.name,
            "t": f"{category_label(asset.category)} · {confirmation(asset, today)}",
            "c": asset.area or "",
            "a": asset.id,
        }
        for asset in assets
    ]


def asset_table(assets: Sequence[Asset], names: dict[str, str], today: date) -> pd.DataFrame:
    """Return assets as a table, by name; `names` gives each area's name by its code."""
    return pd.DataFrame(
        [
            {
                "Name": asset.name,
                "Category": category_label(asset.category),
                "Area": names.get(asset.area or "", "outside the areas"),
                "Postcode": asset.postcode,
                "Freshness": FRESHNESS_LABELS[freshness(asset, today)],
                "Confirmed": confirmation(asset, today),
                "Source": asset.source,
            }
            for asset in sorted(assets, key=lambda asset: sort_key(asset.name))
        ],
        columns=["Name", "Category", "Area", "Postcode", "Freshness", "Confirmed", "Source"],
    )


def absences(home: Path, place: str, area: str, missing: Sequence[str], today: date) -> list[str]:
    """Return, for categories of which nothing is recorded near an area, whether somebody looked or nobody has."""
    with reading(home) as session:
        looks = last_looks(looks_in(session, place, area), missing)
    told = {
        category: Looked(look.looked_on, look.state(category, today), none=look.found == "none")
        if look
        else None
        for category, look in looks.items()
    }
    return absence_sentences(missing, told, f"within {metres_words(NEAR_METRES)} of here")


def told_near(asset: Asset, today: date) -> str:
    """Return when an asset is open today and when it was last confirmed; hours that nobody checks are not passed on."""
    hours = opens_on(asset.opening_hours, datetime.combine(today, time(12)))
    checked = confirmation(asset, today)
    return f"{hours}, {checked}" if hours and freshness(asset, today) in {"fresh", "ageing"} else checked


def near(shelf: Shelf, point: tuple[float, float], today: date) -> list[Near]:
    """Return the assets within 800 m of a point in the place's metres, nearest first, straight-line."""
    return [
        Near(
            one.asset.name,
            one.asset.category,
            one.metres,
            freshness(one.asset, today),
            told_near(one.asset, today),
        )
        for one in nearest_located(*point, shelf.points, limit=len(shelf.points))
        if one.metres <= NEAR_METRES
    ]
