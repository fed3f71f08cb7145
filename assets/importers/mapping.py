"""Mappings: which column feeds which field, how categories translate, which rows look like no asset."""

import re
import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from assets.errors import AssetError
from words.categories import CATEGORIES
from words.faults import Fault

SHIPPED = Path(__file__).parent / "mappings"
NOT_ASSETS = Path(__file__).parent / "not_assets.toml"
PLAIN = "plain"
_Model = TypeVar("_Model", bound=BaseModel)
DETAILS = (
    "kind", "for_whom", "opening_hours", "accessibility", "cost", "organisation", "phone", "email", "private_name",
    "private_email", "private_phone", "consent_on", "precision", "licence",
)  # fmt: skip
IDENTIFIERS = ("uprn", "charity", "company", "urn", "ods", "osm")
FIELDS = (
    "name", "category", "longitude", "latitude", "easting", "northing", "grid_reference", "postcode", "address",
    "confirmed_on", "source", "website", "description", "reference", *DETAILS, *IDENTIFIERS,
)  # fmt: skip


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Strict):
    """Words that are looked for as whole words, whatever their case; with `whole`, as the whole text."""

    words: tuple[str, ...] = Field(min_length=1)
    whole: bool = False

    def found(self, *texts: str) -> str:
        """Return the first of the words that stands in one of the texts, or nothing."""
        pattern = _pattern(self.words)
        look = pattern.fullmatch if self.whole else pattern.search
        matches = (look(" ".join(text.casefold().split())) for text in texts)
        return next((match.group() for match in matches if match), "")


class HoldRule(Words):
    """Words that speak against an asset, where they are looked for, for which source categories, and why."""

    reason: str
    looks_in: tuple[Literal["name", "description", "category"], ...] = ("name", "description")
    only_categories: tuple[str, ...] = ()


class CategoryRule(Words):
    """Words in the description that tell the category better than the source's own class.

    With `only_categories` the rule is part of the translation of those classes; without, it overrules them.
    """

    category: str
    only_categories: tuple[str, ...] = ()
    overrules: bool = False

    @field_validator("category")
    @classmethod
    def _known(cls, code: str) -> str:
        return _known_code(code)


class Premises(Words):
    """When a row is named after its premises: it has no occupier, or one with these words."""

    columns: tuple[str, ...] = Field(min_length=1)
    drop_from_description: tuple[str, ...] = ()


class Constants(_Strict):
    """What holds for every row of the file.

    `feed` is what every file of this kind counts as, where their ids are the same in all of them; without
    it each file is a source of its own, by its name, unless the import names one.
    """

    source: str = ""
    feed: str = ""
    licence: str = ""
    category: str = ""
    geocode_method: Literal["coordinates", "postcode"] = "coordinates"


class Complete(_Strict):
    """What a file has all of: the categories (`*` is every one), as of which day, in which place or areas of it.

    Without `place` it is the place that the import names, without `areas` the whole of it.
    """

    categories: tuple[str, ...] = Field(min_length=1)
    on: date
    place: str = ""
    areas: tuple[str, ...] = ()

    @field_validator("categories")
    @classmethod
    def _known(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(code if code == "*" else _known_code(code) for code in codes)


class Mapping(_Strict):
    """One mapping, as its TOML file states it."""

    title: str
    columns: dict[str, tuple[str, ...]]
    constants: Constants = Constants()
    categories: dict[str, str] = {}
    category_rules: tuple[CategoryRule, ...] = ()
    premises: Premises | None = None
    hold: tuple[HoldRule, ...] = ()
    complete_for: Complete | None = None

    @field_validator("columns", mode="before")
    @classmethod
    def _listed(cls, columns: object) -> object:
        if not isinstance(columns, dict):
            return columns
        return {key: (value,) if isinstance(value, str) else value for key, value in columns.items()}

    @field_validator("columns")
    @classmethod
    def _fields(cls, columns: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        unknown = sorted(set(columns) - set(FIELDS))
        if unknown:
            raise ValueError(f"no field is called {', '.join(unknown)}; the fields are {', '.join(FIELDS)}")
        if "name" not in columns:
            raise ValueError('the column of the name is missing: name = "…"')
        return columns

    @field_validator("categories")
    @classmethod
    def _codes(cls, categories: dict[str, str]) -> dict[str, str]:
        return {key.casefold(): _known_code(code) for key, code in categories.items()}


def _known_code(code: str) -> str:
    if code not in CATEGORIES:
        raise ValueError(f"{code!r} is no category; the categories are {', '.join(CATEGORIES)}")
    return code


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted((word.casefold() for word in words), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(word) for word in longest_first) + r")(?!\w)")


def load_mapping(name_or_path: str | Path | None) -> Mapping:
    """Read a mapping: one that is shipped, by name, or a TOML file; None gives the plain columns.

    Raises AssetError that names each wrong key and its cure.
    """
    path = _path(str(name_or_path or PLAIN))
    return _validated(path, Mapping)


def hold_rules() -> tuple[HoldRule, ...]:
    """Return the words that speak against an asset in any file, with the reason each is held for."""
    return _validated(NOT_ASSETS, _HoldFile).hold


class _HoldFile(_Strict):
    hold: tuple[HoldRule, ...]


def _validated(path: Path, model: type[_Model]) -> _Model:
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        cure = "Mend that line; see the shipped mappings."
        raise AssetError(f"{path.name} is not TOML: {error}.", cure) from error
    except ValidationError as error:
        raise AssetError(
            [
                Fault(
                    part["msg"].removeprefix("Value error, ") + ".",
                    "See the shipped mappings for an example.",
                    file=path.name,
                    column=".".join(str(step) for step in part["loc"]),
                )
                for part in error.errors(include_url=False)
            ]
        ) from error


def _path(name: str) -> Path:
    if name.endswith(".toml"):
        if not Path(name).is_file():
            raise AssetError(f"There is no mapping file {name}.", "Check its path.")
        return Path(name)
    shipped = sorted(path.stem for path in SHIPPED.glob("*.toml"))
    if name not in shipped:
        cure = f"Shipped ones: {', '.join(shipped)}; or give the path of a .toml file."
        raise AssetError(f"There is no mapping called {name!r}.", cure)
    return SHIPPED / f"{name}.toml"
