"""Predictions lean on hidden counts: rounded they tell nothing, unrounded they give the counts away."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from disclosure.attack import ranges
from disclosure.errors import DisclosureError
from disclosure.foreseen import Foreseen, room, shrinking
from disclosure.gate import release_counts
from disclosure.gate_outlook import Expectation, release_outlook
from disclosure.gate_predictions import release_predictions
from disclosure.gate_statistics import release_statistics
from disclosure.geography import Cells
from disclosure.planning import facts_of
from disclosure.policy import DEFAULT, Policy
from disclosure.released import Released
from disclosure.shelf import read_released, write_released
from disclosure.tells import OWN, Tell, as_table, facts_from
from tests.disclosure.squares import PERIOD, Square, square
from tests.disclosure.tables import admitted, goals, knowledge, recovered

DRAWS = 200


def drawn(case: Square, seed: int = 3) -> pd.DataFrame:
    """Return draws of each area's rate around its shrunken rate, as a model that leans on the counts would give."""
    counts, children = case.parts[0].sum(axis=1), case.parts[2].sum(axis=1)
    trust = shrinking(counts.to_numpy(float), children.to_numpy(float))
    overall = counts.sum() / children.sum()
    middle = overall + trust * (counts / children - overall).to_numpy()
    spread = np.sqrt(trust * overall * (1 - overall) / children.to_numpy())
    noise = np.random.default_rng(seed).standard_normal((len(counts), DRAWS))
    return pd.DataFrame(np.clip(middle[:, None] + spread[:, None] * noise, 0, 1), index=counts.index)


def expected(case: Square) -> pd.DataFrame:
    """Return expected counts of larger areas with their interval, pooled and of a cohort to come."""
    rates = drawn(case)
    children = case.parts[2].sum(axis=1)
    frames = []
    for level in ("lsoa", "msoa", "district"):
        inside = case.parts[1][level]
        for period, share in ((PERIOD, 1.0), ("2023", 0.5)):
            cases = rates.mul(children * share, axis=0).groupby(inside).sum()
            frame = pd.DataFrame(
                {
                    "children": (children * share).groupby(inside).sum(),
                    "expected": cases.mean(axis=1),
                    "low": cases.quantile(0.05, axis=1),
                    "high": cases.quantile(0.95, axis=1),
                }
            )
            frames.append(frame.rename_axis("code").reset_index().assign(level=level, period=period))
    return pd.concat(frames, ignore_index=True)


def everything(case: Square, policy: Policy = DEFAULT) -> dict[str, Released]:
    """Return all that a run publishes of a square."""
    table, hierarchy, children = case.parts
    counts = release_counts(table, hierarchy, children, policy)
    ways = {"8": case.around}
    statistics = release_statistics(case.statistics, table, counts, case.around, ways=ways)
    outlook = release_outlook(Expectation(expected(case)), table, counts, earlier=[statistics])
    foreseen = Foreseen(drawn(case), 0.05, 0.8)
    predictions = release_predictions(foreseen, table, counts, statistics, earlier=[outlook])
    return {"counts": counts, "statistics": statistics, "outlook": outlook, "predictions": predictions}


@pytest.fixture(scope="module")
def case() -> Square:
    return square(side=6)


@pytest.fixture(scope="module")
def run(case: Square) -> Mapping[str, Released]:
    return everything(case)


def test_all_that_a_run_publishes_together_tells_no_small_count(
    case: Square, run: Mapping[str, Released]
) -> None:
    assert len(recovered(list(run.values()), case.parts[0])) <= admitted(run["counts"])


def test_something_is_told_of_every_kind(run: Mapping[str, Released]) -> None:
    assert (run["predictions"].frame["status"] == "foreseen").sum() > 5
    assert run["predictions"].frame["chance_from"].notna().sum() > 0
    assert (run["outlook"].frame["status"] == "expected").sum() > 3


def test_predictions_are_told_in_bands_beside_what_was_observed_or_not_at_all(
    run: Mapping[str, Released],
) -> None:
    frame = run["predictions"].frame
    assert set(frame["chance_from"].dropna()) <= {0.0, *DEFAULT.chance_edges}
    silent = frame["status"] != "foreseen"
    assert frame.loc[silent, ["predicted", "chance_from", "chance_to"]].isna().all(axis=None)
    assert set(frame.loc[silent, "kinds"]) <= {"cannot say"}
    tests = run["statistics"].frame.set_index("code")["status"]
    assert set(tests[frame.loc[~silent, "code"]]) == {"assessed"}


