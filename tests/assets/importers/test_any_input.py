"""Any input on every importer: a report a row or one clear refusal; no traceback, nothing half, nothing twice."""

import json
from datetime import date
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from sqlalchemy import delete, func, select

from assets.importers.formats import FORMATS
from assets.importers.intake import import_file
from assets.schema import AssetRow, SourceRow
from store.queue import SubmissionRow
from store.session import reading, writing
from store.versions import VersionRow
from tests.assets.importers.any_input import INPUTS, NASTY, csv_of, excel_of, json_of, osm_of
from tests.assets.importers.feeds import a_page, a_service
from words.faults import LarderError

TODAY = date(2026, 11, 23)
SHORT = {"csv": 60, "excel": 30, "geojson": 50, "gpkg": 20, "osm": 15, "open_referral": 50}
LONG = {"csv": 4_500, "excel": 3_500, "geojson": 5_500, "gpkg": 1_300, "osm": 1_200, "open_referral": 4_500}
"""How many cases the long test tries of each format: 20,500 in all."""
TABLES = (SourceRow, VersionRow, SubmissionRow, AssetRow)


def assert_told_once(home: Path, path: Path, file_format: str) -> None:
    """Import a file and hold what must hold whatever it is."""
    with writing(home) as session:
        for table in TABLES:
            session.execute(delete(table))
    refusal = None
    try:
        report = import_file(path, home=home, format=file_format, today=TODAY)
    except LarderError as error:
        refusal = error
    if refusal is not None:
        assert refusal.faults
        assert all(fault.what and fault.cure for fault in refusal.faults)
        assert counts(home) == dict.fromkeys(("assets", "asset_sources", "versions", "submissions"), 0)
        return
    totals = report.totals
    assert sum(totals.values()) == len(report.rows)
    rows = [row.row for row in report.rows]
    if file_format in ("csv", "excel"):
        assert rows == sorted(set(rows))
        assert min(rows, default=2) >= 2  # the headings stand above them
    else:
        assert rows == list(range(1, len(rows) + 1))
    for row in report.rows:
        assert row.reasons or row.outcome == "accepted"
        assert row.outcome != "refused" or all(fault.row == row.row and fault.what for fault in row.faults)
    new = totals["accepted"] + totals["mended"] + totals["held"]
    assert totals["conflict"] == totals["updated"] == 0
    found = counts(home)
    assert (found["assets"], found["versions"]) == (new, new)
    again = import_file(path, home=home, format=file_format, today=TODAY)
    assert (again.totals["refused"], again.totals["unchanged"]) == (
        totals["refused"],
        len(report.rows) - totals["refused"],
    )
    assert counts(home) == found
    assert again.gone == ()
    json.dumps(report.as_dict())
    assert report.sentences()


def counts(home: Path) -> dict[str, int]:
    with reading(home) as session:
        return {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in TABLES
        }


class Data(bytes):
    """Bytes that are told by their beginning, where a case fails."""

    def __repr__(self) -> str:
        return f"{len(self)} bytes, starting {bytes(self[:200])!r}"


def assert_for_any(home: Path, file_format: str, examples: int) -> None:
    """Draw inputs of a format and hold each to a report or one refusal."""
    path = home.parent / f"any{FORMATS[file_format].endings[0]}"

    @given(INPUTS[file_format].map(Data))
    @settings(
        max_examples=examples, deadline=None, database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )  # fmt: skip
    def case(data: bytes) -> None:
        path.write_bytes(data)
        assert_told_once(home, path, file_format)

    case()


@pytest.mark.parametrize("file_format", INPUTS)
def test_any_input_ends_in_a_report_or_one_refusal(town_home: Path, file_format: str) -> None:
    assert_for_any(town_home, file_format, SHORT[file_format])


@pytest.mark.long
@pytest.mark.parametrize("file_format", INPUTS)
def test_very_many_inputs_end_in_a_report_or_one_refusal(town_home: Path, file_format: str) -> None:
    assert_for_any(town_home, file_format, LONG[file_format])


NAMES = [name for name in NASTY if any(letter.isalnum() for letter in name)]


def _named(names: list[str], folder: Path, file_format: str) -> Path:
    """Write a file of assets with these names, in the middle of square B2, in any format."""
    path = folder / f"names{FORMATS[file_format].endings[0]}"
    if file_format == "csv":
        path.write_bytes(
            csv_of(
                [[str(at), name, "hall", "51.590602", "0.450957"] for at, name in enumerate(names)],
                quoted=True,
            )
        )
    elif file_format == "excel":
        # a cell that starts with = is a formula: as text, a spreadsheet keeps it with an apostrophe
        cells = [f"'{name}" if name.startswith("=") else name for name in names]
        path.write_bytes(excel_of([[at, name, "hall", 51.590602, 0.450957] for at, name in enumerate(cells)]))
    elif file_format == "geojson":
        point = {"type": "Point", "coordinates": [0.450957, 51.590602]}
        features = [
            {"type": "Feature", "properties": {"name": name, "category": "hall"}, "geometry": point}
            for name in names
        ]
        path.write_bytes(json_of({"type": "FeatureCollection", "features": features}))
    elif file_format == "gpkg":
        shapes = [shapely.Point(0.450957, 51.590602)] * len(names)
        frame = gpd.GeoDataFrame({"name": names, "category": "hall"}, geometry=shapes, crs=4326)
        frame.to_file(path, driver="GPKG", index=False)
    elif file_format == "osm":
        tags = [{"amenity": "library", "name": name} for name in names]
        path.write_bytes(osm_of([(at, 51.590602, 0.450957, each) for at, each in enumerate(tags, start=1)]))
    else:
        path.write_bytes(json_of(a_page([a_service(name) for name in names])))
    return path


@pytest.mark.parametrize("file_format", INPUTS)
def test_names_of_every_kind_are_kept_as_text(town_home: Path, file_format: str) -> None:
    raw = file_format in ("csv", "excel")
    names = NAMES if raw else [_plain(name) for name in NAMES]
    assert_told_once(town_home, _named(names, town_home.parent, file_format), file_format)
    with reading(town_home) as session:
        found = sorted(session.scalars(select(AssetRow.name)))
    assert found == sorted(_plain(name) for name in NAMES)


def _plain(name: str) -> str:
    """Return a name without what no database and no page can hold, one space between words."""
    return " ".join("".join(letter for letter in name if letter.isprintable() or letter == "\u202e").split())
