"""Assets: invented community places, unevenly spread, some confirmed long ago, some never."""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Transformer

from data.boundaries.generator import plan
from data.boundaries.generator.areas import Areas

Floats = npt.NDArray[np.float64]
TODAY = date(2026, 5, 1)
COUNT = 250
WORSHIP = ("St Edda's Church, {}", "{} Methodist Church", "{} Mosque", "{} Gospel Chapel", "St Botwin's, {}")
CLUBS = ("{} Parents' Group", "{} Youth Club", "{} Football Club", "{} Over-60s Club", "{} Toddler Group")
# Category: share of all, weight of the town centre, and names ({} is the neighbourhood).
KINDS: dict[str, tuple[int, float, tuple[str, ...]]] = {
    "community_centre": (13, 0.5, ("{} Community Centre", "The {} Hub", "{} Neighbourhood Centre")),
    "library": (6, 1.5, ("{} Library",)),
    "place_of_worship": (24, 1.0, WORSHIP),
    "playground": (30, 0.1, ("{} Play Area", "{} Green Playground", "{} Adventure Playground")),
    "park": (10, 0.3, ("{} Rec", "{} Pocket Park", "{} Green")),
    "childcare": (26, 0.6, ("{} Day Nursery", "Little Herons, {}", "{} Pre-school", "Acorn Childcare, {}")),
    "school": (26, 0.2, ("{} Primary School", "{} Infant School", "{} Academy", "St Edda's Primary, {}")),
    "gp": (12, 1.2, ("{} Surgery", "{} Health Centre")),
    "pharmacy": (14, 1.6, ("{} Pharmacy", "Marlow & Finch Chemists, {}")),
    "sports_centre": (6, 0.8, ("{} Leisure Centre", "{} Sports Hall")),
    "food_bank": (5, 1.0, ("{} Food Bank", "{} Community Pantry")),
    "hall": (15, 0.5, ("{} Village Hall", "{} Scout Hut", "{} Memorial Hall")),
    "club": (20, 0.6, CLUBS),
    "family_hub": (4, 0.8, ("{} Family Hub",)),
    "advice": (5, 3.0, ("{} Advice Centre", "Marshwick Debt Advice, {}")),
    "cafe": (14, 2.5, ("The Kettle, {}", "{} Community Café", "Teal & Toast, {}")),
    "allotment": (9, 0.1, ("{} Allotments", "{} Growing Patch")),
    "other": (11, 1.0, ("{} Men's Shed", "{} Repair Café", "{} Tool Library", "{} Community Radio")),
}  # fmt: skip
OLD_MARSHWICK = 0


def make_assets(
    areas: Areas,
    postcodes: pd.DataFrame,
    streets: pd.DataFrame,
    unsurveyed: list[int],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return the assets in the plain columns that an import knows.

    unsurveyed: areas that hold none because nobody has looked there.
    """
    served = np.array([estate.served for estate in plan.ESTATES])[areas.estate] * areas.people
    served[unsurveyed] = 0.0
    central = np.where(areas.estate == OLD_MARSHWICK, 1.0, 0.0)
    live = postcodes[postcodes["doterm"] == ""]
    doors = live[["easting", "northing"]].to_numpy(dtype=float)
    at = areas_of(doors, areas)
    rows, used = [], set[str]()
    total = sum(share for share, _, _ in KINDS.values())
    for category, (share, pull, names) in KINDS.items():
        weight = served * (1 + 3 * pull * central)
        for _ in range(round(share * COUNT / total)):
            place = weight[at] / np.bincount(at, minlength=len(served))[at]
            door = int(rng.choice(len(doors), p=place / place.sum()))
            weight = weight * np.where(np.hypot(*(areas.home - doors[door]).T) < 450, 0.35, 1.0)
            name = _name(plan.ESTATES[areas.estate[at[door]]].name, names, used, rng)
            rows.append((name, category, *(doors[door] + rng.normal(0, 9, 2)), live["postcode"].iloc[door]))
    frame = pd.DataFrame(rows, columns=["name", "category", "easting", "northing", "postcode"])
    return _finish(frame, streets, rng)


def areas_of(points: Floats, areas: Areas) -> npt.NDArray[np.int64]:
    """Return the area that holds each point."""
    return np.asarray(shapely.STRtree(areas.shapes).nearest(shapely.points(points)), dtype=np.int64)


def _name(estate: str, names: tuple[str, ...], used: set[str], rng: np.random.Generator) -> str:
    """Return a name nobody has yet, with a number word where the plain ones are taken."""
    order = [names[number] for number in rng.permutation(len(names))]
    options = [name.format(estate) for name in order]
    options += [
        name.format(f"{estate} {side}") for side in ("North", "South", "East", "West") for name in order
    ]
    name = next(option for option in options if option not in used)
    used.add(name)
    return str(name)


def _finish(frame: pd.DataFrame, streets: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Add longitude and latitude, an address on the nearest street, a date of confirmation and a source."""
    to_wire = Transformer.from_crs(plan.CRS, "EPSG:4326", always_xy=True)
    longitude, latitude = to_wire.transform(frame["easting"].to_numpy(), frame["northing"].to_numpy())
    named = streets[streets["kind"].isin(["street", "main_road"])]
    points = shapely.points(frame[["easting", "northing"]].to_numpy())
    street = named["name"].to_numpy()[shapely.STRtree(named.geometry.to_numpy()).nearest(points)]
    house = rng.integers(1, 160, len(frame))
    days = np.where(
        rng.random(len(frame)) < 0.55, rng.integers(5, 300, len(frame)), rng.integers(300, 1000, len(frame))
    )
    confirmed = [
        "" if blank else (TODAY - timedelta(days=int(ago))).isoformat()
        for ago, blank in zip(days, rng.random(len(frame)) < 0.12, strict=True)
    ]
    source = rng.choice(
        ["Marshwick voluntary sector list", "town council list", "walkabout"], len(frame), p=[0.45, 0.4, 0.15]
    )
    return pd.DataFrame(
        {
            "name": frame["name"],
            "category": frame["category"],
            "latitude": np.round(latitude, 6),
            "longitude": np.round(longitude, 6),
            "postcode": frame["postcode"],
            "address": [f"{number} {road}" for number, road in zip(house, street, strict=True)],
            "confirmed_on": confirmed,
            "source": source,
        }
    ).sort_values("name", ignore_index=True)
