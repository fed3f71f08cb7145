"""Surroundings: areas beyond a place's border, kept so that the border is no edge of the data."""

from collections.abc import Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import measures
from geo.assembly import Contents, areas_table
from geo.boundaries import check_geometry, check_overlaps, mend, read_layer
from geo.codes import LEVEL_NAMES, as_text, check_codes, common_level, count
from geo.contiguity import shared_vertices
from geo.crs import check_crs
from geo.errors import GeoError
from geo.findings import Findings
from geo.lookups import Matched, match, parents
from geo.request import PlaceRequest
from geo.tables import missing_column
from words.faults import Fault

REACH = 2_000.0
"""Metres beyond the border within which areas are kept. Whatever shares a border point is nearer than that, and
so is everything that band:1500 can ask for; farther areas would only make the place be compared with other towns."""
KEPT = ("code", "lsoa", "msoa", "population", "x", "y", "geometry")
_CURE = (
    "Give areas of the place's kind and vintage, outlined by the same publisher: each spot belongs to one."
)


def read_surroundings(request: PlaceRequest, own: Contents, findings: Findings) -> Contents | None:
    """Return the areas of the file that lie beyond the place's border and within REACH of it, or None.

    `own` holds the place's areas, sound and in metres. Codes that are the place's own are dropped and
    counted. CRS, codes, outlines and overlaps are checked as those of the areas are; GeoError with every
    fault where anything is wrong, or where no area is left.
    """
    if request.surroundings is None:
        return None
    file = request.surroundings.name
    frame = read_layer(request.surroundings, request.surroundings_layer)
    columns = [str(column) for column in frame.columns if column != "geometry"]
    if request.code not in columns:
        raise GeoError([missing_column(request.code, columns, file)])
    codes = as_text(frame[request.code], file, request.code)
    faults = check_codes(codes, file, request.code, fictional=request.fictional)
    faults += _level_faults(codes, own.level, file, request.code)
    faults += check_crs(frame, file, british=own.level != "area" and not request.fictional)
    if faults:
        raise GeoError(faults)
    frame = frame.set_axis(pd.RangeIndex(1, len(frame) + 1)).assign(code=codes.to_numpy())
    kept = _cut(frame[["code", "geometry"]], own, file)
    kept = _sound(kept, own, request, findings)
    findings.note(_told(kept, own, dropped=int(codes.isin(own.codes).sum()), file=file))
    kept = kept.sort_values("code", ignore_index=True)
    return Contents(kept, own.level, kept["code"].tolist())


def _level_faults(codes: pd.Series, level: str, file: str, column: str) -> list[Fault]:
    found = common_level(codes) or "area"
    if found == level:
        return []
    what = (
        f"The place's areas are of the kind {LEVEL_NAMES[level]}, the surroundings of {LEVEL_NAMES[found]}."
    )
    return [Fault(what, "Give the same kind of areas for both.", file, column=column)]


def _cut(frame: gpd.GeoDataFrame, own: Contents, file: str) -> gpd.GeoDataFrame:
    """Return the areas that are not the place's own and lie within REACH, in the place's CRS.

    Shapes that lie nowhere stay in, to be refused by name.
    """
    others = frame[~frame["code"].isin(own.codes)].to_crs(own.areas.crs)
    others = others.set_geometry(others.geometry.force_2d())
    near = others.sindex.query(own.areas.geometry, predicate="dwithin", distance=REACH)[1]
    kept = ~np.isfinite(others.bounds.to_numpy()).all(axis=1)
    kept[near] = True
    if not kept.any():
        what = f"No area of the file lies beyond the place's border and within {REACH:,.0f} m of it."
        raise GeoError(
            [Fault(what, "Give the areas of the neighbouring districts, or leave --surroundings out.", file)]
        )
    return others[kept]


