"""The demo place, ready to be looked at: set up, baked once, its assets in the register."""

from collections.abc import Callable
from pathlib import Path

from assets.demo import load_demo_assets
from bake.pipeline import bake
from bake.recipe import Recipe, load_recipe
from bake.runs import list_runs
from geo.demo import ensure_demo
from geo.place import Place

DEMO_RECIPES = ("crowded_homes", "early_years_open")
"""What is baked for the demo; the last is the newest run, and so the first that the app shows."""
FROM_RECORDS = "school_readiness"
"""The demo's recipe from agencies' records, all invented: it takes minutes, so it is baked behind the others."""


def bake_demo(home: Path, say: Callable[[str], None]) -> None:
    """Set up the demo place, bake what has not been baked of it, and load its assets; a second time adds nothing."""
    place = ensure_demo(home)
    say(f"The demo place is {place.title}. It is fictional.")
    for name in DEMO_RECIPES:
        recipe = load_recipe(name)
        if is_baked(home, recipe, place):
            say(f"{recipe.title}: baked before.")
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
    """Return whether a run of just this recipe on just this data has been published."""
    return any(
        run.manifest["recipe"]["digest"] == recipe.digest and run.manifest["place"]["digest"] == place.digest
        for run in list_runs(home, place.name, recipe.id)
    )
