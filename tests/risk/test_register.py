"""The register of addresses: read from a file, every fault told with its row."""

from pathlib import Path

import pytest

from risk.errors import RiskError
from risk.register import MOST_TOLD, read_register


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "uprn_register.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_register_is_read_under_either_name_of_its_columns(tmp_path: Path) -> None:
    text = "\ufeffUPRN,X_COORDINATE,Y_COORDINATE,LATITUDE\n0007,250.5,150,51\n8,55,245,51\n"
    found = read_register(written(tmp_path, text))
    assert found["uprn"].tolist() == ["7", "8"]
    assert found[["x", "y"]].to_numpy().tolist() == [[250.5, 150.0], [55.0, 245.0]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "This is not CSV"),
        (b"uprn,x,y\n7,\xff,150\n", "This is not CSV"),
        ("uprn,x,y\n7,250,150,9,9\n8,1\n9,1,1,1,1,1,1\n", "This is not CSV"),
        ("uprn,x\n7,250\n", "lacks a column"),
        ("uprn,x,X_COORDINATE,y\n7,250,250,150\n", "repeats this column"),
        ("uprn,x,y\n7,250,150\n8,west,150\n", "This is not a number"),
        ("uprn,x,y\n7,250,150\n,240,150\n", "A value is missing"),
        ("uprn,x,y\n7,inf,150\n", "This is not a number"),
        ("uprn,x,y\n7,250,150\n007,240,150\n", "repeats 1 UPRNs"),
        ("uprn,x,y\n7,0.4,51.5\n", "in degrees"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_its_name(
    tmp_path: Path, text: str | bytes, said: str
) -> None:
    with pytest.raises(RiskError, match=said) as refused:
        read_register(written(tmp_path, text))
    assert {fault.file for fault in refused.value.faults} == {"uprn_register.csv"}


def test_rows_are_told_by_number_and_value_and_then_counted(tmp_path: Path) -> None:
    rows = "".join(f"{number},?,150\n" for number in range(1, 9))
    with pytest.raises(RiskError) as refused:
        read_register(written(tmp_path, f"uprn,x,y\n{rows}"))
    *told, more = refused.value.faults
    assert [(fault.row, fault.column, fault.value) for fault in told] == [
        (row, "x", "?") for row in range(1, MOST_TOLD + 1)
    ]
    assert more.what == "3 more rows have no number."


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    with pytest.raises(RiskError, match="cannot be read"):
        read_register(tmp_path)
