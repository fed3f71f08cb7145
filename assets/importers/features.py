"""Features: things with properties and a shape, made into rows of text with a point in degrees."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from assets.importers.table import Table, TableRow, cell_text, refusal, table_row
from geo.crs import WIRE
from words.faults import Fault

LONGITUDE, LATITUDE = "longitude", "latitude"


def shape_fault(what: str, error: Exception) -> Fault:
    """Return the fault of a shape that cannot be used."""
    return Fault(f"Its shape {what}: {str(error)[:100]}.", "Draw it again.", column="geometry")


def feature_table(
    file: str,
    rows: Sequence[Mapping[str, object]],
    shapes: Sequence[shapely.Geometry | None],
    crs: CRS,
    faults: Sequence[tuple[Fault, ...]],
) -> Table:
    """Return the table of some features: their properties as text, and a point in degrees for each.

    Columns called longitude and latitude are the feature's point where it has a shape, its properties' else.
    """
    headings = _headings(rows)
    columns = tuple(headings)
    made: list[TableRow] = []
    for number, (properties, point, fault) in enumerate(
        zip(rows, _points(file, shapes, crs), faults, strict=True), start=1
    ):
        cells = {heading: as_text(properties.get(name)) for heading, name in headings.items()}
        if point.longitude:
            cells |= {LONGITUDE: point.longitude, LATITUDE: point.latitude}
        texts = [cells[name] for name in columns]
        row = table_row(number, columns, texts, notes=point.notes, faults=fault or point.faults)
        made.append(row)
    return Table(columns, tuple(made), (f"Read {len(rows)} features, in {crs.name}.",))


def _headings(rows: Iterable[Mapping[str, object]]) -> dict[str, str]:
    """Return a heading for every property, in the order of first sight, each different whatever its case."""
    headings: dict[str, str] = {}
    folded: set[str] = set()
    for name in dict.fromkeys(name for row in rows for name in row):
        heading = name
        while heading.casefold() in folded:
            heading = f"{heading} (again)"
        folded.add(heading.casefold())
        headings[heading] = name
    for name in (LONGITUDE, LATITUDE):
        if name in folded:
            # a property that is called so in other letters is the same column
            old = next(heading for heading in headings if heading.casefold() == name)
            headings = {name if heading == old else heading: was for heading, was in headings.items()}
        else:
            headings[name] = name
    return headings


@dataclass(frozen=True)
class _At:
    """The point that stands for a shape, as text in degrees, with what is to be said of it."""

    longitude: str = ""
    latitude: str = ""
    notes: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


def _points(file: str, shapes: Sequence[shapely.Geometry | None], crs: CRS) -> list[_At]:
    try:
        move = Transformer.from_crs(crs, WIRE, always_xy=True)
    except ProjError as error:
        what = f"Its coordinate system {crs.name!r} is not one of places on Earth."
        raise refusal(
            file, what, "Set its CRS first (EPSG:27700 in Britain, EPSG:4326 for degrees)."
        ) from error
    return [_point(shape, move) for shape in shapes]


def _point(shape: shapely.Geometry | None, move: Transformer) -> _At:
    if shape is None or shape.is_empty:
        return _At()
    is_point = shape.geom_type == "Point"
    try:
        at = shape if is_point else shape.point_on_surface()
        longitude, latitude = move.transform(at.x, at.y, errcheck=True)
    except (shapely.errors.ShapelyError, ProjError) as error:
        return _At(faults=(shape_fault("gives no point", error),))
    told = () if is_point else (f"its {shape.geom_type} stands as a point on it",)
    return _At(f"{longitude:.7f}", f"{latitude:.7f}", told)


def as_text(value: object) -> str:
    """Return a property's value as text: nothing for none, JSON for lists and objects, ISO for days."""
    if value is None or value != value:  # noqa: PLR0124 - a number that is none is the only one unlike itself
        return ""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return cell_text(value)
