"""Baselines by hand, on four areas."""

import numpy as np
import pandas as pd
import pytest

from geo import rates
from risk.baselines import fit_baseline

PLACES = pd.DataFrame(
    {"deprivation_decile": [1.0, 1.0, 10.0, np.nan], "msoa": ["M1", "M1", "M2", "M2"]}, index=list("ABCD")
)
# Two cohorts; A 2 of 20, B 4 of 20, C 14 of 20 in each; D nobody.
TABLE = pd.DataFrame(
    [
        {"person": number, "cohort": cohort, "area": area, "outcome": float(place < ill)}
        for cohort in (1, 2)
        for area, ill in (("A", 2), ("B", 4), ("C", 14))
        for place in range(20)
        for number in [cohort * 1000 + ord(area) * 20 + place]
    ]
)
ASK = pd.DataFrame({"area": list("ABCD"), "outcome": np.nan})


def test_the_overall_rate() -> None:
    np.testing.assert_allclose(fit_baseline("overall_rate", TABLE, PLACES, 1).predict(ASK), 40 / 120)


def test_the_deprivation_decile_alone() -> None:
    found = fit_baseline("deprivation_decile", TABLE, PLACES, 1).predict(ASK)
    pull = 10 * 40 / 120
    expected = [
        (12 + pull) / 90,
        (12 + pull) / 90,
        (28 + pull) / 50,
        40 / 120,
    ]  # D: no decile, so the rate of all
    np.testing.assert_allclose(found, expected)


def test_the_last_cohorts_rate() -> None:
    later = TABLE.copy()
    later.loc[(later["cohort"] == 1), "outcome"] = (
        0.0  # an earlier cohort changes nothing but the rate of all
    )
    found = fit_baseline("last_cohort_rate", later, PLACES, 1).predict(ASK)
    shrunk = rates.shrink_global(pd.Series([2.0, 4.0, 14.0]), pd.Series([20.0] * 3))
    np.testing.assert_allclose(found[:3], shrunk)
    assert found[3] == pytest.approx(20 / 120)


@pytest.mark.parametrize("name", ["overall_rate", "deprivation_decile", "last_cohort_rate"])
def test_draws_lie_about_the_rate_and_repeat(name: str) -> None:
    fitted = fit_baseline(name, TABLE, PLACES, 1)  # type: ignore[arg-type]
    drawn = fitted.draws(ASK, 800)
    assert drawn.shape == (800, 4)
    assert ((drawn > 0) & (drawn < 1)).all()
    np.testing.assert_allclose(np.median(drawn, axis=0), fitted.predict(ASK), atol=0.08)
    np.testing.assert_array_equal(drawn, fitted.draws(ASK, 800))


def test_the_outcome_of_those_asked_about_is_not_read() -> None:
    for name in ("overall_rate", "deprivation_decile", "last_cohort_rate"):
        hidden = TABLE.assign(outcome=TABLE["outcome"].where(TABLE["cohort"] == 1))
        fitted = fit_baseline(name, hidden, PLACES, 1)  # type: ignore[arg-type]
        np.testing.assert_array_equal(fitted.predict(TABLE), fitted.predict(hidden))
