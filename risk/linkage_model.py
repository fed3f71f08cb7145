"""The linkage model: what each agreement and disagreement weighs, trained once, kept without any personal data."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import log2
from typing import Any

import splink
from splink import Linker
from splink.internals.splink_dataframe import SplinkDataFrame

from risk.errors import RiskError
from risk.linkage_settings import CERTAIN_RECALL, certain_rules, settings, training_rules

SAMPLED_PAIRS = 1_500_000
M_FLOOR, U_FLOOR = 0.005, 0.00001
"""No agreement is impossible: a level that the records hardly ever show weighs no more than these allow."""


@dataclass(frozen=True)
class Level:
    """One outcome of one comparison: how often it is seen among matches (m) and among others (u)."""

    label: str
    m: float
    u: float

    @property
    def weight(self) -> float:
        """Return the match weight, in powers of two."""
        return log2(self.m / self.u)


@dataclass(frozen=True)
class LinkageModel:
    """A trained model: `prior` is how often two records drawn at random match, `levels` by comparison, best first."""

    prior: float
    levels: Mapping[str, tuple[Level, ...]]
    records: int
    seed: int
    engine: str
    splink: str = splink.__version__

    def settings(self, dialect: str) -> dict[str, Any]:
        """Return Splink's settings for an engine, with this model's m, u and prior put in.

        A model that Splink saved on one engine does not load on another: its SQL is of that engine. So the settings are
        made anew in the other dialect and the numbers copied. RiskError where the model has other comparisons.
        """
        made = settings(dialect, self.prior)
        for comparison in made["comparisons"]:
            rows = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
            own = self.levels.get(comparison["output_column_name"], ())
            if [level["label_for_charts"] for level in rows] != [level.label for level in own]:
                raise RiskError("The saved linkage model is of another version of Larder.", "Train it again.")
            for row, level in zip(rows, own, strict=True):
                row.update(m_probability=level.m, u_probability=level.u)
        return made

    def chart(self) -> list[dict[str, Any]]:
        """Return the match weights as rows to draw: comparison, level, m, u, weight (powers of two)."""
        rows: list[dict[str, Any]] = [
            {
                "comparison": "before anything is compared",
                "level": "",
                "weight": log2(self.prior / (1 - self.prior)),
            }
        ]
        for comparison, levels in self.levels.items():
            rows += [
                {
                    "comparison": comparison,
                    "level": level.label,
                    "m": level.m,
                    "u": level.u,
                    "weight": level.weight,
                }
                for level in levels
            ]
        return rows

    def to_json(self) -> str:
        """Return the model as JSON: numbers and labels, nothing from the records."""
        return json.dumps(asdict(self), indent=1, sort_keys=True)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the model."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


def model_from_json(text: str) -> LinkageModel:
    """Return the model that `to_json` wrote; RiskError where it is none."""
    try:
        told = json.loads(text)
        levels = {name: tuple(Level(**level) for level in rows) for name, rows in told.pop("levels").items()}
        return LinkageModel(levels=levels, **told)
    except (json.JSONDecodeError, TypeError, KeyError, AttributeError) as wrong:
        raise RiskError("This is no saved linkage model.", "Train it again.") from wrong


def train(records: SplinkDataFrame, engine: str, *, count: int, seed: int) -> LinkageModel:
    """Learn a model from records without knowing who is who.

    How common matches are comes from rules that hardly ever err, u from random pairs (sampled with the seed), m by
    expectation maximisation on pairs that agree on the date of birth and on pairs that agree on the full name (Fellegi
    and Sunter 1969; Splink 5). RiskError where the records are too few or too unlike to learn from.
    """
    linker = Linker(records, settings(engine), log_level=None)
    learn = linker.training
    try:
        learn.estimate_probability_two_random_records_match(certain_rules(), recall=CERTAIN_RECALL)
    except ValueError as wrong:
        raise RiskError(
            "Nearly every pair of records agrees: there is nothing to learn from.", "Look at the extracts."
        ) from wrong
    learn.estimate_u_using_random_sampling(
        max_pairs=SAMPLED_PAIRS, seed=seed, min_count_per_level=None, num_chunks=1
    )
    for rule in training_rules():
        learn.estimate_parameters_using_expectation_maximisation(rule, estimate_without_term_frequencies=True)
    return _model(linker.misc.save_model_to_json(), count, seed, engine)


def _model(told: dict[str, Any], count: int, seed: int, engine: str) -> LinkageModel:
    prior = float(told["probability_two_random_records_match"])
    if not 0 < prior < 1:
        raise RiskError(
            "No two records agree on name and date of birth: they cannot be linked.",
            "Look whether the columns of the extracts were mixed up.",
        )
    levels = {
        str(comparison["output_column_name"]): tuple(
            _level(level, prior)
            for level in comparison["comparison_levels"]
            if not level.get("is_null_level")
        )
        for comparison in told["comparisons"]
    }
    return LinkageModel(prior=_rounded(prior), levels=levels, records=count, seed=seed, engine=engine)


def _level(told: dict[str, Any], prior: float) -> Level:
    """Return a level with floors; one that could not be learnt weighs nothing.

    Random pairs hold a few matches, which matters where few others agree: their part is taken out of u.
    """
    m, u = told.get("m_probability"), told.get("u_probability")
    others = 0.0 if u is None else (float(u) - prior * float(m or 0)) / (1 - prior)
    others = max(others, U_FLOOR)
    seen = others if m is None else max(float(m), M_FLOOR)
    return Level(str(told["label_for_charts"]), _rounded(seen), _rounded(others))


def _rounded(share: float) -> float:
    """Return a share to six digits: engines add in no fixed order, and the same seed is to give the same model."""
    return float(f"{share:.6g}")
