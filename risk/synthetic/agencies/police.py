"""Police: children present at incidents. It measures enforcement: no recipe reads it without permission."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from risk.synthetic.agencies.forms import dates, digits, finish, numbered, person_numbers, plain
from risk.synthetic.need import logistic
from risk.synthetic.records import Extract, cover, enter
from risk.synthetic.world import World

FILE = "police.csv"
TYPES = ("domestic abuse", "missing person", "anti-social behaviour", "concern for safety")
GRADES = ("standard", "medium", "high")
_DATE = "%Y%m%d"
_UPRN_UNKNOWN = 0.55


def police(world: World) -> Extract:
    """Return the extract of the police: one row a child and incident.

    Some families are met because of violence at home, more of them where patrols are many, which is where strain is:
    contact with the police is not need.
    """
    family = world.family_of(np.arange(len(world.children)))
    rng = world.chance("police")
    strain = family["strain"].to_numpy(float)
    met = logistic(-4.0 + 0.6 * strain + 3.6 * family["violence"].to_numpy(float))
    by_family = rng.random(len(world.families))[world.children["family"].to_numpy()]
    coverage = cover(world, "police", np.flatnonzero(by_family < met))
    held = coverage.loc[coverage["held"], "child"].to_numpy(np.int64)
    entered = enter(world, "police", _incidents(world, held, rng))
    numbers = world.chance("numbers police")
    uprn = np.where(
        numbers.random(len(entered)) < _UPRN_UNKNOWN * min(world.options.missing, 1), 0, entered["uprn"]
    )
    table = pd.DataFrame(
        {
            "incident_row": numbered("42/", len(entered), 6, numbers),
            "nominal_id": [f"N{number:07d}" for number in person_numbers(entered, numbers)],
            "surname": [plain(name).upper() for name in entered["surname"]],
            "forename": [plain(name).upper() for name in entered["forename"]],
            "sex": entered["sex"].replace("", "U"),
            "dob": dates(entered["born"], _DATE),
            "address": entered["address_line"].str.upper(),
            "postcode": entered["postcode"],
            "uprn": digits(uprn),
            "incident_date": dates(entered["on"], _DATE),
            "incident_type": entered["kind"],
            "risk_grade": entered["grade"],
        }
    )
    return finish("police", table, entered, coverage)


def _incidents(world: World, child: npt.NDArray[np.int64], rng: np.random.Generator) -> pd.DataFrame:
    """Return one incident or more for each child, on any day that it lived here."""
    child = np.repeat(child, 1 + rng.poisson(0.8, len(child)))
    n = len(child)
    family = world.family_of(child)
    low = (
        np.maximum(world.children["born"].to_numpy(np.int64)[child], family["arrived"].to_numpy(np.int64)) + 3
    )
    high = np.minimum(world.end, family["left"].to_numpy(np.int64)) - 3
    violent = family["violence"].to_numpy(bool) & (rng.random(n) < 0.85)
    return pd.DataFrame(
        {
            "child": child,
            "on": low + (rng.random(n) * np.maximum(high - low, 1)).astype(np.int64),
            "kind": np.where(violent, TYPES[0], rng.choice(TYPES[1:], n)),
            "grade": rng.choice(GRADES, n, p=[0.6, 0.28, 0.12]),
        }
    )
