"""Assembly: what a place will hold, brought to one CRS and one row an area."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from geo.boundaries import check_geometry, read_layer
from geo.codes import common_level, some
from geo.crs import check_crs, metric_crs
from geo.errors import GeoError
from geo.lookups import PARENTS, name_column
from geo.names import area_names
from geo.place import Join
from geo.request import PlaceRequest
from words.faults import Fault

Note = Callable[[str], None]
_FAR = 2_000.0


@dataclass
class Contents:
    """The parts of a place as they are gathered; `table` is what areas.parquet will hold."""

    areas: gpd.GeoDataFrame
    level: str
    codes: list[str]
    own: pd.DataFrame = field(default_factory=pd.DataFrame)
    lookup: pd.DataFrame | None = None
    vintage_checked: bool = False
    centres: dict[str, pd.Series] = field(default_factory=dict)
    population: pd.DataFrame | None = None
    indicators: pd.DataFrame | None = None
    sources: dict[str, dict[str, str]] = field(default_factory=dict)
    postcodes: pd.DataFrame | None = None
    wards: gpd.GeoDataFrame | None = None
    wards_file: str = ""
    ward_join: Join | None = None
    streets: gpd.GeoDataFrame | None = None
    scenery: gpd.GeoDataFrame | None = None
    table: gpd.GeoDataFrame | None = None
    beyond: "Contents | None" = None
    """The surroundings, gathered as the place itself is."""


def project(frame: gpd.GeoDataFrame, codes: pd.Series, note: Note) -> gpd.GeoDataFrame:
    """Return the areas as flat polygons in the metric CRS that suits them, saying where they were moved."""
    northern = bool(codes.astype(str).str.startswith("N").all())
    crs = metric_crs(frame, northern_ireland=northern)
    flat = frame.set_geometry(frame.geometry.force_2d())
    if pyproj.CRS(frame.crs) == pyproj.CRS(crs):
        return flat.set_crs(crs, allow_override=True)
    name = pyproj.CRS(frame.crs).to_string()
    note(f"The areas were brought from {name if len(name) < 40 else pyproj.CRS(frame.crs).name} to {crs}.")
    return flat.to_crs(crs)


def areas_table(contents: Contents, note: Note) -> gpd.GeoDataFrame:
    """Return one row an area, sorted by code: code, name, parents, population, x, y, geometry."""
    index = pd.Index(contents.codes, name="code")
    known = contents.own.reindex(index)
    if contents.lookup is not None:
        found = contents.lookup.reindex(index)
        known = found.combine_first(known) if len(known.columns) else found
    x, y = _centres(contents, note)
    if contents.wards is not None:
        known["ward"], known["ward_name"] = _wards_of(contents, x, y, note)
    table = pd.DataFrame(index=index)
    table["name"] = area_names(known)
    for column in [part for parent in PARENTS for part in (parent, f"{parent}_name")]:
        if column in known.columns:
            table[column] = known[column].astype(object)
    table["population"] = _people(contents, index)
    table["x"], table["y"] = x, y
    geometry = contents.areas.geometry.to_numpy()
    return gpd.GeoDataFrame(table.reset_index(), geometry=geometry, crs=contents.areas.crs)


def _people(contents: Contents, index: pd.Index) -> pd.Series:
    if contents.population is None:
        return pd.Series(pd.NA, index=index, dtype="Int64")
    total = contents.population["total"]
    return total.astype("Int64") if (total.dropna() % 1 == 0).all() else total


def _centres(contents: Contents, note: Note) -> tuple[np.ndarray, np.ndarray]:
    """Return each area's population-weighted centroid in metres, or a point inside it where none is given."""
    inside = contents.areas.geometry.representative_point()
    x, y = inside.x.to_numpy().copy(), inside.y.to_numpy().copy()
    if not contents.centres:
        note("Each area's point is one inside it: no population-weighted centroids were given.")
        return x, y
    east, north = (values.reindex(contents.codes).to_numpy() for values in contents.centres.values())
    degrees = bool(np.nanmax(np.abs(east)) <= 180 and np.nanmax(np.abs(north)) <= 90)
    move = pyproj.Transformer.from_crs(
        "EPSG:4326" if degrees else contents.areas.crs, contents.areas.crs, always_xy=True
    )
    given = np.isfinite(east) & np.isfinite(north)
    px, py = move.transform(east[given], north[given])
    away = shapely.distance(contents.areas.geometry.to_numpy()[given], shapely.points(px, py))
    if (away > _FAR).any() or not np.isfinite(away).all():
        worst = int(np.argmax(np.nan_to_num(away, nan=np.inf)))
        code = np.asarray(contents.codes)[given][worst]
        columns = " and ".join(contents.centres)
        raise GeoError(
            [
                Fault(
                    f"The centroid of {code} lies {away[worst] / 1000:,.1f} km from the area.",
                    f"Check the lookup's columns {columns}.",
                )
            ]
        )
    x[given], y[given] = px, py
    outside = int((away > 0).sum())
    note(
        f"Each area's point is its population-weighted centroid ({int(given.sum())} of {len(x)}; "
        f"{outside} lie just outside)."
    )
    return x, y


