"""Validation: whether the model adds anything to simpler answers, judged by a pass mark stated beforehand."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from risk import gains, metrics
from risk.fairness import by_group, by_kind_of_place, widest
from risk.feature_table import check_table
from risk.folds import Trial, blocked, forward, run_trial
from risk.metrics import Measured
from risk.spec import BASELINES, Baseline, ModelSpec
from risk.threads import one_thread
from words.marks import in_plain_words

Floats = npt.NDArray[np.float64]
Chosen = Literal["model", "overall_rate", "deprivation_decile", "last_cohort_rate"]
NAMES: dict[str, str] = {
    "model": "the model",
    "overall_rate": "the overall rate",
    "deprivation_decile": "the deprivation decile alone",
    "last_cohort_rate": "the area's rate in the last cohort",
}


@dataclass(frozen=True)
class Requirement:
    """One thing that the pass mark asks for, what was found, and whether that is enough."""

    what: str
    found: str
    met: bool


@dataclass(frozen=True)
class Judged:
    """One trial judged: metrics and recall by predictor, and the model's gains over each baseline."""

    trial: Trial
    scores: dict[str, dict[str, Measured]]
    recall: dict[str, dict[float, Measured]]
    found: dict[str, dict[float, Measured]]
    gains: dict[str, dict[float, Measured]]
    loss_gains: dict[str, Measured]
    gaps: dict[str, Measured]

    def as_dict(self, names: Iterable[str]) -> dict[str, Any]:
        """Return the numbers of some predictors, ready for JSON."""
        return {
            name: {measure: value.as_dict() for measure, value in self.scores[name].items()}
            | {
                f"recall_top_{share:.0%}".rstrip("%"): {
                    **value.as_dict(),
                    "found_per_place_visited": self.found[name][share].as_dict(),
                    "missed_need": {
                        "value": round(1 - value.value, 5),
                        "low": round(1 - value.high, 5),
                        "high": round(1 - value.low, 5),
                    },
                }
                for share, value in self.recall[name].items()
            }
            for name in names
        }


@dataclass(frozen=True)
class Validation:
    """What is known of the model's worth. `chosen` is what the map may show: the model only if it `passed`."""

    passed: bool
    chosen: Chosen
    best_baseline: Baseline
    requirements: tuple[Requirement, ...]
    forward: Judged
    blocked: Judged
    groups: dict[str, list[dict[str, Any]]]
    kinds_of_place: dict[str, list[dict[str, Any]]]
    spec: ModelSpec

    def sentence(self) -> str:
        """Return the finding in one sentence or two, for the top of the run."""
        share = self.spec.pass_mark.share
        more = self.forward.gains[self.best_baseline][share]
        best = NAMES[self.best_baseline]
        found = (
            f"In each place visited ({share:.0%} of places a year) it would have found {more.value:.2f} more children "
            f"than {best} (likely between {more.low:.2f} and {more.high:.2f})."
        )
        if self.passed:
            return f"The model met the mark that was set beforehand. {found}"
        adds = "adds nothing that we can show" if more.low <= 0 else "does not add enough"
        return f"The model {adds} to {best}, so the map shows {best} instead. {found} " + " ".join(
            f"Not met: {in_plain_words(one.what)}." for one in self.requirements if not one.met
        )

    def as_dict(self) -> dict[str, Any]:
        """Return all of it for a record, as JSON can hold it: rates and intervals, no counts of children.

        Numbers of groups stand on at least 20 children with the outcome and 20 without.
        """
        trial = self.forward.trial
        outcome = trial.rows["outcome"].to_numpy(float)
        return {
            "passed": self.passed,
            "chosen": self.chosen,
            "best_baseline": self.best_baseline,
            "finding": self.sentence(),
            "pass_mark": {
                "stated": self.spec.pass_mark.model_dump(mode="json"),
                "requirements": [vars(one) for one in self.requirements],
                "met": self.passed,
            },
            "model": self.forward.as_dict(["model"])["model"],
            "baselines": self.forward.as_dict(BASELINES),
            "gains": {
                name: {f"top_{share:.0%}".rstrip("%"): value.as_dict() for share, value in by_share.items()}
                | {"log_loss": self.forward.loss_gains[name].as_dict()}
                for name, by_share in self.forward.gains.items()
            },
            "calibration": {
                "slope": self.forward.scores["model"]["calibration_slope"].as_dict(),
                "in_the_large": self.forward.scores["model"]["calibration_in_the_large"].as_dict(),
                "curve": metrics.calibration_curve(outcome, trial.chances["model"]),
            },
            "groups": self.groups,
            "widest_gaps": {
                name: {
                    measure: widest(entries, measure)
                    for measure in ("false_negative_rate", "false_positive_rate")
                }
                for name, entries in (self.groups | self.kinds_of_place).items()
            },
            "kinds_of_place": self.kinds_of_place,
            "held_back": {
                "forward": {
                    "how": "Each of the latest cohorts was foretold from the cohorts before it.",
                    "cohorts": sorted(int(cohort) for cohort in trial.rows["cohort"].unique()),
                },
                "blocked": {
                    "how": "Whole MSOAs were held back: how the model would do in a place it has never seen.",
                    **self.blocked.as_dict(["model", *BASELINES]),
                },
            },
        }


