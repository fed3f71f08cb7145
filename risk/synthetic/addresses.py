"""Addresses: every home of the district with its UPRN, postcode, address line and point."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.place import Place
from risk.errors import RiskError
from risk.synthetic.ground import Ground
from risk.synthetic.streams import stream

PEOPLE_PER_HOME = 2.35
FIRST_UPRN = 999_000_000_000  # a range of numbers that stands for no real address
TREES = (
    "Alder",
    "Beech",
    "Cedar",
    "Elder",
    "Hazel",
    "Holly",
    "Juniper",
    "Larch",
    "Maple",
    "Oak",
    "Rowan",
    "Willow",
)
BIRDS = (
    "Avocet",
    "Curlew",
    "Dunlin",
    "Heron",
    "Kestrel",
    "Lapwing",
    "Linnet",
    "Plover",
    "Redwing",
    "Skylark",
    "Teal",
)
TRADES = (
    "Baker",
    "Chandler",
    "Cooper",
    "Farrier",
    "Fletcher",
    "Mason",
    "Miller",
    "Saddler",
    "Tanner",
    "Weaver",
)
STEMS = TREES + BIRDS + TRADES
ENDS = (
    "Road",
    "Avenue",
    "Close",
    "Street",
    "Drive",
    "Lane",
    "Crescent",
    "Walk",
    "Gardens",
    "Way",
    "Place",
    "Green",
)


def build_homes(place: Place, ground: Ground, seed: int) -> pd.DataFrame:
    """Return one row a home, sorted by area: area (position), uprn, address_line, postcode, x, y (metres).

    There are as many as the people need, shared out among the live postcodes of each area; each point lies in its area.
    RiskError where the place has no postcodes, or an area holds none that is live.
    """
    rng = stream(seed, "addresses")
    live = _live_postcodes(place, ground)
    wanted = np.maximum(ground.people / PEOPLE_PER_HOME, ground.children * 1.0).round().astype(np.int64) + 1
    area = np.repeat(np.arange(len(wanted)), wanted)
    turn = np.arange(len(area)) - np.repeat(wanted.cumsum() - wanted, wanted)
    count = live.groupby("position").size().reindex(range(len(wanted))).to_numpy(np.int64)
    first = count.cumsum() - count
    number, street = turn // count[area] + 1, first[area] + turn % count[area]
    homes = pd.DataFrame(
        {
            "area": area,
            "uprn": FIRST_UPRN + 1 + rng.permutation(len(area)),
            "address_line": _lines(number, street, len(live), rng),
            "postcode": live["postcode"].to_numpy(object)[street],
        }
    )
    x, y = live["x"].to_numpy(float)[street], live["y"].to_numpy(float)[street]
    near_x, near_y = x + rng.normal(0, 9, len(x)), y + rng.normal(0, 9, len(y))
    shapes = place.areas().geometry.to_numpy()
    shapely.prepare(shapes)
    inside = shapely.contains_xy(shapes[area], near_x, near_y)
    homes["x"] = np.where(inside, near_x, x).round(2)
    homes["y"] = np.where(inside, near_y, y).round(2)
    return homes


def register(homes: pd.DataFrame) -> pd.DataFrame:
    """Return the open register of addresses: uprn, x, y, sorted by uprn."""
    return homes[["uprn", "x", "y"]].sort_values("uprn", ignore_index=True)


def _live_postcodes(place: Place, ground: Ground) -> pd.DataFrame:
    """Return the postcodes in use, sorted by area and postcode, with the area's `position`."""
    table = place.postcodes()
    if table is None:
        raise RiskError(f"{place.name} has no postcodes.", "Add the place with --postcodes FILE.")
    positions = pd.Series(np.arange(len(ground.codes)), index=ground.codes)
    live = table[~table["terminated"].astype(bool) & table["area"].isin(positions.index)].copy()
    live["position"] = positions.loc[live["area"]].to_numpy()
    without = sorted(set(ground.codes) - set(live["area"]))
    if without:
        raise RiskError(
            f"{len(without)} areas of {place.name} hold no live postcode ({without[0]} is one).",
            "Add the place with a file of postcodes that covers it.",
        )
    return live.sort_values(["position", "postcode"], ignore_index=True)


def _lines(
    number: npt.NDArray[np.int64], street: npt.NDArray[np.int64], streets: int, rng: np.random.Generator
) -> npt.NDArray[Any]:
    """Return address lines: a number and a street, or for one street in seven a flat in a named block."""
    stem = rng.integers(0, len(STEMS), streets)
    end = rng.integers(0, len(ENDS), streets)
    names = np.array([f"{STEMS[s]} {ENDS[e]}" for s, e in zip(stem, end, strict=True)], dtype=object)
    block = np.array(
        [
            f"{STEMS[s]} {('Court', 'House')[k]}, "
            for s, k in zip(rng.permutation(stem), end % 2, strict=True)
        ],
        dtype=object,
    )
    flats = rng.random(streets) < 1 / 7
    start = rng.integers(0, 60, streets)
    house = (number + start[street]).astype(str).astype(object) + " " + names[street]
    flat = "Flat " + number.astype(str).astype(object) + ", " + block[street] + names[street]
    return np.asarray(np.where(flats[street], flat, house), dtype=object)
