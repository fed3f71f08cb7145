"""Area effects: against whole-matrix algebra, against known effects, and at the edges."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from risk.area_effects import block_of, fit_area_effects


def places(areas: int, msoa: int = 20, lsoa: int = 5) -> pd.DataFrame:
    number = np.arange(areas)
    return pd.DataFrame(
        {"msoa": number // msoa, "lsoa": number // lsoa}, index=[f"A{n:04d}" for n in number]
    ).astype(str)


def known(
    seed: int, spread: tuple[float, float, float], children: int
) -> tuple[pd.DataFrame, np.ndarray, pd.DataFrame]:
    """Return places, the true effect of each, and children whose log odds are -1 but for it."""
    rng = np.random.default_rng(seed)
    where = places(400)
    of_msoa, of_lsoa, own = (np.sqrt(variance) for variance in spread)
    true = (
        of_msoa * rng.standard_normal(20)[np.arange(400) // 20]
        + of_lsoa * rng.standard_normal(80)[np.arange(400) // 5]
        + own * rng.standard_normal(400)
    )
    area = np.repeat(np.arange(400), children)
    outcome = (rng.random(len(area)) < expit(-1 + true[area])).astype(float)
    return where, true, pd.DataFrame({"area": where.index[area], "outcome": outcome})


def test_the_posterior_is_that_of_whole_matrices() -> None:
    where, _, children = known(1, (0.1, 0.05, 0.1), 30)
    found = fit_area_effects(
        children["area"], np.full(len(children), -1.0), children["outcome"].to_numpy(), where
    )
    # At the fixed point of penalised quasi-likelihood: prior^-1 u = sum of (outcome - chance) of each area.
    same = {
        name: where[name].to_numpy()[:, None] == where[name].to_numpy()[None, :] for name in ("msoa", "lsoa")
    }
    prior = (
        found.variances[0] * same["msoa"]
        + found.variances[1] * same["lsoa"]
        + found.variances[2] * np.eye(400)
    )
    effect = found.mean.loc[where.index].to_numpy()
    chance = expit(-1 + effect)
    surplus = children.groupby("area")["outcome"].sum().loc[where.index].to_numpy() - 30 * chance
    np.testing.assert_allclose(effect, prior @ surplus, atol=0.03)


def test_known_variances_are_found_and_intervals_cover() -> None:
    spread = (0.15, 0.05, 0.2)
    found, covered = [], []
    for seed in range(4):
        where, true, children = known(seed, spread, 40)
        effects = fit_area_effects(
            children["area"], np.full(len(children), -1.0), children["outcome"].to_numpy(), where
        )
        found.append(effects.variances)
        drawn = effects.draws(400, np.random.default_rng(1)).loc[where.index].to_numpy()
        low, high = np.quantile(drawn, [0.05, 0.95], axis=1)
        covered.append(np.mean((low <= true) & (true <= high)))
    np.testing.assert_allclose(np.mean(found, axis=0), spread, atol=0.07)
    assert np.mean(covered) == pytest.approx(0.9, abs=0.03)


def test_areas_all_alike_get_no_effect() -> None:
    where, _, children = known(5, (0.0, 0.0, 0.0), 20)
    found = fit_area_effects(
        children["area"], np.full(len(children), -1.0), children["outcome"].to_numpy(), where
    )
    assert sum(found.variances) < 0.05
    assert found.mean.abs().max() < 0.25


def test_an_unseen_area_gets_what_its_msoa_says_and_less_surely() -> None:
    where, _, children = known(2, (0.6, 0.0, 0.05), 40)
    children = children[children["area"] != "A0003"]
    found = fit_area_effects(
        children["area"], np.full(len(children), -1.0), children["outcome"].to_numpy(), where
    )
    others = found.mean.loc[[f"A{n:04d}" for n in range(20) if n != 3]].mean()
    assert found.mean["A0003"] == pytest.approx(others, abs=0.1)
    spread = found.draws(500, np.random.default_rng(1)).std(axis=1)
    assert spread["A0003"] > 1.2 * spread["A0010"]


def test_unheard_deviations_have_the_prior_variance() -> None:
    where, _, children = known(2, (0.3, 0.1, 0.2), 40)
    found = fit_area_effects(
        children["area"], np.full(len(children), -1.0), children["outcome"].to_numpy(), where
    )
    drawn = found.unheard(3000, np.random.default_rng(1)).to_numpy()
    assert drawn.var() == pytest.approx(sum(found.variances), rel=0.05)
    alike = np.corrcoef(drawn[0], drawn[1])[0, 1]  # one LSOA
    assert alike == pytest.approx(1 - found.variances[2] / sum(found.variances), abs=0.05)


def test_blocks_fall_back_where_a_parent_is_missing() -> None:
    where = pd.DataFrame({"lsoa": ["L1", "L2", None], "msoa": ["M1", None, None]}, index=["A", "B", "C"])
    assert block_of(where).tolist() == ["M1", "L2", "C"]
    assert block_of(where[[]]).tolist() == ["A", "B", "C"]
