"""The parts of a recipe: what may stand in each of its tables."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bake.recipe_faults import raster_column
from bake.recipe_records import RecordsRisk

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
Neighbours = Annotated[
    str, StringConstraints(pattern=r"^(queen|rook|knn:[1-9]\d{0,2}|(band|near):[1-9]\d{0,6})$")
]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Part(BaseModel):
    """What every part of a recipe has in common: no unknown key, no guessed type, no change once read."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Outcome(Part):
    """What is measured."""

    name: Text = Field(description="What is measured, in a few words.")
    definition: Text = Field(description="How exactly it is measured, and of whom.")
    unit: Text = Field(description="What the number of an area is, such as 'per cent of households'.")


class Geography(Part):
    """Which areas the question is asked of."""

    level: Literal["oa", "lsoa", "msoa", "area"] = Field(
        description="The areas: 'oa', 'lsoa', 'msoa' or 'area' (the place's areas, whatever they are)."
    )


class Indicator(Part):
    """One open indicator of an index."""

    column: Text = Field(
        description="The column of the place's indicators, spelled exactly as there; or name a raster."
    )
    label: Text = Field(description="What the column says, in plain words.")
    direction: Literal["higher_is_worse", "lower_is_worse"] = Field(
        description="Whether a higher number means more need: 'higher_is_worse' or 'lower_is_worse'."
    )
    weight: Positive = Field(default=1.0, description="How much it counts beside the others, above 0.")
    transform: Literal["zscore", "percentile", "none", "exponential_rank"] = Field(
        default="zscore",
        description="How it is made comparable: 'zscore', 'percentile', 'none' or 'exponential_rank'.",
    )
    rank_of: Annotated[int, Field(ge=2)] | None = Field(
        default=None, description="With 'exponential_rank' only: among how many areas the rank was given."
    )
    raster: Identifier | None = Field(
        default=None, description="Instead of a column: a raster that the place was added with, as 'terrain'."
    )
    statistic: Literal["mean", "sum", "stdev", "min", "max", "median", "density_total"] | None = Field(
        default=None, description="With 'raster' only: what of its cells in each area, as 'mean' or 'stdev'."
    )
    scale: Positive | None = Field(
        default=None,
        description="With 'raster' only: stored number to unit, 0.1 for decimetres; unset: as the file says.",
    )
    source: Text = Field(description="Who published it: table, publisher, year.")

    @model_validator(mode="before")
    @classmethod
    def _column_of_raster(cls, given: object) -> object:
        """Name the column that a raster gives, so that everything after this knows columns only."""
        if isinstance(given, dict) and "raster" in given and "column" not in given:
            return {**given, "column": raster_column(given)}
        return given


class IndexRisk(Part):
    """Risk made from several open indicators."""

    kind: Literal["index"] = Field(description="How risk is made: 'index', 'rate' or 'records'.")
    combine: Literal["mean", "weighted_sum"] = Field(
        default="mean",
        description="'mean' (the weighted mean of the indicators) or 'weighted_sum' (weights as they are).",
    )
    indicators: Annotated[list[Indicator], Field(min_length=1)] = Field(
        description="The indicators, one [[risk.indicators]] table each, at least one."
    )


class RateRisk(Part):
    """Risk as a count over a population."""

    kind: Literal["rate"] = Field(description="How risk is made: 'index', 'rate' or 'records'.")
    count: Annotated[list[Text], Field(min_length=1)] = Field(
        description="The columns of counts that are added up, at least one."
    )
    denominator: Text = Field(description="The column counted out of, or 'population' for the place's own.")
    minimum_denominator: Annotated[int, Field(ge=1)] = Field(
        default=20, description="Below this many in the denominator an area gets no rate: 'too few people'."
    )
    interval: Literal["wilson", "byar"] = Field(
        default="wilson", description="The 95 per cent interval: 'wilson' (people) or 'byar' (events)."
    )
    source: Text = Field(description="Who published the counts: table, publisher, year.")


class Stability(Part):
    """The grid of settings over which hotspots are asked for again."""

    neighbours: list[Neighbours] = Field(
        default_factory=list,
        description="Definitions of neighbours to try, written as hotspots.neighbours is.",
    )
    rates: list[Literal["crude", "eb_standardised"]] = Field(
        default_factory=list, description="For a rate: 'crude', 'eb_standardised' or both."
    )
    scales: list[Literal["oa", "lsoa", "msoa"]] = Field(
        default_factory=list,
        description="Levels at which the question is asked, the recipe's own or coarser.",
    )


class Hotspots(Part):
    """How clusters are looked for."""

    neighbours: Neighbours = Field(
        default="queen",
        description="Who is next to whom: 'queen', 'rook', 'knn:8', 'band:1500' or 'near:2' (metres).",
    )
    statistic: Literal["gi_star", "local_moran"] = Field(
        default="local_moran",
        description="Which of the two classes the map leads with: 'gi_star' or 'local_moran'.",
    )
    alpha: Annotated[float, Field(gt=0, lt=0.5)] = Field(
        default=0.05, description="The false-discovery rate, between 0 and 0.5, mostly 0.05."
    )
    seed: Annotated[int, Field(ge=0)] = Field(
        default=20260501, description="A whole number that starts whatever is drawn by chance."
    )
    stability: Stability = Field(default_factory=Stability, description="The grid of settings, see below.")


class Assets(Part):
    """Which community assets matter for this question."""

    categories: list[Identifier] = Field(
        default_factory=list, description="Category codes such as 'library' or 'community_centre'."
    )


class Insight(Part):
    """What residents are asked about."""

    themes: list[Text] = Field(default_factory=list, description="Themes under which notes are gathered.")


class Evaluation(Part):
    """How it will be seen whether anything changed."""

    outcome: Text = Field(
        description="The outcome by which action is judged; never the risk that chose the areas."
    )
    observed_data: Text = Field(description="Where that outcome is observed: publisher and data set.")
    review_date: date = Field(description="When the recipe is looked at again, as 2027-05-01 without quotes.")


class Use(Part):
    """What the result is not for, and where it is weak."""

    must_not: Annotated[list[Text], Field(min_length=1)] = Field(
        description="What the result must not be used for, whole sentences, at least one."
    )
    limits: list[Text] = Field(
        default_factory=list, description="What the result cannot say, whole sentences."
    )


Risk = Annotated[
    IndexRisk | RateRisk | RecordsRisk, Field(discriminator="kind", description="How risk is made: [risk].")
]
