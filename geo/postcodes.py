"""Postcodes: their form, and tables of them such as Code-Point Open or the ONS Postcode Directory."""

import re
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from geo.codes import capped, count
from geo.tables import is_blank, missing_column, numbers
from words.faults import Fault

POSTCODE = re.compile(r"(GIR|[A-Z]{1,2}[0-9][0-9A-Z]?) ([0-9][ABD-HJLNP-UW-Z]{2})")
FICTIONAL_AREA = re.compile(r"ZZ[0-9]")


def normalise(text: str) -> str | None:
    """Return a postcode as it is written ("ss154je" becomes "SS15 4JE"), or None for text of another form.

    >>> normalise(" ss154je ")
    'SS15 4JE'
    """
    squeezed = re.sub(r"\s+", "", text).upper()
    spaced = f"{squeezed[:-3]} {squeezed[-3:]}"
    return spaced if POSTCODE.fullmatch(spaced) else None


def is_fictional(postcode: str) -> bool:
    """Say whether a normalised postcode is of the area ZZ, which no real place has."""
    return FICTIONAL_AREA.match(postcode) is not None


_COLUMNS = {
    "postcode": ("postcode", "pcds", "pcd", "pcd7", "pcd8", "pc"),
    "quality": ("quality", "pq", "osgrdind", "positional_quality_indicator", "gridind"),
    "easting": ("easting", "eastings", "e", "oseast1m", "east1m"),
    "northing": ("northing", "northings", "n", "osnrth1m", "north1m"),
    "longitude": ("longitude", "long", "lon"),
    "latitude": ("latitude", "lat"),
    "terminated": ("doterm", "terminated"),
}
# Code-Point Open counts in tens, the ONS directory in ones; both mean that no location is known
NO_LOCATION = (9, 90)
TERMINATED = 8


@dataclass(frozen=True)
class Postcodes:
    """The postcodes of a place (postcode, x, y, quality, terminated, area), with faults and notes."""

    table: pd.DataFrame
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    read: int = 0


def read_postcodes(table: pd.DataFrame, areas: gpd.GeoDataFrame, file: str, *, fictional: bool) -> Postcodes:
    """Return the postcodes that lie in the areas, each with the code of its area.

    table: as it was read, in the columns of Code-Point Open, the ONS Postcode Directory or plain names;
    eastings and northings are EPSG:27700, degrees EPSG:4326. areas: indexed by code, in the place's CRS.
    Those without a location are kept where a neighbour of the same district ("SS15") lies in the place;
    terminated ones are kept and flagged.
    """
    frame, faults = located(table, file, str(areas.crs), fictional=fictional)
    return Postcodes(frame, tuple(faults)) if faults else _within(frame, areas, file)


def located(
    table: pd.DataFrame, file: str, crs: str, *, fictional: bool = False
) -> tuple[pd.DataFrame, list[Fault]]:
    """Return every postcode of a table (postcode, quality, terminated, x, y in `crs`) and all faults found.

    table: as for `read_postcodes`. x and y are NaN where the table says that no location is known. With a
    fault the frame is empty.
    """
    columns, faults = _columns(table, file)
    if faults:
        return pd.DataFrame(), faults
    table = table.set_axis(pd.RangeIndex(1, len(table) + 1))
    frame, faults = _form(table[columns["postcode"]], file, fictional)
    frame["quality"], found = _quality(table, columns, file)
    faults += found
    frame["terminated"] = _terminated(table, columns) | (frame["quality"] == TERMINATED)
    frame["x"], frame["y"], found = _points(table, columns, file, crs, frame["quality"])
    faults += found
    return (pd.DataFrame() if faults else frame), faults


def _columns(table: pd.DataFrame, file: str) -> tuple[dict[str, str], list[Fault]]:
    folded = {str(column).strip().lower(): str(column) for column in table.columns}
    found = {
        role: folded[name] for role, names in _COLUMNS.items() for name in reversed(names) if name in folded
    }
    faults = []
    if "postcode" not in found:
        faults.append(missing_column("postcode", list(folded.values()), file))
    if not ({"easting", "northing"} <= set(found) or {"longitude", "latitude"} <= set(found)):
        what = f"No columns of coordinates; there are {', '.join(list(folded.values())[:20])}."
        faults.append(Fault(what, "It needs easting and northing, or longitude and latitude.", file))
    return found, faults


