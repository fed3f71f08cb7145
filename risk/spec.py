"""The spec: what a recipe states of its model before anything is fitted, its pass mark among it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Learner = Literal["boosting", "logistic"]
Baseline = Literal["overall_rate", "deprivation_decile", "last_cohort_rate"]
BASELINES: tuple[Baseline, ...] = ("overall_rate", "deprivation_decile", "last_cohort_rate")


class PassMark(BaseModel):
    """What the model must reach to be shown, stated beforehand.

    Judged on cohorts that the model did not see, against the best baseline *and* each other one: at `share` of the
    places visited it must find at least `least_gain` more children in each place visited, and more than nothing
    at the `certainty` given; its log loss must be lower, as surely; and its predictions must be calibrated.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    share: float = Field(default=0.2, gt=0, lt=1)
    least_gain: float = Field(default=0.05, ge=0)
    certainty: float = Field(default=0.95, gt=0.5, lt=1)
    calibration_slope: tuple[float, float] = (0.7, 1.4)


class ModelSpec(BaseModel):
    """How a recipe's model is fitted and judged.

    `learners` are tried against each other inside the past cohorts; the better goes forward. `features` are the
    columns to use, all when empty. `refits` is how many times the learner is fitted again on resampled areas,
    `bootstrap` how many resamples make an interval, `forward_cohorts` how many of the latest cohorts with an outcome
    are predicted from those before them, `folds` how many spatial blocks. `outcome_range` is where the share with the
    outcome may lie; `outcome_rises_with_deprivation` says which way is up: both catch an outcome that was swapped.
    `suspicious_auc` is how well one feature alone may tell the outcome before it is taken for the outcome itself.
    `rank_places_by`: visit first where most children are expected ('expected'), or where the share is highest ('rate').
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    learners: tuple[Learner, ...] = Field(default=("boosting", "logistic"), min_length=1)
    features: tuple[str, ...] = ()
    refits: int = Field(default=20, ge=2)
    bootstrap: int = Field(default=300, ge=50)
    forward_cohorts: int = Field(default=3, ge=1)
    folds: int = Field(default=5, ge=2)
    shares: tuple[float, ...] = (0.05, 0.1, 0.2)
    rank_places_by: Literal["expected", "rate"] = "expected"
    outcome_range: tuple[float, float] = (0.02, 0.98)
    outcome_rises_with_deprivation: bool = True
    suspicious_auc: float = Field(default=0.95, gt=0.5, le=1)
    kinds_of_place: tuple[str, ...] = ()
    pass_mark: PassMark = PassMark()
