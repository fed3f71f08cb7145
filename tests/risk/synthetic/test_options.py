"""Options: every fault at once, and multipliers that reach the slips they name."""

import pytest

from risk.errors import RiskError
from risk.synthetic.options import COVERAGE, Coverage, Options, Slips, check_options


def faulty(options: Options) -> set[str]:
    """Return the columns of the options that are refused."""
    try:
        check_options(options)
    except RiskError as refusal:
        return {fault.column for fault in refusal.faults}
    return set()


def test_all_faults_are_told_at_once() -> None:
    wrong = Options(
        people=3,
        typos=-1,
        base_rate=1.5,
        scenario="rain",  # type: ignore[arg-type]
        slips=Slips(no_uprn=2),
        coverage={**COVERAGE, "births": Coverage(1, {"giants": 0.5})},
    )
    with pytest.raises(RiskError) as raised:
        check_options(wrong)
    told = {fault.column for fault in raised.value.faults}
    assert told == {"people", "typos", "base_rate", "scenario", "slips.no_uprn", "births"}
    assert all(fault.cure for fault in raised.value.faults)


def test_the_usual_options_are_in_order() -> None:
    assert faulty(Options()) == set()


def test_multipliers_reach_their_own_slips_only() -> None:
    slips = Slips(forename_typo=0.1, no_uprn=0.2, entered_twice=0.3)
    scaled = slips.scaled(typos=2, missing=0, duplicates=10)
    assert (scaled.forename_typo, scaled.no_uprn, scaled.entered_twice) == (0.2, 0.0, 1.0)


def test_cohorts_and_the_day_of_the_extracts() -> None:
    options = Options(last_cohort=2026)
    assert options.cohorts == (2022, 2023, 2024, 2025, 2026)
    assert options.next_cohort == 2027
    assert options.extracted_on.isoformat() == "2026-09-30"


def test_five_agencies_hand_over_an_extract_and_the_police_can_be_left_out() -> None:
    assert Options().agencies == ("births", "schools", "housing", "social_care", "police")
    assert Options(police=False).agencies == ("births", "schools", "housing", "social_care")
