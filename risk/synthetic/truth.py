"""Truth: what is known of the synthetic district to its maker alone, by child, by row and by area."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from risk.synthetic.records import Extract
from risk.synthetic.slips import from_parts
from risk.synthetic.world import World


def child_ids(world: World) -> pd.Series:
    """Return the id by which the truth speaks of each child; no extract holds it."""
    return pd.Series([f"T{number:07d}" for number in range(1, len(world.children) + 1)])


def truth_of_children(world: World) -> pd.DataFrame:
    """Return one row a child: who, of which cohort (`next`: the one to come), where, true risk and outcome.

    `area` and `uprn` are of the home on the day of assessment (for the cohort to come the day of the extracts);
    `here` says whether that is in the district; `start_area` and `here_at_start` are the same of the day before the
    child starts school, 31 August of the year before; `true_risk` is 0 to 1; `outcome` is 1 where the child did not
    reach, or will not reach, a good level of development.
    """
    children = world.children
    family = world.family_of(np.arange(len(children)))
    start = _days_before_school(children["cohort"].to_numpy(np.int64))
    home, here_at_start = world.residence.at(children["family"].to_numpy(np.int64), start)
    return pd.DataFrame(
        {
            "child": child_ids(world),
            "family": [f"F{number + 1:07d}" for number in children["family"]],
            "cohort": children["cohort"],
            "next": children["cohort"] > world.options.last_cohort,
            "here": children["here"],
            "first_area": world.ground.codes[children["first_area"].to_numpy()],
            "area": world.ground.codes[children["area"].to_numpy()],
            "uprn": world.homes["uprn"].to_numpy()[children["home"].to_numpy()],
            "start_area": world.ground.codes[world.homes["area"].to_numpy()[home]],
            "here_at_start": here_at_start,
            "male": children["male"],
            "twin": children["twin"],
            "heritage": family["heritage"],
            "tenure": family["tenure"],
            "newcomer": family["newcomer"],
            "moves": children["moves"],
            "true_risk": children["true_risk"].round(8),
            "outcome": children["outcome"].astype(int),
        }
    )


def _days_before_school(cohort: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return 31 August of the year before each cohort's assessment, in days since 1970."""
    month, day = np.full(len(cohort), 8), np.full(len(cohort), 31)
    return from_parts(cohort - 1, month, day)


def truth_of_rows(world: World, extracts: Sequence[Extract]) -> pd.DataFrame:
    """Return one row for each row of each extract: agency, record, child, area and uprn then, twice, slips."""
    parts = []
    for extract in extracts:
        home = extract.links["home"].to_numpy()
        parts.append(
            pd.DataFrame(
                {
                    "agency": extract.agency,
                    "record": extract.links["record"],
                    "child": child_ids(world).to_numpy()[extract.links["child"].to_numpy()],
                    "area": world.ground.codes[world.homes["area"].to_numpy()[home]],
                    "uprn": world.homes["uprn"].to_numpy()[home],
                    "twice": extract.links["twice"],
                    "slips": extract.links["slips"],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def truth_of_areas(world: World) -> pd.DataFrame:
    """Return one row an area: children and true rate of the known cohorts and of the next, and the field nobody sees.

    `true_rate` is the mean true risk of the children assessed while they lived there, 0 to 1, blank where none were;
    `cases` is how many of them did not reach a good level; the same for the cohort to come as `next_…`.
    """
    children = world.children[world.children["here"].to_numpy(bool)]
    known = children["cohort"] <= world.options.last_cohort
    ground = world.ground
    table = pd.DataFrame(
        {
            "area": ground.codes,
            "deprivation_score": ground.deprivation.round(6),
            "deprivation_decile": ground.decile,
            "unseen": ground.unseen.round(6),
        }
    )
    for prefix, part in (("", children[known]), ("next_", children[~known])):
        groups = part.groupby("area")
        every = pd.RangeIndex(len(ground.codes))
        table[f"{prefix}children"] = groups.size().reindex(every, fill_value=0).to_numpy()
        table[f"{prefix}cases"] = groups["outcome"].sum().reindex(every, fill_value=0).to_numpy()
        table[f"{prefix}true_rate"] = groups["true_risk"].mean().reindex(every).round(8).to_numpy()
    return table


def truth_of_coverage(world: World, extracts: Sequence[Extract]) -> pd.DataFrame:
    """Return, by agency and group, how many children should be held, how many are, and how many were to be expected."""
    parts = []
    for extract in extracts:
        table = extract.coverage.reset_index(drop=True)
        family = world.family_of(table["child"].to_numpy(np.int64))
        groups = {"all": np.ones(len(table), dtype=bool), "newcomer": family["newcomer"].to_numpy(bool)}
        groups |= {
            name: (family["heritage"] == name).to_numpy(bool) for name in sorted(family["heritage"].unique())
        }
        groups |= {
            f"tenure {name}": (family["tenure"] == name).to_numpy(bool)
            for name in ("own", "private", "social")
        }
        parts += [
            (
                extract.agency,
                name,
                int(member.sum()),
                int(table.loc[member, "held"].sum()),
                round(float(table.loc[member, "chance"].sum()), 3),
            )
            for name, member in groups.items()
        ]
    return pd.DataFrame(parts, columns=["agency", "group", "should", "held", "expected"])
