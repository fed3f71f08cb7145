"""Sources and children from linked extracts, by hand."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from risk.errors import RiskError
from risk.extracts import Extract
from risk.sources import Group, Outcome, make_children, make_homes, make_sources

SCHOOLS = pd.DataFrame(
    {
        "enrolled": pd.to_datetime(["2020-09-01", "2021-01-10", "2020-09-01", "2020-09-01", "2019-01-01"]),
        "good": ["Y", "N", "Y", None, "N"],
        "heritage": ["a", "b", "?", "a", "a"],
    }
)
PERSON = [1, 1, 2, 3, None]
AREA = ["A1", "A2", "B1", None, "A1"]


class Stub:
    """What linkage gives: person 1 has two rows that differ, 3 has no area, the last row is nobody's."""

    persons = pd.DataFrame(
        {"cohort": [2022, 2022, 2022, 2030], "term": "spring", "sex": ["f", "m", "m", "f"]},
        index=[1, 2, 3, 4],
    )

    def facts(self, extract: Extract) -> pd.DataFrame:
        return extract.facts().assign(person=PERSON, area=AREA)

    def known_on(self, extract: Extract) -> Mapping[str, str]:
        return {"heritage": "enrolled"}

    def homes(self, extracts: Sequence[Extract]) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "person": [1.0, 1.0, 1.0, 2.0],
                "household": ["p", "q", "r", "q"],
                "area": ["A1", "A2", "A3", "B1"],
                "known": pd.to_datetime(["2019-01-01", "2021-08-20", "2021-09-12", "2023-01-01"]),
            }
        )


EXTRACTS = {
    "schools": cast(
        Extract,
        SimpleNamespace(
            agency="schools",
            contract=SimpleNamespace(as_of="enrolled", in_order=[["enrolled", "enrolled"]]),
            facts=lambda: SCHOOLS,
            table=SCHOOLS,
        ),
    )
}
OUTCOME = Outcome(agency="schools", column="good", bad=("N",), good=("Y",))


def children(**changed: Any) -> pd.DataFrame:
    groups = (Group("heritage", "schools", "heritage", ("?",)),)
    return make_children(
        EXTRACTS, Stub(), changed.get("outcome", OUTCOME), [2022], changed.get("groups", groups)
    )


def test_children_their_area_as_they_start_school_and_their_outcome() -> None:
    found = children()
    assert found["person"].tolist() == [1, 2]  # 3 has no home that is known, 4 is of another cohort
    assert (found["cutoff"] == pd.Timestamp("2021-08-31")).all()
    assert found["area"].tolist() == [
        "A2",
        "B1",
    ]  # 1: eleven days before, not twelve after; 2: only known later
    assert np.isnan(found.loc[0, "outcome"])  # Y and N: they contradict each other
    assert found.loc[1, "outcome"] == 0.0
    assert found["group_heritage"].isna().tolist() == [True, True]  # differs; not told
    assert found["group_sex"].tolist() == ["f", "m"]


def test_an_outcome_of_no_known_value_is_refused() -> None:
    with pytest.raises(RiskError, match="value 'N': is neither the outcome nor its absence"):
        children(outcome=OUTCOME.model_copy(update={"bad": ()}))


def test_columns_that_are_not_there_are_refused_together() -> None:
    with pytest.raises(RiskError) as caught:
        children(outcome=OUTCOME.model_copy(update={"column": "x"}), groups=(Group("g", "care", "y"),))
    assert [(fault.file, fault.column) for fault in caught.value.faults] == [("schools", "x"), ("care", "y")]


def test_sources_keep_the_contracts_dates_and_leave_out_rows_of_nobody() -> None:
    source = make_sources(EXTRACTS, Stub())["schools"]
    assert len(source.rows) == 4
    assert "area" not in source.rows
    assert (source.as_of, dict(source.known_on)) == ("enrolled", {"heritage": "enrolled"})
    assert source.in_order == (("enrolled", "enrolled"),)


def test_homes_are_numbers() -> None:
    homes = make_homes(EXTRACTS, Stub())
    assert homes["household"].tolist() == [0, 1, 2, 1]
    assert list(homes) == ["person", "household", "known"]
