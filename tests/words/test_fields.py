"""Fields: every published column is described, and its shapefile name is fit for one."""

import re

import pytest

from bake.columns import COLUMNS
from geo.hotspots import STATUSES
from words.fields import BY_NAME, FIELDS, Field
from words.labels import SIGNS


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_a_field_is_described_and_fits_a_shapefile(field: Field) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]{0,9}", field.short)
    assert field.title
    assert field.definition.endswith(".")


def test_names_and_short_names_are_unique() -> None:
    assert len({field.short.lower() for field in FIELDS}) == len(FIELDS)
    assert len(BY_NAME) == len(FIELDS)


def test_every_column_of_a_run_is_described() -> None:
    assert set(COLUMNS) - {"geometry"} <= set(BY_NAME)


def test_every_column_of_the_direct_tool_is_described() -> None:
    direct = ("value", "count", "z", "p", "q", "cluster", "status", "neighbours", "stability")
    assert set(direct) <= set(BY_NAME)


def test_what_the_map_style_reads_is_called_the_same_everywhere() -> None:
    assert all(BY_NAME[name].short == name for name in ("band", "sign", "cluster", "status"))


def test_allowed_values_are_those_of_the_labels() -> None:
    assert BY_NAME["sign"].allowed == tuple(SIGNS)
    assert BY_NAME["band"].allowed == ("1", "2", "3", "4", "5")
    assert set(STATUSES) <= set(BY_NAME["status"].allowed)
    assert set(BY_NAME["gi_cluster"].allowed) < set(BY_NAME["cluster"].allowed)


def test_the_two_ends_of_a_span_are_called_alike() -> None:
    titles = {name: BY_NAME[name].title for name in BY_NAME if name.endswith(("_from", "_to"))}
    assert titles == {
        "rate_from": "Rate from", "rate_to": "Rate to", "q_from": "q from", "q_to": "q to",
        "chance_from": "Chance from", "chance_to": "Chance to",
    }  # fmt: skip
