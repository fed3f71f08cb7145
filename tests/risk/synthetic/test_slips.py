"""Slips: each kind does what it says, as often as it was asked to."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.synthetic import slips
from risk.synthetic.agencies.births import nhs_test_numbers
from risk.synthetic.agencies.forms import dates, plain, yes_no
from risk.synthetic.options import Slips
from risk.synthetic.people import day
from tests.risk.synthetic.made import Made


def steps(a: str, b: str) -> int:
    """Return the optimal string alignment distance: letters added, lost, changed, or exchanged with the next."""
    table = np.zeros((len(a) + 1, len(b) + 1), dtype=int)
    table[:, 0], table[0, :] = range(len(a) + 1), range(len(b) + 1)
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            same = int(a[i - 1] != b[j - 1])
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + same)
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return int(table[-1, -1])


@given(st.text("abcdefghijklmnopqrstuvwxyz'-", min_size=1, max_size=12), st.integers(0, 10**6))
def test_a_slip_of_the_keyboard_is_one_step(name: str, seed: int) -> None:
    assert steps(name, slips.keyboard(name, np.random.default_rng(seed))) == 1


def test_short_forms_spellings_and_halves() -> None:
    rng = np.random.default_rng(1)
    assert {slips.short_form("Katherine", rng) for _ in range(40)} == {"Kate", "Katie", "Kathy"}
    assert slips.short_form("Noah", rng) == "Noah"
    assert "Mohammed" in {slips.other_spelling("Muhammad", rng) for _ in range(60)}
    assert slips.other_spelling("Muhammad", rng) != "Muhammad"
    assert {slips.half("Smith-Jones", rng) for _ in range(20)} == {"Smith", "Jones"}


@given(st.dates(date(2000, 1, 1), date(2030, 12, 31)))
def test_parts_of_a_date_and_back(when: date) -> None:
    number = np.array([day(when)])
    year, month, dom = slips.date_parts(number)
    assert (year[0], month[0], dom[0]) == (when.year, when.month, when.day)
    assert slips.from_parts(year, month, dom)[0] == number[0]


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("day_month_swapped", date(2020, 3, 5), {date(2020, 5, 3)}),
        ("day_month_swapped", date(2020, 3, 25), {date(2020, 3, 25)}),
        ("date_typo", date(2020, 3, 12), {date(2020, 3, 21)}),
        ("date_typo", date(2020, 3, 31), {date(2020, 3, 13)}),
        ("date_typo", date(2020, 3, 19), {date(2020, 3, 18)}),
        ("first_of_month", date(2020, 3, 12), {date(2020, 3, 1)}),
        ("wrong_year", date(2020, 3, 12), {date(2019, 3, 12), date(2021, 3, 12)}),
    ],
)
def test_dates_go_wrong_as_named(kind: str, before: date, after: set[date]) -> None:
    scribe = slips.Scribe(1, np.random.default_rng(3))
    shares = dict.fromkeys(("day_month_swapped", "date_typo", "first_of_month", "wrong_year"), 0.0) | {
        kind: 1.0
    }
    assert slips.slip_dates(np.array([day(before)]), scribe, shares)[0] in {day(one) for one in after}


def test_forms() -> None:
    assert dates([day(date(2018, 9, 3)), -1], "%d-%b-%Y").tolist() == ["03-Sep-2018", ""]
    assert yes_no([True, False, True], [False, False, True]).tolist() == ["Y", "N", ""]
    assert plain("Łukasz Siân Yılmaz Małgorzata Zoë") == "Lukasz Sian Yilmaz Malgorzata Zoe"


def test_nhs_numbers_are_of_the_range_for_tests_and_pass_the_check() -> None:
    numbers = nhs_test_numbers(np.arange(1, 3001))
    assert len(set(numbers)) == 3000
    for number in numbers:
        # NHS Data Dictionary: weights 10 to 2, the check digit makes the sum 0 modulo 11
        total = sum(int(digit) * weight for digit, weight in zip(number, range(10, 0, -1), strict=True))
        assert number.startswith("999")
        assert total % 11 == 0


@pytest.mark.parametrize(
    "kind",
    ["forename_typo", "surname_typo", "middle_name", "names_swapped", "wrong_year", "wrong_sex", "postcode_typo",
     "address_typo", "wrong_uprn", "no_forename", "no_sex", "no_date_of_birth", "no_address", "no_postcode", "no_uprn",
     "no_guardian"],
)  # fmt: skip
def test_as_often_as_asked(made: Made, kind: str) -> None:
    share = getattr(Slips(), kind)
    got = made.rows["slips"].str.split().map(lambda told: kind in told).mean()
    assert abs(got - share) < 4.5 * np.sqrt(share * (1 - share) / len(made.rows))


def test_as_many_twice_as_asked(made: Made) -> None:
    twice = made.rows["twice"] == "True"
    once = (~twice).sum()
    assert abs(twice.sum() - 0.02 * once) < 4.5 * np.sqrt(0.02 * 0.98 * once)


def test_the_log_tells_what_is_in_the_rows(made: Made) -> None:
    rows = made.rows[made.rows["agency"] == "births"].reset_index(drop=True)
    table = made.tables["births"]
    assert (rows["record"] == table["record_id"]).all()
    told = rows["slips"].str.split()
    for kind, column in (
        ("no_uprn", "uprn"),
        ("no_postcode", "postcode"),
        ("no_date_of_birth", "date_of_birth"),
    ):
        assert ((table[column] == "") == told.map(lambda kinds, kind=kind: kind in kinds)).all()
    unnamed = told.map(
        lambda kinds: "not_yet_named" in kinds and not {"names_swapped", "no_forename"} & set(kinds)
    )
    assert (table.loc[unnamed, "forename"] == "Baby").all()
    assert unnamed.any()


def test_a_clean_district_has_no_slips_and_the_same_truth(made: Made, clean: Made) -> None:
    assert (clean.rows["slips"] == "").all()
    assert (clean.rows["twice"] == "False").all()
    pd.testing.assert_frame_equal(made.children, clean.children)
    table = clean.tables["social_care"].merge(clean.rows, left_on="episode_id", right_on="record")
    # without slips one child has one name and one date of birth in every row
    assert table.groupby("child")[["last_name", "first_name", "date_of_birth"]].nunique().max().max() == 1
    births = clean.tables["births"].merge(clean.rows, left_on="record_id", right_on="record")
    both = births.merge(
        clean.tables["schools"].merge(clean.rows, left_on="pupil_record", right_on="record"), on="child"
    )
    assert len(both) > 10_000
    assert (both["forename"] == both["legal_forename"]).all()
    assert (both["surname"] == both["legal_surname"]).all()
    assert (pd.to_datetime(both["date_of_birth"], format="%d/%m/%Y") == pd.to_datetime(both["dob"])).all()