def _form(cells: pd.Series, file: str, fictional: bool) -> tuple[pd.DataFrame, list[Fault]]:
    written = cells.astype(str).map(normalise)
    faults = []
    for row in written.index[written.isna()]:
        faults.append(
            Fault("This is not a postcode.", "Correct it.", file, int(row), str(cells.name), str(cells[row]))
        )
    for row in written.index[written.notna() & written.duplicated()]:
        what = "The postcode stands in an earlier row already."
        faults.append(
            Fault(what, "Keep one row a postcode.", file, int(row), str(cells.name), str(cells[row]))
        )
    made_up = written.dropna().map(is_fictional).astype(bool)
    wrong = made_up.index[made_up != fictional]
    what, cure = (
        ("A fictional place cannot have a real postcode.", "Use postcodes ZZ….")
        if fictional
        else ("Postcodes ZZ… are fictional.", "Say that the place is fictional, or give real ones.")
    )
    faults += [Fault(what, cure, file, int(row), str(cells.name), str(cells[row])) for row in wrong]
    return pd.DataFrame({"postcode": written}), capped(faults)


def _quality(table: pd.DataFrame, columns: dict[str, str], file: str) -> tuple[pd.Series, list[Fault]]:
    if "quality" not in columns:
        return pd.Series(pd.NA, index=table.index, dtype="Int64"), []
    values, faults = numbers(table[columns["quality"]], file)
    if faults or (values.dropna() % 1 != 0).any():
        return values, capped(faults) or [Fault("Quality is not a whole number.", "Correct it.", file)]
    return values.astype("Int64"), []


def _terminated(table: pd.DataFrame, columns: dict[str, str]) -> pd.Series:
    if "terminated" not in columns:
        return pd.Series(data=False, index=table.index)
    cells = table[columns["terminated"]]
    return ~is_blank(cells) & ~cells.astype(str).str.lower().isin(["false", "0", "no"])


def _points(
    table: pd.DataFrame, columns: dict[str, str], file: str, crs: str, quality: pd.Series
) -> tuple[pd.Series, pd.Series, list[Fault]]:
    """Return x and y in the place's CRS, NaN where the file says that the location is not known."""
    grid = {"easting", "northing"} <= set(columns)
    pair = ("easting", "northing") if grid else ("longitude", "latitude")
    east, faults = numbers(table[columns[pair[0]]], file)
    north, more = numbers(table[columns[pair[1]]], file)
    faults += more
    none = quality.isin(NO_LOCATION) | ((east == 0) & (north == 0))
    east, north = east.mask(none), north.mask(none)
    blank = (east.isna() | north.isna()) & ~none & ~quality.eq(TERMINATED).fillna(value=False)
    faults += [
        Fault(
            "The postcode has no coordinates, and its quality does not say so.", "Give them.", file, int(row)
        )
        for row in blank.index[blank]
        if not faults
    ]
    wrong = (
        (east.abs().max() <= 180 and north.abs().max() <= 90)
        if grid
        else (east.abs().max() > 180 or north.abs().max() > 90)
    )
    if wrong and not faults:
        unit = "metres but hold degrees" if grid else "degrees but hold metres"
        value = f"{east.dropna().iloc[0]:g}, {north.dropna().iloc[0]:g}"
        what = f"The columns {columns[pair[0]]} and {columns[pair[1]]} should be {unit}."
        faults.append(Fault(what, "Name the columns for what they hold.", file, value=value))
    move = pyproj.Transformer.from_crs("EPSG:27700" if grid else "EPSG:4326", crs, always_xy=True)
    x, y = move.transform(east.to_numpy(), north.to_numpy())
    index = table.index
    return pd.Series(x, index=index), pd.Series(y, index=index), capped(faults)


def _within(frame: pd.DataFrame, areas: gpd.GeoDataFrame, file: str) -> Postcodes:
    """Keep the postcodes inside an area, and the ones without a location of the same postcode districts."""
    located = frame[np.isfinite(frame["x"]) & np.isfinite(frame["y"])]
    points = shapely.points(located["x"], located["y"])
    point, area = shapely.STRtree(areas.geometry.to_numpy()).query(points, predicate="intersects")
    first = ~pd.Series(point).duplicated().to_numpy()
    inside = located.iloc[point[first]].assign(area=areas.index.to_numpy()[area[first]])
    districts = set(inside["postcode"].str.split(" ").str[0])
    rest = frame.drop(located.index)
    rest = rest[rest["postcode"].str.split(" ").str[0].isin(districts)].assign(x=np.nan, y=np.nan, area=None)
    kept = pd.concat([inside, rest]) if len(rest) else inside
    kept = kept.sort_values("postcode").reset_index(drop=True)
    notes = [
        f"{file}: {len(inside)} of {len(frame)} postcodes lie in the place; "
        f"{count(len(frame) - len(kept), 'was', 'were')} left out."
    ]
    if len(rest):
        notes.append(f"{file}: {count(len(rest), 'postcode has', 'postcodes have')} no location.")
    gone = int(kept["terminated"].sum())
    if gone:
        notes.append(f"{file}: {count(gone, 'postcode is', 'postcodes are')} no longer in use.")
    return Postcodes(
        kept[["postcode", "x", "y", "quality", "terminated", "area"]], (), tuple(notes), len(frame)
    )
