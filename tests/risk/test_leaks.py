"""Leaks: each planted one is found, and an honest table has none."""

import pandas as pd
import pytest

from risk.declarations import Feature, Source
from risk.errors import RiskError
from risk.features import make_features
from risk.leaks import leaks, refuse_leaks, strip
from tests.risk.test_features import CARE, CHILDREN, FEATURES, HEALTH, HOMES

SOURCES = {"care": CARE, "health": HEALTH}


def test_an_honest_table_has_no_leak() -> None:
    table = make_features(FEATURES, CHILDREN, SOURCES, HOMES)
    assert leaks(table, FEATURES, CHILDREN, SOURCES, HOMES) == []


def test_a_feature_dated_too_early_is_found() -> None:
    # The plan of child 1's second referral was made on 10 September, after the cut-off of 31 August.
    planted = Feature(
        name="plans",
        label="Plans",
        kind="count",
        agency="care",
        where={"plan": ("protection",)},
        dated="referred",
    )
    declared = (*FEATURES, planted)
    table = make_features(declared, CHILDREN, SOURCES, HOMES)
    found = leaks(table, declared, CHILDREN, SOURCES, HOMES)
    assert [leak.feature for leak in found] == ["plans"]
    # Child 1's plan of September; child 5's assessment came in time; child 2's and 3's rows stay open.
    assert (found[0].children, found[0].of) == (1, 5)
    with pytest.raises(RiskError, match=r"Plans \(plans\) knows what was not yet known: for 1 of 5 children"):
        refuse_leaks(found)


def test_values_slipped_into_the_table_are_found() -> None:
    table = make_features(FEATURES, CHILDREN, SOURCES, HOMES)
    table.loc[0, "referrals"] = 3.0  # counts the referral of 1 September too
    assert [leak.feature for leak in leaks(table, FEATURES, CHILDREN, SOURCES, HOMES)] == ["referrals"]


def test_a_cutoff_that_is_too_late_is_found() -> None:
    late = CHILDREN.assign(cutoff=CHILDREN["cutoff"] + pd.Timedelta(days=60))
    table = make_features(FEATURES, late, SOURCES, HOMES)
    # Child 1: the referral of September, and when it was; child 3: speech and smoking seen on 2 September; homes moved.
    found = {leak.feature for leak in leaks(table, FEATURES, CHILDREN, SOURCES, HOMES)}
    assert found == {
        "referrals",
        "last_year",
        "since",
        "speech",
        "smoker",
        "smoked",
        "at_home",
        "home_referrals",
    }


def test_a_column_that_nobody_declared_is_refused() -> None:
    table = make_features(FEATURES, CHILDREN, SOURCES, HOMES).assign(told_by_hand=1.0)
    with pytest.raises(RiskError, match="nobody declared this feature"):
        leaks(table, FEATURES, CHILDREN, SOURCES, HOMES)


def test_stripping_takes_later_rows_values_and_dates() -> None:
    stripped: Source = strip(CARE, pd.Timestamp("2021-08-31"))
    rows = stripped.rows
    assert (rows["referred"] <= "2021-08-31").all()
    assert len(rows) == 4
    second = rows[(rows["person"] == 1) & (rows["referred"] == "2021-08-31")].iloc[0]
    assert pd.isna(second["plan"])
    assert pd.isna(second["assessed"])
