"""Fairness on a table whose rates are worked by hand."""

import numpy as np
import pandas as pd
import pytest

from risk.fairness import LEAST, TOO_FEW, by_group, by_kind_of_place, widest
from risk.spec import ModelSpec


def rows(*groups: tuple[str | None, int, int, int, int]) -> tuple[pd.DataFrame, np.ndarray]:
    """Give each group's children: with the outcome visited and not, without it visited and not."""
    parts, visited = [], []
    for name, found, missed, visited_well, left_well in groups:
        outcome = [1.0] * (found + missed) + [0.0] * (visited_well + left_well)
        parts.append(pd.DataFrame({"group_x": [name] * len(outcome), "outcome": outcome, "area": "A1"}))
        visited += [True] * found + [False] * missed + [True] * visited_well + [False] * left_well
    return pd.concat(parts, ignore_index=True), np.array(visited)


def test_error_rates_and_calibration_by_group() -> None:
    table, visited = rows(("a", 30, 10, 12, 48), ("b", 10, 30, 5, 95))
    chance = np.where(table["group_x"] == "a", 0.4, 0.5)
    first, second = by_group(table, chance, visited)["x"]
    assert (first["group"], first["status"]) == ("a", "")
    assert first["false_negative_rate"]["value"] == 0.25  # 10 of 40
    assert first["false_positive_rate"]["value"] == 0.2  # 12 of 60
    assert (first["observed"]["value"], first["expected"]) == (0.4, 0.4)
    assert second["false_negative_rate"]["value"] == 0.75
    assert second["observed"]["value"] == pytest.approx(40 / 140, abs=1e-4)
    assert widest([first, second], "false_negative_rate") == 0.5


def test_small_groups_have_a_status_and_no_numbers() -> None:
    table, visited = rows(("a", 20, 20, 20, 20), ("b", 10, LEAST - 11, 50, 50))
    entries = by_group(table, np.full(len(table), 0.4), visited)["x"]
    assert entries[1] == {"group": "b", "status": TOO_FEW}
    assert widest(entries, "false_negative_rate") is None


def test_a_group_that_nobody_recorded_is_its_own() -> None:
    table, visited = rows(("a", 20, 20, 20, 20), (None, 30, 10, 20, 20))
    assert [entry["group"] for entry in by_group(table, np.full(len(table), 0.4), visited)["x"]] == [
        "a",
        "not known",
    ]


def test_by_kind_of_place() -> None:
    table, visited = rows(("a", 30, 10, 12, 48))
    table["area"] = ["A1"] * 50 + ["A2"] * 50  # A1: 40 with the outcome, 10 without; A2: 50 without
    places = pd.DataFrame({"deprivation_decile": [10, 1], "coast": ["sea", "land"]}, index=["A1", "A2"])
    found = by_kind_of_place(table, np.full(100, 0.4), visited, places, ModelSpec(kinds_of_place=("coast",)))
    assert {entry["group"] for entry in found["deprivation"]} == {
        "least deprived fifth",
        "most deprived fifth",
    }
    assert all(entry["status"] == TOO_FEW for entry in found["coast"])
