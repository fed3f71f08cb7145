"""Tables that hold one another: gated one by one they give each other away, gated as a stack they do not."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from disclosure.attack import Targets, narrow
from disclosure.errors import DisclosureError
from disclosure.geography import Cells, Geography, keys_of
from disclosure.knowledge import sums_for
from disclosure.policy import Policy
from disclosure.released import SEAL, Parts, Released
from disclosure.shelf import read_released, write_released
from disclosure.stack import Contained, Table, named, release_stack, tables_in, taken_apart
from disclosure.suppression import needed_reach
from tests.disclosure.peer import extremes
from tests.disclosure.tables import knowledge

POLICY = Policy(chain=("msoa", "district"), banded=("lsoa",))
YEARS = ["2022", "2023", "2024", "2025"]
HOLDS = [Contained(("known",), ("said",))]


def town(rows: dict[str, Sequence[int]]) -> pd.DataFrame:
    return pd.DataFrame(rows, index=YEARS).T.rename_axis("oa")


HIERARCHY = pd.DataFrame(
    {
        "lsoa": ["L1", "L2", "L3", "L4"],
        "msoa": ["M1", "M1", "M2", "M2"],
        "district": "D",
    },
    index=pd.Index(["E1", "E2", "E3", "E4"], name="oa"),
)
CHILDREN = town({"E1": [30] * 4, "E2": [30] * 4, "E3": [40] * 4, "E4": [40] * 4})
# In M1 the agency knows 4, 4, 4 and 5 children, 17 in all, which is told as 15: 13 to 17. It says something of none,
# 4, 4 and 5 of them: 0 in 2022, and 13 in all, told as 15 too. Each table alone leaves 1 to 7 open in every year.
KNOWN = town({"E1": [2, 2, 2, 3], "E2": [2, 2, 2, 2], "E3": [15, 16, 17, 15], "E4": [14, 12, 13, 15]})
SAID = town({"E1": [0, 2, 2, 3], "E2": [0, 2, 2, 2], "E3": [9, 9, 9, 9], "E4": [9, 9, 9, 9]})


def stack(tables: dict[str, pd.DataFrame], *, secondary: bool = True, **more: object) -> Released:
    told = {name: Table(one, "lsoa" if name == "known" else "msoa") for name, one in tables.items()}
    return release_stack(
        told,
        HIERARCHY,
        CHILDREN,
        replace(POLICY, secondary=secondary),
        **more,  # type: ignore[arg-type]
    )


def truth(released: Released, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the true counts of a stack's smallest areas."""
    rows = {}
    for name, counts in tables.items():
        level = "lsoa" if name == "known" else "msoa"
        sums = counts.groupby(HIERARCHY[level]).sum()
        rows |= {named(name, code): sums.loc[code] for code in sums.index}
    return pd.DataFrame(rows).T.loc[released.geography.parents.index]


def small(released: Released, table: pd.DataFrame) -> Targets:
    """Return every small count that the stack has a figure of, as what nobody may work out."""
    geography, frame = released.geography, released.frame
    keys, reaches = [], []
    for key in keys_of(frame):
        window = released.windows[key.period]
        count, children = (
            int(geography.totals(part, key.level, window)[key.code])
            for part in (table, geography.denominators)
        )
        if 1 <= count <= 7:
            keys.append(key)
            reaches.append(needed_reach(children, 7))
    matrix = sums_for(Cells.over([geography]), geography, keys, dict(released.windows))
    low, high = np.array(reaches, dtype=float).T
    return Targets(tuple(keys), matrix, low, high)


def with_relations(released: Released, geography: Geography) -> Released:
    """Return the same figures as somebody reads them who knows what holds between the tables."""
    whole = replace(released.geography, relations=geography.relations)
    return Released(SEAL, Parts("counts", released.frame, released.policy, whole, released.windows))


TABLES = {"known": KNOWN, "said": SAID}


