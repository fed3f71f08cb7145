"""Statistics are cells too: classes and bands of q tell nothing, z tells nearly everything."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from disclosure.attack import ranges
from disclosure.errors import DisclosureError
from disclosure.gate import release_counts
from disclosure.gate_statistics import release_statistics
from disclosure.geography import Cells, Key
from disclosure.knowledge import Facts, Knowledge
from tests.disclosure.squares import PERIOD, by_normal_curve, grid
from tests.disclosure.tables import Table, admitted, goals, knowledge, recovered


@pytest.fixture(scope="module")
def case() -> tuple[Table, dict[str, list[str]], pd.DataFrame]:
    """Return the square, who touches whom, and its statistics."""
    parts, around = grid()
    return parts, around, by_normal_curve(parts, around)


def test_classes_and_bands_of_q_beside_the_counts_tell_nothing(case) -> None:  # type: ignore[no-untyped-def]
    parts, around, statistics = case
    assert (statistics["gi_cluster"] == "hot").sum() > 5
    counts = release_counts(*parts)
    told = release_statistics(statistics, parts[0], counts, around)
    assert len(recovered([counts, told], parts[0])) <= admitted(counts)
    assert (told.frame["gi_cluster"] == "hot").sum() > 0


def test_only_the_coarse_columns_pass(case) -> None:  # type: ignore[no-untyped-def]
    parts, around, statistics = case
    told = release_statistics(statistics, parts[0], release_counts(*parts), around, ways={"8": around}).frame
    assert not {"z", "p", "q", "lag", "above"} & set(told)
    told = told[told["status"] == "assessed"]
    assert set(told["stability"]) == {0.9}
    assert set(told["q_to"]) <= {0.01, 0.05, 0.1, 1.0}


def z_facts(known: Knowledge, case: tuple[Table, dict[str, list[str]], pd.DataFrame]) -> Knowledge:
    """Return the knowledge with z of Gi* published: linear in the counts, the mean and the spread, all unknown."""
    parts, around, statistics = case
    codes, (number, cells) = list(around), (len(around), len(known.cells.upper))
    own = known.cells.sums(_geography(parts), "oa", ("2021", "2022"))
    rates = sparse.csr_array(sparse.diags_array(1 / parts[2].sum(axis=1).to_numpy()) @ own)
    places = {code: place for place, code in enumerate(codes)}
    star = np.eye(number)
    for code, others in around.items():
        star[places[code], [places[other] for other in others]] = 1
    sizes = star.sum(axis=1)
    scales = np.sqrt((sizes * number - sizes**2) / (number - 1))
    mean_and_spread = np.column_stack([-sizes, -statistics["z"].to_numpy() * scales])
    rows = sparse.hstack([sparse.csr_array(star @ rates), sparse.csr_array(mean_and_spread)])
    average = sparse.csr_array(np.hstack([rates.toarray().mean(axis=0), [-1.0, 0.0]]).reshape(1, -1))
    matrix = sparse.csr_array(sparse.vstack([rows, average]))
    assert matrix.shape == (number + 1, cells + 2)
    keys = tuple(Key("oa", code, PERIOD) for code in codes)
    slack = np.full(number + 1, 1e-7)
    wider = known.with_unknowns([0.0, 0.0], [1.0, 1.0])
    return wider.and_also(Facts(matrix, -slack, slack, (*keys, Key("district", "D", PERIOD))))


def _geography(parts: Table):  # type: ignore[no-untyped-def]
    from disclosure.geography import Geography

    return Geography(parts[1], parts[2])


def test_with_z_published_the_attack_recovers_counts(case) -> None:  # type: ignore[no-untyped-def]
    parts, _, _ = case
    counts = release_counts(*parts)
    known = knowledge([counts], parts[0])
    wanted = goals([counts], parts[0])
    pooled = wanted.only(np.array([key.level == "oa" and key.period == PERIOD for key in wanted.keys]))
    assert len(pooled.keys) > 30
    pooled = pooled.at(np.arange(24, dtype=np.int64))
    before, after = ranges(known, pooled), ranges(z_facts(known, case), pooled)
    assert (before["high"] - before["low"] >= 6).mean() > 0.95
    exact = after["high"] - after["low"] < 6
    assert exact.mean() > 0.5


def test_statistics_without_their_columns_or_counts_are_refused(case) -> None:  # type: ignore[no-untyped-def]
    parts, around, statistics = case
    counts = release_counts(*parts)
    with pytest.raises(DisclosureError, match="lack q"):
        release_statistics(statistics.drop(columns="q"), parts[0], counts, around)
    with pytest.raises(DisclosureError, match="1999"):
        release_statistics(statistics, parts[0], counts, around, period="1999")
    with pytest.raises(DisclosureError, match="no level"):
        release_statistics(statistics.rename(index={"E000": "X"}), parts[0], counts, around)


def test_cells_have_the_public_children_as_their_most(case) -> None:  # type: ignore[no-untyped-def]
    parts, _, _ = case
    cells = Cells.over([_geography(parts)])
    assert (cells.upper == parts[2].to_numpy().ravel()).all()
