"""Size of the whole pipeline: counts at one true rate over real populations, from columns to clusters."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bake.answers import answer
from bake.clusters import clusters
from bake.levels import own_ground
from bake.neighbourhood import neighbourhood
from bake.recipe import load_recipe
from geo.placing import place_add
from tests.geo.basildon import basildon

RUNS = 1_000
RATE = 0.08


@pytest.mark.long
def test_one_true_rate_everywhere_is_found_to_be_one_rate(shared: Path, tmp_path: Path) -> None:
    """One rate of 8 % in the 584 output areas: any hotspot is a false alarm, and few runs may raise one."""
    recipe = load_recipe("crowded_homes")
    place = place_add(basildon(shared, "basildon_oa21_household_counts.csv"), tmp_path, lambda _: None)
    ground = own_ground(recipe, place)
    hood = neighbourhood(ground, "queen")
    households = ground.columns[recipe.risk.denominator]
    crowded, more = recipe.risk.count
    rng = np.random.default_rng(20260501)
    share, found = [], []
    for _ in range(RUNS):
        drawn = rng.binomial(households.astype(int), RATE).astype(float)
        columns = ground.columns.assign(**{crowded: drawn, more: 0.0})
        answers = answer(recipe, replace(ground, columns=columns))
        table = clusters(answers, hood.whole, recipe.hotspots).table
        share.append((table["p"] < 0.05).mean())
        found.append((table["q"] < 0.05).any())
    assert np.mean(share) == pytest.approx(0.05, abs=0.005)
    assert np.mean(found) <= 0.065
