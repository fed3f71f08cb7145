"""The feature table: which columns it has, and what it is refused for before anything is fitted."""

from collections.abc import Callable
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from risk.errors import RiskError
from risk.metrics import auc
from risk.spec import ModelSpec
from words.faults import Fault

KEYS = ("person", "cohort", "area", "outcome")
DECILE = "deprivation_decile"
SURE = 4.0  # standard errors: about 1 in 30,000 for a table that is as it should be
_SAME = 0.95
Floats = npt.NDArray[np.float64]


def feature_columns(table: pd.DataFrame, spec: ModelSpec) -> list[str]:
    """Return the columns that a model may use: those of the spec, or all that are neither keys nor groups."""
    if spec.features:
        return list(spec.features)
    return [name for name in table if name not in KEYS and not str(name).startswith("group_")]


def group_columns(table: pd.DataFrame) -> list[str]:
    """Return the columns that say which group a child belongs to; they judge a model and never make it."""
    return [str(name) for name in table if str(name).startswith("group_")]


def known(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with an outcome."""
    return table[table["outcome"].notna()]


def check_table(table: pd.DataFrame, places: pd.DataFrame, spec: ModelSpec) -> None:
    """Raise RiskError, every fault at once, unless a model may be fitted and judged on the table.

    Refused are: missing columns; a child that is there twice, or in two cohorts; a cohort that is another one again;
    areas that the places do not know; features that are no numbers; groups used as features; outcomes other than 0, 1
    or missing, out of the range that the spec states, or running against deprivation or against the other cohorts,
    as they do when good and bad were swapped; a feature that tells the outcome too well to be anything else.
    """
    faults = _columns(table, places, spec)
    if not faults:
        faults = [
            fault for check in (_persons, _cohorts, _areas, _values) for fault in check(table, places, spec)
        ]
    if not faults:
        faults = [*_swapped(table, places, spec), *_too_good(table, spec)]
    if faults:
        raise RiskError(faults)


def _columns(table: pd.DataFrame, places: pd.DataFrame, spec: ModelSpec) -> list[Fault]:
    faults = [
        Fault("the feature table lacks a column.", "Make it from the extracts again.", column=name)
        for name in KEYS
        if name not in table
    ]
    if DECILE not in places:
        faults.append(
            Fault("the places have no deprivation decile.", "Add the indicator to the place.", column=DECILE)
        )
    for name in spec.features:
        if name not in table:
            faults.append(Fault("the recipe names a feature that is not there.", "Declare it.", column=name))
        elif name in KEYS or name.startswith("group_"):
            faults.append(
                Fault("is no feature: groups and keys never predict.", "Leave it out.", column=name)
            )
    if not faults and not feature_columns(table, spec):
        faults.append(Fault("the feature table has no feature.", "Declare at least one."))
    return faults


def _persons(table: pd.DataFrame, _places: pd.DataFrame, _spec: ModelSpec) -> list[Fault]:
    twice = int(table.duplicated(["person", "cohort"]).sum())
    faults = []
    if twice:
        faults.append(Fault(f"{twice} rows repeat a child of the same cohort.", "Was a cohort given twice?"))
    several = int((table.groupby("person")["cohort"].nunique() > 1).sum())
    if several:
        cure = "A child starts school once: check the linkage, or whether a cohort was given twice."
        faults.append(Fault(f"{several} children are in more than one cohort.", cure, column="cohort"))
    return faults


def _cohorts(table: pd.DataFrame, _places: pd.DataFrame, spec: ModelSpec) -> list[Fault]:
    """Find a cohort that is another one under a new year: nearly all rows the same but for the person."""
    told = table[["area", "outcome", *feature_columns(table, spec)]]
    kind = pd.factorize(pd.util.hash_pandas_object(told, index=False))[0]
    cohort, names = pd.factorize(table["cohort"], sort=True)
    alike = [np.bincount(kind[cohort == number], minlength=kind.max() + 1) for number in range(len(names))]
    faults = []
    for first, second in combinations(range(len(names)), 2):
        smaller = min(alike[first].sum(), alike[second].sum())
        shared = np.minimum(alike[first], alike[second]).sum()
        if smaller >= 20 and shared >= _SAME * smaller:
            what = f"cohorts {names[first]} and {names[second]} hold the same children under other numbers."
            faults.append(Fault(what, "Give each cohort once.", column="cohort"))
    return faults


def _areas(table: pd.DataFrame, places: pd.DataFrame, _spec: ModelSpec) -> list[Fault]:
    unknown = table.loc[~table["area"].isin(places.index), "area"].unique()
    if not len(unknown):
        return []
    cure = "Place the children by the lookup of this place, of the same vintage."
    return [
        Fault(
            f"{len(unknown)} areas are not in the place.",
            cure,
            column="area",
            value=str(sorted(map(str, unknown))[0]),
        )
    ]


def _values(table: pd.DataFrame, _places: pd.DataFrame, spec: ModelSpec) -> list[Fault]:
    faults = [
        Fault("a feature is not of numbers.", "Give it codes.", column=str(name))
        for name in feature_columns(table, spec)
        if not pd.api.types.is_numeric_dtype(table[name])
    ]
    outcomes = known(table)
    wrong = outcomes.loc[~outcomes["outcome"].isin([0.0, 1.0]), "outcome"]
    if len(wrong):
        faults.append(Fault("is no outcome.", "1, 0 or missing.", column="outcome", value=str(wrong.iloc[0])))
        return faults
    if outcomes["cohort"].nunique() < 2:
        faults.append(
            Fault("fewer than two cohorts have an outcome.", "Give past cohorts to learn and to test on.")
        )
    low, high = spec.outcome_range
    for cohort, share in outcomes.groupby("cohort")["outcome"].mean().items():
        if not low <= share <= high:
            faults.append(
                Fault(
                    f"in cohort {cohort} the share with the outcome is {share:.2f}, outside {low:g} to {high:g}.",
                    "Is 1 what the recipe means by the outcome, or were good and bad swapped?",
                    column="outcome",
                )
            )
    return faults


def _swapped(table: pd.DataFrame, places: pd.DataFrame, spec: ModelSpec) -> list[Fault]:
    outcomes = known(table)
    decile = outcomes["area"].map(places[DECILE]).to_numpy(float)
    if not spec.outcome_rises_with_deprivation:
        decile = -decile
    cure = "Were good and bad swapped, or the deciles? 1 is the outcome, 10 the most deprived."
    outcome = outcomes["outcome"].to_numpy(float)
    if _against(outcome, decile):
        return [Fault("the outcome falls clearly where deprivation rises.", cure, column="outcome")]
    matrix = np.column_stack([outcomes[feature_columns(table, spec)].to_numpy(float), decile])
    middle, spread = _over(np.nanmean, matrix), _over(np.nanstd, matrix)
    standard = np.nan_to_num((matrix - middle) / np.where(spread > 0, spread, 1.0))
    return [
        Fault(f"in cohort {cohort} the outcome runs against all other cohorts.", cure, column="outcome")
        for cohort in outcomes["cohort"].unique()
        if _turned(outcome, standard, (outcomes["cohort"] == cohort).to_numpy())
    ]


def _turned(outcome: Floats, standard: Floats, this: npt.NDArray[np.bool_]) -> bool:
    """Return whether what goes with the outcome in all other cohorts goes clearly against it in this one."""
    others = outcome[~this] - outcome[~this].mean()
    return _against(outcome[this], standard[this] @ (standard[~this].T @ others))


def _over(measure: Callable[..., Floats], matrix: Floats) -> Floats:
    some = ~np.isnan(matrix).all(axis=0)
    found = np.zeros(matrix.shape[1])
    found[some] = measure(matrix[:, some], axis=0)
    return found


def _against(outcome: Floats, score: Floats) -> bool:
    """Return whether a score ranks children clearly worse than chance (AUC below a half by `SURE` errors)."""
    there = ~np.isnan(score)
    ill, well = int(outcome[there].sum()), int((1 - outcome[there]).sum())
    if min(ill, well) < 10:
        return False
    # Neighbours are alike, so the error that independent children would have (Hanley and McNeil 1982) is widened.
    error = 1.5 * np.sqrt((ill + well + 1) / (12 * ill * well))
    return _auc(outcome[there], score[there]) < 0.5 - SURE * float(error)


def _too_good(table: pd.DataFrame, spec: ModelSpec) -> list[Fault]:
    outcomes = known(table)
    outcome = outcomes["outcome"].to_numpy(float)
    faults = []
    for name in feature_columns(table, spec):
        values = outcomes[name].to_numpy(float)
        there = ~np.isnan(values)
        ill = outcome[there]
        if min(ill.sum(), (1 - ill).sum()) < 20:
            continue
        told = _auc(ill, values[there])
        if max(told, 1 - told) >= spec.suspicious_auc:
            what = f"tells the outcome nearly by itself (AUC {max(told, 1 - told):.2f}): it may be the outcome itself."
            faults.append(
                Fault(what, "Check on which date it became known, or leave it out.", column=str(name))
            )
    return faults


def _auc(outcome: Floats, score: Floats) -> float:
    return float(auc(outcome, score, np.zeros(len(outcome), dtype=np.int64), np.ones((1, 1)))[0])
