"""Surfaces: the cells of a raster summed up over areas, a cell that a border cuts counting by its share."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource

from geo.errors import GeoError
from geo.raster import (
    Bounds,
    Cells,
    RasterInfo,
    describe,
    grid_faults,
    open_raster,
    read_cells,
    read_info,
    scale_faults,
)
from words.faults import Fault

STATISTICS = ("mean", "sum", "stdev", "min", "max", "median", "density_total")
ASSESSED, PARTLY, NO_DATA, OUTSIDE = "assessed", "partly covered", "no data", "outside"
# shares of cells are kept in single precision by exactextract: only a gap above this is real
_WHOLE = 0.9999


def zonal(
    areas: gpd.GeoDataFrame, raster: Path, statistic: str, *, scale: float | None = None, band: int = 1
) -> pd.DataFrame:
    """Return one number an area from the cells of a raster under it.

    A cell that a border cuts counts by the share of it that lies inside (exactextract), and cells are never
    resampled: where the CRS differ the areas are projected to the raster's (`remarks` says so). Cells without
    data, and NaN, are left out; `coverage` says how much of the area the others make up.

    `mean`, `stdev` (of the cells, not of a sample) and `median` are weighted by those shares; `min` and `max`
    are over every cell that an area touches. `sum` adds up cells that each hold a number of things. A
    *density*, such as people a km², must not be added up so: `density_total` is its mean times the area in
    km² times the coverage, which is the number of things to be expected there.

    :param areas: polygons indexed by code, in a stated CRS.
    :param raster: any raster file that GDAL reads, north up.
    :param statistic: one of `STATISTICS`.
    :param scale: the factor from a stored number to its unit, 0.1 where heights are kept in decimetres. None
        takes what the file declares; a factor other than the one that the file declares is refused.
    :param band: the band, the first is 1.
    :returns: indexed as `areas`: `value` (in the raster's unit; NaN without data), `coverage` (0 to 1, the
        share of the area with data), `status` ("assessed", "partly covered", "no data" or "outside").
    :raises GeoError: every fault of raster, areas and settings at once.

    Reference: Baston, exactextract 0.3. Example: on the 3 x 3 town, four cells of 150 m holding 1, 2, 3 and 4
    give B2, a quarter of which lies on each, the mean 2.5; A1 lies on the first alone and has 1.
    """
    with open_raster(raster) as dataset:
        faults = (
            _setting_faults(statistic, raster.name)
            + _area_faults(areas)
            + grid_faults(dataset, raster.name, band)
        )
        if faults:
            raise GeoError(faults)
        info = read_info(dataset, raster.name, band)
        frame = gpd.GeoDataFrame(geometry=_projected(areas, info).reset_index(drop=True))
        faults = scale_faults(info, scale) + _density_faults(info, statistic) + _extent_faults(frame, info)
        if faults:
            raise GeoError(faults)
        cells, bounds = read_cells(dataset, info, band, tuple(frame.total_bounds), scale)
    table = _extracted(cells, bounds, frame, "mean" if statistic == "density_total" else statistic)
    if statistic == "density_total":
        table["value"] *= _square_kilometres(areas) * table["coverage"]
    outside = table["status"].eq(NO_DATA) & ~_overlaps(frame, info.bounds)
    return table.assign(status=table["status"].mask(outside, OUTSIDE)).set_axis(areas.index)


def remarks(areas: gpd.GeoDataFrame, raster: Path, *, band: int = 1) -> list[str]:
    """Return what a reader should know of a raster over areas: its cells, another CRS, areas under one cell.

    :raises GeoError: as `geo.raster.describe`.
    """
    info = describe(raster, band=band)
    said = [info.sentence()]
    if pyproj.CRS(areas.crs) != info.crs:
        said.append(
            f"{info.file} is in {info.crs_name} and the areas in {pyproj.CRS(areas.crs).to_string()}: the "
            "areas were projected to the raster, its cells were not resampled."
        )
    width, height = info.cell_metres
    small = int((_square_kilometres(areas) * 1e6 < width * height).sum())
    if small:
        said.append(
            f"{small} of {len(areas)} areas are smaller than one cell of {info.file}: such neighbours share "
            "one number, so they look alike whether they are or not."
        )
    return said


def _setting_faults(statistic: str, file: str) -> list[Fault]:
    if statistic in STATISTICS:
        return []
    return [Fault("There is no such statistic.", f"Known: {', '.join(STATISTICS)}.", file, value=statistic)]


def _density_faults(info: RasterInfo, statistic: str) -> list[Fault]:
    if statistic != "sum" or not info.is_density:
        return []
    cure = "Use density_total: the mean times the area."
    return [Fault("A density cannot be added up cell by cell.", cure, info.file, value=info.units)]


def _area_faults(areas: gpd.GeoDataFrame) -> list[Fault]:
    faults = []
    if areas.crs is None:
        faults.append(
            Fault("The areas do not say their CRS.", "Save them with it.", column=areas.geometry.name)
        )
    if not len(areas):
        faults.append(Fault("There are no areas.", "Give at least one."))
    for code, kind in areas.geometry.geom_type.items():
        if kind not in ("Polygon", "MultiPolygon"):
            what = (
                f"The area is a {kind}, not a polygon."
                if isinstance(kind, str)
                else "The area has no outline."
            )
            faults.append(Fault(what, "Give every area a polygon.", column="geometry", value=str(code)))
    return faults


def _projected(areas: gpd.GeoDataFrame, info: RasterInfo) -> gpd.GeoSeries:
    return areas.geometry if pyproj.CRS(areas.crs) == info.crs else areas.geometry.to_crs(info.crs)


def _extent_faults(frame: gpd.GeoDataFrame, info: RasterInfo) -> list[Fault]:
    west, south, east, north = frame.total_bounds
    if not np.isfinite(frame.total_bounds).all():
        cure = "Check that the areas' coordinates are in the CRS they state."
        return [Fault(f"The areas cannot be projected to {info.crs_name}.", cure, info.file)]
    left, bottom, right, top = info.bounds
    if west < right and east > left and south < top and north > bottom:
        return []
    both = (
        f"areas x {west:.6g} to {east:.6g}, y {south:.6g} to {north:.6g}; "
        f"raster x {left:.6g} to {right:.6g}, y {bottom:.6g} to {top:.6g}"
    )
    cure = "Give a raster of this place, and check the CRS of both."
    return [Fault("The raster and the areas do not overlap.", cure, info.file, value=both)]


def _extracted(cells: Cells, bounds: Bounds, frame: gpd.GeoDataFrame, operation: str) -> pd.DataFrame:
    """Return value, coverage and status of each area, in the order of `frame`."""
    source = NumPyRasterSource(cells, *bounds)
    table = exact_extract(source, frame, [f"value={operation}", "cells=count"], output="pandas")
    rows, columns = cells.shape
    cell = (bounds[2] - bounds[0]) / columns * (bounds[3] - bounds[1]) / rows
    coverage = np.clip(table["cells"].to_numpy() * cell / shapely.area(frame.geometry.to_numpy()), 0.0, 1.0)
    status = np.select([coverage == 0, coverage < _WHOLE], [NO_DATA, PARTLY], default=ASSESSED)
    value = table["value"].astype("float64").where(coverage > 0)
    return pd.DataFrame({"value": value, "coverage": coverage, "status": status})


def _overlaps(frame: gpd.GeoDataFrame, bounds: Bounds) -> npt.NDArray[np.bool_]:
    """Say of each area whether some of its ground lies under the raster."""
    shared = shapely.area(shapely.intersection(frame.geometry.to_numpy(), shapely.box(*bounds)))
    inside: npt.NDArray[np.bool_] = shared > 0
    return inside


def _square_kilometres(areas: gpd.GeoDataFrame) -> npt.NDArray[np.float64]:
    """Return each area's size in km², measured in a metric CRS."""
    crs = pyproj.CRS(areas.crs)
    metric = areas.geometry.to_crs(areas.estimate_utm_crs()) if crs.is_geographic else areas.geometry
    metres = 1.0 if crs.is_geographic else crs.axis_info[0].unit_conversion_factor
    size: npt.NDArray[np.float64] = metric.area.to_numpy() * metres**2 / 1e6
    return size
