"""Districts of numbers: children with a known true risk, to see what a model may and may not claim.

Areas lie in LSOAs of five and MSOAs of twenty. Deprivation varies by MSOA and area; `hidden` is risk by MSOA and area
that no feature shows; `signal` how strongly features that vary within areas tell on a child.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

COHORTS = (2019, 2020, 2021, 2022, 2023)


@dataclass(frozen=True)
class District:
    table: pd.DataFrame
    places: pd.DataFrame
    risk: np.ndarray


def district(
    *,
    seed: int = 1,
    areas: int = 160,
    children: int = 8,
    deprivation: float = 0.5,
    signal: float = 0.0,
    hidden: float = 0.0,
    next_cohort: bool = False,
) -> District:
    rng = np.random.default_rng(seed)
    codes = [f"E{number:08d}" for number in range(areas)]
    number = np.arange(areas)
    need = 0.8 * rng.standard_normal(areas // 20 + 1)[number // 20] + 0.6 * rng.standard_normal(areas)
    decile = np.ceil(10 * (pd.Series(need).rank() / areas)).to_numpy()
    places = pd.DataFrame(
        {
            "lsoa": [f"L{n // 5:04d}" for n in number],
            "msoa": [f"M{n // 20:04d}" for n in number],
            "district": "D",
            "population": 300,
            "deprivation_decile": decile,
        },
        index=pd.Index(codes, name="area"),
    )
    unseen = hidden * (
        0.6 * rng.standard_normal(areas // 20 + 1)[number // 20] + 0.8 * rng.standard_normal(areas)
    )
    cohorts = (*COHORTS, COHORTS[-1] + 1) if next_cohort else COHORTS
    size = rng.poisson(children, (areas, len(cohorts))) + 1
    area = np.repeat(np.tile(number, len(cohorts)), size.T.ravel())
    cohort = np.repeat(np.repeat(cohorts, areas), size.T.ravel())
    n = len(area)
    social = rng.standard_normal(areas)
    own = 0.7 * social[area] + 0.7 * rng.standard_normal(n)
    speech = np.where(rng.random(n) < 0.2, np.nan, 0.8 * own + 0.6 * rng.standard_normal(n))
    noise = rng.standard_normal(n)
    referrals = rng.poisson(np.exp(-1 + 0.5 * own)).astype(float)
    steps = (decile - 5.5) / 2.872  # the spread of 1 to 10
    risk = expit(-1.0 + deprivation * steps[area] + signal * own + unseen[area])
    outcome = (rng.random(n) < risk).astype(float)
    table = pd.DataFrame(
        {
            "person": rng.permutation(n),
            "cohort": cohort,
            "area": np.array(codes)[area],
            "outcome": np.where(cohort == COHORTS[-1] + 1, np.nan, outcome),
            "speech": speech,
            "referrals": referrals,
            "noise": noise,
            "group_sex": rng.choice(["F", "M"], n),
            "group_told": np.where(rng.random(n) < 0.1, None, "yes"),
        }
    )
    return District(table, places, risk)
