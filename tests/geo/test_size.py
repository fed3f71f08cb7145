"""Size: where there is nothing to find, as little is found as was promised. Shuffled values and fair coins."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo import neighbours, rates
from geo.adjacency import Adjacency, from_graph
from geo.exact import neighbour_sum_tails, two_sided
from geo.hotspots import local_statistics
from geo.multiplicity import benjamini_hochberg

RUNS = 1_000
PLACES = {
    "lsoa": ("basildon/basildon_boundaries.gpkg", "lsoa21", 112),
    "oa": ("basildon/basildon_boundaries.gpkg", "oa21_approx", 584),
    "county": ("basildon/essex_oa21_approx_27700.parquet", None, 4_792),
}


def place(shared: Path, name: str) -> Adjacency:
    file, layer, n = PLACES[name]
    areas = gpd.read_file(shared / file, layer=layer) if layer else gpd.read_parquet(shared / file)
    links = neighbours.find(areas, "queen")
    assert links.n == n
    return links.keep(links.degrees > 0)


def shuffled(values: np.ndarray, links: Adjacency, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return, for each of 1,000 shuffles, the share of p < 0.05 and whether any q < 0.05."""
    rng = np.random.default_rng(seed)
    share, found = [], []
    for _ in range(RUNS // 20):
        draws = rng.permuted(np.tile(values, (20, 1)), axis=1)
        tails = neighbour_sum_tails(draws, links)
        p = two_sided(tails.upper, tails.lower)
        share.extend((p < 0.05).mean(axis=1))
        found.extend((benjamini_hochberg(p) < 0.05).any(axis=1))
    return np.array(share), np.array(found)


@pytest.mark.long
@pytest.mark.parametrize("name", PLACES)
def test_untied_values(shared: Path, name: str) -> None:
    links = place(shared, name)
    values = np.random.default_rng(1).gamma(1.5, size=links.n)
    share, found = shuffled(values, links, seed=2)
    assert abs(share.mean() - 0.05) <= 3 * share.std() / np.sqrt(RUNS)
    assert found.mean() <= 0.065


@pytest.mark.long
@pytest.mark.parametrize("name", PLACES)
def test_tied_values(shared: Path, name: str) -> None:
    links = place(shared, name)
    values = np.random.default_rng(1).poisson(0.5, links.n).astype(float)
    share, found = shuffled(values, links, seed=3)
    assert share.mean() <= 0.05
    assert found.mean() <= 0.065


@pytest.mark.long
@pytest.mark.parametrize("rate", ["crude", "eb_standardise"])
def test_fair_coins_over_real_populations(shared: Path, rate: str) -> None:
    """One true rate of 8 % everywhere, real unequal populations, counts to rates to hotspots."""
    areas = gpd.read_file(shared / PLACES["oa"][0], layer="oa21_approx").set_index("oa21cd")
    people = pd.read_csv(shared / "basildon" / "essex_oa21_lookup_pwc_pop.csv").set_index("oa21cd")
    people = people[next(column for column in people if "pop" in column.lower())].reindex(areas.index)
    graph = from_graph(neighbours.queen(areas))
    rng = np.random.default_rng(4)
    share, found = [], []
    for _ in range(RUNS):
        count = pd.Series(rng.binomial(people, 0.08).astype(float), index=areas.index)
        answer = local_statistics(getattr(rates, rate)(count, people.astype(float)), graph)
        share.append((answer["p"] < 0.05).mean())
        found.append((answer["q"] < 0.05).any())
    assert np.mean(share) <= 0.05 + 3 * np.std(share) / np.sqrt(RUNS) + 0.003
    assert np.mean(found) <= 0.065
