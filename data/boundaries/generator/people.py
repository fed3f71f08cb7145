"""People: how many live in each area, of what ages, in how many households, at which postcodes."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from data.boundaries.generator import plan
from data.boundaries.generator.areas import Areas
from data.boundaries.generator.blocks import Blocks

Floats = npt.NDArray[np.float64]
BANDS = ("age_0_4", "age_5_10", "age_11_15", "age_16_24", "age_25_44", "age_45_64", "age_65_plus")
OLD_SHARES = np.array([4.2, 5.8, 5.2, 8.4, 20.0, 29.0, 27.4])
YOUNG_SHARES = np.array([9.2, 10.4, 7.0, 10.6, 34.0, 20.0, 8.8])
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


def make_population(codes: list[str], areas: Areas, rng: np.random.Generator) -> pd.DataFrame:
    """Return total and age bands of each area; new estates are younger."""
    total = np.clip(np.rint(areas.people * rng.lognormal(0, 0.13, len(codes))), 152, 600).astype(int)
    young = np.array([estate.young for estate in plan.ESTATES])[areas.estate]
    young = np.clip(young + rng.normal(0, 0.14, len(codes)), 0, 1)[:, None]
    shares = OLD_SHARES * (1 - young) + YOUNG_SHARES * young
    shares *= rng.lognormal(0, 0.10, shares.shape)
    shares /= shares.sum(axis=1, keepdims=True)
    bands = np.array([rng.multinomial(people, share) for people, share in zip(total, shares, strict=True)])
    return pd.DataFrame({"oa21cd": codes, "total": total, **dict(zip(BANDS, bands.T, strict=True))})


def make_households(
    population: pd.DataFrame, areas: Areas, rng: np.random.Generator
) -> npt.NDArray[np.int64]:
    """Return the number of households of each area."""
    young = np.array([estate.young for estate in plan.ESTATES])[areas.estate]
    size = 2.28 + 0.22 * young + rng.normal(0, 0.12, len(young))
    return np.asarray(np.rint(population["total"].to_numpy() / size), dtype=np.int64)


def make_postcodes(blocks: Blocks, areas: Areas, rng: np.random.Generator) -> pd.DataFrame:
    """Return live and terminated postcodes; every area holds at least one live one.

    Columns: postcode, quality (10 good, 50 poor), easting, northing (whole metres), doterm (year and month of
    termination, empty while in use).
    """
    rows: list[tuple[int, float, float, int, str]] = []
    for number, shape in enumerate(areas.shapes):
        mine = blocks.shapes[(areas.block == number) & (blocks.estate >= 0)]
        wanted = max(3, round(areas.people[number] / 42 + rng.normal(0, 1)))
        points = [areas.home[number], *_scatter(mine, wanted - 1, rng)]
        inside = shapely.contains(shape, shapely.points(np.rint(points)))
        inside[0] = True
        for turn, (x, y) in enumerate(np.asarray(points)[inside]):
            lost = turn > 1 and rng.random() < 0.035
            ended = f"{rng.integers(2009, 2026)}{rng.integers(1, 13):02d}" if lost else ""
            poor = 50 if turn > 0 and rng.random() < 0.03 else 10
            rows.append((int(areas.msoa[number]), x, y, poor, ended))
    frame = pd.DataFrame(rows, columns=["msoa", "easting", "northing", "quality", "doterm"])
    frame.insert(0, "postcode", _postcode_names(frame["msoa"].to_numpy()))
    frame[["easting", "northing"]] = np.rint(frame[["easting", "northing"]]).astype(int)
    return frame[["postcode", "quality", "easting", "northing", "doterm"]]


def _scatter(shapes: npt.NDArray[np.object_], count: int, rng: np.random.Generator) -> Floats:
    """Return points on the edges of blocks, a few metres inside, where front doors are."""
    rings = shapely.boundary(shapely.buffer(shapes, -12.0))
    length = shapely.length(rings)
    if not len(shapes) or length.sum() == 0:
        return np.empty((0, 2))
    chosen = rng.choice(len(rings), count, p=length / length.sum())
    points = shapely.line_interpolate_point(
        shapely.line_merge(rings[chosen]), rng.random(count), normalized=True
    )
    coordinates = np.array(
        [shapely.get_coordinates(point)[0] for point in points if not shapely.is_empty(point)]
    )
    return coordinates.reshape(-1, 2)


def _postcode_names(msoa: npt.NDArray[np.int64]) -> list[str]:
    """Return postcodes ZZ1 1AA to ZZ9 9ZZ: three MSOAs to a district, units in order."""
    counters: dict[int, int] = {}
    names = []
    for number in msoa.tolist():
        district = 1 + number % 27 // 3
        count = counters.get(district, 0)
        counters[district] = count + 1
        sector, unit = divmod(count, len(LETTERS) ** 2 // 3)
        first, second = divmod(unit, len(LETTERS))
        names.append(f"ZZ{district} {sector + 1}{LETTERS[first]}{LETTERS[second]}")
    return names
