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

    share: float = Field(
        default=0.2, gt=0, lt=1, description="The share of places visited at which it is judged."
    )
    least_gain: float = Field(
        default=0.05, ge=0, description="How many more children it must find in each place visited."
    )
    certainty: float = Field(
        default=0.95, gt=0.5, lt=1, description="How sure it must be that it finds more than none."
    )
    calibration_slope: tuple[float, float] = Field(
        default=(0.7, 1.4), description="Where its calibration slope must lie; 1 is right."
    )


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

    learners: tuple[Learner, ...] = Field(
        default=("boosting", "logistic"),
        min_length=1,
        description="Tried against each other; the better is used.",
    )
    features: tuple[str, ...] = Field(default=(), description="The features to use; all when unset.")
    refits: int = Field(default=20, ge=2, description="How often it is fitted anew for draws.")
    bootstrap: int = Field(default=300, ge=50, description="How many resamples of areas make an interval.")
    forward_cohorts: int = Field(
        default=3, ge=1, description="How many of the latest cohorts are foretold from those before."
    )
    folds: int = Field(default=5, ge=2, description="In how many parts whole MSOAs are held back.")
    shares: tuple[float, ...] = Field(
        default=(0.05, 0.1, 0.2), description="The shares of places at which recall is told."
    )
    rank_places_by: Literal["expected", "rate"] = Field(
        default="expected", description="Visit first where most children are 'expected', or by 'rate'."
    )
    outcome_range: tuple[float, float] = Field(
        default=(0.02, 0.98), description="Where the share with the outcome may lie."
    )
    outcome_rises_with_deprivation: bool = Field(
        default=True, description="Which way is up; catches an outcome that was swapped."
    )
    suspicious_auc: float = Field(
        default=0.95, gt=0.5, le=1, description="From here one feature alone tells too much to be believed."
    )
    kinds_of_place: tuple[str, ...] = Field(
        default=(), description="Columns of the place by which it is judged too."
    )
    pass_mark: PassMark = Field(
        default=PassMark(), description="What it must reach to be shown, stated beforehand."
    )
