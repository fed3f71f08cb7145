"""Asking: what a recipe asks of agencies' records by name, held against their contracts before a file is opened."""

from bake.recipe_records import RecordsRisk
from risk.asked import Asked, asked_faults
from words.faults import Fault


def names_faults(risk: RecordsRisk, file: str) -> list[Fault]:
    """Return every column and value that the recipe in `file` names and no contract has."""
    asked = Asked(
        agencies=risk.agencies,
        outcome=risk.outcome,
        groups=[item.group for item in risk.groups],
        features=risk.features,
        used=risk.model.features,
        enforcement=risk.enforcement is not None,
        file=file,
    )
    return asked_faults(asked)
