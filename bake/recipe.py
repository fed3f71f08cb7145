"""Recipes: one question asked of one place, as a TOML file with a schema."""

import hashlib
import tomllib
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, Self, get_args, get_origin

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    ValidationError,
    model_validator,
)

from bake.errors import BakeError
from bake.recipe_faults import cross_faults, raster_column, schema_faults, syntax_fault
from bake.recipe_records import RecordsRisk
from words.faults import Fault

SHIPPED = Path(__file__).resolve().parent.parent / "recipes"

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


class Recipe(Part):
    """One question, in full: what is asked, of which areas, made how, and what it must not be used for."""

    id: Identifier = Field(description="A short name: small letters, digits and underscores, a letter first.")
    title: Text = Field(description="A title of a few words.")
    question: Text = Field(description="The question in plain words.")
    period: Text = Field(description="The time the data speaks of, such as 'Census day, 21 March 2021'.")
    outcome: Outcome = Field(description="What is measured: [outcome].")
    geography: Geography = Field(description="Which areas: [geography].")
    risk: Risk
    hotspots: Hotspots = Field(default_factory=Hotspots, description="How clusters are looked for.")
    assets: Assets = Field(default_factory=Assets, description="Which community assets matter.")
    insight: Insight = Field(default_factory=Insight, description="What residents are asked about.")
    evaluation: Evaluation = Field(description="How change will be seen: [evaluation].")
    use: Use = Field(description="What the result is not for: [use].")

    _text: str = PrivateAttr(default="")
    _file: str = PrivateAttr(default="")

    @property
    def text(self) -> str:
        """The recipe as it was written."""
        return self._text

    @property
    def file(self) -> str:
        """The file it was read from."""
        return self._file

    @property
    def digest(self) -> str:
        """The SHA-256 of the text, in hexadecimal."""
        return hashlib.sha256(self._text.encode()).hexdigest()

    @property
    def sources(self) -> list[str]:
        """Who published what this recipe reads, each once."""
        risk = self.risk
        if isinstance(risk, RecordsRisk):
            return [f"Records of {agency.replace('_', ' ')}" for agency in risk.agencies]
        named = [item.source for item in risk.indicators] if isinstance(risk, IndexRisk) else [risk.source]
        return list(dict.fromkeys(named))

    @classmethod
    def read(cls, text: str, file: str) -> Self:
        """Return the recipe that a TOML text describes.

        :param text: the recipe as written.
        :param file: what the errors call it.
        :raises BakeError: every fault of the text at once, each with its key, its value and its cure.
        """
        try:
            raw = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise BakeError([syntax_fault(str(error), text, file)]) from error
        faults = cross_faults(raw, file)
        try:
            recipe = cls.model_validate(raw)
        except ValidationError as error:
            raise BakeError([*schema_faults(error, dict(recipe_keys()), file), *faults]) from error
        if faults:
            raise BakeError(faults)
        recipe._text, recipe._file = text, file
        return recipe


def recipe_keys(model: type[BaseModel] = Recipe, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Give every key of the schema with its meaning, as ('risk.indicators.column', 'The column …')."""
    for name, field in model.model_fields.items():
        yield f"{prefix}{name}", field.description or ""
        for part in _parts(field.annotation):
            yield from recipe_keys(part, f"{prefix}{name}.")


def recipe_names() -> list[str]:
    """Return the names of the recipes in the recipes folder."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def load_recipe(name_or_path: str | Path) -> Recipe:
    """Read a recipe by its name in the recipes folder, or from a TOML file.

    :param name_or_path: a name such as `early_years_open`, or a path that ends in `.toml`.
    :raises BakeError: no such recipe, or every fault of its text at once.
    """
    path = Path(name_or_path)
    if path.suffix != ".toml":
        path = SHIPPED / f"{name_or_path}.toml"
    shown = str(path.relative_to(SHIPPED.parent) if path.is_relative_to(SHIPPED.parent) else path)
    if not path.is_file():
        raise BakeError([_absent(str(name_or_path))])
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BakeError([Fault("This file is not UTF-8 text.", "Save it as UTF-8.", file=shown)]) from error
    return Recipe.read(text, shown)


def _absent(asked: str) -> Fault:
    names = recipe_names()
    near = get_close_matches(Path(asked).stem, names, n=1, cutoff=0.4)
    meant = f"Did you mean {near[0]}? " if near else ""
    return Fault("There is no such recipe.", f"{meant}Known: {', '.join(names) or 'none'}.", value=asked)


def _parts(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) is not None:
        for inner in get_args(annotation):
            yield from _parts(inner)
