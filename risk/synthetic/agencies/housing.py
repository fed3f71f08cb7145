"""Housing and benefits: the children of tenants and claimants, by claim."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from risk.synthetic.agencies.forms import BLANK, dates, digits, finish, numbered, person_numbers, yes_no
from risk.synthetic.records import Extract, cover, enter
from risk.synthetic.world import World

FILE = "housing_benefits.csv"
_DATE = "%d-%b-%Y"
_TENURE = {"social": "SOC", "private": "PRI", "own": "OWN"}


def housing(world: World) -> Extract:
    """Return the extract of housing and benefits: one row a child and claim or tenancy."""
    family = world.family_of(np.arange(len(world.children)))
    should = (family["tenure"] == "social") | family["benefits"] | family["temporary"]
    coverage = cover(world, "housing", np.flatnonzero(should.to_numpy(bool)))
    entered = enter(
        world, "housing", _claims(world, coverage.loc[coverage["held"], "child"].to_numpy(np.int64))
    )
    rng = world.chance("numbers housing")
    initial = entered["guardian_forename"].str[:1]
    table = pd.DataFrame(
        {
            "record_no": numbered("H", len(entered), 7, rng),
            "person_ref": [f"P{number:08d}" for number in person_numbers(entered, rng)],
            "claim_ref": [f"C{number:07d}" for number in entered["claim"]],
            "surname": entered["surname"].str.upper(),
            "forename": entered["forename"].str.upper(),
            "sex": entered["sex"],
            "birth_date": dates(entered["born"], _DATE),
            "lead_name": (entered["guardian_surname"] + " " + initial).str.upper().str.strip(),
            "address": entered["address_line"].str.upper(),
            "postcode": entered["postcode"].str.lower(),
            "uprn": digits(entered["uprn"]),
            "tenure": entered["tenure_code"],
            "start_date": dates(entered["start"], _DATE),
            "end_date": dates(entered["stop"], _DATE),
            "housing_benefit": yes_no(entered["benefits"]),
            "council_tax_support": yes_no(entered["support"]),
            "bedrooms_short": entered["short"].astype(str),
            "rent_arrears_gbp": np.where(entered["arrears"] < 0, "", entered["arrears"].map("{:.2f}".format)),
        }
    )
    return finish("housing", table, entered, coverage)


def _claims(world: World, child: npt.NDArray[np.int64]) -> pd.DataFrame:
    """Return the claims and tenancies: one for each child, and one more for those put up in temporary homes."""
    rng = world.chance("housing")
    n = len(child)
    own = world.children.iloc[child].reset_index(drop=True)
    family = world.family_of(child)
    earliest = np.maximum(own["born"].to_numpy(np.int64) + 20, family["arrived"].to_numpy(np.int64) + 20)
    latest = np.minimum(world.end - 30, family["left"].to_numpy(np.int64) - 10)
    start = earliest + (rng.random(n) ** 2 * np.maximum(latest - earliest, 1)).astype(np.int64)
    stop = np.where(rng.random(n) < 0.3, start + rng.integers(120, 1500, n), BLANK)
    rows = pd.DataFrame(
        {
            "child": child,
            "on": start,
            "start": start,
            "stop": np.where(stop > world.end, BLANK, stop),
            "claim": rng.permutation(len(world.families))[own["family"].to_numpy()] + 1,
            "tenure_code": family["tenure"].map(_TENURE),
            "benefits": family["benefits"],
            "support": family["benefits"].to_numpy(bool) & (rng.random(n) < 0.8),
            "short": np.where(family["overcrowded"], rng.integers(1, 3, n), 0),
            "arrears": np.where(rng.random(n) < 0.25, rng.gamma(1.4, 260, n).round(2), 0.0),
        }
    )
    rows.loc[(rows["tenure_code"] != "SOC").to_numpy(), "arrears"] = -1.0  # arrears are known of tenants only
    temporary = rows[family["temporary"].to_numpy(bool)].copy()
    temporary["tenure_code"] = "TEM"
    temporary["stop"] = np.minimum(temporary["start"] + rng.integers(30, 500, len(temporary)), world.end)
    rows = pd.concat([rows, temporary], ignore_index=True)
    wrong = (rows["stop"] != BLANK) & (rng.random(len(rows)) < world.options.recorded().contradicted)
    return rows.assign(stop=np.where(wrong, rows["start"] - 20, rows["stop"]))
