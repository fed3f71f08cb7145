"""Extracts that say of which place they are: those of another place are refused before a row is read."""

import json
from pathlib import Path

import pytest

from bake.errors import BakeError
from bake.recipe import load_recipe
from bake.records import bake_records
from bake.taking import refuse_another_place
from geo.place import Place


def test_extracts_of_another_place_are_refused_at_once(tmp_path: Path):
    (tmp_path / "about.json").write_text(json.dumps({"place": "demo"}), "utf-8")
    place = Place("basildon", "Basildon", False, "oa", "2021", "checked", "EPSG:27700", tmp_path, "0" * 64)
    said: list[str] = []
    with pytest.raises(
        BakeError, match=r"These extracts are of demo; you asked for basildon\. Give --place demo"
    ):
        bake_records(
            load_recipe("school_readiness"),
            place,
            tmp_path,
            extracts=tmp_path,
            engine="duckdb",
            say=said.append,
        )
    assert said == []


@pytest.mark.parametrize("about", ['{"place": "demo"}', "{}", "[]", None])
def test_extracts_of_the_place_and_those_that_do_not_say_are_taken(tmp_path: Path, about: str | None):
    if about is not None:
        (tmp_path / "about.json").write_text(about, "utf-8")
    before = sorted(path.name for path in tmp_path.iterdir())
    refuse_another_place("demo", tmp_path)  # raises where it refuses
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_what_extracts_say_of_themselves_has_to_be_readable(tmp_path: Path):
    (tmp_path / "about.json").write_text("{", "utf-8")
    with pytest.raises(BakeError, match=r"about\.json cannot be read"):
        refuse_another_place("demo", tmp_path)
