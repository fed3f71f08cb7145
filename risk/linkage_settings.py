"""Linkage settings: the one description of how records are compared, from which each engine's own is made."""

from dataclasses import dataclass
from typing import Any

import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from splink import SettingsCreator, block_on
from splink.internals.blocking_rule_creator import BlockingRuleCreator
from splink.internals.comparison_level_creator import ComparisonLevelCreator

# Splink's own signature for "either side is unknown"
_UNKNOWN = "({0}_l IS NULL OR {0}_r IS NULL)"
_SWAPPED = "(forename_l = surname_r AND surname_l = forename_r)"
ALIKE = (
    "(levenshtein({0}forename{1}, {2}forename{3}) <= 1 OR {0}forename_sound{1} = {2}forename_sound{3} "
    "OR {0}forename_letters{1} = {2}forename_letters{3} "
    "OR (length({0}forename{1}) >= 4 AND {2}forename{3} LIKE concat('%', {0}forename{1}, '%')) "
    "OR (length({2}forename{3}) >= 4 AND {0}forename{1} LIKE concat('%', {2}forename{3}, '%')))"
)
"""Forenames that may be one name written twice; the four gaps are what stands before and after each side's columns."""


@dataclass(frozen=True)
class Loss:
    """What a wrong link (two persons made one) costs beside a missed link (one person left as two).

    A pair is linked where that costs less than leaving it: at a match probability of wrong / (wrong + missed) or more.
    """

    wrong: float = 9.0
    missed: float = 1.0

    @property
    def threshold(self) -> float:
        """Return the match probability from which a pair is linked."""
        return self.wrong / (self.wrong + self.missed)

    def sentence(self) -> str:
        """Return the choice in words."""
        return (
            f"A wrong link counts as {self.wrong:g} and a missed one as {self.missed:g}, so a pair is linked from a "
            f"match probability of {self.threshold:.3f}."
        )


def settings(dialect: str, prior: float = 0.0001) -> dict[str, Any]:
    """Return Splink's settings in the dialect of an engine ("duckdb" or "spark"), untrained.

    Only comparisons that all engines answer alike are used: equality, substrings and Levenshtein's distance.
    """
    creator = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[_forename(), _surname(), _born(), _sex(), _home(), _guardian()],
        blocking_rules_to_generate_predictions=blocking_rules(),
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
        unique_id_column_name="unique_id",
        max_iterations=40,
        probability_two_random_records_match=prior,
    )
    made: dict[str, Any] = creator.create_settings_dict(dialect)
    return made


def blocking_rules() -> list[BlockingRuleCreator | dict[str, Any]]:
    """Return which pairs are compared at all: those that agree on enough to be the same person."""
    return [
        block_on("born", "surname_sound"),
        block_on("born", "forename_sound"),
        block_on("born", "postcode"),
        block_on("born", "home"),
        block_on("forename_root", "surname_sound", "postcode"),
        block_on("forename_root", "home"),
        block_on("forename", "surname", "substr(born, 1, 4)"),
        block_on("surname", "forename_root", "substr(born, 5, 4)"),
    ]


def training_rules() -> list[BlockingRuleCreator]:
    """Return on what pairs must agree, in turn, while the other comparisons are learnt."""
    return [block_on("born"), block_on("forename", "surname")]


def certain_rules() -> list[str | BlockingRuleCreator]:
    """Return rules that hardly ever join two persons, to learn how common matches are."""
    return [
        block_on("forename", "surname", "born"),
        block_on("forename", "born", "home"),
        block_on("forename", "born", "postcode"),
    ]


CERTAIN_RECALL = 0.75
"""The share of all matches that the certain rules find, as tried on records with the usual slips."""


def _level(sql: str, label: str) -> levels.CustomLevel:
    return levels.CustomLevel(sql, label_for_charts=label)


def _null(sql: str) -> ComparisonLevelCreator:
    return levels.CustomLevel(sql).configure(is_null_level=True, label_for_charts="not known")


def _forename() -> comparisons.CustomComparison:
    return comparisons.CustomComparison(
        output_column_name="forename",
        comparison_levels=[
            _null(_UNKNOWN.format("forename")),
            levels.ExactMatchLevel("forename", term_frequency_adjustments=True).configure(
                label_for_charts="the same"
            ),
            _level("forename_root_l = forename_root_r", "a short form or spelling of it"),
            _level(_SWAPPED, "exchanged with the surname"),
            _level(ALIKE.format("", "_l", "", "_r"), "much alike"),
            _level(
                "forename_l = forename_other_r OR forename_other_l = forename_r",
                "the same as another one held",
            ),
            levels.ElseLevel().configure(label_for_charts="different"),
        ],
    )


def _surname() -> comparisons.CustomComparison:
    part = (
        "(surname_l LIKE concat(surname_r, ' %') OR surname_l LIKE concat('% ', surname_r) "
        "OR surname_r LIKE concat(surname_l, ' %') OR surname_r LIKE concat('% ', surname_l))"
    )
    return comparisons.CustomComparison(
        output_column_name="surname",
        comparison_levels=[
            _null(_UNKNOWN.format("surname")),
            levels.ExactMatchLevel("surname", term_frequency_adjustments=True).configure(
                label_for_charts="the same"
            ),
            _level(part, "one half of it"),
            _level(_SWAPPED, "exchanged with the forename"),
            _level(
                "levenshtein(surname_l, surname_r) <= 1 OR surname_sound_l = surname_sound_r", "much alike"
            ),
            _level(
                "surname_l = surname_other_r OR surname_other_l = surname_r", "the same as another one held"
            ),
            levels.ElseLevel().configure(label_for_charts="different"),
        ],
    )


def _born() -> comparisons.CustomComparison:
    return comparisons.CustomComparison(
        output_column_name="born",
        comparison_levels=[
            _null(_UNKNOWN.format("born")),
            _level("born_l = born_r", "the same"),
            _level("born_turned_l = born_r", "day and month exchanged"),
            _level("levenshtein(born_l, born_r) <= 1", "one digit apart"),
            _level("substr(born_l, 1, 6) = substr(born_r, 1, 6)", "the same month"),
            levels.ElseLevel().configure(label_for_charts="different"),
        ],
    )


def _sex() -> comparisons.CustomComparison:
    return comparisons.CustomComparison(
        output_column_name="sex",
        comparison_levels=[
            _null(_UNKNOWN.format("sex")),
            _level("sex_l = sex_r", "the same"),
            levels.ElseLevel().configure(label_for_charts="different"),
        ],
    )


def _home() -> comparisons.CustomComparison:
    same = " OR ".join(
        f"{name}{a}_l = {name}{b}_r"
        for name in ("home", "door")
        for a in ("", "_other")
        for b in ("", "_other")
    )
    unknown = f"({_UNKNOWN.format('postcode')} AND {_UNKNOWN.format('home')})"
    return comparisons.CustomComparison(
        output_column_name="home",
        comparison_levels=[
            _null(unknown),
            _level(same, "the same home, now or before"),
            _level("postcode_l = postcode_r", "the same postcode"),
            _level("levenshtein(postcode_l, postcode_r) <= 1", "a postcode one letter apart"),
            levels.ElseLevel().configure(label_for_charts="different"),
        ],
    )


def _guardian() -> comparisons.CustomComparison:
    return comparisons.CustomComparison(
        output_column_name="guardian",
        comparison_levels=[
            _null(_UNKNOWN.format("guardian_initial")),
            _level("guardian_l = guardian_r", "the same forename"),
            _level("guardian_initial_l = guardian_initial_r", "the same initial"),
            levels.ElseLevel().configure(label_for_charts="different"),
        ],
    )
