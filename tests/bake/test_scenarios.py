"""Districts of which it is known what a run should say, through the whole chain; and one rate for all."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bake.gated import _observed
from bake.people import Knowledge, learn
from bake.recipe import SHIPPED, Recipe, load_recipe
from bake.stages import Stages
from benchmarks.records.even import dealt
from geo.demo import ensure_demo
from geo.neighbours import find
from geo.place import Place
from risk.pseudonyms import make_key
from risk.synthetic.district import synthesise
from risk.synthetic.options import Options
from tests.bake.small import QUICK

DISTRICTS = 60
FEWER = 5000
"""Children of the smaller form, a third of the place's own: five seconds of a processor a district."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return ensure_demo(tmp_path_factory.mktemp("home"))


def quick() -> Recipe:
    """Return the shipped recipe with every feature, few draws and one learner, tried on as many cohorts."""
    text = (SHIPPED / "school_readiness.toml").read_text("utf-8").replace("draws = 400", "draws = 60")
    few = QUICK.replace("forward_cohorts = 1", "forward_cohorts = 3")
    return Recipe.read(text.replace('learners = ["logistic", "boosting"]', few), "quick.toml")


def known(
    place: Place, folder: Path, scenario: str, *, recipe: Recipe | None = None, people: int | None = None
) -> Knowledge:
    out = folder / scenario
    options = Options(scenario=scenario)  # type: ignore[arg-type]
    synthesise(place, out, seed=5, people=people, options=options)
    make_key(out)
    return learn(recipe or load_recipe("school_readiness"), place, out, Stages(), "duckdb")


SIMPLER = [
    (
        "deprivation",
        "deprivation_decile",
        "The model adds nothing that we can show to the deprivation decile alone",
    ),
    ("even", "overall_rate", "The model adds nothing that we can show to the overall rate"),
    ("broken", None, "The linkage is broken"),
]
"""What is true of the district, what is to be shown, and what is to be said first."""


def says_so(found: Knowledge, scenario: str, shown: str | None, said: str) -> None:
    assert found.top[0].startswith(said)
    assert found.shown != "model"
    assert shown is None or found.shown == shown
    assert (found.linkage["verdict"] == "broken") == (scenario == "broken")


@pytest.mark.parametrize(("scenario", "shown", "said"), SIMPLER)
def test_of_fewer_children_too_the_run_says_what_is_so(
    place: Place, tmp_path: Path, scenario: str, shown: str | None, said: str
) -> None:
    says_so(known(place, tmp_path, scenario, recipe=quick(), people=FEWER), scenario, shown, said)


def test_of_fewer_children_too_a_model_that_adds_something_is_shown(place: Place, tmp_path: Path) -> None:
    found = known(place, tmp_path, "district", recipe=quick(), people=FEWER)
    assert (found.shown, found.top, found.linkage["verdict"]) == ("model", [], "sound")


@pytest.mark.long
@pytest.mark.parametrize(("scenario", "shown", "said"), SIMPLER)
def test_the_run_says_what_is_so_and_shows_a_simpler_answer(
    place: Place, tmp_path: Path, scenario: str, shown: str | None, said: str
) -> None:
    says_so(known(place, tmp_path, scenario), scenario, shown, said)


def test_where_one_rate_is_true_everywhere_a_hotspot_is_seldom_observed(place: Place) -> None:
    """Of 60 districts 3 are expected at 5 in 100; more than 8 would happen to 3 in 1,000 (binomial)."""
    recipe, areas = load_recipe("school_readiness"), place.areas()
    rng = np.random.default_rng(8)
    cohorts = rng.integers(2022, 2027, 11_600)
    children = pd.DataFrame({"area": rng.choice(areas.index, 11_600), "cohort": cohorts})
    adjacency = find(areas, recipe.hotspots.neighbours)
    found = 0
    for seed in range(DISTRICTS):
        tested, _ = _observed(recipe, areas, dealt(children, areas.index, seed), adjacency)  # type: ignore[arg-type]
        found += bool(tested["gi_cluster"].isin(["hot", "cold"]).any())
    assert found <= 8
