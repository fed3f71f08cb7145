"""Raster files: what one says of its grid, its numbers and its gaps, and what is wrong with it."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyproj
import rasterio
from rasterio.errors import RasterioIOError
from rasterio.io import DatasetReader
from rasterio.windows import Window

from geo.errors import GeoError
from words.faults import Fault

Bounds = tuple[float, float, float, float]
"""West, south, east, north."""

Cells = np.ma.MaskedArray[tuple[int, int], np.dtype[np.float64]]
"""Numbers of a raster in their unit, masked where there are none."""

# what programs write where they have no data; none of them is a height, a count or a density
_STAND_INS = (-9999.0, -32768.0, -32767.0, -99999.0, -999999.0, float(np.finfo("float32").min))
_MOST_CELLS = 100_000_000
_TENTHS = ("dm", "decimetre", "decimetres", "decimeter", "decimeters", "dm above")
_DENSITY = ("km-2", "km^-2", "/km", "per km", "per square", "density")


@dataclass(frozen=True)
class RasterInfo:
    """What one band of a raster file says of itself.

    `cell_metres` is the width and height of a cell in metres on the ground (at the raster's middle where its
    CRS is in degrees); a stored number times `scale` plus `offset` is in `units`, empty where the file names
    none.
    """

    file: str
    crs: pyproj.CRS
    cell_metres: tuple[float, float]
    columns: int
    rows: int
    bounds: Bounds
    nodata: float | None
    units: str
    dtype: str
    scale: float
    offset: float

    @property
    def crs_name(self) -> str:
        """The CRS as its authority numbers it, or by its name."""
        authority = self.crs.to_authority()
        return ":".join(authority) if authority else str(self.crs.name)

    @property
    def is_density(self) -> bool:
        """Whether the file's own words say that its numbers are per unit of area."""
        return any(word in self.units.lower() for word in _DENSITY)

    def sentence(self) -> str:
        """Return the raster in one line for a person."""
        width, height = self.cell_metres
        gaps = (
            "no number for cells without data"
            if self.nodata is None
            else f"{self.nodata:g} where there is no data"
        )
        scaled = "" if self.scale == 1 else f", each number times {self.scale:g}"
        scaled += f" plus {self.offset:g}" if self.offset else ""
        return (
            f"{self.file}: {self.columns} x {self.rows} cells of {width:.4g} x {height:.4g} m, "
            f"{self.crs_name}, {self.dtype}, unit {self.units or 'not named'}{scaled}, {gaps}."
        )


def describe(path: Path, *, band: int = 1) -> RasterInfo:
    """Return what a raster file says of itself.

    :param path: any raster file that GDAL reads.
    :param band: the band, the first is 1.
    :raises GeoError: not a raster, no such band, no CRS, a grid that is turned or upside down; all at once.
    """
    with open_raster(path) as dataset:
        faults = grid_faults(dataset, path.name, band)
        if faults:
            raise GeoError(faults)
        return read_info(dataset, path.name, band)


def open_raster(path: Path) -> DatasetReader:
    """Open a raster file; GeoError where there is none, or where it is not a raster."""
    if not path.is_file():
        raise GeoError([Fault("There is no such file.", "Give the path of a raster.", file=str(path))])
    try:
        return rasterio.open(path)
    except RasterioIOError as error:
        fault = Fault(
            "This is not a raster that can be read.", "Give a GeoTIFF or another GDAL raster.", path.name
        )
        raise GeoError([fault]) from error


def grid_faults(dataset: DatasetReader, file: str, band: int) -> list[Fault]:
    """Return what is wrong with a raster's bands, CRS and grid."""
    faults = []
    if not 1 <= band <= dataset.count:
        cure = f"It has {dataset.count} band{'s' * (dataset.count > 1)}, the first is 1."
        faults.append(Fault("There is no such band.", cure, file, value=f"band={band}"))
    if dataset.crs is None:
        cure = "Save it with its CRS (gdal_translate -a_srs EPSG:…)."
        faults.append(Fault("The raster does not say its CRS.", cure, file))
    grid = dataset.transform
    if grid.b or grid.d or grid.a <= 0 or grid.e >= 0:
        cure = "Warp it to a grid whose rows run west to east, the first in the north (gdalwarp)."
        faults.append(Fault("The grid is turned or upside down.", cure, file))
    return faults


