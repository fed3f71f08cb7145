"""Local tables for geocoding: every postcode and every property number (UPRN) that a home was given."""

import tempfile
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv
from pyarrow import compute, parquet

from geo.codes import capped
from geo.crs import BRITISH_GRID
from geo.errors import GeoError
from geo.postcodes import located, normalise
from geo.tables import read_table
from words.faults import Fault

FOLDER = "geocoding"
_CODE_POINT = (
    "postcode", "positional_quality_indicator", "eastings", "northings", "country_code", "nhs_regional_ha_code",
    "nhs_ha_code", "admin_county_code", "admin_district_code", "admin_ward_code",
)  # fmt: skip
_UPRN = ("UPRN", "X_COORDINATE", "Y_COORDINATE")
_BLOCK = 8 << 20


def add_postcodes(path: Path, home: Path) -> int:
    """Take a postcode file into the home's own table and return how many postcodes that has now.

    path: a CSV of Code-Point Open (with or without its headings), the ONS Postcode Directory or plain
    columns, or a folder of such files, as Code-Point Open comes. A postcode that the table has already is
    replaced. The table is written whole or not at all: `geocoding/postcodes.parquet`, x and y in EPSG:27700.

    Raises GeoError with every fault, each with its file and row.
    """
    if not path.exists():
        raise GeoError([Fault("There is no such file.", "Check the path.", str(path))])
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    if not files:
        cure = "Give the folder Data/CSV of Code-Point Open, or one CSV file."
        raise GeoError([Fault("The folder holds no CSV files.", cure, path.name)])
    frames, faults = [], []
    for file in files:
        frame, found = located(_postcode_table(file), file.name, BRITISH_GRID)
        frames.append(frame)
        faults += found
    if faults:
        raise GeoError(capped(faults))
    target = home / FOLDER / "postcodes.parquet"
    kept = [pd.read_parquet(target)] if target.is_file() else []
    whole = pd.concat([*kept, *frames], ignore_index=True).drop_duplicates("postcode", keep="last")
    whole = whole.sort_values("postcode", ignore_index=True)[["postcode", "x", "y", "quality", "terminated"]]
    _write_whole(pa.Table.from_pandas(whole, preserve_index=False), target)
    return len(whole)


def _postcode_table(file: Path) -> pd.DataFrame:
    """Return the table of a file; Code-Point Open's own files have no headings."""
    with file.open("rb") as opened:
        first = opened.readline(200).decode("utf-8-sig", "replace")
    start = first.split(",")[0].strip().strip('"')
    if normalise(start) is None or file.suffix.lower() != ".csv":
        return read_table(file)
    try:
        table = pd.read_csv(file, header=None, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (ValueError, OSError) as error:
        raise GeoError([Fault(f"It cannot be read: {error}.", "Download it again.", file.name)]) from error
    names = [*_CODE_POINT, *(f"column {at}" for at in range(len(_CODE_POINT) + 1, len(table.columns) + 1))]
    return table.set_axis(names[: len(table.columns)], axis=1)


def add_uprns(path: Path, home: Path, bounds: tuple[float, float, float, float] | None = None) -> int:
    """Take a file of OS Open UPRN into the home's own table and return how many numbers that has now.

    path: CSV with UPRN, X_COORDINATE and Y_COORDINATE (EPSG:27700). bounds: west, south, east, north in
    metres, to keep only a region of the whole country's 40 million. Read in blocks, written whole or not at
    all: `geocoding/uprns.parquet`, sorted.

    Raises GeoError where the file is not of that form.
    """
    try:
        reader = arrow_csv.open_csv(
            path,
            read_options=arrow_csv.ReadOptions(block_size=_BLOCK),
            convert_options=arrow_csv.ConvertOptions(
                include_columns=list(_UPRN),
                column_types=dict(zip(_UPRN, (pa.int64(), pa.float64(), pa.float64()), strict=True)),
            ),
        )
        tables = [pa.Table.from_batches([batch]) for batch in _within(reader, bounds)]
    except (pa.ArrowInvalid, pa.ArrowKeyError, OSError) as error:
        cure = f"Give a CSV file with the columns {', '.join(_UPRN)}."
        raise GeoError([Fault(f"It is no file of OS Open UPRN: {error}.", cure, path.name)]) from error
    target = home / FOLDER / "uprns.parquet"
    found = [table.rename_columns(["uprn", "x", "y"]) for table in tables]
    kept = [parquet.read_table(target)] if target.is_file() else []
    whole = pa.concat_tables([*found, *kept]) if found or kept else None
    if whole is None:
        return 0
    numbers = whole["uprn"].to_numpy()
    _, first = np.unique(numbers, return_index=True)
    whole = whole.take(pa.array(first))
    _write_whole(whole, target)
    return int(whole.num_rows)


def _within(
    reader: arrow_csv.CSVStreamingReader, bounds: tuple[float, float, float, float] | None
) -> Iterator[pa.RecordBatch]:
    for batch in reader:
        if bounds is None:
            yield batch
            continue
        west, south, east, north = bounds
        x, y = batch.column(1), batch.column(2)
        inside = compute.and_(
            compute.and_(compute.greater_equal(x, west), compute.less_equal(x, east)),
            compute.and_(compute.greater_equal(y, south), compute.less_equal(y, north)),
        )
        yield batch.filter(inside)


def _write_whole(table: pa.Table, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as part:
        pass
    temporary = Path(part.name)
    try:
        parquet.write_table(table, temporary, row_group_size=100_000)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def known_postcodes(home: Path) -> pd.DataFrame | None:
    """Return the home's own postcodes, indexed by postcode, or None where it has none."""
    return _postcodes(*_stamp(home / FOLDER / "postcodes.parquet"))


def uprn_points(home: Path, uprns: Sequence[int]) -> dict[int, tuple[float, float]]:
    """Return the point (EPSG:27700, metres) of each of the numbers that the home's table knows."""
    path = home / FOLDER / "uprns.parquet"
    if not path.is_file() or not uprns:
        return {}
    found = parquet.read_table(path, filters=[("uprn", "in", sorted(set(uprns)))])
    return {row["uprn"]: (row["x"], row["y"]) for row in found.to_pylist()}


def _stamp(path: Path) -> tuple[Path, int]:
    """Return the path and when it was written, so that a new table is read anew."""
    return path, path.stat().st_mtime_ns if path.is_file() else 0


@lru_cache(maxsize=2)
def _postcodes(path: Path, written: int) -> pd.DataFrame | None:
    return pd.read_parquet(path).set_index("postcode") if written else None