def test_each_alone_is_safe_and_both_together_say_how_many_were_known() -> None:
    """Of at most 17 at least 13 are of the later years: 4 at most are left, and 33 less 32 in the other half is 1."""
    alone = stack(TABLES, contained=())
    table = truth(alone, TABLES)
    targets = small(alone, table)
    assert narrow(knowledge([alone], table), targets).empty
    knowing = with_relations(alone, stack(TABLES, contained=HOLDS).geography)
    found = narrow(knowledge([knowing], table), targets)
    first = found[(found["code"] == "known @ M1") & (found["period"] == "2022")].iloc[0]
    assert (first["low"], first["high"]) == (1, 4)


def test_as_a_stack_nothing_small_can_be_worked_out() -> None:
    released = stack(TABLES, contained=HOLDS)
    table = truth(released, TABLES)
    known, targets = knowledge([released], table), small(released, table)
    assert narrow(known, targets).empty
    plain = extremes(known, targets)  # by another solver, over all cells
    assert (plain[:, 0] < targets.reach_low + 1 - 1e-6).all()
    assert (plain[:, 1] > targets.reach_high - 1 + 1e-6).all()


def test_a_table_told_of_larger_areas_has_no_figure_of_smaller_ones() -> None:
    figures = taken_apart(stack(TABLES, contained=HOLDS).frame)
    assert set(figures.loc[figures["table"] == "said", "level"]) == {"msoa", "district"}
    assert set(figures.loc[figures["table"] == "known", "level"]) == {"lsoa", "msoa", "district"}
    assert set(figures.loc[figures["level"] == "lsoa", "status"]) <= {"band", "too few children"}
    assert set(figures["code"]) == {"L1", "L2", "L3", "L4", "M1", "M2", "D"}


def test_an_earlier_stack_of_another_question_is_reckoned_with() -> None:
    """What was told of the children known stands beside what is said of them now, and by another name tomorrow."""
    first = stack({"known": KNOWN})
    second = stack(TABLES, contained=HOLDS, earlier=[first])
    table = truth(second, TABLES)
    assert narrow(knowledge([first, second], table), small(second, table)).empty
    third = stack({"known": KNOWN}, contained=HOLDS, earlier=[second])
    assert tables_in(third) == ("known",)
    assert third.geography.relations == second.geography.relations
    without = stack({"said": SAID, "known": KNOWN}, earlier=[first])
    blind = with_relations(without, second.geography)
    assert not narrow(knowledge([first, blind], table), small(second, table)).empty


def test_what_holds_between_tables_lies_on_the_shelf(tmp_path: Path) -> None:
    released = stack(TABLES, contained=HOLDS)
    write_released(released, tmp_path)
    again = read_released(tmp_path).geography
    assert again.relations == released.geography.relations
    assert again.stand_ins == {"said @ M1", "said @ M2"}
    assert released.geography.relations[0] == (("known @ L1", "known @ L2"), ("said @ M1",))


def test_a_table_that_is_not_there_is_named() -> None:
    with pytest.raises(DisclosureError, match="heard"):
        stack(TABLES, contained=[Contained(("known",), ("heard",))])


@pytest.mark.parametrize("seed", range(4))
def test_random_tables_that_hold_one_another_give_nothing_away(seed: int) -> None:
    random = np.random.default_rng(seed)
    known = pd.DataFrame(random.binomial(12, 0.4, (4, 4)), HIERARCHY.index, YEARS)
    said = pd.DataFrame(random.binomial(known, 0.6), HIERARCHY.index, YEARS)
    part = pd.DataFrame(random.binomial(said, 0.7), HIERARCHY.index, YEARS)
    tables = {"known": known, "said": said, "part": part}
    holds = [*HOLDS, Contained(("said",), ("part",)), Contained(("known",), ("part",))]
    released = stack(tables, contained=holds)
    table = truth(released, tables)
    found = narrow(knowledge([released], table), small(released, table))
    admitted = [int(note.split()[0]) for note in released.notes if "narrowed by zeros" in note]
    assert len(found) <= sum(admitted)
