"""Early years and schools: where the outcome is recorded, and the years before and after it."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from risk.synthetic.agencies.forms import BLANK, dates, digits, finish, numbered, person_numbers, yes_no
from risk.synthetic.need import logistic
from risk.synthetic.records import Extract, cover, enter
from risk.synthetic.slips import from_parts
from risk.synthetic.world import World

FILE = "early_years_schools.csv"
ETHNICITY = {
    "british": "WBRI",
    "south_asian": "ASIA",
    "west_african": "BAFR",
    "east_european": "WEEU",
    "arabic": "ARAB",
}
_DATE = "%Y-%m-%d"
Ints = npt.NDArray[np.int64]


def schools(world: World) -> Extract:
    """Return the extract of early years and schools: one row a child and setting; the outcome in its last."""
    living_here = np.flatnonzero(world.children["here"].to_numpy(bool))
    coverage = cover(world, "schools", living_here)
    last = _pupils(world, coverage.loc[coverage["held"], "child"].to_numpy(np.int64))
    earlier = _earlier(world, last)
    changed = last["child"].isin(earlier["child"])
    last["enrolled"] = last["enrolled"].mask(changed, last["reception"])  # a new setting from reception on
    entered = enter(world, "schools", pd.concat([last, earlier], ignore_index=True))
    rng = world.chance("numbers schools")
    title, first = entered["guardian_title"], entered["guardian_forename"]
    table = pd.DataFrame(
        {
            "pupil_record": numbered("", len(entered), 7, rng),
            "upn": [f"Z{number:012d}" for number in person_numbers(entered, rng)],
            "legal_forename": entered["forename"],
            "legal_surname": entered["surname"],
            "gender": entered["sex"].map({"M": "Male", "F": "Female", "": ""}),
            "dob": dates(entered["born"], _DATE),
            "parent_carer": (title + " " + first + " " + entered["guardian_surname"]).str.strip(),
            "home_address": entered["address_line"],
            "home_postcode": entered["postcode"].str.replace(" ", ""),
            "home_uprn": digits(entered["uprn"], ".0"),
            "address_confirmed_on": dates(entered["on"], _DATE),
            "ethnicity": entered["ethnicity"],
            "english_first_language": yes_no(
                entered["english"], entered["language_unknown"], ("True", "False")
            ),
            "enrolled_on": dates(entered["enrolled"], _DATE),
            "left_on": dates(entered["left_setting"], _DATE),
            "two_year_funding": yes_no(entered["funded"], words=("1", "0")),
            "early_years_hours": entered["hours"].astype(str),
            "reception_start": dates(entered["reception"], _DATE),
            "free_school_meals": yes_no(entered["meals"], entered["reception"] == BLANK, ("1", "0")),
            "autumn_term_end": dates(entered["autumn_end"], _DATE),
            "autumn_attendance_pct": np.where(
                entered["autumn_end"] == BLANK, "", entered["attendance"].astype(str)
            ),
            "sen_support_from": dates(entered["support"], _DATE),
            "eyfsp_date": dates(entered["assessment"], _DATE),
            "good_level_of_development": yes_no(~entered["outcome"], entered["not_assessed"]),
            "phonics_date": dates(entered["phonics"], _DATE),
            "phonics_score": np.where(entered["phonics"] == BLANK, "", entered["phonics_score"].astype(str)),
        }
    )
    return finish("schools", table, entered, coverage)


def _pupils(world: World, child: Ints) -> pd.DataFrame:
    """Return what the setting that each child is in at the end of reception knows of it."""
    rng = world.chance("schools")
    n = len(child)
    own = world.children.iloc[child].reset_index(drop=True)
    family = world.family_of(child)
    cohort, born = own["cohort"].to_numpy(np.int64), own["born"].to_numpy(np.int64)
    arrived = family["arrived"].to_numpy(np.int64)
    known = cohort <= world.options.last_cohort
    ones = np.ones(n, dtype=np.int64)
    start = np.maximum(from_parts(cohort - 1, 9 * ones, 4 * ones), arrived)
    started = start <= own["assessed"].to_numpy(np.int64)
    assessment = from_parts(cohort, 6 * ones, 12 * ones + rng.integers(0, 14, n))
    autumn_end = from_parts(cohort - 1, 12 * ones, 18 * ones)
    phonics = from_parts(cohort + 1, 6 * ones, 9 * ones)
    missed = (rng.random(n) < 0.01 * world.options.missing) | ~known
    outcome = own["outcome"].to_numpy(bool)
    strain = family["strain"].to_numpy(float)
    return pd.DataFrame(
        {
            "child": child,
            "on": np.where(started, np.minimum(start + rng.integers(0, 240, n), own["assessed"]), arrived),
            "ethnicity": np.where(rng.random(n) < 0.04, "NOBT", family["heritage"].map(ETHNICITY)),
            "english": ~family["english_later"],
            "language_unknown": rng.random(n) < 0.03 * world.options.missing,
            "enrolled": np.maximum(born + rng.integers(740, 1250, n), arrived),
            "left_setting": BLANK,
            "funded": rng.random(n) < logistic(-1.1 + 1.1 * strain),
            "hours": own["sessions"] * 3,
            "reception": np.where(started, start, BLANK),
            "meals": family["benefits"].to_numpy(bool) & (rng.random(n) < 0.75),
            "autumn_end": np.where(known & (start < autumn_end), autumn_end, BLANK),
            "attendance": np.clip(np.rint(95.2 - 1.5 * strain + rng.normal(0, 3.2, n)), 50, 100).astype(int),
            "support": _support(own, outcome, assessment, world.end, rng),
            "assessment": np.where(missed, BLANK, assessment),
            "outcome": outcome,
            "not_assessed": missed,
            "phonics": np.where((phonics < world.end) & (rng.random(n) < 0.97), phonics, BLANK),
            "phonics_score": np.clip(np.rint(34 - 9 * outcome + rng.normal(0, 4, n)), 0, 40).astype(int),
        }
    )


def _support(
    own: pd.DataFrame, outcome: npt.NDArray[np.bool_], assessment: Ints, end: int, rng: np.random.Generator
) -> Ints:
    """Return when support began: before school for some with special needs, after the assessment for others."""
    early = own["special"].to_numpy(bool) & (rng.random(len(own)) < 0.7)
    late = ~early & outcome & (rng.random(len(own)) < 0.15)
    before = own["born"].to_numpy(np.int64) + rng.integers(1150, 1800, len(own))
    after = assessment + rng.integers(60, 240, len(own))
    when = np.where(early, np.minimum(before, assessment - 20), np.where(late, after, BLANK))
    return np.asarray(np.where(when > end, BLANK, when))


def _earlier(world: World, last: pd.DataFrame) -> pd.DataFrame:
    """Return the row of an earlier setting, at an earlier address, for half of those who have moved."""
    rng = world.chance("schools earlier")
    moved = world.children["moves"].to_numpy()[last["child"].to_numpy()] > 0
    earlier = last[moved & (last["reception"] != BLANK) & (rng.random(len(last)) < 0.5)].copy()
    earlier["on"] = earlier["enrolled"]
    earlier["left_setting"] = np.maximum(earlier["reception"] - 45, earlier["enrolled"])
    wrong = rng.random(len(earlier)) < world.options.recorded().contradicted
    earlier["left_setting"] = np.where(wrong, earlier["enrolled"] - 30, earlier["left_setting"])
    earlier[["reception", "autumn_end", "support", "assessment", "phonics"]] = BLANK
    return earlier.assign(not_assessed=True)
