"""Need: the circumstances of families and children, of which agencies see some and nobody sees all."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from risk.synthetic.ground import Ground
from risk.synthetic.moves import Residence
from risk.synthetic.options import Options
from risk.synthetic.people import day
from risk.synthetic.streams import stream

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def logistic(value: Floats) -> Floats:
    """Return 1 / (1 + exp(-value))."""
    return np.asarray(1 / (1 + np.exp(-value)))


def family_need(families: pd.DataFrame, ground: Ground, seed: int) -> pd.DataFrame:
    """Return the families' circumstances: strain (standardised), tenure, and what agencies may come to know.

    Strain follows the area's deprivation and a second field that no indicator shows, and differs from family to family.
    """
    rng = stream(seed, "family need")
    area = families["area"].to_numpy(np.int64)
    n = len(area)
    strain = 0.42 * ground.deprivation[area] + 0.62 * ground.seen[area] + 0.70 * rng.normal(size=n)
    social = rng.random(n) < logistic(-1.45 + 1.0 * strain)
    private = ~social & (rng.random(n) < logistic(-0.95 + 0.25 * strain))
    not_british = (families["heritage"] != "british").to_numpy()
    return pd.DataFrame(
        {
            "strain": strain,
            "unseen": rng.normal(size=n),
            "tenure": np.where(social, "social", np.where(private, "private", "own")),
            "benefits": rng.random(n) < logistic(-0.95 + 1.05 * strain),
            "smoker": rng.random(n) < logistic(-2.3 + 0.75 * strain),
            "mother_age": np.clip(np.rint(30.5 - 1.8 * strain + rng.normal(0, 4.6, n)), 16, 47).astype(
                np.int64
            ),
            "overcrowded": rng.random(n) < logistic(-2.2 + 0.75 * strain + 0.4 * not_british),
            "temporary": rng.random(n) < logistic(-4.1 + 0.85 * strain),
            "violence": rng.random(n) < logistic(-3.2 + 0.70 * strain),
            "english_later": not_british & (rng.random(n) < 0.62),
        }
    )


def child_need(
    children: pd.DataFrame, families: pd.DataFrame, residence: Residence, options: Options, seed: int
) -> pd.DataFrame:
    """Return the children's circumstances, in the order of `children`.

    Among them `assessed` (the day of assessment, or for the cohort to come the day of the extracts), `home` and `here`
    (where they live then, and whether in the district at all), and `moves` (times moved before then).
    """
    rng = stream(seed, "child need")
    own = families.iloc[children["family"].to_numpy()].reset_index(drop=True)
    n = len(children)
    strain = own["strain"].to_numpy(float)
    male = children["male"].to_numpy(bool)
    small = rng.random(n) < logistic(-2.75 + 0.30 * strain + 0.5 * own["smoker"] + 1.6 * children["twin"])
    speech = rng.normal(size=n) - 0.40 * strain - 0.25 * male + 0.1
    assessed = assessment_days(children["cohort"].to_numpy(np.int64), options)
    home, here = residence.at(children["family"].to_numpy(np.int64), assessed)
    sessions = np.clip(np.rint(6.2 - 0.9 * strain + rng.normal(0, 2.4, n)), 0, 10).astype(np.int64)
    return pd.DataFrame(
        {
            "small": small,
            "speech": speech,
            "special": rng.random(n) < logistic(-2.9 - 0.75 * speech + 0.4 * male),
            "sessions": sessions,
            "social_care": rng.random(n) < logistic(-3.0 + 0.95 * strain + 1.1 * own["violence"]),
            "assessed": assessed,
            "home": home,
            "here": here,
            "moves": residence.before(children["family"].to_numpy(np.int64), assessed),
        }
    )


def assessment_days(cohort: npt.NDArray[np.int64], options: Options) -> npt.NDArray[np.int64]:
    """Return 30 June of the cohort's year, or the day of the extracts where that is earlier."""
    june = (cohort - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64) + 180
    leap = ((cohort % 4 == 0) & (cohort % 100 != 0)) | (cohort % 400 == 0)
    return np.asarray(np.minimum(june + leap, day(options.extracted_on)))
