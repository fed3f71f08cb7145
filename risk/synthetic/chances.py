"""Chances: each child's true risk of not reaching a good level of development at five, and what came of it."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import brentq

from risk.synthetic.ground import Ground
from risk.synthetic.need import logistic
from risk.synthetic.options import Options
from risk.synthetic.streams import stream

Floats = npt.NDArray[np.float64]

# Log odds of each circumstance in the scenario `district`.
PERSONAL = {
    "male": 0.45,
    "summer_born": 0.07,  # a month later in the school year
    "speech": -0.75,  # a standard deviation
    "special": 1.10,
    "small": 0.35,
    "social_care": 0.45,
    "moves": 0.12,
    "sessions": -0.06,  # a session a week of early education
}
FAMILY = {
    "strain": 0.40,
    "unseen": 0.40,
    "smoker": 0.15,
    "overcrowded": 0.20,
    "temporary": 0.35,
    "violence": 0.30,
    "english_later": 0.30,
}
AREA = {"deprivation": 0.10, "unseen": 0.42, "patch": 0.10}
TREND = -0.04  # a year
DECILE = 0.22  # log odds of one tenth, where deprivation explains everything


def true_risk(
    children: pd.DataFrame, families: pd.DataFrame, ground: Ground, options: Options, *, seed: int
) -> Floats:
    """Return each child's true risk, 0 to 1; its mean over those assessed here is the base rate.

    `children` holds their circumstances and `area`, the position of the area that each lives in when it is assessed.
    Where one rate is true everywhere it is the base rate itself; where deprivation explains everything the log odds are
    a straight line in the decile of that area.
    """
    if options.scenario == "even":
        log_odds = np.zeros(len(children))
    elif options.scenario == "deprivation":
        log_odds = DECILE * (ground.decile[children["area"].to_numpy()].astype(np.float64) - 5.5)
    else:
        log_odds = _circumstances(children, families) + _surroundings(children, ground, options, seed)
    counted = (children["here"] & (children["cohort"] <= options.last_cohort)).to_numpy(bool)
    shift = brentq(lambda s: logistic(log_odds[counted] + s).mean() - options.base_rate, -20, 20, xtol=1e-10)
    return logistic(log_odds + shift)


def draw_outcome(risk: Floats, seed: int) -> npt.NDArray[np.bool_]:
    """Return whether each child, if assessed, does not reach a good level of development."""
    return np.asarray(stream(seed, "outcome").random(len(risk)) < risk)


def _circumstances(children: pd.DataFrame, families: pd.DataFrame) -> Floats:
    """Return the part of the log odds that lies with child and family."""
    own = families.iloc[children["family"].to_numpy()]
    told = children.assign(summer_born=(children["birth_month"] - 9) % 12)
    parts = [weight * told[name].to_numpy(float) for name, weight in PERSONAL.items()]
    parts += [weight * own[name].to_numpy(float) for name, weight in FAMILY.items()]
    return np.asarray(np.sum(parts, axis=0))


def _surroundings(children: pd.DataFrame, ground: Ground, options: Options, seed: int) -> Floats:
    """Return the part of the log odds that lies with the area and the year."""
    patch = stream(seed, "patch").normal(size=len(ground.codes))
    of_area = (
        AREA["deprivation"] * ground.deprivation + AREA["unseen"] * ground.unseen + AREA["patch"] * patch
    )
    trend = TREND * (children["cohort"].to_numpy(float) - options.last_cohort)
    return np.asarray(of_area[children["area"].to_numpy()] + trend)
