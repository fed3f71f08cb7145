"""The linkage report: how records were linked and how far that may be trusted, with nothing of any person in it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from risk.clusters import Clusters
from risk.linkage_model import LinkageModel
from risk.linkage_quality import expected_quality, linked_shares
from risk.linkage_settings import Loss

SOUND_PRECISION, SOUND_RECALL, SOUND_SHARE = 0.97, 0.90, 0.70
BROKEN_PRECISION, BROKEN_RECALL, BROKEN_SHARE = 0.90, 0.70, 0.40
"""Below these the linkage is weak, or broken: expected precision and recall, share of persons known elsewhere too."""

Verdict = Literal["sound", "weak", "broken"]


@dataclass(frozen=True)
class LinkageReport:
    """One linkage in numbers; `sentences` tells it. Shares are from 0 to 1.

    `linked_share` says, by agency, what share of its persons another agency knows too; `apart` how many pairs scored
    enough but were held apart, by reason; `refused` the groups refused; `placed` how the rows were placed; `weights`
    the chart of match weights; `seconds` the time of each stage. `verdict` is sound, weak or broken, for `reasons`.
    """

    engine: str
    seed: int
    model_digest: str
    loss: str
    threshold: float
    rows: int
    records: int
    persons: int
    pairs_scored: int
    pairs_joined: int
    expected_precision: float
    expected_recall: float
    linked_share: Mapping[str, float]
    apart: Mapping[str, int]
    taken_apart: int
    refused: tuple[Mapping[str, Any], ...]
    placed: Mapping[str, int]
    weights: tuple[Mapping[str, Any], ...]
    seconds: Mapping[str, float]
    verdict: Verdict
    reasons: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the report as it is written into a run's record."""
        return asdict(self)

    def sentences(self) -> list[str]:
        """Return the report in words, a sentence a line."""
        placed = sum(count for how, count in self.placed.items() if not how.startswith("not"))
        refused = sum(int(group["records"]) for group in self.refused)
        return [
            f"{self.rows:,} rows tell of {self.records:,} persons as the agencies count them, and of {self.persons:,} "
            "once linked.",
            self.loss,
            f"By the model's own account {self.expected_precision:.1%} of the links are right and "
            f"{self.expected_recall:.1%} of those among the pairs compared are found.",
            *(
                f"{name}: {share:.0%} of its persons are known to another agency too."
                for name, share in self.linked_share.items()
            ),
            f"{sum(self.apart.values()):,} pairs that agree on nearly all else were held apart, as twins and siblings.",
            *(
                [
                    f"{len(self.refused):,} groups of {refused:,} records were refused: too large to be one person."
                ]
                if self.refused
                else []
            ),
            f"{placed:,} of {self.rows:,} rows were placed in an area.",
            f"The linkage is {self.verdict}.{' ' if self.reasons else ''}{' '.join(self.reasons)}",
        ]


def make_report(
    *,
    engine: str,
    model: LinkageModel,
    loss: Loss,
    clusters: Clusters,
    agency: pd.Series,
    rows: int,
    placed: pd.Series,
    seconds: Mapping[str, float],
) -> LinkageReport:
    """Return the report of a linkage."""
    person = clusters.person
    expected = expected_quality(clusters.pairs, person)
    shares = linked_shares(agency, person)
    verdict, reasons = judge(expected.precision, expected.recall, shares, _refused_share(person))
    return LinkageReport(
        engine=engine,
        seed=model.seed,
        model_digest=model.digest,
        loss=loss.sentence(),
        threshold=loss.threshold,
        rows=rows,
        records=len(person),
        persons=len(np.unique(person[person >= 0])),
        pairs_scored=len(clusters.pairs),
        pairs_joined=expected.pairs,
        expected_precision=expected.precision,
        expected_recall=expected.recall,
        linked_share=shares,
        apart=clusters.apart,
        taken_apart=clusters.taken_apart,
        refused=tuple({str(k): v for k, v in row.items()} for row in clusters.refused.to_dict("records")),
        placed={str(how): int(count) for how, count in placed.value_counts().items()},
        weights=tuple(model.chart()),
        seconds=dict(seconds),
        verdict=verdict,
        reasons=reasons,
    )


def judge(
    precision: float, recall: float, shares: Mapping[str, float], refused: float
) -> tuple[Verdict, tuple[str, ...]]:
    """Return whether a linkage is sound, weak or broken, and why. One agency alone has nobody to be linked to."""
    typical = float(np.median(list(shares.values()))) if len(shares) > 1 else 1.0
    measures = (
        (precision, SOUND_PRECISION, BROKEN_PRECISION, "of the links are expected to be right"),
        (
            recall,
            SOUND_RECALL,
            BROKEN_RECALL,
            "of the links among the pairs compared are expected to be found",
        ),
        (
            typical,
            SOUND_SHARE,
            BROKEN_SHARE,
            "of an agency's persons, typically, are known to another agency",
        ),
        (1 - refused, 0.99, 0.95, "of the records are in groups small enough to be one person"),
    )
    reasons, worst = [], 0
    for value, sound, broken, what in measures:
        # a share that cannot be told (nothing was joined) is as bad as none
        level = 2 if not value >= broken else 1 if value < sound else 0
        if level:
            shown = "None" if np.isnan(value) else f"Only {value:.0%}"
            reasons.append(f"{shown} {what} (sound from {sound:.0%}).")
        worst = max(worst, level)
    verdicts: tuple[Verdict, ...] = ("sound", "weak", "broken")
    return verdicts[worst], tuple(reasons)


def _refused_share(person: npt.NDArray[np.int64]) -> float:
    return float((person < 0).mean()) if len(person) else 0.0
