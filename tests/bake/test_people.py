"""What is known of areas: no rule that is shown may rest on one cohort of children alone."""

import numpy as np
import pandas as pd
import pytest

from bake.people import OWN_HISTORY, _drawn
from bake.recipe import load_recipe
from bake.recipe_records import RecordsRisk
from risk.areas import to_areas

PLACES = pd.DataFrame(
    {"deprivation_decile": [1.0, 1.0, 10.0, 10.0], "lsoa": list("LLMM"), "msoa": ["V"] * 4},
    index=list("ABCD"),
)


def children(last_in_a: int) -> pd.DataFrame:
    """Return two cohorts of 30 children an area; A has ten cases, so many of them in the last cohort."""
    cases = {"A": (10 - last_in_a, last_in_a), "B": (4, 4), "C": (12, 12), "D": (9, 9)}
    return pd.DataFrame(
        {
            "person": f"{area}{cohort}{place}",
            "cohort": 2021 + cohort,
            "area": area,
            "outcome": float(place < ill),
        }
        for area, by in cases.items()
        for cohort, ill in enumerate(by)
        for place in range(30)
    )


@pytest.fixture(scope="module")
def risk() -> RecordsRisk:
    found = load_recipe("school_readiness").risk
    assert isinstance(found, RecordsRisk)
    return found


def shown(risk: RecordsRisk, last_in_a: int) -> np.ndarray:
    table = children(last_in_a)
    _, draws = _drawn(OWN_HISTORY, risk, table, PLACES, 1)
    return to_areas(table, draws, PLACES, seed=1).draws


def test_the_same_pooled_counts_give_the_same_draws_whichever_cohort_they_fell_in(risk: RecordsRisk) -> None:
    # what the gate tells the attack (a prediction follows the pooled count) would be false otherwise
    np.testing.assert_allclose(shown(risk, 9).mean(axis=1), shown(risk, 1).mean(axis=1), atol=0.01)


def test_another_pooled_count_gives_other_draws(risk: RecordsRisk) -> None:
    table = children(9)
    table.loc[table["area"] == "A", "outcome"] = 0.0
    _, draws = _drawn(OWN_HISTORY, risk, table, PLACES, 1)
    fewer = to_areas(table, draws, PLACES, seed=1).draws
    assert fewer[0].mean() < shown(risk, 9)[0].mean() - 0.02
