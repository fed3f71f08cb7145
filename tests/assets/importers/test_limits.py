"""What an import opens at all: plain files, archives that do not swell, nothing on the network."""

import io
import os
import zipfile
from pathlib import Path

import pytest

from assets.errors import AssetError
from assets.importers import limits
from assets.importers.formats import FORMATS, format_of, read_source
from assets.importers.intake import import_file


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize(
    "path",
    [
        "/vsicurl/http://127.0.0.1:1/a.gpkg", "/vsizip/a.zip/a.gpkg", "/vsis3/bucket/a", "http:/example.org/a.gpkg",
        "ftp://example.org/a.csv", "s3://bucket/a.gpkg",
    ],
)  # fmt: skip
def test_no_format_reads_the_network(larder_home: Path, file_format: str, path: str) -> None:
    said = "plain file on this machine|does not answer|answers|feed of Open Referral is read"
    with pytest.raises(AssetError, match=said):
        import_file(Path(path), home=larder_home, format=file_format)


@pytest.mark.parametrize("file_format", FORMATS)
def test_folders_devices_and_absent_files_are_refused(
    larder_home: Path, tmp_path: Path, file_format: str
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path / "none"):
        with pytest.raises(AssetError, match="cannot be read"):
            import_file(path, home=larder_home, format=file_format)
    (tmp_path / "folder").mkdir()
    with pytest.raises(AssetError, match=r"cannot be read|No file in this folder"):
        import_file(tmp_path / "folder", home=larder_home, format=file_format)


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_file_that_is_too_large_is_not_read(larder_home: Path, tmp_path: Path, file_format: str) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(limits.LARGEST_GEO + 1)
    with pytest.raises(AssetError, match="too large"):
        import_file(path, home=larder_home, format=file_format)


def test_too_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_ROWS", 3)
    path = tmp_path / "a.csv"
    path.write_text("name\n" + "A\n" * 4)
    with pytest.raises(AssetError, match="It has 4 rows"):
        read_source(path, "csv")


def _zip(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return path


def test_a_file_in_a_zip_is_read_out_of_it(town_home: Path, tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.csv.zip", a__csv=b"name,category,postcode\nA,hall,SS15 4JE\n", readme__md=b"hi")
    assert import_file(path, home=town_home).totals["accepted"] == 1


def test_archives_that_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = _zip(tmp_path / "bomb.csv.zip", a__csv=b"0" * 30_000_000)
    with pytest.raises(AssetError, match="would swell to"):
        read_source(bomb, "csv")
    with pytest.raises(AssetError, match=r"one file to import; this has a\.csv, b\.csv"):
        read_source(_zip(tmp_path / "two.csv.zip", a__csv=b"x", b__csv=b"y"), "csv")
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.csv", "name")
    with pytest.raises(AssetError, match="this has none"):
        read_source(_zip(tmp_path / "nested.csv.zip", a__zip=inner.getvalue()), "csv")
    (tmp_path / "no.csv.zip").write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(AssetError, match="not a sound zip"):
        read_source(tmp_path / "no.csv.zip", "csv")
    monkeypatch.setattr(limits, "LARGEST_UNPACKED", 10)
    with pytest.raises(AssetError, match="Unpacked it would take"):
        read_source(_zip(tmp_path / "large.csv.zip", a__csv=b"name\n" * 10), "csv")


def test_a_member_that_is_larger_than_it_says(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.csv.zip", a__csv=b"name\n" + b"A\n" * 1000)
    data = bytearray(path.read_bytes())
    size = (2005).to_bytes(4, "little")
    for at in (data.find(size), data.rfind(size)):
        data[at : at + 4] = (10).to_bytes(4, "little")
    path.write_bytes(bytes(data))
    with pytest.raises(AssetError, match=r"larger than it says|cannot be unpacked"):
        read_source(path, "csv")


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("a.csv", "csv"), ("a.TSV", "csv"), ("a.xlsx", "excel"), ("a.xlsm", "excel"), ("a.geojson", "geojson"),
        ("a.gpkg", "gpkg"), ("a.gpkg.zip", "gpkg"), ("a.osm.pbf", "osm"), ("a.json", "open_referral"),
        ("http://example.org/feed", "open_referral"), ("a", "csv"),
    ],
)  # fmt: skip
def test_the_ending_tells_the_format(name: str, called: str) -> None:
    assert format_of(name) == called
    with pytest.raises(AssetError, match="no format 'shape'"):
        format_of(name, "shape")


def test_layers_are_for_formats_that_have_them(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="has no layers"):
        read_source(tmp_path / "a.csv", "csv", "one")
    with pytest.raises(AssetError, match="Only a feed"):
        read_source("http://example.org/a.csv", "csv")
