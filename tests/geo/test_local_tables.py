"""Local tables: postcode files of every maker and property numbers, read into a home's own tables."""

from pathlib import Path

import pytest

from geo.errors import GeoError
from geo.local_tables import add_postcodes, add_uprns, known_postcodes, uprn_points

# Code-Point Open has no headings: postcode, quality, easting, northing, country and codes
CODE_POINT = (
    '"SS15 4JE",10,569880,190818,"E92000001","","","","E07000066","E05015640"\n'
    '"SS154ZZ",90,0,0,"E92000001","","","","E07000066","E05015640"\n'
)
ONSPD = (
    "pcd,pcds,dointr,doterm,oseast1m,osnrth1m,osgrdind,oa21\n"
    "SS154JE,SS15 4JE,198001,,569881,190819,1,E00000001\n"
    "SS154AB,SS15 4AB,198001,201706,569900,190900,8,E00000001\n"
)


def test_code_point_open_as_it_comes_and_the_directory_over_it(tmp_path: Path) -> None:
    folder = tmp_path / "CSV"
    folder.mkdir()
    (folder / "ss.csv").write_text(CODE_POINT)
    home = tmp_path / "home"
    assert add_postcodes(folder, home) == 2
    table = known_postcodes(home)
    assert table is not None
    assert tuple(table.loc["SS15 4JE", ["x", "y", "quality"]]) == (569_880.0, 190_818.0, 10)
    assert table.loc["SS15 4ZZ", ["x", "y"]].isna().all()
    (tmp_path / "onspd.csv").write_text(ONSPD)
    assert add_postcodes(tmp_path / "onspd.csv", home) == 3
    table = known_postcodes(home)
    assert table is not None
    assert tuple(table.loc["SS15 4JE", ["x", "y", "quality"]]) == (569_881.0, 190_819.0, 1)
    assert bool(table.loc["SS15 4AB", "terminated"])
    assert add_postcodes(tmp_path / "onspd.csv", home) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("postcode,easting,northing\nSS15,1,2\n", "row 1.*not a postcode"),
        ("postcode,easting,northing\nSS15 4JE,east,2\n", "row 1"),
        ("postcode,easting,northing\nSS15 4JE,0.45,51.5\n", "hold degrees"),
        ("name\nA\n", "No column|postcode"),
        ("postcode,easting,northing\nSS15 4JE,1,2\nss154je,3,4\n", "earlier row"),
    ],
)
def test_a_wrong_postcode_file_changes_nothing(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "good.csv").write_text("postcode,easting,northing\nSS15 4JE,569880,190818\n")
    add_postcodes(tmp_path / "good.csv", tmp_path)
    (tmp_path / "bad.csv").write_text(text)
    with pytest.raises(GeoError, match=said):
        add_postcodes(tmp_path / "bad.csv", tmp_path)
    table = known_postcodes(tmp_path)
    assert table is not None
    assert list(table.index) == ["SS15 4JE"]


def test_a_folder_without_files(tmp_path: Path) -> None:
    with pytest.raises(GeoError, match="no CSV files"):
        add_postcodes(tmp_path, tmp_path)
    assert known_postcodes(tmp_path) is None


UPRNS = (
    "UPRN,X_COORDINATE,Y_COORDINATE,LATITUDE,LONGITUDE\n"
    "1,358260.66,172796.5,51.4,-2.6\n"
    "100,569880,190818,51.59,0.45\n"
)


def test_property_numbers_are_kept_whole_or_for_a_region(tmp_path: Path) -> None:
    path = tmp_path / "uprn.csv"
    path.write_text("\ufeff" + UPRNS, encoding="utf-8")
    assert add_uprns(path, tmp_path, (500_000, 100_000, 600_000, 200_000)) == 1
    assert uprn_points(tmp_path, [1, 100]) == {100: (569_880.0, 190_818.0)}
    assert add_uprns(path, tmp_path) == 2
    assert uprn_points(tmp_path, [1]) == {1: (358_260.66, 172_796.5)}
    assert uprn_points(tmp_path / "elsewhere", [1]) == {}


@pytest.mark.parametrize("text", ["", "UPRN,X\n1,2\n", "UPRN,X_COORDINATE,Y_COORDINATE\nA,B,C\n"])
def test_a_file_that_is_no_file_of_property_numbers(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(GeoError, match="no file of OS Open UPRN"):
        add_uprns(tmp_path / "a.csv", tmp_path)


def test_the_real_file_of_basildon(shared: Path, tmp_path: Path) -> None:
    assert add_postcodes(shared / "basildon" / "codepoint_open_basildon.csv", tmp_path) == 4_158


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(GeoError, match="no such file"):
        add_postcodes(tmp_path / "absent.csv", tmp_path)
