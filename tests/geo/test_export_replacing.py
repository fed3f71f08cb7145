"""Writing over an export: the new one whole or the old one whole, whatever happens in between."""

import os
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from geo import replace
from geo.errors import GeoError
from geo.export import export
from geo.formats import ENDINGS
from tests.geo.exported import PROVENANCE


def test_two_exports_share_a_folder(answers: gpd.GeoDataFrame, tmp_path: Path) -> None:
    for file_format in ENDINGS:
        export(answers, tmp_path / "areas", provenance=PROVENANCE, file_format=file_format)
    styles = (tmp_path / "areas.qml").read_text()
    assert pd.read_csv(tmp_path / "fields.csv")["column"].tolist()[2] == "dist_name"
    assert pd.read_csv(tmp_path / "areas.geojson.fields.csv")["column"].tolist()[2] == "district_name"
    export(answers, tmp_path / "areas.shp", provenance=PROVENANCE)
    assert (tmp_path / "areas.qml").read_text() == styles  # one style fits every format


def test_a_geopackage_that_is_open_elsewhere_is_left_alone(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    (tmp_path / "town.gpkg").write_bytes(b"old")
    (tmp_path / "town.gpkg-wal").write_bytes(b"busy")
    with pytest.raises(GeoError, match="open in another program"):
        export(town, tmp_path / "town.gpkg", provenance=PROVENANCE)
    assert (tmp_path / "town.gpkg").read_bytes() == b"old"


@pytest.mark.parametrize("file_format", ENDINGS)
def test_a_crash_while_writing_leaves_the_old_export(
    answers: gpd.GeoDataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file_format: str
) -> None:
    export(answers, tmp_path / "areas", provenance=PROVENANCE, file_format=file_format)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def no_room(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("geo.export.write_table", no_room)
    with pytest.raises(GeoError, match="could not be written"):
        export(answers.assign(value=0.0), tmp_path / "areas", provenance=PROVENANCE, file_format=file_format)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("file_format", ["shapefile", "gpkg"])
@pytest.mark.parametrize("moves", [1, 3, 5, 7])
def test_a_failure_while_replacing_puts_everything_back(
    answers: gpd.GeoDataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file_format: str, moves: int
) -> None:
    export(answers, tmp_path / "areas", provenance=PROVENANCE, file_format=file_format)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    real, left = Path.replace, [moves]

    def failing(path: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(13, "Permission denied")
        return real(path, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(GeoError, match="nothing has changed"):
        export(answers.assign(value=0.0), tmp_path / "areas", provenance=PROVENANCE, file_format=file_format)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_kill_while_replacing_leaves_no_shapefile_of_two_halves(
    answers: gpd.GeoDataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(answers, tmp_path / "areas.shp", provenance=PROVENANCE)
    real = Path.replace
    for moves in range(1, 19):
        left = [moves]

        def killed(path: Path, target: Path, left: list[int] = left) -> Path:
            left[0] -= 1
            if left[0] == 0:
                raise KeyboardInterrupt
            return real(path, target)

        monkeypatch.setattr(Path, "replace", killed)
        monkeypatch.setattr(replace.shutil, "rmtree", lambda *args, **kwargs: None)
        new = answers.assign(value=float(moves))
        try:
            export(new, tmp_path / "areas.shp", provenance=PROVENANCE)
        except KeyboardInterrupt:
            main = tmp_path / "areas.shp"
            assert not main.exists() or pyogrio.read_dataframe(main)["value"].isna().sum() == (moves == 1)
        monkeypatch.undo()
        export(answers, tmp_path / "areas.shp", provenance=PROVENANCE)


def test_an_index_of_the_old_shapefile_goes_with_it(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    (tmp_path / "town.qix").write_bytes(b"an index of other shapes")
    (tmp_path / "town.txt").write_text("mine")
    export(town, tmp_path / "town.shp", provenance=PROVENANCE)
    assert not (tmp_path / "town.qix").exists()
    assert (tmp_path / "town.txt").read_text() == "mine"


def test_an_export_is_readable_by_others(town: gpd.GeoDataFrame, tmp_path: Path) -> None:
    export(town, tmp_path / "town.gpkg", provenance=PROVENANCE)
    mask = os.umask(0)
    os.umask(mask)
    assert (tmp_path / "town.gpkg").stat().st_mode & 0o777 == 0o666 & ~mask
