"""Coordinate reference systems: metres for measuring, and coordinates that are not what their file says."""

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from geo.codes import count
from words.faults import Fault

BRITISH_GRID = "EPSG:27700"
WIRE = "EPSG:4326"
UNNAMED = pyproj.CRS.from_wkt(
    'ENGCRS["not named in the file",EDATUM["unknown"],CS[Cartesian,2],'
    'AXIS["x",east],AXIS["y",north],LENGTHUNIT["unknown",1]]'
)
"""Stands for the CRS of a file that names none: good for seeing what touches what, for no distance and no map."""
# west, south, east, north in degrees
BRITAIN = (-8.75, 49.8, 1.9, 60.95)
IRELAND = (-10.8, 51.3, -5.4, 55.5)
_FAR = 50_000.0


def metric_crs(frame: gpd.GeoDataFrame, *, northern_ireland: bool = False) -> str:
    """Return the CRS to measure `frame` in: EPSG:27700 for Britain, else the UTM zone it lies in.

    `northern_ireland`: its codes say that it lies west of the Irish Sea, where the British grid is not used.
    """
    if str(frame.crs) == BRITISH_GRID and not northern_ireland:
        return BRITISH_GRID
    west, south, east, north = _degrees(frame)
    if in_britain(west, south) and in_britain(east, north) and not northern_ireland:
        return BRITISH_GRID
    return str(frame.estimate_utm_crs())


def in_britain(longitude: float, latitude: float) -> bool:
    """Say whether a point in degrees lies in the box around Great Britain and not plainly in Ireland."""
    west, south, east, north = BRITAIN
    # the boxes overlap in Kintyre and the Isles: only west of 6.1 W and south of 55.2 N is surely Ireland
    irish = IRELAND[0] <= longitude <= -6.1 and IRELAND[1] <= latitude <= 55.2
    return west <= longitude <= east and south <= latitude <= north and not irish


def in_united_kingdom(longitude: float, latitude: float) -> bool:
    """Say whether a point in degrees lies in the box around the United Kingdom."""
    west, south, east, north = BRITAIN
    return west <= longitude <= east and south <= latitude <= north


def is_located(crs: pyproj.CRS) -> bool:
    """Return whether a CRS ties coordinates to places on Earth; one that is local, or unnamed, does not."""
    return bool(crs.is_projected or crs.is_geographic)


def check_crs(
    frame: gpd.GeoDataFrame, file: str, *, british: bool = False, anywhere: bool = False
) -> list[Fault]:
    """Return what is wrong with the CRS of `frame` and the coordinates under it.

    Found: no CRS; degrees under a CRS in metres and the reverse; latitude and longitude swapped;
    coordinates outside the area where the CRS is used; areas at (0, 0). `british` says that the codes are
    of the United Kingdom, so the coordinates must be too; `anywhere` leaves out where the CRS is used, which
    its registers draw too narrowly for some. Geometries that are missing, empty or not finite
    are left to other checks.
    """
    polygons = frame.geometry.to_numpy()
    shapes = frame.geometry[~shapely.is_missing(polygons) & ~shapely.is_empty(polygons)]
    bounds = shapes.bounds.to_numpy()
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(bounds):
        return []
    west, south = bounds[:, :2].min(axis=0)
    east, north = bounds[:, 2:].max(axis=0)
    extent = f"x {west:.6g} to {east:.6g}, y {south:.6g} to {north:.6g}"
    degrees = _within((west, south, east, north), (-180, -90, 180, 90))
    if frame.crs is None:
        return [_no_crs(file, extent, degrees)]
    crs = pyproj.CRS(frame.crs)
    named = crs.to_string() if len(crs.to_string()) < 40 else crs.name
    if crs.is_projected and degrees:
        return [
            Fault(
                f"The file says {named}, in units of the {crs.axis_info[0].unit_name}, but holds degrees.",
                "Save it with the CRS it is really in (EPSG:4326 for longitude and latitude).",
                file,
                value=extent,
            )
        ]
    if crs.is_geographic and not degrees:
        return [
            Fault(
                f"The file says {named}, in degrees, but holds metres or another unit.",
                "Save it with the CRS it is really in (EPSG:27700 for the British grid).",
                file,
                value=extent,
            )
        ]
    lost = _null_island(shapes, file)
    if anywhere:
        return lost
    return lost or _outside(
        frame, (west, south, east, north), named=named, extent=extent, file=file, british=british
    )


