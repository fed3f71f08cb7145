from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from bake.runs import Run
from ui import runs

PLACES = {"town": SimpleNamespace(level="oa"), "farm": SimpleNamespace(level="area")}


def run(
    name: str, level: str = "oa", hour: int = 1, *, digest: str = "1", recipe: str = "r", place: str = "town"
) -> Run:
    about = {
        "id": name,
        "level": level,
        "recipe": {"id": recipe, "digest": digest},
        "place": {"name": place, "digest": "1"},
        "baked_at": datetime(2026, 5, 3, hour, tzinfo=UTC).isoformat(),
    }
    return Run(Path(name), about)


FINE, COARSE, COARSEST = run("fine"), run("coarse", "lsoa", 2), run("coarsest", "msoa", 3)
OLD = run("old", hour=0)


def test_the_newest_run_of_the_places_own_areas_comes_first() -> None:
    assert runs.first([COARSE, FINE, OLD], PLACES) is FINE  # type: ignore[arg-type]
    assert runs.first([COARSEST, COARSE], PLACES) is COARSEST  # type: ignore[arg-type]


def test_a_label_names_the_level_where_it_is_not_the_places_own() -> None:
    assert runs.label(COARSE, PLACES["town"]) == "3 May 2026, 02:00 UTC · by neighbourhood (LSOA)"  # type: ignore[arg-type]
    assert runs.label(FINE, PLACES["town"]) == "3 May 2026, 01:00 UTC"  # type: ignore[arg-type]


def test_other_levels_of_the_same_question_come_before_other_times() -> None:
    everything = [COARSE, FINE, OLD, run("other", recipe="x"), run("else", place="farm")]
    assert [one.id for one in runs.comparable(FINE, everything)] == ["coarse", "old"]


def test_areas_that_nest_in_none_are_compared_with_their_own_kind_only() -> None:
    fields = run("fields", "area", place="farm")
    later = run("later", "area", 4, place="farm")
    assert runs.comparable(fields, [later, fields, run("odd", "lsoa", place="farm")]) == [later]


def test_smaller_areas_stand_first_or_else_the_earlier_run() -> None:
    assert runs.in_order(COARSE, FINE) == (FINE, COARSE)
    assert runs.in_order(FINE, OLD) == (OLD, FINE)


def test_only_the_same_recipe_on_the_same_data_speaks_for_larger_areas() -> None:
    assert runs.coarser_run(FINE, [COARSEST, COARSE, FINE]) is COARSE
    assert runs.coarser_run(COARSE, [COARSE, FINE]) is None
    assert runs.coarser_run(FINE, [run("new", "lsoa", digest="2"), FINE]) is None


def test_the_command_asks_the_next_larger_areas_or_the_places_own() -> None:
    assert runs.second_run_command(FINE, PLACES["town"]) == "larder bake r --place town --level lsoa"  # type: ignore[arg-type]
    assert runs.second_run_command(COARSE, PLACES["town"]) == "larder bake r --place town"  # type: ignore[arg-type]
    assert (
        runs.second_run_command(run("a", "area", place="farm"), PLACES["farm"])
        == "larder bake r --place farm"
    )  # type: ignore[arg-type]
