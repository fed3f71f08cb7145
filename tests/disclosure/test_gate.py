"""The gate: what it lets through, what it withholds, and that nothing gets round it."""

import ast
import copy
import pickle
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from disclosure import suppression
from disclosure.errors import DisclosureError
from disclosure.gate import release_counts
from disclosure.policy import DEFAULT, Policy
from disclosure.released import Parts, Released
from disclosure.shelf import read_released, write_released
from disclosure.sums import sum_of
from tests.disclosure.tables import Table, admitted, district, nested, recovered, release

ROOT = Path(__file__).resolve().parents[2]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Return random nested tables: 8 or 12 smallest areas, two or three cohorts, small numbers likely."""
    areas, cohorts = draw(st.sampled_from([8, 12])), draw(st.integers(2, 3))
    children = [[draw(st.integers(4, 24)) for _ in range(cohorts)] for _ in range(areas)]
    counts = [
        [draw(st.integers(0, min(all_, draw(st.sampled_from([2, 8, 24]))))) for all_ in row]
        for row in children
    ]
    return nested(counts, children)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables())
def test_the_attack_recovers_nothing_from_what_the_gate_publishes(parts: Table) -> None:
    released = release(parts)
    assert len(recovered([released], parts[0])) <= admitted(released)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables())
def test_what_is_told_agrees_with_the_rules(parts: Table) -> None:
    table, _, _ = parts
    released = release(parts)
    for row in released.frame.itertuples():
        true = int(released.geography.totals(table, row.level, released.windows[row.period])[row.code])
        children = released.geography.totals(parts[2], row.level, released.windows[row.period])[row.code]
        assert pd.isna(row.denominator) if children < 20 else row.denominator == children
        if children < 20:
            assert row.status == "too few children"
        if row.status == "published":
            assert true not in range(1, 8)
            assert row.count == DEFAULT.rounded(true, row.denominator)
            assert row.rate == round(100 * row.count / row.denominator)
        else:
            assert pd.isna(row.count)
            assert pd.isna(row.rate)
        if true == 0 and children >= 20 and row.level != "oa":
            assert row.status == "suppressed" or row.count == 0


def test_a_district_loses_nothing_to_the_attack_and_something_without_secondary_suppression() -> None:
    parts = district(areas=100)
    released = release(parts)
    assert recovered([released], parts[0]).empty
    assert recovered([released], parts[0], granted=True).empty
    assert len(recovered([release(parts, secondary=False)], parts[0], granted=True)) > 0


@pytest.mark.parametrize("rate", [0.3, 0.5])
def test_a_whole_district_loses_nothing_to_the_attack(rate: float) -> None:
    parts = district(rate=rate)
    released = release(parts)
    assert recovered([released], parts[0]).empty
    assert recovered([released], parts[0], granted=True).empty
    assert len(recovered([release(parts, secondary=False)], parts[0])) > 0


def test_where_the_least_cost_is_not_found_in_time_the_choice_is_safe_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parts = district(seed=3, areas=150)
    least = release(parts)
    monkeypatch.setattr(suppression, "ROUNDS", 0)
    released = release(parts)
    assert len(recovered([released], parts[0])) <= admitted(released)
    told = [int((one.frame["status"] != "suppressed").sum()) for one in (released, least)]
    assert 0.9 * told[1] < told[0] <= told[1]


def test_smallest_areas_and_wards_get_bands_and_never_counts() -> None:
    frame = release(district(areas=150)).frame
    small = frame[frame["level"].isin(["oa", "ward"])]
    assert set(small["status"]) == {"band", "too few children"}
    assert small[["count", "rate"]].isna().all(axis=None)
    assert set(small["period"]) == {"2021 to 2025"}
    few = small[(small["level"] == "oa") & small["denominator"].isna()]
    assert len(few) > 0
    assert set(few["reason"]) == {"too few children: see its LSOA"}


def test_two_windows_together_and_next_years_beside_this_years() -> None:
    table, hierarchy, children = district(areas=60)
    years = list(table)
    both = release_counts(table, hierarchy, children, windows=[years[:4], years[1:]])
    assert len(recovered([both], table)) <= admitted(both)
    first = release_counts(table[years[:4]], hierarchy, children[years[:4]])
    second = release_counts(table, hierarchy, children, windows=[years[1:]], earlier=[first])
    assert len(recovered([first, second], table)) <= admitted(second)


def test_another_threshold_beside_the_first_is_looked_at_together() -> None:
    table, hierarchy, children = district(areas=30, rate=0.25)
    first = release_counts(table, hierarchy, children)
    other = release_counts(table, hierarchy, children, Policy(threshold=9), earlier=[first])
    assert len(recovered([first, other], table)) <= admitted(other)


def test_one_area_more_in_an_own_choice_tells_nothing_new() -> None:
    parts = district(areas=60)
    released = release(parts)
    codes = sorted(set(parts[1]["lsoa"]))
    period = "2021 to 2025"
    told = released.frame.query("level == 'lsoa' and period == @period").set_index("code")["count"]
    for number in range(1, len(codes)):
        less, more = (sum_of(released, "lsoa", codes[:upto], period) for upto in (number, number + 1))
        gained = 0 if pd.isna(told[codes[number]]) else int(told[codes[number]])
        assert (more.count or 0) - (less.count or 0) == gained
        assert set(less.areas) | set(less.not_told) == set(codes[:number])


def test_a_sum_says_what_it_leaves_out() -> None:
    parts = nested([[4], [3], [6], [6], [8], [8], [8], [8]], [[15], [15]] * 4)
    released = release(parts, secondary=False)
    sum_ = sum_of(released, "lsoa", ["L00", "L01", "L02"], "2021")
    assert (sum_.count, sum_.low, sum_.high, sum_.not_told) == (25, 21, 29, ("L00",))
    assert sum_.sentence() == (
        "About 25 of 60 children (between 21 and 29). 1 of the chosen areas have no figure that can be told."
    )
    with pytest.raises(DisclosureError, match="L99"):
        sum_of(released, "lsoa", ["L99"], "2021")


def test_nothing_but_the_gate_makes_a_released() -> None:
    released = release(nested([[9], [9], [9], [9]], [[20]] * 4))
    parts = Parts("counts", released.frame, DEFAULT, released.geography, released.windows)
    attempts = [
        lambda: Released(object(), parts),  # type: ignore[arg-type]
        lambda: copy.copy(released),
        lambda: copy.deepcopy(released),
        lambda: pickle.dumps(released),
        lambda: setattr(released, "notes", ()),
        lambda: type("Own", (Released,), {}),
    ]
    for attempt in attempts:
        with pytest.raises(DisclosureError):
            attempt()
    mine = released.frame
    mine["count"] = 1
    assert set(released.frame["count"].dropna()) != {1}


def test_only_the_gate_and_its_shelf_hold_the_seal() -> None:
    holders = set()
    for path in ROOT.rglob("*.py"):
        where = path.relative_to(ROOT)
        if where.parts[0].startswith(".") or where.parts[0] == "tests":
            continue
        names = {
            node.id for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Name)
        }
        holders |= {str(where)} if "SEAL" in names else set()
    gates = ("gate", "gate_statistics", "gate_outlook", "gate_predictions", "account")
    assert holders == {f"disclosure/{name}.py" for name in ("released", "shelf", *gates)}


def test_released_figures_are_read_as_they_were_written_or_not_at_all(tmp_path: Path) -> None:
    released = release(district(areas=50))
    write_released(released, tmp_path / "out")
    again = read_released(tmp_path / "out")
    pd.testing.assert_frame_equal(again.frame, released.frame)
    assert (again.policy, again.windows, again.notes) == (released.policy, released.windows, released.notes)
    figures = tmp_path / "out" / "figures.parquet"
    released.frame.assign(rate=50.0).to_parquet(figures)
    with pytest.raises(DisclosureError, match="changed since: figures"):
        read_released(tmp_path / "out")


def test_no_true_count_is_in_what_is_released(tmp_path: Path) -> None:
    released = release(district(areas=50))
    assert "true" not in released.frame
    assert all("true" not in str(getattr(released, name)) for name in ("notes", "windows"))


def test_faults_of_a_table_are_told_together() -> None:
    table, hierarchy, children = nested([[4, 3], [3, 2], [6, 1], [6, 9]], [[15, 15]] * 4)
    table.loc["E000", "2021"], table.loc["E001", "2022"] = 16, -1
    hierarchy.loc["E001", "msoa"] = "M7"
    with pytest.raises(DisclosureError) as refused:
        release_counts(table, hierarchy, children)
    said = str(refused.value)
    assert "count nothing" in said
    assert "lies in two areas of level msoa" in said
    with pytest.raises(DisclosureError, match="no number"):
        release_counts(table.astype("Float64").where(table > 2), hierarchy, children)
    with pytest.raises(DisclosureError, match="other cohorts"):
        release_counts(table[["2021"]], hierarchy, children)
