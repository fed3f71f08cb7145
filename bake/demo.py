"""The demo place, ready to be looked at: set up, baked once, its assets in the register."""

from collections.abc import Callable
from pathlib import Path

from assets.demo import load_demo_assets
from bake.levels import at_level, level_asked
from bake.pipeline import bake
from bake.recipe import Recipe, load_recipe
from bake.runs import list_runs
from geo.demo import ensure_demo
from geo.place import Place
from words.labels import level_name

DEMO_RECIPES = (("early_years_open", "lsoa"), ("crowded_homes", ""), ("early_years_open", ""))
"""What is baked for the demo, and at which level where it is not the recipe's; the last is the newest run."""
FROM_RECORDS = "school_readiness"
"""The demo's recipe from agencies' records, all invented: it takes minutes, so it is baked behind the others."""


def bake_demo(home: Path, say: Callable[[str], None]) -> None:
    """Set up the demo place, bake what has not been baked of it, and load its assets; a second time adds nothing."""
    place = ensure_demo(home)
    say(f"The demo place is {place.title}. It is fictional.")
    for name, level in DEMO_RECIPES:
        recipe = at_level(load_recipe(name), level) if level else load_recipe(name)
        if is_baked(home, recipe, place):
            say(f"{recipe.title}, by {level_name(level_asked(recipe, place))}: baked before.")
        else:
            bake(recipe, place, home, say)
    totals = load_demo_assets(home).totals
    say(f"Assets: {totals['accepted'] + totals['mended']} added, {totals['unchanged']} there before.")


def bake_demo_records(home: Path, say: Callable[[str], None]) -> None:
    """Make the demo place's invented extracts and bake the recipe that reads them; a second time adds nothing."""
    place, recipe = ensure_demo(home), load_recipe(FROM_RECORDS)
    if is_baked(home, recipe, place):
        say(f"{recipe.title}: baked before.")
    else:
        bake(recipe, place, home, say)


def is_baked(home: Path, recipe: Recipe, place: Place) -> bool:
    """Return whether a run of just this recipe on just this data and level has been published."""
    asked = (recipe.digest, place.digest, level_asked(recipe, place))
    return any(
        (run.manifest["recipe"]["digest"], run.manifest["place"]["digest"], run.manifest["level"]) == asked
        for run in list_runs(home, place.name, recipe.id)
    )
