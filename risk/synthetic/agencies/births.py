"""Births and health visiting: nearly every child, from birth to the review at two and a half."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from risk.synthetic.agencies.forms import BLANK, dates, digits, finish, numbered, person_numbers, yes_no
from risk.synthetic.need import logistic
from risk.synthetic.records import Extract, cover, enter
from risk.synthetic.world import World

FILE = "births_health_visiting.csv"
_DATE = "%d/%m/%Y"


def births(world: World) -> Extract:
    """Return the extract of births and health visiting: one row a child, at the address of its last contact."""
    coverage = cover(world, "births", np.arange(len(world.children)))
    entered = enter(
        world, "births", _contacts(world, coverage.loc[coverage["held"], "child"].to_numpy(np.int64))
    )
    rng = world.chance("numbers births")
    table = pd.DataFrame(
        {
            "record_id": numbered("BHV", len(entered), 7, rng),
            "nhs_number": nhs_test_numbers(person_numbers(entered, rng)),
            "forename": entered["forename"],
            "surname": entered["surname"],
            "sex": entered["sex"].replace("", "U"),
            "date_of_birth": dates(entered["born"], _DATE),
            "mother_forename": entered["guardian_forename"],
            "mother_surname": entered["guardian_surname"],
            "address": entered["address_line"],
            "postcode": entered["postcode"],
            "uprn": digits(entered["uprn"]),
            "last_contact_date": dates(entered["on"], _DATE),
            "birth_weight_g": digits(entered["weight"]),
            "gestation_weeks": digits(entered["weeks"]),
            "mother_age_at_birth": digits(entered["mother_age"]),
            "smoking_at_booking": yes_no(entered["smoker"], entered["smoking_unknown"]),
            "breastfed_at_6_weeks": yes_no(entered["breastfed"], entered["breastfed_unknown"]),
            "review_1y_date": dates(entered["review_1"], _DATE),
            "review_2y_date": dates(entered["review_2"], _DATE),
            "speech_score": np.where(entered["review_2"] == BLANK, "", entered["speech_score"].astype(str)),
        }
    )
    return finish("births", table, entered, coverage)


def nhs_test_numbers(persons: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
    """Return a valid NHS number kept for tests (999 and on) for each person number, 1 and on.

    The tenth digit checks the nine before it, modulo 11; numbers whose check would be 10 are passed over.
    """
    stem = 999_000_000 + np.arange(int(persons.max(initial=0)) * 12 // 10 + 50)
    place = 10 ** np.arange(8, -1, -1)
    check = 11 - (stem[:, None] // place % 10 * np.arange(10, 1, -1)).sum(axis=1) % 11
    check = np.where(check == 11, 0, check)
    valid = (stem * 10 + check)[check != 10]
    return np.asarray(valid[persons - 1].astype(str).astype(object))


def _contacts(world: World, child: npt.NDArray[np.int64]) -> pd.DataFrame:
    """Return what is known of each child and on which day it was last seen."""
    rng = world.chance("births")
    n = len(child)
    own = world.children.iloc[child].reset_index(drop=True)
    family = world.family_of(child)
    strain = family["strain"].to_numpy(float)
    born = own["born"].to_numpy(np.int64)
    number = own["family"].to_numpy(np.int64)
    at_one, at_two = born + 340 + rng.integers(0, 60, n), born + 790 + rng.integers(0, 90, n)
    seen_at_one = world.residence.at(number, at_one)[1] & (rng.random(n) < logistic(2.6 - 0.3 * strain))
    seen_at_two = world.residence.at(number, at_two)[1] & (rng.random(n) < logistic(2.0 - 0.5 * strain))
    first = np.maximum(born + 14, family["arrived"].to_numpy(np.int64) + 30)
    small = own["small"].to_numpy(bool)
    weeks = np.where(small, rng.integers(31, 38, n), rng.integers(37, 42, n))
    weight = np.where(small, rng.normal(2150, 260, n), rng.normal(3430, 400, n))
    weight = np.clip(weight, np.where(small, 700, 2500), np.where(small, 2499, 5200))
    unknown = family["newcomer"].to_numpy(bool)  # what was booked elsewhere is not known here
    speech = np.clip(np.rint((42 + 11 * own["speech"].to_numpy(float) + rng.normal(0, 5, n)) / 5) * 5, 0, 60)
    return pd.DataFrame(
        {
            "child": child,
            "on": np.minimum(np.where(seen_at_two, at_two, np.where(seen_at_one, at_one, first)), world.end),
            "review_1": np.where(seen_at_one, at_one, BLANK),
            "review_2": np.where(seen_at_two, at_two, BLANK),
            "weeks": np.where(unknown & (rng.random(n) < 0.6), 0, weeks),
            "weight": np.where(unknown & (rng.random(n) < 0.5), 0, np.rint(weight / 10) * 10),
            "mother_age": family["mother_age"] + (born - family["oldest"].to_numpy(np.int64)) // 365,
            "smoker": family["smoker"],
            "smoking_unknown": unknown | (rng.random(n) < 0.05 * world.options.missing),
            "breastfed": rng.random(n) < logistic(0.2 - 0.6 * strain),
            "breastfed_unknown": unknown | (rng.random(n) < 0.12 * world.options.missing),
            "speech_score": speech.astype(np.int64),
        }
    )
