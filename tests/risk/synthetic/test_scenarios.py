"""Scenarios: each district is what it says."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from geo.place import Place
from risk.synthetic.district import make_extracts
from risk.synthetic.options import Options, Scenario
from risk.synthetic.truth import truth_of_areas, truth_of_children, truth_of_coverage, truth_of_rows
from risk.synthetic.world import World, make_world

SLIPLESS = Options(typos=0, missing=0, duplicates=0)


def world_of(place: Place, scenario: Scenario) -> World:
    return make_world(place, replace(SLIPLESS, scenario=scenario), 11)


@pytest.fixture(scope="module")
def district(demo: Place) -> World:
    return world_of(demo, "district")


def assessed(world: World) -> pd.DataFrame:
    table = truth_of_children(world)
    table["decile"] = world.ground.decile[world.children["area"].to_numpy()]
    family = world.families.iloc[world.children["family"].to_numpy()].reset_index(drop=True)
    table = pd.concat([table, world.children[["speech", "special"]], family[["benefits", "smoker"]]], axis=1)
    return table[table["here"] & ~table["next"]]


def fitted_loss(table: pd.DataFrame, columns: list[str]) -> float:
    """Return the log loss of a plain logistic regression, of the very children it was fitted to."""
    features = table[columns].astype(float)
    model = LogisticRegression(C=1e9, max_iter=500).fit(features, table["outcome"])
    return float(log_loss(table["outcome"], model.predict_proba(features)[:, 1]))


def bayes_loss(table: pd.DataFrame) -> float:
    return float(log_loss(table["outcome"], table["true_risk"]))


@pytest.mark.parametrize("scenario", ["district", "deprivation", "even", "broken"])
def test_the_mean_true_risk_is_the_base_rate(demo: Place, scenario: Scenario) -> None:
    table = assessed(world_of(demo, scenario))
    assert table["true_risk"].mean() == pytest.approx(0.28, abs=1e-6)
    assert abs(table["outcome"].mean() - 0.28) < 4 * np.sqrt(0.28 * 0.72 / len(table))


def test_where_deprivation_explains_all_the_decile_reaches_the_best_loss(demo: Place) -> None:
    table = assessed(world_of(demo, "deprivation"))
    assert abs(fitted_loss(table, ["decile"]) - bayes_loss(table)) < 0.001
    gain = fitted_loss(table, ["decile"]) - fitted_loss(
        table, ["decile", "speech", "special", "benefits", "smoker"]
    )
    # twice the gain, times the children, is chi-squared with 4 degrees of freedom: 18.5 is its 99.9 % point
    assert 2 * len(table) * gain < 18.5
    assert table.groupby("decile")["true_risk"].nunique().tolist() == [1] * 10


def test_one_rate_everywhere(demo: Place) -> None:
    table = assessed(world_of(demo, "even"))
    assert table["true_risk"].nunique() == 1


def test_in_the_usual_district_deprivation_is_not_all_and_data_do_not_show_all(district: World) -> None:
    table = assessed(district)
    by_decile, by_records = (
        fitted_loss(table, ["decile"]),
        fitted_loss(table, ["decile", "speech", "special", "benefits"]),
    )
    assert by_decile - bayes_loss(table) > 0.05
    assert by_decile - by_records > 0.03
    assert by_records - bayes_loss(table) > 0.02


def test_the_true_risk_is_calibrated(district: World) -> None:
    table = assessed(district)
    tenth = pd.qcut(table["true_risk"], 10, labels=False)
    groups = table.groupby(tenth)
    error = (groups["outcome"].mean() - groups["true_risk"].mean()) / np.sqrt(
        groups["true_risk"].apply(lambda p: (p * (1 - p)).sum()) / groups.size() ** 2
    )
    assert (error**2).sum() < 29.6  # chi-squared, 10 degrees of freedom, 99.9 % point


def test_true_rates_of_areas_are_the_means_of_their_children(district: World) -> None:
    areas = truth_of_areas(district).set_index("area")
    table = assessed(district)
    mean = table.groupby("area")["true_risk"].mean()
    assert np.allclose(areas.loc[mean.index, "true_rate"], mean, atol=1e-7)
    assert areas["children"].sum() == len(table)
    assert areas["cases"].sum() == table["outcome"].sum()
    assert areas.loc[areas["children"] == 0, "true_rate"].isna().all()


def test_broken_linkage_breaks_names_and_dates_and_nothing_else(demo: Place, district: World) -> None:
    broken = world_of(demo, "broken")
    pd.testing.assert_frame_equal(truth_of_children(district), truth_of_children(broken))
    for right, wrong in zip(make_extracts(district), make_extracts(broken), strict=True):
        pd.testing.assert_frame_equal(right.links, wrong.links)
        if right.agency == "births":
            pd.testing.assert_frame_equal(right.table, wrong.table)
            continue
        changed = [c for c in right.table if not right.table[c].equals(wrong.table[c])]
        names = [c for c in changed if "name" in c]
        born = [c for c in changed if c in {"dob", "birth_date", "date_of_birth"}]
        assert len(names) >= 2
        assert len(born) == 1
        assert not {
            "home_address",
            "address",
            "address_1",
            "postcode",
            "home_postcode",
            "uprn",
            "home_uprn",
        } & set(changed)
        together = (right.table[[*names[:2], *born]] == wrong.table[[*names[:2], *born]]).all(axis=1)
        assert together.mean() < 0.001
        assert all(sorted(right.table[c]) == sorted(wrong.table[c]) for c in names[:2] + born)


def test_coverage_differs_by_group_as_asked(district: World) -> None:
    extracts = make_extracts(district)
    table = truth_of_coverage(district, extracts).set_index(["agency", "group"])
    share = table["held"] / table["should"]
    spread = np.sqrt(table["expected"] * (1 - table["expected"] / table["should"].clip(lower=1)))
    assert ((table["held"] - table["expected"]).abs() <= 4.5 * spread + 1e-6).all()
    assert share["births", "newcomer"] < 0.65
    assert share["births", "tenure own"] > 0.9
    assert share["housing", "tenure private"] < share["housing", "tenure social"] - 0.08
    rows = truth_of_rows(district, extracts)
    assert (
        rows.groupby("agency")["child"].nunique().to_dict()
        == table.xs("all", level="group")["held"].to_dict()
    )
