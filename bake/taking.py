"""Taking extracts in: what a recipe says of them, checked before anything is linked."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bake.asking import names_faults
from bake.errors import BakeError
from bake.recipe import Recipe
from bake.recipe_records import RecordsRisk
from risk.enforcement import EnforcementPermit
from risk.extracts import ExtractReport, check_extracts, not_read
from risk.synthetic.district import ABOUT


@dataclass(frozen=True)
class Taken:
    """Whose extracts a recipe reads, and its permission to read what measures enforcement."""

    agencies: Sequence[str]
    enforcement: EnforcementPermit | None


def taken(risk: RecordsRisk) -> Taken:
    """Return what a recipe from records says of extracts."""
    return Taken(tuple(risk.agencies), risk.enforcement.permit if risk.enforcement else None)


def decided(risk: RecordsRisk, folder: Path) -> list[str]:
    """Return what was decided of a folder of extracts, in sentences: what lies there unread, and what was permitted."""
    wanted = taken(risk)
    permitted = [wanted.enforcement.sentence()] if wanted.enforcement else []
    return [*not_read(folder, wanted.agencies, wanted.enforcement), *permitted]


def check_of(recipe: Recipe, folder: Path) -> ExtractReport:
    """Return the report on a folder of extracts, and on what the recipe asks of them; BakeError where it reads none."""
    if not isinstance(recipe.risk, RecordsRisk):
        raise BakeError(f"{recipe.id} reads no records.", "Name a recipe with risk.kind = 'records'.")
    report = check_extracts(taken(recipe.risk), folder)
    # a contract that has a fault is found by both
    return replace(
        report, faults=tuple(dict.fromkeys([*names_faults(recipe.risk, recipe.file), *report.faults]))
    )


def refuse_another_place(place: str, folder: Path) -> None:
    """Raise BakeError where extracts say of themselves, in `about.json`, that they are of another place.

    Extracts that say nothing of it are taken as they are: agencies' own have no such file.
    """
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return
    except ValueError as error:
        raise BakeError(
            f"{folder / ABOUT} cannot be read.", "Mend it, or take it out of the folder."
        ) from error
    theirs = about.get("place") if isinstance(about, dict) else None
    if theirs and theirs != place:
        raise BakeError(
            f"These extracts are of {theirs}; you asked for {place}.",
            f"Give --place {theirs}, or the extracts of {place} with --extracts.",
        )
