"""Tables that the tests of the gate share: a small nested one from numbers, and one of a district's size."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from disclosure.attack import Targets, narrow
from disclosure.gate import release_counts
from disclosure.geography import Cells
from disclosure.given import Given
from disclosure.knowledge import Knowledge
from disclosure.planning import known_before
from disclosure.policy import Policy
from disclosure.released import Released
from disclosure.targets import targets_of

Table = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


def nested(counts: Sequence[Sequence[int]], children: Sequence[Sequence[int]], fan: int = 2) -> Table:
    """Return counts, hierarchy and denominators: `fan` smallest areas an LSOA, `fan` LSOAs an MSOA."""
    areas = pd.Index([f"E{number:03d}" for number in range(len(counts))], name="oa")
    lsoa = [f"L{number // fan:02d}" for number in range(len(counts))]
    msoa = [f"M{number // fan**2}" for number in range(len(counts))]
    hierarchy = pd.DataFrame({"lsoa": lsoa, "msoa": msoa, "district": "D"}, index=areas)
    cohorts = [str(2021 + number) for number in range(len(counts[0]))]
    return pd.DataFrame(counts, areas, cohorts), hierarchy, pd.DataFrame(children, areas, cohorts)


def district(seed: int = 0, areas: int = 600, rate: float = 0.3) -> Table:
    """Return a district of 5 OAs an LSOA, 5 LSOAs an MSOA (nearly), five cohorts of about 4 children an OA."""
    random = np.random.default_rng(seed)
    number = np.arange(areas)
    msoas = max(1, areas // 24)
    lsoa = number // 5
    msoa = lsoa * msoas // (areas // 5)
    index = pd.Index([f"E{one:04d}" for one in number], name="oa")
    columns = {
        "lsoa": [f"L{one:03d}" for one in lsoa],
        "msoa": [f"M{one:02d}" for one in msoa],
        "district": "D",
    }
    hierarchy = pd.DataFrame({**columns, "ward": [f"W{one:02d}" for one in (number + 7) // 37]}, index=index)
    children = random.poisson(4, (areas, 5))
    centre = np.log(rate / (1 - rate))
    risk = 1 / (
        1 + np.exp(-(centre + random.normal(0, 0.5, msoa.max() + 1)[msoa] + random.normal(0, 0.5, areas)))
    )
    cohorts = [str(year) for year in range(2021, 2026)]
    counts = random.binomial(children, risk[:, None])
    return pd.DataFrame(counts, index, cohorts), hierarchy, pd.DataFrame(children, index, cohorts)


def knowledge(releases: Sequence[Released], table: pd.DataFrame, *, granted: bool = False) -> Knowledge:
    """Return what somebody knows who has all these releases; granted or not which suppressed counts are small."""
    cells = Cells.over([release.geography for release in releases])
    known, left_out = known_before(releases, cells, table, granted=granted)
    assert left_out == 0
    return known


def goals(releases: Sequence[Released], table: pd.DataFrame) -> Targets:
    """Return every small count of every area in every period of all the releases, and in each cohort, as a target."""
    cells = Cells.over([release.geography for release in releases])
    parts = []
    for release in (one for one in releases if one.kind == "counts"):
        here = table.loc[release.geography.parents.index, list(release.geography.cohorts)]
        given = Given(here, release.geography, dict(release.windows), release.policy)
        frame = release.frame.assign(true=0, denominator=0)
        for level, period in frame[["level", "period"]].drop_duplicates().itertuples(index=False):
            rows = (frame["level"] == level) & (frame["period"] == period)
            sums = release.geography.totals(here, level, release.windows[period])
            frame.loc[rows, "true"] = frame.loc[rows, "code"].map(sums)
            everybody = release.geography.totals(
                release.geography.denominators, level, release.windows[period]
            )
            frame.loc[rows, "denominator"] = frame.loc[rows, "code"].map(everybody)
        parts.append(targets_of(given, frame, cells, {})[0])
    return Targets(
        tuple(key for part in parts for key in part.keys),
        sums_for_all(parts),
        np.concatenate([part.reach_low for part in parts]),
        np.concatenate([part.reach_high for part in parts]),
    )


def sums_for_all(parts: Sequence[Targets]) -> object:
    """Return the targets' matrices, one under the other."""
    from scipy import sparse

    return sparse.csr_array(sparse.vstack([part.matrix for part in parts]))


def recovered(releases: Sequence[Released], table: pd.DataFrame, *, granted: bool = False) -> pd.DataFrame:
    """Return the small counts that the attack narrows below 1 to 7, from all the releases together."""
    return narrow(knowledge(releases, table, granted=granted), goals(releases, table))


def admitted(released: Released) -> int:
    """Return how many small counts the release itself says that zeros or earlier releases narrow already."""
    said = [note for note in released.notes if "are narrowed by zeros, marks and earlier releases" in note]
    return sum(int(note.split()[0]) for note in said)


def release(parts: Table, *, secondary: bool = True, **more: object) -> Released:
    """Return what the gate makes of a table, with secondary suppression on or off."""
    return release_counts(*parts, Policy(secondary=secondary), **more)  # type: ignore[arg-type]
