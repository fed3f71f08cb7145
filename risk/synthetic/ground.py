"""The ground: what the place itself says of each area, and what nobody has written down."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.place import Place
from risk.errors import RiskError
from risk.synthetic.options import COHORTS, Options
from risk.synthetic.streams import stream
from words.faults import Fault

Floats = npt.NDArray[np.float64]
# Shares of households or people for whom more is worse, of the census columns that places usually carry.
USUAL = (
    "highest_qualification_6a-000",
    "hh_deprivation-004",
    "hh_deprivation-005",
    "number_of_cars_5a-000",
    "economic_activity_status_4a-002",
    "health_in_general_4a-003",
    "hh_tenure_5a-002",
)
BABIES_PER_PERSON = 0.0125  # a year of children, of all people, where a place gives no ages


@dataclass(frozen=True)
class Ground:
    """One row an area, in the order of `codes`.

    `children` is the whole number of children of all cohorts, the one to come included; `x` and `y` are metres;
    `deprivation` is standardised; `decile` runs from 1 to 10, the most deprived tenth; `seen` is a field that shows in
    families' circumstances but in no indicator, `unseen` one that shows in nothing but the outcome; both standardised.
    """

    codes: npt.NDArray[Any]
    x: Floats
    y: Floats
    people: Floats
    children: npt.NDArray[np.int64]
    deprivation: Floats
    decile: npt.NDArray[np.int64]
    seen: Floats
    unseen: Floats
    expected_a_year: Floats


def survey(place: Place, options: Options, seed: int) -> Ground:
    """Return the ground of a place; RiskError where it has no people or no indicators to go by."""
    areas = place.areas()
    people = areas["population"].astype("float64")
    if people.isna().any():
        missing = people.index[people.isna()]
        raise RiskError(
            f"The population of {len(missing)} areas of {place.name} is not known ({missing[0]} is one).",
            "Add the place with --population FILE.",
        )
    score = deprivation(place, options.deprivation)
    x, y = areas["x"].to_numpy(float), areas["y"].to_numpy(float)
    deprived = _standard(score.to_numpy(float))
    yearly = _children_a_year(place, people)
    rng = stream(seed, "ground")
    seen = _apart(_field(x, y, rng), deprived)
    return Ground(
        codes=areas.index.to_numpy(dtype=object),
        x=x,
        y=y,
        people=people.to_numpy(float),
        children=_whole(_scaled(yearly * (COHORTS + 1), options.people), options.people, rng),
        deprivation=deprived,
        decile=deciles(score).to_numpy(np.int64),
        seen=seen,
        unseen=_apart(_field(x, y, rng), np.column_stack([deprived, seen])),
        expected_a_year=yearly,
    )


def deprivation(place: Place, columns: tuple[str, ...] = ()) -> pd.Series:
    """Return a deprivation score for each area: the mean of the standardised columns, more being worse.

    Without `columns`, those of the usual census columns that the place has. The index is the areas' codes.
    RiskError where a column is not there or has gaps, or where there is none to go by.
    """
    table = place.indicators()
    chosen = columns or tuple(column for column in USUAL if column in table)
    if not chosen:
        raise RiskError(
            f"{place.name} has none of the indicators that deprivation is usually read from.",
            "Name columns of its own, more being worse.",
        )
    faults = [
        Fault("The place has no such indicator.", "Name one that `larder place show` lists.", column=column)
        for column in chosen
        if column not in table
    ] or [
        Fault("The indicator has gaps or does not vary.", "Choose another.", column=column)
        for column in chosen
        if table[column].isna().any() or table[column].nunique() < 2
    ]
    if faults:
        raise RiskError(faults)
    standard = (table[list(chosen)] - table[list(chosen)].mean()) / table[list(chosen)].std(ddof=0)
    return standard.mean(axis=1).rename("deprivation_score")


def deciles(score: pd.Series) -> pd.Series:
    """Return the tenth of the areas that each is in: 10 is the most deprived, as everywhere here.

    The published indices count the other way.
    """
    rank = score.rank(method="first", ascending=False) - 1
    return (10 - rank * 10 // len(score)).astype("int64").rename("deprivation_decile")


def _children_a_year(place: Place, people: pd.Series) -> Floats:
    """Return children born in a year by area, from the place's youngest age band or else from its people."""
    table = place.population()
    if table is not None and "age_0_4" in table:
        return np.asarray(table["age_0_4"].reindex(people.index).to_numpy(float) / 5)
    return np.asarray(people.to_numpy(float) * BABIES_PER_PERSON)


def _scaled(children: Floats, wanted: int | None) -> Floats:
    return children if wanted is None else children * (wanted / children.sum())


def _whole(children: Floats, wanted: int | None, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Return whole numbers within one of each expected number, of the very sum that was asked for."""
    floor = np.floor(children)
    spare = (round(children.sum()) if wanted is None else wanted) - int(floor.sum())
    order = np.argsort(-(children - floor) + rng.random(len(children)) * 1e-6, kind="stable")
    floor[order[:spare]] += 1
    return floor.astype(np.int64)


def _field(x: Floats, y: Floats, rng: np.random.Generator, waves: int = 96) -> Floats:
    """Return a smooth random field with a squared-exponential correlation, by random cosine waves.

    Its length is an eighth of the place's longer side. Rahimi and Recht (2007), Random features for large-scale
    kernel machines.
    """
    length = max(np.ptp(x), np.ptp(y), 1.0) / 8
    pull = rng.normal(0, 1 / length, (2, waves))
    phase = rng.uniform(0, 2 * np.pi, waves)
    return np.asarray(np.cos(np.outer(x, pull[0]) + np.outer(y, pull[1]) + phase).sum(axis=1))


def _apart(values: Floats, others: Floats) -> Floats:
    """Return the standardised part of `values` that no straight line through `others` explains."""
    design = np.column_stack([np.ones(len(values)), others])
    fitted, *_ = np.linalg.lstsq(design, values, rcond=None)
    return _standard(values - design @ fitted)


def _standard(values: Floats) -> Floats:
    spread = float(values.std())
    return np.asarray((values - values.mean()) / (spread if spread > 1e-9 else 1.0), dtype=np.float64)
