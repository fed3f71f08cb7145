"""Linkage quality: what the model expects of itself, what is so where the truth is known, and what follows from it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Quality:
    """How good a linkage is, over pairs of records: shares from 0 to 1, `pairs` joined.

    `precision` is the share of joined pairs that are one person's, `recall` the share of one person's pairs joined.
    """

    precision: float
    recall: float
    pairs: int


def expected_quality(pairs: pd.DataFrame, person: npt.NDArray[np.int64]) -> Quality:
    """Return what the model's own probabilities say of a linkage, no truth needed.

    A pair joined only by way of others, without a probability of its own, counts as wrong; a pair never compared does
    not count among the missed. So the first is cautious, the second hopeful; and both are as good as the model.
    """
    sizes = np.bincount(person[person >= 0])
    joined = int((sizes * (sizes - 1) // 2).sum())
    probability = pairs["match_probability"].to_numpy(float)
    one, other = person[pairs["unique_id_l"]], person[pairs["unique_id_r"]]
    together = (one == other) & (one >= 0)
    inside, everywhere = float(probability[together].sum()), float(probability.sum())
    return Quality(
        precision=inside / joined if joined else float("nan"),
        recall=inside / everywhere if everywhere else float("nan"),
        pairs=joined,
    )


def true_quality(person: pd.Series, truth: pd.Series) -> Quality:
    """Return precision and recall against the known truth, over pairs.

    `person` (missing where refused) and `truth` have one value a record, in the same order. Records of a refused group
    are joined to none. Over rows of the extracts, pairs that the agency's own numbers join count too; hand in one row
    for each person of each agency to leave them out.
    """
    known = person.notna().to_numpy()
    both = pd.DataFrame({"person": person.to_numpy(), "truth": truth.to_numpy()})
    joined = _pairs(both.loc[known, "person"].value_counts())
    same = _pairs(both["truth"].value_counts())
    right = _pairs(both[known].groupby(["person", "truth"]).size())
    return Quality(right / joined if joined else float("nan"), right / same if same else float("nan"), joined)


def _pairs(sizes: pd.Series) -> int:
    n = sizes.to_numpy(np.int64)
    return int((n * (n - 1) // 2).sum())


def record_doubt(pairs: pd.DataFrame, person: npt.NDArray[np.int64]) -> Floats:
    """Return, by unique_id, the chance (0 to 1) that a record belongs elsewhere than where it was put.

    Where it was joined: one less its best link's probability; where it stands alone: the best probability that it was
    denied; refused: 1. This is what the uncertainty of linkage in an area's rate is drawn from.
    """
    probability = pairs["match_probability"].to_numpy(float)
    ends = np.concatenate([pairs["unique_id_l"].to_numpy(), pairs["unique_id_r"].to_numpy()])
    together = np.tile(person[pairs["unique_id_l"]] == person[pairs["unique_id_r"]], 2)
    both = np.tile(probability, 2)
    joined, denied = np.zeros(len(person)), np.zeros(len(person))
    np.maximum.at(joined, ends[together], both[together])
    np.maximum.at(denied, ends[~together], both[~together])
    # one who stands alone was never joined; one joined may be denied another without doubt about its own
    doubt = np.where(joined > 0, 1 - joined, denied)
    return np.where(person < 0, 1.0, doubt)


def linked_shares(agency: pd.Series, person: npt.NDArray[np.int64]) -> dict[str, float]:
    """Return, for each agency, the share of its persons who are known to another agency too."""
    table = pd.DataFrame({"agency": agency.to_numpy(), "person": person})
    table = table[table["person"] >= 0].drop_duplicates()
    elsewhere = table.groupby("person")["agency"].transform("size") > 1
    return {str(name): float(share) for name, share in elsewhere.groupby(table["agency"]).mean().items()}
