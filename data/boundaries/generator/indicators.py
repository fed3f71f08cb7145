"""Indicators: per cents and household counts that follow one latent need, as census columns do."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.boundaries.generator import plan
from data.boundaries.generator.areas import Areas
from data.boundaries.generator.key import Neighbours, Planted

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Indicator:
    """One invented per cent: what it counts among whom, and how it answers to need.

    over: who is counted, a key of UNITS; base: log-odds where need is ordinary; slope: change of the log-
    odds a standard unit of need; noise: of its own.
    """

    column: str
    label: str
    over: str
    base: float
    slope: float
    noise: float


UNITS = {"adults": "people aged 16 years and over", "households": "households", "people": "people"}
UNEMPLOYED = "Economically active: Unemployed (including full-time students)"
INDICATORS = (
    Indicator("highest_qualification_6a-000", "No qualifications", "adults", -1.42, 0.36, 0.24),
    Indicator(
        "hh_deprivation-004", "Household is deprived in three dimensions", "households", -3.52, 0.68, 0.25
    ),
    Indicator(
        "hh_deprivation-005", "Household is deprived in four dimensions", "households", -6.25, 0.80, 0.30
    ),
    Indicator(
        "occupancy_rating_bedrooms_6a-004", "Occupancy rating of bedrooms: -1", "households", -3.6, 0.6, 0.25
    ),
    Indicator(
        "occupancy_rating_bedrooms_6a-005",
        "Occupancy rating of bedrooms: -2 or less",
        "households",
        -5.7,
        0.66,
        0.3,
    ),
    Indicator("number_of_cars_5a-000", "No cars or vans in household", "households", -1.75, 0.55, 0.32),
    Indicator("economic_activity_status_4a-002", UNEMPLOYED, "adults", -3.45, 0.36, 0.15),
    Indicator("health_in_general_4a-003", "Bad or very bad health", "people", -3.08, 0.38, 0.26),
    Indicator("hh_tenure_5a-002", "Rented: Social rented", "households", -2.0, 1.15, 0.70),
    Indicator("hh_family_composition_4a-001", "Other household types", "households", -2.85, 0.18, 0.35),
)
CENTRAL = {
    "number_of_cars_5a-000": 0.30,
    "occupancy_rating_bedrooms_6a-004": 0.15,
    "hh_family_composition_4a-001": 0.25,
}
COUNTS = {
    "occupancy_rating_bedrooms_6a-004": "occ_n: -1 (overcrowded)",
    "occupancy_rating_bedrooms_6a-005": "occ_n: -2 or less (overcrowded)",
    "hh_deprivation-004": "hhdep_n: Household is deprived in three dimensions",
    "hh_deprivation-005": "hhdep_n: Household is deprived in four dimensions",
}
HOT, COLD, HIGH_AMONG_LOW, LONE = 2.5, -2.4, 1.6, 3.8
# The hotspots are crowded beyond what need alone would make them: a rate recipe finds them too.
CROWDED = 0.4
# What lies round a hotspot is needier than the town, too.
FRINGE = 0.75


def draw_need(
    areas: Areas, neighbours: Neighbours, planted: list[Planted], rng: np.random.Generator
) -> Floats:
    """Return the need of each area in standard units: its estate's, a smooth part, its own, the planted."""
    own = rng.normal(0, 1, len(areas.shapes))
    smooth = np.array([own[others].mean() for others in neighbours])
    estate = np.array([estate.need for estate in plan.ESTATES])[areas.estate]
    need = 0.8 * estate + 0.55 * smooth + 0.52 * rng.normal(0, 1, len(own))
    for item in planted:
        size = len(item.members)
        if item.kind == "hotspot":
            fringe = {other for one in item.members for other in neighbours[one]} - set(item.members)
            need[sorted(fringe)] += FRINGE
            need[item.members] = HOT + 0.18 * rng.normal(0, 1, size)
        elif item.kind == "cold_patch":
            need[item.members] = COLD + 0.25 * rng.normal(0, 1, size)
        elif item.kind == "high_among_low":
            need[item.core] = HIGH_AMONG_LOW
        else:
            need[item.members] = -0.05 + 0.2 * rng.normal(0, 1, size)
            need[item.core] = LONE
    return need


def draw_rates(
    need: Floats, areas: Areas, planted: list[Planted], rng: np.random.Generator
) -> dict[str, Floats]:
    """Return the chance behind each indicator in each area; planted lone areas have no noise of theirs."""
    far = np.hypot(*(areas.home - areas.home[np.argmin(_from_centre(areas))]).T) / 1000.0
    quiet = np.ones(len(need))
    quiet[[number for item in planted if item.kind == "hotspot" for number in item.members]] = 0.45
    quiet[
        [number for item in planted if item.kind in ("high_among_low", "lone_high") for number in item.core]
    ] = 0.0
    in_hotspot = np.zeros(len(need))
    in_hotspot[[number for item in planted if item.kind == "hotspot" for number in item.members]] = 1.0
    rates = {}
    for item in INDICATORS:
        central = CENTRAL.get(item.column, 0.0) * np.exp(-((far / 1.4) ** 2))
        crowd = CROWDED * in_hotspot if item.column.startswith("occupancy") else 0.0
        odds = (
            item.base + item.slope * need + central + crowd + quiet * item.noise * rng.normal(0, 1, len(need))
        )
        rates[item.column] = 1 / (1 + np.exp(-odds))
    return rates


def _from_centre(areas: Areas) -> Floats:
    centre = np.asarray(plan.ORIGIN) + 1000 * np.array([plan.ESTATES[0].x, plan.ESTATES[0].y])
    return np.asarray(((areas.home - centre) ** 2).sum(axis=1), dtype=float)


def make_indicators(
    population: pd.DataFrame, households: Ints, rates: dict[str, Floats], rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the per cents (one decimal) and the household counts they agree with."""
    people = population["total"].to_numpy()
    children = population[["age_0_4", "age_5_10", "age_11_15"]].sum(axis=1).to_numpy()
    bases = {"people": people, "adults": people - children, "households": households}
    percents: dict[str, object] = {"oa21cd": population["oa21cd"]}
    counts: dict[str, Ints] = {}
    for item in INDICATORS:
        base = bases[item.over]
        counts[item.column] = rng.binomial(base, rates[item.column])
        percents[item.column] = np.round(100 * counts[item.column] / base, 1)
    table = {
        "oa21_code": population["oa21cd"],
        "occ_n: total_households": households,
        **{COUNTS[column]: counts[column] for column in list(COUNTS)[:2]},
        "hhdep_n: total_households": households,
        **{COUNTS[column]: counts[column] for column in list(COUNTS)[2:]},
    }
    return pd.DataFrame(percents), pd.DataFrame(table)


def make_dictionary() -> pd.DataFrame:
    """Return what each indicator means."""
    return pd.DataFrame(
        {
            "column": [item.column for item in INDICATORS],
            "label": [item.label for item in INDICATORS],
            "unit": "per cent",
            "definition": [f"{item.label}, per cent of {UNITS[item.over]}" for item in INDICATORS],
            "period": "2021",
            "source": "invented for the demo place",
        }
    )
