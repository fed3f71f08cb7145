"""The model on districts whose true risk is known."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from risk.errors import RiskError
from risk.model import FittedModel, fit, fit_all
from risk.spec import BASELINES, ModelSpec
from tests.risk.simulated import District, district

SPEC = ModelSpec(refits=8)


@pytest.fixture(scope="module")
def strong() -> District:
    return district(seed=7, areas=120, signal=0.9, hidden=0.5, next_cohort=True)


@pytest.fixture(scope="module")
def fitted(strong: District) -> FittedModel:
    return fit(strong.table, strong.places, SPEC, 1)


def test_predictions_follow_the_true_risk_of_a_cohort_without_outcome(
    strong: District, fitted: FittedModel
) -> None:
    coming = strong.table["outcome"].isna().to_numpy()
    chance = fitted.predict(strong.table[coming])
    assert np.corrcoef(chance, strong.risk[coming])[0, 1] > 0.7
    assert chance.mean() == pytest.approx(strong.risk[coming].mean(), abs=0.03)


def test_draws_lie_about_the_predictions_and_repeat(strong: District, fitted: FittedModel) -> None:
    coming = strong.table[strong.table["outcome"].isna()]
    drawn = fitted.draws(coming, 100)
    assert drawn.shape == (100, len(coming))
    assert ((drawn > 0) & (drawn < 1)).all()
    assert np.abs(drawn.mean(axis=0) - fitted.predict(coming)).mean() < 0.02
    np.testing.assert_array_equal(drawn, fitted.draws(coming, 100))


def test_draws_cover_the_true_rates_of_areas(strong: District, fitted: FittedModel) -> None:
    drawn = pd.DataFrame(fitted.draws(strong.table, 200).T).groupby(strong.table["area"].to_numpy()).mean()
    true = pd.Series(strong.risk).groupby(strong.table["area"].to_numpy()).mean()
    low, high = np.quantile(drawn, [0.05, 0.95], axis=1)
    assert (
        0.82 <= np.mean((low <= true) & (true <= high)) <= 0.97
    )  # 120 areas: 0.90, give or take 3 errors of 0.027


def test_neither_outcomes_asked_about_nor_groups_are_read(strong: District, fitted: FittedModel) -> None:
    coming = strong.table[strong.table["outcome"].isna()]
    other = coming.assign(outcome=1.0, group_sex="M", group_told=None)
    np.testing.assert_array_equal(fitted.predict(coming), fitted.predict(other))
    mixed = strong.table.assign(group_sex=strong.table["group_sex"].sample(frac=1, random_state=1).to_numpy())
    again = fit(mixed, strong.places, ModelSpec(learners=("logistic",)), 1, refits=0)
    plain = fit(strong.table, strong.places, ModelSpec(learners=("logistic",)), 1, refits=0)
    np.testing.assert_array_equal(again.predict(coming), plain.predict(coming))


def test_the_learner_with_the_lower_loss_on_areas_unseen_is_used(fitted: FittedModel) -> None:
    assert set(fitted.tried) == {"boosting", "logistic"}
    assert fitted.tried[fitted.learner] == min(fitted.tried.values())


def test_the_same_seed_gives_the_same_model(strong: District, fitted: FittedModel) -> None:
    again = fit(strong.table, strong.places, SPEC, 1)
    np.testing.assert_array_equal(again.draws(strong.table, 10), fitted.draws(strong.table, 10))


def test_a_feature_missing_for_everybody_is_borne(strong: District) -> None:
    table = strong.table.assign(never=np.nan)
    for learner in ("boosting", "logistic"):
        made = fit(table, strong.places, ModelSpec(learners=(learner,)), 1, refits=0)  # type: ignore[arg-type]
        assert np.isfinite(made.predict(table)).all()


def test_all_four_answer_alike(strong: District) -> None:
    every = fit_all(strong.table, strong.places, SPEC, 1)
    assert list(every) == ["model", *BASELINES]
    for predictor in every.values():
        assert predictor.predict(strong.table).shape == (len(strong.table),)
        assert predictor.draws(strong.table, 3).shape == (3, len(strong.table))


def test_what_cannot_be_fitted_or_drawn_is_refused(strong: District) -> None:
    with pytest.raises(RiskError, match="the same for every child"):
        fit(strong.table.assign(outcome=1.0), strong.places, SPEC, 1)
    with pytest.raises(RiskError, match="without refits"):
        fit(strong.table, strong.places, ModelSpec(learners=("logistic",)), 1, refits=0).draws(
            strong.table, 5
        )
    with pytest.raises(ValidationError):
        ModelSpec(pass_mark={"share": 1.5})  # type: ignore[arg-type]