def _sound(
    kept: gpd.GeoDataFrame, own: Contents, request: PlaceRequest, findings: Findings
) -> gpd.GeoDataFrame:
    """Return the areas with sound outlines that share no ground with the place or each other."""
    assert request.surroundings is not None
    file, codes, rows = request.surroundings.name, kept["code"].tolist(), kept.index.tolist()
    if request.mend:
        mended, sentences = mend(kept.geometry, codes)
        kept = kept.set_geometry(mended)
        for sentence in sentences:
            findings.note(sentence)
    faults = check_geometry(kept.geometry, codes, file, rows)
    if not faults:
        shapes = pd.concat([own.areas.geometry, kept.geometry], ignore_index=True)
        overlaps = check_overlaps(shapes, own.codes + codes, file, [0] * len(own.codes) + rows)
        faults = [replace(fault, cure=_CURE if fault.cure else "") for fault in overlaps]
    if faults:
        raise GeoError(faults)
    return kept


def _told(kept: gpd.GeoDataFrame, own: Contents, *, dropped: int, file: str) -> str:
    """Say how many areas were kept, and whether the place touches any of them."""
    size = len(own.codes)
    shapes = pd.concat([own.areas.geometry, kept.geometry], ignore_index=True)
    low, high = shared_vertices(np.asarray(shapes.array))
    touching = len(np.unique(low[(low < size) & (high >= size)]))
    ours = f"; {count(dropped, 'code that is', 'codes that are')} the place's own left out" if dropped else ""
    lone = (
        "" if touching else ": outlines that differ a little may still be neighbours by near:2, knn or band"
    )
    return (
        f"surroundings: {count(len(kept), 'area', 'areas')} of {file} within {REACH:,.0f} m beyond the "
        f"border{ours}. {touching} of the place's {size} areas share a border point with them{lone}."
    )


def match_surroundings(
    table: pd.DataFrame, own: Matched, beyond: Contents, request: PlaceRequest, findings: Findings
) -> Matched:
    """Bring a file's rows to the surroundings by the column that matched the areas, and say how many matched.

    Surroundings without figures are no fault: they do not help, and that is said.
    """
    join = own.join
    found = match(
        table,
        beyond.codes,
        file=join.file,
        role="surroundings",
        level=beyond.level,
        vintage=request.vintage,
        need_all=False,
        may_repeat=join.role == "lookup",
        column=own.column,
    )
    lost = len(found.join.unmatched)
    without = f"; {count(lost, 'other does', 'others do')} not help there" if lost else ""
    verb = "are known" if join.role == "lookup" else "have figures"
    findings.note(
        f"surroundings: {found.join.matched} of {found.join.areas} {verb} in {join.file} ({join.role}){without}."
    )
    findings.faults += found.faults
    return found


def whole_parents(
    lookup: pd.DataFrame, table: pd.DataFrame, own: Matched, level: str, vintage: str
) -> pd.DataFrame:
    """Return a lookup's parents with those left blank of which an area is not in `lookup`.

    An LSOA of which only the near part was kept would get the figures of that part.

    lookup: parents of the surroundings, by code; table: the whole file, by which a parent's areas are known.
    """
    rows = table.set_axis(pd.Index(table[own.column].astype("string").astype(object), name="code"))
    every = parents(Matched(rows, own.column, own.join), level, vintage)[0]
    result = pd.DataFrame(index=lookup.index)
    for column in [name for name in ("lsoa", "msoa") if name in lookup.columns]:
        sizes = every[column].value_counts()
        here = lookup[column].map(lookup[column].value_counts())
        result[column] = lookup[column].where(here == lookup[column].map(sizes), None)
    return result


def figures(matched: Matched, columns: Sequence[str], beyond: Contents, findings: Findings) -> None:
    """Add a file's indicators for the surroundings: the columns that the place takes from it."""
    found = measures.of_columns(matched, columns, beyond.codes)
    findings.faults += found.faults
    held = [] if beyond.indicators is None else [beyond.indicators]
    known = {str(column) for frame in held for column in frame.columns}
    new = found.values[[column for column in columns if column not in known]]
    beyond.indicators = pd.concat([*held, new], axis=1)


def surroundings_table(beyond: Contents) -> gpd.GeoDataFrame:
    """Return what surroundings.parquet will hold: code, whole parents, population, x, y, geometry."""
    table = areas_table(beyond, lambda _: None)
    return table[[column for column in KEPT if column in table.columns]]
