"""What the tests of exports write, and reading it back in whatever format."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from geo.provenance import Provenance

PROVENANCE = Provenance(
    title="Good start",
    question="Where are children least likely to get a good start?",
    run="good-start-town-20260503-101500-ab12",
    recipe="good_start",
    place="Town",
    fictional=True,
    vintage="2021",
    vintage_status="not checked",
    seed="42",
    code_version="0.1.0",
    sources=("Census of the Town, 2021",),
    attribution=("Made up for tests.",),
    p_convention="p is two-sided.",
    must_not_be_used_for=("Denying anyone a service.",),
)
CODES = ["0001", "X0", "007", "1e5", "A5", "=A6", "E07", "E08", "Ŵ9"]


def read(path: Path, file_format: str) -> pd.DataFrame:
    """Return an export as its format gives it back."""
    if file_format == "geoparquet":
        return gpd.read_parquet(path)
    if file_format == "csv":
        table = pd.read_csv(path, dtype="str")
        numbers = [name for name in ("population", "value", "band", "p", "x", "y") if name in table]
        return table.astype(dict.fromkeys(numbers, "float64"))
    return pyogrio.read_dataframe(path, layer=path.stem)
