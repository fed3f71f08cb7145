"""Codes and names: of areas, LSOAs, MSOAs and wards, in forms that no register has."""

from collections import Counter

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from data.boundaries.generator import plan
from data.boundaries.generator.areas import Areas

TOWN = "Marshwick"
DISTRICT = "X07000001"
SIDES = ("North", "East", "South", "West")


def area_codes(count: int) -> list[str]:
    """Return X00000001 onwards."""
    return [f"X00{number:06d}" for number in range(1, count + 1)]


def make_lookup(codes: list[str], areas: Areas) -> pd.DataFrame:
    """Return each area's LSOA, MSOA and district, and its population-weighted centroid in degrees."""
    to_wire = Transformer.from_crs(plan.CRS, "EPSG:4326", always_xy=True)
    longitude, latitude = to_wire.transform(*areas.home.T)
    first = np.array([areas.lsoa[areas.msoa == number].min() for number in range(int(areas.msoa.max()) + 1)])
    letters = [chr(ord("A") + int(letter)) for letter in areas.lsoa - first[areas.msoa]]
    msoa = [f"{TOWN} {number + 1:03d}" for number in areas.msoa]
    names = part_names(areas, areas.msoa)
    return pd.DataFrame(
        {
            "oa21cd": codes,
            "lsoa21cd": [f"X01{number + 1:06d}" for number in areas.lsoa],
            "lsoa21nm": [name + letter for name, letter in zip(msoa, letters, strict=True)],
            "msoa21cd": [f"X02{number + 1:06d}" for number in areas.msoa],
            "msoa21nm": msoa,
            "msoa21hclnm": [names[number] for number in areas.msoa],
            "lad21cd": DISTRICT,
            "lad21nm": TOWN,
            "pwc_lon": np.round(longitude, 6),
            "pwc_lat": np.round(latitude, 6),
        }
    )


def make_wards_table(areas: Areas) -> gpd.GeoDataFrame:
    """Return the wards: code, name, geometry."""
    names = part_names(areas, areas.ward)
    numbers = range(int(areas.ward.max()) + 1)
    shapes = [
        shapely.normalize(shapely.coverage_union_all(areas.shapes[areas.ward == number]))
        for number in numbers
    ]
    return gpd.GeoDataFrame(
        {
            "code": [f"X05{number + 1:06d}" for number in numbers],
            "name": [names[number] for number in numbers],
        },
        geometry=shapes,
        crs=plan.CRS,
    )


def part_names(areas: Areas, part: np.ndarray) -> list[str]:
    """Return a name for each part of the town: its main neighbourhood or two, and a side where shared."""
    mains = []
    for number in range(int(part.max()) + 1):
        mine = part == number
        weight = np.bincount(areas.estate[mine], weights=areas.people[mine], minlength=len(plan.ESTATES))
        top = np.argsort(-weight, kind="stable")[:2]
        mains.append(
            (
                plan.ESTATES[top[0]].name,
                plan.ESTATES[top[1]].name if weight[top[1]] > 0.3 * weight.sum() else "",
            )
        )
    names = [f"{first} and {second}" if second else first for first, second in mains]
    shared = {name for name, times in Counter(names).items() if times > 1}
    middles = np.array([areas.home[part == number].mean(axis=0) for number in range(len(names))])
    return [
        _with_side(number, names, middles) if names[number] in shared else names[number]
        for number in range(len(names))
    ]


def _with_side(number: int, names: list[str], middles: np.ndarray) -> str:
    """Tell namesakes apart by the side of the neighbourhood on which they lie."""
    same = [other for other, name in enumerate(names) if name == names[number]]
    east, north = (middles[same] - middles[same].mean(axis=0)).T
    axis, words = (north, ("South", "North")) if np.ptp(north) > np.ptp(east) else (east, ("West", "East"))
    rank = int(np.argsort(np.argsort(axis))[same.index(number)])
    word = words[1] if rank == len(same) - 1 else words[0] if rank == 0 else "Central"
    return f"{names[number]} {word}"
