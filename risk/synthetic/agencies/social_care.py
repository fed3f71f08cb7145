"""Social care: referrals of the few children whom it came to know."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from risk.synthetic.agencies.forms import BLANK, dates, digits, finish, numbered, person_numbers
from risk.synthetic.records import Extract, cover, enter
from risk.synthetic.world import World

FILE = "social_care.csv"
SOURCES = ("school", "health", "police", "family", "housing", "anonymous", "other")
CATEGORIES = ("N1", "N2", "N3", "N4", "N5", "N8", "N9")
PLANS = ("none", "child in need", "child protection", "looked after")
_DATE = "%Y-%m-%dT00:00:00"


def social_care(world: World) -> Extract:
    """Return the extract of social care: one row a referral."""
    coverage = cover(world, "social_care", np.flatnonzero(world.children["social_care"].to_numpy(bool)))
    held = coverage.loc[coverage["held"], "child"].to_numpy(np.int64)
    entered = enter(world, "social_care", _referrals(world, held))
    rng = world.chance("numbers social_care")
    table = pd.DataFrame(
        {
            "episode_id": numbered("E", len(entered), 6, rng),
            "person_id": (person_numbers(entered, rng) + 400_000).astype(str),
            "last_name": entered["surname"],
            "first_name": entered["forename"],
            "gender": entered["sex"].map({"M": "1", "F": "2", "": "9"}),
            "date_of_birth": dates(entered["born"], _DATE),
            "carer_first_name": entered["guardian_forename"],
            "carer_last_name": entered["guardian_surname"],
            "address_1": entered["address_line"],
            "postcode": entered["postcode"],
            "uprn": digits(entered["uprn"]),
            "referral_date": dates(entered["on"], _DATE),
            "referral_source": entered["source"],
            "category_of_need": entered["category"],
            "assessment_date": dates(entered["assessed_on"], _DATE),
            "plan": np.where(entered["assessed_on"] == BLANK, "", entered["plan"]),
            "closed_date": dates(entered["closed"], _DATE),
        }
    )
    return finish("social_care", table, entered, coverage)


def _referrals(world: World, child: npt.NDArray[np.int64]) -> pd.DataFrame:
    """Return one referral or more for each child, on any day that it lived here."""
    rng = world.chance("social_care")
    child = np.repeat(child, 1 + rng.poisson(0.6, len(child)))
    n = len(child)
    family = world.family_of(child)
    born = world.children["born"].to_numpy(np.int64)[child]
    low = np.maximum(born + 5, family["arrived"].to_numpy(np.int64) + 5)
    high = np.minimum(world.end - 5, family["left"].to_numpy(np.int64) - 5)
    on = low + (rng.random(n) * np.maximum(high - low, 1)).astype(np.int64)
    assessed = np.where(rng.random(n) < 0.7, np.minimum(on + rng.integers(10, 60, n), world.end), BLANK)
    closed = np.where(rng.random(n) < 0.85, on + rng.integers(30, 500, n), BLANK)
    closed = np.where(closed > world.end, BLANK, closed)
    wrong = (closed != BLANK) & (rng.random(n) < world.options.recorded().contradicted)
    category = np.where(family["violence"], rng.choice(["N1", "N5"], n), rng.choice(CATEGORIES, n))
    return pd.DataFrame(
        {
            "child": child,
            "on": on,
            "source": rng.choice(SOURCES, n, p=[0.24, 0.18, 0.28, 0.10, 0.06, 0.04, 0.10]),
            "category": category,
            "assessed_on": assessed,
            "plan": rng.choice(PLANS, n, p=[0.62, 0.24, 0.11, 0.03]),
            "closed": np.where(wrong, on - 15, closed),
        }
    )