def _no_crs(file: str, extent: str, degrees: bool) -> Fault:
    guess = (
        "They look like degrees (EPSG:4326)" if degrees else "They look like metres (EPSG:27700 in Britain)"
    )
    return Fault(
        "The file does not say which coordinate reference system (CRS) its coordinates are in.",
        f"{guess}: save it again with its CRS; a shapefile needs its .prj beside it.",
        file,
        value=extent,
    )


def _null_island(shapes: gpd.GeoSeries, file: str) -> list[Fault]:
    """Return a fault for shapes with a corner at exactly (0, 0) while the rest lie far from there."""
    west, south, east, north = shapes.total_bounds
    if west > 0 or south > 0 or east < 0 or north < 0:
        return []  # so it is in most places, and their corners need not be looked through
    corners, owner = shapely.get_coordinates(shapes.to_numpy(), return_index=True)
    at_origin = np.unique(owner[(corners == 0).all(axis=1)])
    far = 1.0 if shapes.crs.is_geographic else _FAR
    if not len(at_origin) or np.abs(np.median(corners, axis=0)).max() < far:
        return []
    rows = [int(shapes.index.get_loc(shapes.index[position])) + 1 for position in at_origin[:5]]
    return [
        Fault(
            f"{count(len(at_origin), 'shape has', 'shapes have')} a corner at (0, 0), "
            "far from the others: a failed location.",
            "Give these rows their true outline or take them out.",
            file,
            row=rows[0],
            value="0, 0",
        )
    ]


def _outside(
    frame: gpd.GeoDataFrame,
    bounds: tuple[float, float, float, float],
    *,
    named: str,
    extent: str,
    file: str,
    british: bool,
) -> list[Fault]:
    west, south, east, north = bounds
    if frame.crs.is_geographic and british and _within((south, west, north, east), BRITAIN):
        return [
            Fault(
                "Latitude and longitude are swapped: x holds latitudes.",
                "Save it with longitude as x and latitude as y.",
                file,
                value=extent,
            )
        ]
    use = pyproj.CRS(frame.crs).area_of_use
    real = _degrees(frame)
    if not all(np.isfinite(real)):
        return [_not_there(f"{named} cannot hold these coordinates.", file, extent)]
    if (
        use is not None
        and use.west <= use.east
        and not _within(real, (use.west, use.south, use.east, use.north), 0.5)
    ):
        return [
            _not_there(
                f"The coordinates lie outside the area where {named} is used ({use.name}).", file, extent
            )
        ]
    if british and not _within(real, BRITAIN, 0.5):
        return [
            _not_there("The codes are of the United Kingdom but the coordinates lie elsewhere.", file, extent)
        ]
    return []


def _not_there(what: str, file: str, extent: str) -> Fault:
    return Fault(what, "Save it with the CRS it is really in, or mend the coordinates.", file, value=extent)


def _degrees(frame: gpd.GeoDataFrame) -> tuple[float, float, float, float]:
    """Return the frame's bounds as west, south, east, north in degrees."""
    transformer = pyproj.Transformer.from_crs(frame.crs, WIRE, always_xy=True)
    west, south, east, north = transformer.transform_bounds(*frame.total_bounds)
    return float(west), float(south), float(east), float(north)


def _within(
    inner: tuple[float, float, float, float], outer: tuple[float, float, float, float], slack: float = 0.0
) -> bool:
    west, south, east, north = outer
    return bool(
        west - slack <= inner[0]
        and south - slack <= inner[1]
        and inner[2] <= east + slack
        and inner[3] <= north + slack
    )
