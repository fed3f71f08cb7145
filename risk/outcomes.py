"""Outcomes: whether good and bad were exchanged, in one cohort or in all, by what shares can tell of it."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from risk.errors import RiskError
from words.faults import Fault

SURE = 4.0
WIDER = 1.5
"""Standard errors beyond which chance explains nothing, and by how much they grow since neighbours are alike."""
JUMP, DISTANCE, NEAR_HALF = 0.10, 0.15, 0.05
"""From what difference a cohort is remarked on; how far from the published share; shares too near a half to tell."""
LEAST = 20


class Published(BaseModel):
    """The share with the outcome as published elsewhere: what shows that good and bad were exchanged."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    share: float = Field(
        gt=0, lt=1, description="The share with the outcome, as published: 0.32 is 32 in 100."
    )
    source: str = Field(min_length=1, description="Who published it, of where and when.")


def remarkable_outcomes(
    table: pd.DataFrame, published: Published | None = None
) -> tuple[list[str], list[str]]:
    """Return what has to be said of the shares with the outcome: first of all, and among the decisions.

    A cohort whose share is the mirror of the others' (0.7 among 0.3) was exchanged, and so were all of them where
    together they mirror the published share: both are refused. A share that is only far off may be true, and is
    said first. Without a published share an exchange in every cohort shows only in its relation to deprivation
    (`risk.feature_table`), which is said too.

    :param table: the feature table: `cohort`, and `outcome` of 1, 0 or missing.
    :raises RiskError: every cohort that was exchanged, or all together.
    """
    known = table.dropna(subset="outcome").groupby("cohort")["outcome"].agg(["mean", "size"])
    known = known[known["size"] >= LEAST]
    faults: list[Fault] = []
    top: list[str] = []
    for cohort, row in known.iterrows():
        others = known.drop(cohort)["mean"]
        if len(others):
            _compare(str(cohort), row, float(others.median()), faults, top)
    said = _against_published(known, published, faults, top)
    if faults:
        raise RiskError(faults)
    return top, said


def _compare(
    cohort: str, row: Mapping[str, float], usual: float, faults: list[Fault], top: list[str]
) -> None:
    share, error = row["mean"], WIDER * np.sqrt(max(usual * (1 - usual), 0.01) / row["size"])
    if abs(share - usual) <= max(SURE * error, JUMP):
        return
    what = f"in cohort {cohort} {share:.0%} have the outcome, in the others {usual:.0%}"
    if abs(share - (1 - usual)) < abs(share - usual):
        cure = "Were good and bad exchanged in it? Ask the agency, and send it again."
        faults.append(Fault(f"{what}: the one is the mirror of the other.", cure, column="outcome"))
    else:
        # the shares themselves have not passed the gate
        top.append(
            f"The share with the outcome in cohort {cohort} is further from the other cohorts' than chance explains. "
            "Ask the agency before you rely on it."
        )


def _against_published(
    known: pd.DataFrame, published: Published | None, faults: list[Fault], top: list[str]
) -> list[str]:
    if not len(known):
        return []
    share = float(np.average(known["mean"], weights=known["size"]))
    if published is None:
        return [
            "The recipe states no published share, so an outcome exchanged in every cohort would show in its relation "
            "to deprivation alone."
        ]
    what = f"{share:.0%} have the outcome, where {published.source} has {published.share:.0%}"
    mirrored = abs(share - (1 - published.share)) < abs(share - published.share)
    if mirrored and abs(published.share - 0.5) >= NEAR_HALF:
        cure = "Were good and bad exchanged, in the extract or in the recipe (bad, good)?"
        faults.append(Fault(f"{what}: the one is the mirror of the other.", cure, column="outcome"))
    elif abs(share - published.share) > DISTANCE:
        top.append(
            f"The share with the outcome is far from the {published.share:.0%} of {published.source}. "
            "Ask whether both count the same before you rely on it."
        )
        return []
    return [f"The share with the outcome is not far from the {published.share:.0%} of {published.source}."]
