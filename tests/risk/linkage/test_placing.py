"""Placing on the 3 x 3 town: by UPRN, by postcode, and not at all."""

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import pytest

from risk.errors import RiskError
from risk.placing import area_finder
from risk.register import check_register


@dataclass(frozen=True)
class Town:
    """What placing asks of a place."""

    town: gpd.GeoDataFrame
    streets: pd.DataFrame | None
    name: str = "town"
    crs: str = "EPSG:27700"

    def areas(self) -> gpd.GeoDataFrame:
        return self.town

    def postcodes(self) -> pd.DataFrame | None:
        return self.streets


STREETS = pd.DataFrame(
    {
        "postcode": ["TT1 1AA", "TT1 1BB", "TT9 9ZZ"],
        "x": [50.0, 150.0, 5000.0],
        "y": [250.0, 50.0, 5000.0],
        "area": ["A1", "C2", None],
    }
)
REGISTER = pd.DataFrame(
    {"UPRN": [7, 8, 9], "X_COORDINATE": [250.0, 55.0, 4000.0], "Y_COORDINATE": [150.0, 245.0, 0.0]}
)


def test_each_way_of_being_placed(town: gpd.GeoDataFrame):
    finder = area_finder(Town(town, STREETS), check_register(REGISTER))  # type: ignore[arg-type]
    rows = pd.DataFrame(
        [
            ("8", "TT11AA", "A1", "by UPRN"),
            ("7", None, "B3", "by UPRN"),
            ("7", "TT11AA", "B3", "by UPRN"),  # 224 m apart: people know their UPRN's street
            (None, "TT11BB", "C2", "by postcode"),
            ("99", "TT11BB", "C2", "by postcode"),
            ("9", "TT11AA", "A1", "by postcode, since the UPRN lies far from it"),
            ("9", None, None, "not placed: outside the place"),
            (None, "TT99ZZ", None, "not placed: outside the place"),
            ("99", "XX11XX", None, "not placed: UPRN or postcode not found"),
            (None, None, None, "not placed: neither UPRN nor postcode"),
        ],
        columns=["uprn", "postcode", "area", "how"],
    )
    found = finder.place_rows(rows["uprn"].astype("string"), rows["postcode"].astype("string"))
    assert found["how"].tolist() == rows["how"].tolist()
    assert found["area"].astype(object).where(found["area"].notna(), None).tolist() == [
        None if pd.isna(code) else code for code in rows["area"]
    ]


def test_without_a_register_postcodes_place(town: gpd.GeoDataFrame):
    finder = area_finder(Town(town, STREETS))  # type: ignore[arg-type]
    found = finder.place_rows(pd.Series(["7"], dtype="string"), pd.Series(["TT11AA"], dtype="string"))
    assert found["area"].tolist() == ["A1"]


@pytest.mark.parametrize(
    ("register", "said"),
    [
        (REGISTER.drop(columns="UPRN"), "lacks a column"),
        (pd.concat([REGISTER, REGISTER]), "repeats 3 UPRNs"),
        (REGISTER.assign(X_COORDINATE=0.4, Y_COORDINATE=51.5), "in degrees"),
    ],
)
def test_a_register_that_cannot_be_used_is_refused(register: pd.DataFrame, said: str):
    with pytest.raises(RiskError, match=said):
        check_register(register)


def test_a_place_without_postcodes_is_refused(town: gpd.GeoDataFrame):
    with pytest.raises(RiskError, match="no postcodes"):
        area_finder(Town(town, None))  # type: ignore[arg-type]
