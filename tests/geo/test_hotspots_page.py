"""The page on the method: its worked example is recomputed from its own text, number for number."""

import re
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from geo import neighbours
from geo.exact import neighbour_sum_tails
from geo.hotspots import STATUSES, local_statistics

PAGE = Path(__file__).parents[2] / "docs" / "methods" / "hotspots.md"


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text("utf-8")


def values_of(page: str) -> pd.Series:
    return pd.Series({code: float(value) for code, value in re.findall(r"\b([ABC][123]) = (\d)", page)})


def rows_of(page: str) -> dict[str, list[str]]:
    rows = re.findall(r"^\| ([ABC][123]) \| (.+) \|$", page, flags=re.MULTILINE)
    return {code: [cell.strip() for cell in cells.split("|")] for code, cells in rows}


def test_the_table_is_what_the_code_says(page: str, town: gpd.GeoDataFrame) -> None:
    values = values_of(page)
    assert values.index.tolist() == town.index.tolist()
    graph = neighbours.queen(town)
    answer, tails = local_statistics(values, graph), neighbour_sum_tails(values.to_numpy(), graph_of(graph))
    rows = rows_of(page)
    assert set(rows) == set(town.index) - {"B2"}
    for place, code in enumerate(town.index):
        if code == "B2":
            assert answer.loc[code, "status"] == "all neighbours"
            continue
        number, total, upper, lower, p, q = rows[code]
        assert int(number) == answer.loc[code, "neighbours"]
        assert int(total) == values[list(graph[code].index)].sum()
        for told, found in (
            (upper, tails.upper[0, place]),
            (lower, tails.lower[0, place]),
            (p, answer.loc[code, "p"]),
            (q, answer.loc[code, "q"]),
        ):
            assert float(Fraction(told)) == pytest.approx(found, abs=1e-12)


def test_the_table_is_what_counting_says(page: str, town: gpd.GeoDataFrame) -> None:
    """No code of the project: every handful of the others, counted."""
    values = values_of(page)
    for code, (number, total, upper, lower, *_) in rows_of(page).items():
        sums = [sum(handful) for handful in combinations(values.drop(code), int(number))]
        assert Fraction(upper) == Fraction(sum(s >= int(total) for s in sums), len(sums))
        assert Fraction(lower) == Fraction(sum(s <= int(total) for s in sums), len(sums))


def test_every_status_is_explained(page: str) -> None:
    assert all(f"| `{status}` |" in page for status in STATUSES if status != "assessed")


def graph_of(graph: object) -> object:
    from geo.adjacency import from_graph

    return from_graph(graph)  # type: ignore[arg-type]
