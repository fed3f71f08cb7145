"""Tables: read as they stand, and every way a table goes wrong before its columns are even looked at."""

from pathlib import Path

import pandas as pd
import pytest

from geo.errors import GeoError
from geo.tables import is_numeric_column, missing_column, numbers, read_table


def write(tmp_path: Path, content: bytes, name: str = "t.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_cells_are_text_as_they_stand(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, b'code,n\n007," x"\n1e3,\n'))
    assert table.to_dict("list") == {"code": ["007", "1e3"], "n": [" x", ""]}


def test_a_byte_order_mark_and_quoted_commas_are_no_trouble(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, '\ufeffcode,"a, b"\nYnys Môn,"1\n2"\n'.encode()))
    assert table.to_dict("list") == {"code": ["Ynys Môn"], "a, b": ["1\n2"]}


def test_parquet_is_read(tmp_path: Path) -> None:
    pd.DataFrame({"code": ["a"], "n": [1.5]}).to_parquet(tmp_path / "t.parquet")
    assert read_table(tmp_path / "t.parquet").to_dict("list") == {"code": ["a"], "n": [1.5]}


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "t.csv", "The file is empty"),
        (b"a,b\n", "t.csv", "heading but no rows"),
        (b"a,a\n1,2\n", "t.csv", "Two columns have this name"),
        (b"a,b\n1,2\n3\n4,5\n", "t.csv", "t.csv, row 2, value '3': The row has 1 cells, the heading 2"),
        (b"a,b\n1,2\n3,4,5\n", "t.csv", "row 2"),
        (b"a,b\n1,\xff\n", "t.csv", "UTF-8"),
        (b"\xff\xfea,b\n1,2\n", "t.csv", "not UTF-8"),
        (b"not parquet", "t.parquet", "not a Parquet file"),
        (b"x", "t.xlsx", "Tables of the kind .xlsx are not read"),
    ],
)
def test_tables_that_cannot_be_read(tmp_path: Path, content: bytes, name: str, says: str) -> None:
    with pytest.raises(GeoError) as caught:
        read_table(write(tmp_path, content, name))
    assert says in str(caught.value)


def test_numbers_and_what_is_none() -> None:
    cells = pd.Series(["1", " 2.5 ", "", "x", "-inf", "50%", None], index=range(1, 8), name="n")
    values, faults = numbers(cells, "f")
    assert values.iloc[:2].tolist() == [1.0, 2.5]
    assert values.iloc[[2, 6]].isna().all()
    assert [(fault.row, fault.value) for fault in faults] == [(4, "x"), (6, "50%"), (5, "-inf")]
    assert "per cent sign" in faults[1].cure


def test_a_column_is_one_of_numbers_when_half_of_it_is() -> None:
    assert is_numeric_column(pd.Series(["1", "x", ""]))
    assert not is_numeric_column(pd.Series(["1", "x", "y"]))
    assert not is_numeric_column(pd.Series(["", ""]))
    assert not is_numeric_column(pd.Series([True, False]))


def test_a_missing_column_names_the_close_ones() -> None:
    assert "'oa21cd'" in missing_column("OA21CD ", ["oa21cd", "x"], "f").cure
    assert missing_column("zzz", ["oa21cd", "x"], "f").cure == "It has oa21cd, x."


def test_semicolons_are_named(tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    path.write_text("code;people\nA1;12\n", encoding="utf-8")
    with pytest.raises(GeoError, match="separated by semicolons"):
        read_table(path)
