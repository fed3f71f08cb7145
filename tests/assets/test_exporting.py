"""Exports: every format says the same, nothing runs, nothing private or hidden, whole or not at all."""

import csv
import json
from datetime import date
from pathlib import Path

import openpyxl
import pyogrio
import pytest

from assets import exporting
from assets.errors import AssetError
from assets.exporting import FORMATS, export_assets
from assets.importers.intake import import_file
from assets.licences import attribution, is_shared_alike, licence_code
from assets.register import add_asset
from store.roles import ANYONE, CLI, Actor, importer
from store.session import writing

TODAY = date(2026, 11, 23)
B2 = {"longitude": 0.450957, "latitude": 51.590602}
NASTY = [
    "=HYPERLINK(1)", "+44 1268", "@home", "-Sum", "<b>Hall</b>", "'; DROP TABLE assets;--", "قاعة المدينة",
    "x" * 10_000, "a,b\"c;d", "\u202eoverride", "％ Hall", "'=1", "\t=1+1",
]  # fmt: skip


@pytest.fixture
def home(town_home: Path) -> Path:
    """Return a home with an asset each: plain, private, at its postcode, hidden, held, OpenStreetMap's."""
    options = {"category": "hall", **B2}
    with writing(town_home) as session:
        add_asset(session, actor=CLI, name="Plain", confirmed_on=date(2026, 11, 1), **options)
        add_asset(
            session, actor=CLI, name="Private", private_name="Ann Person", private_email="ann@example.org",
            consent_on=date(2026, 1, 1), **options,
        )  # fmt: skip
        add_asset(
            session, actor=CLI, name="Refuge", precision="postcode", postcode="SS10 4JE", address="9 Secret Street",
            **options,
        )  # fmt: skip
        add_asset(session, actor=CLI, name="Hidden", precision="hidden", **options)
        add_asset(
            session,
            actor=importer("OpenStreetMap"),
            name="Mapped",
            licence="ODbL-1.0",
            source="OpenStreetMap",
            **options,
        )
    path = town_home.parent / "held.csv"
    path.write_text("name,category,latitude,longitude\nNorthgate Refuge,other,51.590602,0.450957\n")
    import_file(path, home=town_home)
    return town_home


def rows_of(path: Path, file_format: str) -> list[dict[str, str]]:
    """Return an export's rows as text, whatever its format."""
    if file_format == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    if file_format == "excel":
        book = openpyxl.load_workbook(path)
        heading, *lines = list(book["assets"].iter_rows())
        assert all(cell.data_type != "f" for line in lines for cell in line)
        names = [cell.value for cell in heading]
        return [
            dict(zip(names, ("" if c.value is None else str(c.value) for c in line), strict=True))
            for line in lines
        ]
    if file_format == "geojson":
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        rows = []
        for feature in features:
            longitude, latitude = feature["geometry"]["coordinates"]
            plain = {**feature["properties"], "longitude": longitude, "latitude": latitude}
            rows.append({key: "" if value is None else str(value) for key, value in plain.items()})
        return rows
    frame = pyogrio.read_dataframe(path, layer="assets")
    assert pyogrio.read_info(path, layer="assets")["driver"] == "GPKG"
    frame["longitude"], frame["latitude"] = frame.geometry.x, frame.geometry.y
    plain = frame.drop(columns="geometry").astype(object).where(lambda cells: cells.notna(), "")
    return [{key: str(value) for key, value in row.items()} for row in plain.to_dict("records")]


TABLES = [name for name in FORMATS if name != "open_referral"]


@pytest.mark.parametrize("file_format", TABLES)
def test_the_public_gets_what_is_published(home: Path, tmp_path: Path, file_format: str) -> None:
    out = tmp_path / f"out{FORMATS[file_format]}"
    report = export_assets(home, out, file_format, actor=ANYONE, today=TODAY)
    rows = {row["name"]: row for row in rows_of(out, file_format)}
    assert set(rows) == {"Plain", "Private", "Refuge", "Mapped"}
    assert report.rows == 4
    plain = rows["Plain"]
    assert (plain["freshness"], plain["confirmed_on"], plain["freshness_as_of"]) == (
        "fresh", "2026-11-01", "2026-11-23",
    )  # fmt: skip
    assert float(plain["longitude"]) == pytest.approx(B2["longitude"], abs=1e-7)
    assert rows["Mapped"]["freshness"] == "unconfirmed"
    assert (rows["Mapped"]["licence"], rows["Mapped"]["share_alike"]) == ("ODbL-1.0", "yes")
    assert "OpenStreetMap contributors" in rows["Mapped"]["attribution"]
    assert plain["share_alike"] == "no"
    # a refuge at its postcode: the point of SS10 4JE, not its own, and no address
    assert abs(float(rows["Refuge"]["longitude"]) - B2["longitude"]) > 1e-4
    text = out.read_bytes()
    for secret in (b"Ann Person", b"ann@example.org", b"Secret Street", b"Hidden", b"Northgate"):
        assert secret not in text
    assert any("OpenStreetMap contributors" in note for note in report.notes)