def validate(table: pd.DataFrame, places: pd.DataFrame, spec: ModelSpec, seed: int) -> Validation:
    """Return what the model is worth beside the three baselines, and which of the four may be shown.

    The latest cohorts are foretold from those before them (this is what the pass mark judges), and whole MSOAs are
    held back (told beside it). Intervals resample areas with all their children. The best baseline is the simplest
    whose log loss is not clearly higher than the lowest. The model passes if it meets every requirement of the pass
    mark; else the best baseline is chosen.

    :param table: the feature table, past cohorts with outcome; rows without are left out.
    :param places: by area code, `deprivation_decile` and where there are any `lsoa`, `msoa`.
    :raises RiskError: what `check_table` refuses (a cohort given twice, an outcome swapped, a leak …).
    """
    check_table(table, places, spec)
    with one_thread():
        return _validate(table, places, spec, seed)


def _validate(table: pd.DataFrame, places: pd.DataFrame, spec: ModelSpec, seed: int) -> Validation:
    splits = {"forward": forward(table, spec), "blocked": blocked(table, places, spec, seed)}
    with ThreadPoolExecutor(
        len(splits)
    ) as side_by_side:  # neither needs the other, and learners leave Python
        ahead, aside = side_by_side.map(
            lambda design: judge(run_trial(design, splits[design], places, spec, seed), spec, seed), splits
        )
    best = best_baseline(ahead)
    asked = tuple(requirements(ahead, best, spec))
    passed = all(one.met for one in asked)
    chosen: Chosen = "model" if passed else best
    rows, chance = ahead.trial.rows, ahead.trial.chances["model"]
    visited = gains.visited_first(rows, chance, spec.pass_mark.share, spec.rank_places_by)
    return Validation(
        passed=passed,
        chosen=chosen,
        best_baseline=best,
        requirements=asked,
        forward=ahead,
        blocked=aside,
        groups=by_group(rows, chance, visited),
        kinds_of_place=by_kind_of_place(rows, chance, visited, places, spec),
        spec=spec,
    )


def judge(trial: Trial, spec: ModelSpec, seed: int) -> Judged:
    """Return a trial's numbers, every interval from the same resamples of areas."""
    rows = trial.rows
    areas = pd.Index(sorted(rows["area"].unique()))
    area = areas.get_indexer(rows["area"])
    outcome = rows["outcome"].to_numpy(float)
    weights = metrics.resample(len(areas), spec.bootstrap, seed)
    shares = sorted({*spec.shares, spec.pass_mark.share})
    orders = {
        name: gains.visits(rows, chance, areas, spec.rank_places_by) for name, chance in trial.chances.items()
    }
    certainty = (
        2 * spec.pass_mark.certainty - 1
    )  # two-sided, so that its lower limit has the certainty stated
    return Judged(
        trial=trial,
        scores={
            name: metrics.scores(outcome, chance, area, weights) for name, chance in trial.chances.items()
        },
        recall={name: {s: gains.recall(order, s, weights) for s in shares} for name, order in orders.items()},
        found={
            name: {s: gains.found_per_place(order, s, weights) for s in shares}
            for name, order in orders.items()
        },
        gains={
            name: {s: gains.gain(orders["model"], orders[name], s, weights, certainty) for s in shares}
            for name in BASELINES
        },
        loss_gains={
            name: metrics.loss_gain(outcome, trial.chances["model"], trial.chances[name], area, weights)
            for name in BASELINES
        },
        gaps=_gaps(trial, outcome, area, weights),
    )


def _gaps(trial: Trial, outcome: Floats, area: npt.NDArray[np.int64], weights: Floats) -> dict[str, Measured]:
    """Return by how much each baseline's log loss is above the lowest baseline's."""
    mean = {name: metrics.log_losses(outcome, trial.chances[name]).mean() for name in BASELINES}
    lowest = min(BASELINES, key=lambda name: mean[name])
    return {
        name: metrics.loss_gain(outcome, trial.chances[lowest], trial.chances[name], area, weights)
        for name in BASELINES
    }


def best_baseline(judged: Judged) -> Baseline:
    """Return the simplest baseline whose log loss is not clearly above the lowest (simplest: the overall rate)."""
    return next(name for name in BASELINES if judged.gaps[name].low <= 0)


def requirements(judged: Judged, best: Baseline, spec: ModelSpec) -> Iterable[Requirement]:
    """Yield what the pass mark asks for, with what was found."""
    mark = spec.pass_mark
    for name in (best, *(name for name in BASELINES if name != best)):
        more = judged.gains[name][mark.share]
        yield Requirement(
            f"at least {mark.least_gain:g} more children found in each place visited than by {NAMES[name]}, "
            f"{mark.share:.0%} of places visited, and surely more than none",
            f"{more.value:.3f} ({more.low:.3f} to {more.high:.3f})",
            more.value >= mark.least_gain and more.low > 0,
        )
        less = judged.loss_gains[name]
        yield Requirement(
            f"a lower log loss than {NAMES[name]}",
            f"{less.value:.4f} lower ({less.low:.4f} to {less.high:.4f})",
            less.low > 0,
        )
    slope, (low, high) = judged.scores["model"]["calibration_slope"], mark.calibration_slope
    yield Requirement(
        f"a calibration slope between {low:g} and {high:g}", f"{slope.value:.2f}", low <= slope.value <= high
    )
