"""Files: the town written to disk, the same bytes each time, and the catalogue of what each file is."""

import hashlib
import json
from pathlib import Path

import geopandas as gpd
import rasterio
from affine import Affine

from data.boundaries.generator import plan
from data.boundaries.generator.land import CELL
from data.boundaries.generator.town import Town

LICENCE = "CC0-1.0"
WHAT = {
    "answer_key.json": "what is planted in the demo place and where: for tests, not for maps",
    "areas.parquet": "output areas of the demo place",
    "assets.csv": "community assets, invented",
    "household_counts.csv": "households overcrowded and deprived, counts by output area",
    "indicator_dictionary.csv": "what each column of indicators.csv means",
    "indicators.csv": "open indicators, per cent by output area",
    "lookup.csv": "output area to LSOA, MSOA and district, with population-weighted centroids (degrees)",
    "population.csv": "people by output area and age band",
    "postcodes.csv": "postcodes with a point each (easting, northing)",
    "scenery.parquet": "river, railway, roads, open land and place names to draw a map from",
    "streets.parquet": "the walking network with bridges, crossings, footpaths and steps",
    "terrain.tif": "height in decimetres on 50 m cells",
    "wards.parquet": "wards; they cut across some LSOAs",
}


def write_town(town: Town, folder: Path) -> None:
    """Write every file of the demo place into a folder, and `catalog.toml` beside the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    rows: dict[str, int] = {}
    for name, layer in town.layers.items():
        write_layer(layer, folder / f"{name}.parquet")
        rows[f"{name}.parquet"] = len(layer)
    for name, table in town.tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
        rows[f"{name}.csv"] = len(table)
    write_terrain(town, folder / "terrain.tif")
    (folder / "answer_key.json").write_text(
        json.dumps(town.key, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    (folder.parent / "catalog.toml").write_text(catalogue(folder, rows), encoding="utf-8")


def write_layer(layer: gpd.GeoDataFrame, path: Path) -> None:
    """Write a layer as GeoParquet."""
    layer.to_parquet(path, index=False, compression="zstd", compression_level=19)


def write_terrain(town: Town, path: Path) -> None:
    """Write the heights as a GeoTIFF of int16 decimetres, no data -32768."""
    height, width = town.heights.shape
    west, north = town.corner
    with rasterio.open(
        path, "w", driver="GTiff", dtype="int16", count=1, height=height, width=width, nodata=-32768,
        crs=plan.CRS, transform=Affine(CELL, 0.0, west, 0.0, -CELL, north), compress="deflate", predictor=2,
    ) as target:  # fmt: skip
        target.write(town.heights, 1)


def catalogue(folder: Path, rows: dict[str, int]) -> str:
    """Return catalog.toml: for each file what it is, licence, vintage, CRS, rows and digest."""
    parts = ["# What each file is. Written by `python -m data.boundaries.generator`; do not edit by hand.\n"]
    for name, what in sorted(WHAT.items()):
        lines = [
            f'[files."{folder.name}/{name}"]',
            f'what = "{what}"',
            "fictional = true",
            f'licence = "{LICENCE}"',
            'source = "data/boundaries/generator"',
            'vintage = "2021"',
        ]
        if name.endswith((".parquet", ".tif")) or name == "postcodes.csv":
            lines.append(f'crs = "{plan.CRS}"')
        elif name in ("lookup.csv", "assets.csv"):
            lines.append('crs = "EPSG:4326"')
        if name in rows:
            lines.append(f"rows = {rows[name]}")
        lines.append(f'sha256 = "{hashlib.sha256((folder / name).read_bytes()).hexdigest()}"')
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)
