"""Near-alike recipes: the same children asked of in another way, after a run that others have seen."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from bake import records
from bake.errors import BakeError
from bake.gated import Gated
from bake.pipeline import Records, bake
from bake.recipe import Recipe
from bake.release import release, standing, withdraw
from bake.runs import Run
from geo.demo import ensure_demo
from geo.place import Place
from tests.bake.attacked import narrowed, narrowed_with_the_rest, told
from tests.bake.small import make_small, recipe_text
from tests.bake.test_records import COMPLETE

pytestmark = pytest.mark.long


def question(*changes: tuple[str, str]) -> Recipe:
    """Return the small recipe with its record complete, changed."""
    head, assessment = COMPLETE.split("[[", maxsplit=1)
    text = recipe_text().replace("[risk.record]\n", head) + f"[[{assessment}"
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return Recipe.read(text, "question.toml")


ALIKE = question(("cohorts = 5", "cohorts = 4"))
"""The same over the cohorts that next year's run will share with the first."""
THE_REST = question(
    ('bad = ["N"]\ngood = ["Y"]', 'bad = ["Y"]\ngood = ["N"]'),
    ("share = 0.32", "share = 0.68"),
    ("[risk.model]\n", "[risk.model]\noutcome_rises_with_deprivation = false\n"),
)


@dataclass
class Baking:
    """A home with the extracts, and what went through the gate on the way: arguments and what came of them."""

    home: Path
    place: Place
    extracts: Path
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    def bake(self, recipe: Recipe, place: Place | None = None) -> Run:
        return bake(recipe, place or self.place, self.home, records=Records(self.extracts))

    @property
    def truth(self) -> pd.DataFrame:
        """The true counts of all cohorts in the last bake."""
        whole: pd.DataFrame = self.asked[-1][2].whole
        return whole

    def unguarded(self) -> Gated:
        """Return what the gate lets through of the last bake when it is told of no earlier run."""
        return records.through_the_gate(*self.asked[-1][:3])


@pytest.fixture(scope="module")
def baking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Baking]:
    home = tmp_path_factory.mktemp("home")
    folder = make_small(home)
    (folder / "about.json").unlink()  # so that they can be baked for a place of another name
    made = Baking(home, ensure_demo(home), folder)
    gate = records.through_the_gate

    def noted(*given: Any) -> Gated:
        made.asked.append(given)
        return gate(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "through_the_gate", noted)
        yield made


@pytest.fixture(scope="module")
def first(baking: Baking) -> Run:
    run = baking.bake(question())
    assert run.manifest["settings"]["records"]["earlier"] == []
    release(baking.home, run.id, by="Ada Example")
    withdraw(baking.home, run.id, reason="A trial: it was seen all the same.")
    return run


def checked_beside(baking: Baking, first: Run, run: Run) -> None:
    """See that two runs together tell no small count, and that they would have without the check."""
    assert run.manifest["settings"]["records"]["earlier"] == [first.id]
    assert narrowed(told(first, run), baking.truth) == 0
    loose = list(baking.unguarded().released.values())
    assert narrowed([*told(first), *loose], baking.truth) > 0


def test_fewer_cohorts_are_told_beside_the_first(baking: Baking, first: Run) -> None:
    run = baking.bake(ALIKE)
    assert run.manifest["settings"]["records"]["subject"]["bad"] == ["N"]
    checked_beside(baking, first, run)


def test_where_the_extracts_no_longer_hold_the_cohorts_before_nothing_is_narrowed_either(
    baking: Baking, first: Run
) -> None:
    recipe, areas, known, *_ = baking.asked[-1]  # of the test above, in the order of the file
    gated = records.through_the_gate(recipe, areas, replace(known, whole=known.counts), told(first))
    assert narrowed([*told(first), *gated.released.values()], known.whole) == 0


def test_the_same_areas_as_another_place_are_told_beside_the_first(baking: Baking, first: Run) -> None:
    run = baking.bake(question(("cohorts = 5", "cohorts = 4")), replace(baking.place, name="again"))
    assert run.place == "again"
    checked_beside(baking, first, run)


def test_the_rest_of_the_children_stay_on_this_machine(baking: Baking, first: Run) -> None:
    run = baking.bake(THE_REST)
    assert run.manifest["settings"]["records"]["apart"] == [first.id]
    assert f"cannot be released beside {first.id}" in run.manifest["top"][0]
    with pytest.raises(BakeError, match=r"cannot be released beside .*Withdrawing that run does not help"):
        release(baking.home, run.id, by="Ada Example")
    assert standing(run).state == "draft"
    children = baking.asked[-1][2].children
    assert narrowed_with_the_rest(told(first), children - baking.truth, told(run)) > 0
