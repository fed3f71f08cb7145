"""What the demo bakes: two levels told apart, the newest run on the place's own areas, a second time nothing."""

from bake.demo import bake_demo, is_baked
from bake.levels import at_level
from bake.recipe import load_recipe
from bake.runs import list_runs
from geo.demo import ensure_demo


def test_two_levels_are_baked_once_each_and_the_places_own_is_the_newest(tmp_path):
    bake_demo(tmp_path, lambda _: None)
    runs = list_runs(tmp_path)
    told = [(run.recipe, run.manifest["level"]) for run in runs]
    assert told == [("early_years_open", "oa"), ("crowded_homes", "oa"), ("early_years_open", "lsoa")]
    said: list[str] = []
    bake_demo(tmp_path, said.append)
    assert [run.id for run in list_runs(tmp_path)] == [run.id for run in runs]
    assert sum("baked before" in sentence for sentence in said) == 3
    recipe = load_recipe("early_years_open")
    place = ensure_demo(tmp_path)
    assert is_baked(tmp_path, at_level(recipe, "lsoa"), place)
    assert not is_baked(tmp_path, at_level(recipe, "msoa"), place)