def test_the_outlook_is_rounded_or_suppressed(run: Mapping[str, Released]) -> None:
    frame = run["outlook"].frame
    told = frame["status"] == "expected"
    assert (frame.loc[told, ["expected", "low", "high"]] % 5 == 0).all(axis=None)
    assert (frame.loc[told, "expected"] >= 10).all()
    assert frame.loc[~told, ["expected", "low", "high"]].isna().all(axis=None)
    counts = run["counts"].frame
    published = counts[(counts["period"] == PERIOD) & (counts["status"] == "published")]
    assert set(frame.loc[told, "code"]) <= set(published["code"])
    assert (frame["children"] % 5 == 0).all()


def unrounded(case: Square, counts: Released) -> list[Tell]:
    """Return what unrounded expected counts of output areas tell: each gives its own count to a hair."""
    true = case.parts[0].sum(axis=1)
    return [Tell("exact", "oa", str(code), PERIOD, OWN, count, count) for code, count in true.items()]


def test_with_unrounded_predictions_the_attack_recovers_counts(
    case: Square, run: Mapping[str, Released]
) -> None:
    table = case.parts[0]
    told = list(run.values())
    known, wanted = knowledge(told, table), goals(told, table)
    cells = Cells.over([run["counts"].geography])
    facts = facts_from(
        as_table(unrounded(case, run["counts"])),
        run["counts"].geography,
        run["counts"].windows,
        {},
        cells,
    )
    pooled = wanted.only(np.array([key.level == "oa" and key.period == PERIOD for key in wanted.keys]))
    before, after = ranges(known, pooled), ranges(known.and_also(facts), pooled)
    assert len(before) > 5
    assert ((before["high"] - before["low"]) >= 6).all()
    assert ((after["high"] - after["low"]) == 0).all()


def test_without_the_search_the_attack_recovers_counts_from_predictions(case: Square) -> None:
    loose = everything(case, Policy(secondary=False))
    counts = release_counts(*case.parts)
    told = [counts, loose["outlook"], loose["predictions"]]
    assert len(recovered(told, case.parts[0])) > 0


def test_a_run_is_read_again_with_what_its_predictions_tell(
    case: Square, run: Mapping[str, Released], tmp_path: Path
) -> None:
    cells = Cells.over([run["counts"].geography])
    for kind in ("outlook", "predictions", "statistics"):
        folder = tmp_path / kind
        write_released(run[kind], folder)
        again = read_released(folder)
        pd.testing.assert_frame_equal(again.frame, run[kind].frame)
        first, second = (facts_of(one, cells, case.parts[0]) for one in (run[kind], again))
        for one, other in zip(first, second, strict=True):
            assert (one.matrix != other.matrix).nnz == 0
            np.testing.assert_allclose(one.low, other.low)
            np.testing.assert_allclose(one.high, other.high)


def test_what_predictions_tell_is_true(case: Square, run: Mapping[str, Released]) -> None:
    cells = Cells.over([run["counts"].geography])
    truth = cells.values(case.parts[0])
    for kind in ("outlook", "predictions"):
        for facts in facts_of(run[kind], cells, case.parts[0]):
            sums = facts.matrix @ truth
            assert (sums >= facts.low - 1e-6).all()
            assert (sums <= facts.high + 1e-6).all()


@pytest.mark.parametrize(
    ("figures", "less", "more"),
    [({"expected": 18.0}, -0.5, 4.5), ({"expected": 18.0, "low": 12.0, "high": 24.0}, -0.5, 0.5)],
)
def test_the_room_of_rounded_figures_by_hand(figures: dict[str, float], less: float, more: float) -> None:
    # 18 is shown as 20 (17.5 to 22.5), 12 as 10 (7.5 to 12.5), 24 as 25 (22.5 to 27.5)
    assert room(figures, DEFAULT) == pytest.approx((less, more))


def test_expected_counts_are_rounded_as_counts_are() -> None:
    shown = [DEFAULT.expected(value) for value in (0.0, 7.4, 7.5, 12.4, 12.5, 97.6)]
    assert shown == [0, 0, 10, 10, 15, 100]
    assert DEFAULT.behind_expected(10) == (7.5, 12.5)
    assert DEFAULT.chance_band(0.8) == (0.8, 0.95)
    assert DEFAULT.chance_band(1.0) == (0.95, 1.0)


def test_draws_of_other_areas_are_refused(case: Square, run: Mapping[str, Released]) -> None:
    lacking = Foreseen(drawn(case).iloc[1:], 0.05, 0.8)
    with pytest.raises(DisclosureError, match="draws lack 1 areas"):
        release_predictions(lacking, case.parts[0], run["counts"], run["statistics"])
    with pytest.raises(DisclosureError, match="outlook lacks high"):
        release_outlook(Expectation(expected(case).drop(columns="high")), case.parts[0], run["counts"])
