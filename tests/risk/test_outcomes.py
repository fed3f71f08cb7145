"""Good and bad exchanged, by what shares can tell: worked by hand on round numbers."""

import numpy as np
import pandas as pd
import pytest

from risk.errors import RiskError
from risk.outcomes import Published, remarkable_outcomes

ELSEWHERE = Published(share=0.32, source="a ministry")


def table(shares: dict[int, float], size: int = 200) -> pd.DataFrame:
    """Return cohorts of a size, each with its share of outcomes, and one to come."""
    parts = [
        pd.DataFrame({"cohort": year, "outcome": (np.arange(size) < round(size * share)).astype(float)})
        for year, share in shares.items()
    ]
    return pd.concat([*parts, pd.DataFrame({"cohort": [2099] * 30, "outcome": np.nan})], ignore_index=True)


USUAL = {2022: 0.30, 2023: 0.28, 2024: 0.31, 2025: 0.29}


def test_shares_as_they_should_be_are_said_without_their_number() -> None:
    top, said = remarkable_outcomes(table(USUAL), ELSEWHERE)
    assert top == []
    assert said == ["The share with the outcome is not far from the 32% of a ministry."]


def test_one_cohort_that_mirrors_the_others_is_refused() -> None:
    with pytest.raises(RiskError, match="in cohort 2024 70% have the outcome, in the others 29%") as refused:
        remarkable_outcomes(table(USUAL | {2024: 0.70}), ELSEWHERE)
    assert len(refused.value.faults) == 1


def test_two_of_five_are_both_named() -> None:
    with pytest.raises(RiskError) as refused:
        remarkable_outcomes(table(USUAL | {2024: 0.70, 2026: 0.71}), None)
    assert ["2024" in str(refused.value), "2026" in str(refused.value)] == [True, True]


def test_all_exchanged_mirror_the_published_share() -> None:
    turned = {year: 1 - share for year, share in USUAL.items()}
    with pytest.raises(RiskError, match="70% have the outcome, where a ministry has 32%"):
        remarkable_outcomes(table(turned), ELSEWHERE)


def test_without_a_published_share_that_cannot_be_told_and_it_is_said() -> None:
    turned = {year: 1 - share for year, share in USUAL.items()}
    top, said = remarkable_outcomes(table(turned), None)
    assert top == []
    assert "states no published share" in said[0]


def test_a_published_share_near_a_half_refuses_nothing() -> None:
    top, said = remarkable_outcomes(table(dict.fromkeys(USUAL, 0.52)), Published(share=0.48, source="x"))
    assert (top, len(said)) == ([], 1)


def test_what_is_far_but_no_mirror_is_said_first_without_its_number() -> None:
    # 400 children: four errors widened by a half are 0.14, and 0.47 is 0.18 away
    top, _ = remarkable_outcomes(table(USUAL | {2024: 0.47}, size=400), ELSEWHERE)
    assert len(top) == 1
    assert "cohort 2024 is further from the other cohorts' than chance explains" in top[0]
    assert "47" not in top[0]
    top, said = remarkable_outcomes(table(dict.fromkeys(USUAL, 0.10)), ELSEWHERE)
    assert (len(top), said) == (1, [])
    assert "far from the 32% of a ministry" in top[0]


def test_few_children_and_chance_refuse_nothing() -> None:
    assert remarkable_outcomes(table(USUAL | {2024: 0.80}, size=10), None)[0] == []
    # 40 children: 0.47 among 0.30 is 0.17 off, where 4 errors widened by a half are 0.43
    assert remarkable_outcomes(table({2022: 0.30, 2023: 0.30, 2024: 0.475}, size=40), None)[0] == []