@pytest.mark.parametrize("file_format", TABLES)
def test_a_steward_gets_everything(home: Path, tmp_path: Path, file_format: str) -> None:
    out = tmp_path / f"out{FORMATS[file_format]}"
    export_assets(home, out, file_format, actor=CLI, today=TODAY)
    rows = {row["name"]: row for row in rows_of(out, file_format)}
    assert len(rows) == 6
    assert rows["Private"]["private_email"] == "ann@example.org"
    assert rows["Hidden"]["precision"] == "hidden"
    assert rows["Northgate Refuge"]["status"] == "held"


def test_rows_that_are_shared_alike_can_be_kept_apart(home: Path, tmp_path: Path) -> None:
    names = {}
    for which in ("with", "without", "only"):
        export_assets(home, tmp_path / "out.csv", "csv", actor=ANYONE, share_alike=which)  # type: ignore[arg-type]
        names[which] = {row["name"] for row in rows_of(tmp_path / "out.csv", "csv")}
    assert names["only"] == {"Mapped"}
    assert names["without"] == names["with"] - {"Mapped"}


@pytest.mark.parametrize("file_format", TABLES)
def test_nothing_runs_and_names_come_back(town_home: Path, tmp_path: Path, file_format: str) -> None:
    path = tmp_path / "in.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(["name", "category", "latitude", "longitude", "description"])
        writer.writerows([name, "hall", "51.590602", "0.450957", f"={name}"[:4_000]] for name in NASTY)
    import_file(path, home=town_home)
    out = tmp_path / f"out{FORMATS[file_format]}"
    export_assets(town_home, out, file_format, actor=CLI)
    rows = rows_of(out, file_format)
    assert len(rows) == len(NASTY)
    if file_format in ("csv", "excel"):
        risky = ("=", "+", "@", "\t", "-")
        assert not any(row[key].startswith(risky) for row in rows for key in ("name", "description"))
    other = tmp_path / "other"
    other.mkdir()
    import_file(out, home=other, format=file_format, layer="assets" if file_format == "excel" else None)
    again = tmp_path / f"again{FORMATS[file_format]}"
    export_assets(other, again, file_format, actor=CLI)
    assert sorted(row["name"] for row in rows_of(again, file_format)) == sorted(row["name"] for row in rows)


@pytest.mark.parametrize("file_format", FORMATS)
def test_an_empty_register_is_a_file_of_no_rows(larder_home: Path, tmp_path: Path, file_format: str) -> None:
    out = tmp_path / f"out{FORMATS[file_format]}"
    assert export_assets(larder_home, out, file_format, actor=ANYONE).rows == 0
    assert out.is_file()


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_failure_leaves_the_file_that_was_there(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file_format: str
) -> None:
    def fail(path: Path, *_: object) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    for name in ("write_csv", "write_excel", "write_geojson", "write_geopackage", "write_json"):
        monkeypatch.setattr(exporting, name, fail)
    out = tmp_path / f"out{FORMATS[file_format]}"
    out.write_text("the last one")
    with pytest.raises(AssetError, match="No space left"):
        export_assets(home, out, file_format, actor=ANYONE)
    assert out.read_text() == "the last one"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(("out", ".out"))] == [out.name]


def test_what_cannot_be_exported_is_refused(home: Path, tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="no format 'pdf'"):
        export_assets(home, tmp_path / "a.pdf", "pdf", actor=ANYONE)
    with pytest.raises(AssetError, match="is a folder"):
        export_assets(home, tmp_path, "csv", actor=ANYONE)
    with pytest.raises(AssetError, match="no folder"):
        export_assets(home, tmp_path / "none" / "a.csv", "csv", actor=ANYONE)


def test_an_analyst_gets_what_is_published(home: Path, tmp_path: Path) -> None:
    analyst = Actor("a", "Ana", "analyst", "login")
    export_assets(home, tmp_path / "out.csv", "csv", actor=analyst)
    rows = rows_of(tmp_path / "out.csv", "csv")
    assert {row["name"] for row in rows} == {"Plain", "Private", "Refuge", "Mapped"}
    assert "private_email" not in rows[0]


def test_only_the_place_that_is_named(home: Path, tmp_path: Path) -> None:
    with writing(home) as session:
        add_asset(session, actor=CLI, name="Far", category="hall", longitude=-3.2, latitude=55.95)
    assert export_assets(home, tmp_path / "a.csv", "csv", actor=ANYONE, place="town").rows == 4
    assert export_assets(home, tmp_path / "a.csv", "csv", actor=ANYONE).rows == 5


def test_licences_say_whom_to_name() -> None:
    assert licence_code(" odbl ") == "ODbL-1.0"
    assert is_shared_alike("ODbL") and is_shared_alike("cc-by-sa-4.0")  # noqa: PT018
    assert not is_shared_alike("OGL")
    assert attribution("OGL", "The council").endswith("Source: The council")
    assert attribution("Our own", "X") == "Source: X (Our own)"
    assert attribution("", "added by hand") == "Source: added by hand"