def read_wards(request: PlaceRequest, contents: Contents, note: Note) -> gpd.GeoDataFrame | None:
    """Return the wards that touch the areas (`code`, `name`, geometry in the place's CRS), or None."""
    if request.wards is None:
        return None
    file = contents.wards_file = request.wards.name
    frame = read_layer(request.wards, request.wards_layer)
    codes = [str(c) for c in frame.columns if c != frame.geometry.name and common_level(frame[c]) == "ward"]
    if not codes:
        names = ", ".join(str(column) for column in frame.columns)
        raise GeoError(
            [Fault(f"No column holds ward codes; there are {names}.", "Give a layer of wards.", file)]
        )
    faults = check_crs(frame, file) + check_geometry(
        frame.geometry, frame[codes[0]].astype(str).tolist(), file
    )
    if faults:
        raise GeoError(faults)
    name = name_column([str(column) for column in frame.columns], codes[0])
    name = name if name is not None else ("name" if "name" in frame.columns else codes[0])
    wards = gpd.GeoDataFrame(
        {"code": frame[codes[0]].astype(str).to_numpy(), "name": frame[name].astype(str).to_numpy()},
        geometry=frame.geometry.force_2d().to_numpy(),
        crs=frame.crs,
    ).to_crs(contents.areas.crs)
    touched = np.unique(wards.sindex.query(contents.areas.geometry, predicate="intersects")[1])
    if not len(touched):
        raise GeoError([Fault("No ward touches the areas.", "Give the wards of this place.", file)])
    note(f"{file}: {len(touched)} of {len(wards)} wards touch the areas.")
    return wards.iloc[touched].sort_values("code", ignore_index=True)


def _wards_of(
    contents: Contents, x: np.ndarray, y: np.ndarray, note: Note
) -> tuple[list[str | None], list[str | None]]:
    """Return each area's ward by the point that stands for it: wards cut across some areas."""
    assert contents.wards is not None
    wards = contents.wards
    point, ward = wards.sindex.query(shapely.points(x, y), predicate="intersects")
    of = dict(zip(reversed(point.tolist()), reversed(ward.tolist()), strict=True))
    found = len(of)
    unmatched = tuple(code for i, code in enumerate(contents.codes) if i not in of)
    join = Join(contents.wards_file, "wards", len(x), found, found / len(x), "geometry", unmatched)
    contents.ward_join = join
    note(f"{join.sentence()} (by the point that stands for each area)")
    if unmatched:
        note(f"No ward holds {some(list(unmatched))}.")
    codes = [str(wards["code"].iloc[of[i]]) if i in of else None for i in range(len(x))]
    names = [str(wards["name"].iloc[of[i]]) if i in of else None for i in range(len(x))]
    return codes, names


def read_scenery(path: Path | None, contents: Contents) -> gpd.GeoDataFrame | None:
    """Return a layer to draw or walk on in the place's CRS, or None if none was given."""
    if path is None:
        return None
    frame = read_layer(path)
    if frame.crs is None:
        raise GeoError([Fault("The file does not say its CRS.", "Save it again with its CRS.", path.name)])
    return frame.to_crs(contents.areas.crs)