def read_info(dataset: DatasetReader, file: str, band: int) -> RasterInfo:
    """Return what one band of an opened raster without grid faults says of itself."""
    tags = {**dataset.tags(), **dataset.tags(band)}
    named = (dataset.units[band - 1], tags.get("units"), tags.get("UNITS"), dataset.descriptions[band - 1])
    crs = pyproj.CRS.from_wkt(dataset.crs.to_wkt())
    bounds = dataset.bounds
    return RasterInfo(
        file=file,
        crs=crs,
        cell_metres=_cell_metres(crs, dataset),
        columns=dataset.width,
        rows=dataset.height,
        bounds=(bounds.left, bounds.bottom, bounds.right, bounds.top),
        nodata=dataset.nodatavals[band - 1],
        units=next((text for text in named if text), ""),
        dtype=dataset.dtypes[band - 1],
        scale=dataset.scales[band - 1],
        offset=dataset.offsets[band - 1],
    )


def scale_faults(info: RasterInfo, scale: float | None) -> list[Fault]:
    """Return what speaks against `scale` as the factor from a stored number to its unit; None: the file's."""
    if scale is not None and (not math.isfinite(scale) or scale == 0):
        cure = "Decimetres to metres is 0.1."
        return [Fault("A scale is a number other than 0.", cure, info.file, value=f"scale={scale}")]
    if scale is not None and info.scale not in (1.0, scale):
        what = f"The file itself says that its numbers are to be multiplied by {info.scale:g}."
        cure = f"Leave the scale out, or give {info.scale:g}: only one of the two is ever applied."
        return [Fault(what, cure, info.file, value=f"scale={scale:g}")]
    tenths = any(word in _TENTHS for word in info.units.lower().replace(",", " ").split())
    if scale is None and info.scale == 1 and tenths:
        cure = "Say scale=0.1 for metres, or scale=1 for the numbers as they are."
        return [Fault("The numbers are tenths of a metre.", cure, info.file, value=info.units)]
    return []


def read_cells(
    dataset: DatasetReader, info: RasterInfo, band: int, extent: Bounds, scale: float | None
) -> tuple[Cells, Bounds]:
    """Return the cells under an extent in their unit, masked where there is no data, and their bounds.

    :param extent: in the raster's CRS; it must overlap the raster.
    :param scale: the factor from stored numbers to their unit; None takes the file's own.
    :raises GeoError: more cells than fit in memory; cells with a stand-in for no data that the file does not
        declare.
    """
    west, south, east, north = extent
    grid = dataset.transform
    first, last = (
        max(math.floor((west - grid.c) / grid.a), 0),
        min(math.ceil((east - grid.c) / grid.a), info.columns),
    )
    above, below = (
        max(math.floor((north - grid.f) / grid.e), 0),
        min(math.ceil((south - grid.f) / grid.e), info.rows),
    )
    if (last - first) * (below - above) > _MOST_CELLS:
        cure = "Cut it to the place, or use a coarser one."
        raise GeoError([Fault("The raster has too many cells under the areas.", cure, info.file)])
    window = Window(first, above, last - first, below - above)
    stored = np.ma.masked_invalid(dataset.read(band, window=window, masked=True).astype("float64"))
    faults = _stand_in_faults(stored, info)
    if faults:
        raise GeoError(faults)
    bounds = (
        grid.c + first * grid.a,
        grid.f + below * grid.e,
        grid.c + last * grid.a,
        grid.f + above * grid.e,
    )
    return stored * (info.scale if scale is None else scale) + info.offset, bounds


def _stand_in_faults(stored: Cells, info: RasterInfo) -> list[Fault]:
    seen = stored.compressed()
    declared = "declares no value for that" if info.nodata is None else f"declares {info.nodata:g} for that"
    faults = []
    for stand_in in _STAND_INS:
        found = int((seen == stand_in).sum())
        if found:
            what = f"{found} cells hold a number that programs write for no data, and the file {declared}."
            cure = f"Declare it: gdal_translate -a_nodata {stand_in:g}."
            faults.append(Fault(what, cure, info.file, value=f"{stand_in:g}"))
    return faults


def _cell_metres(crs: pyproj.CRS, dataset: DatasetReader) -> tuple[float, float]:
    width, height = dataset.res
    if not crs.is_geographic:
        metres = crs.axis_info[0].unit_conversion_factor
        return width * metres, height * metres
    x = (dataset.bounds.left + dataset.bounds.right) / 2
    y = (dataset.bounds.bottom + dataset.bounds.top) / 2
    geod = crs.get_geod()
    assert geod is not None, "a CRS in degrees has an ellipsoid"
    _, _, across = geod.inv(x, y, x + width, y)
    _, _, down = geod.inv(x, y - height / 2, x, y + height / 2)
    return float(across), float(down)
