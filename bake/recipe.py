"""Recipes: one question asked of one place, as a TOML file with a schema."""

import hashlib
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Self, get_args, get_origin

from pydantic import BaseModel, Field, PrivateAttr, ValidationError

from bake.errors import BakeError
from bake.recipe_faults import cross_faults, schema_faults, syntax_fault
from bake.recipe_parts import (
    Assets,
    Evaluation,
    Geography,
    Hotspots,
    Identifier,
    IndexRisk,
    Insight,
    Outcome,
    Part,
    Risk,
    Text,
    Use,
)
from bake.recipe_records import RecordsRisk
from words.faults import Fault

SHIPPED = Path(__file__).resolve().parent.parent / "recipes"


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
