"""Agencies, gated: what each agency's records say of larger areas, and what sets those apart, as it may be told."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from bake.people import Knowledge
from disclosure.policy import Policy
from disclosure.released import Released
from disclosure.stack import Table, release_stack, tables_in, taken_apart
from risk.agencies import Fact
from risk.drivers import DEPRIVATION, UNEXPLAINED
from risk.meanings import Meaning, contained

LEVELS = ("lsoa", "msoa", "district")
STACK = "agencies"
"""What the release of all agencies' tables is called among the releases of a run."""
AGENCIES, DRIVERS = "agencies.parquet", "drivers.parquet"
"""What a run from records has beside its areas: what agencies say, and what sets larger areas apart."""
GUARDED_AS = "agencies."
"""How the names begin under which the guard of a run keeps what the gate released of agencies' records."""
KNOWN = "known"
"""The fact that an agency has a child in its records."""
NEED, STRENGTH = "need", "strength"
LEAST, MUCH = 0.02, 0.1
"""Log odds from which a fact is told to set an area apart, and from which it does so strongly."""
LEAST_RATE = 2.0
"""Per cent by which the rates of area and district have to differ too."""
OVER = 0.15
"""Log odds from which an area is said to lie above or below what its records explain."""
TOLD_OF_MSOAS = Policy(chain=("msoa", "district"), banded=("lsoa",))
Rates = dict[str, tuple[float, float]]
"""By fact: the rate of an area and of its district, per cent; NA where it may not be told."""


@dataclass(frozen=True)
class GatedAgencies:
    """What may be told: `table` a row a fact, level, area and period; `drivers` a row a reason; the gate's releases."""

    table: pd.DataFrame
    drivers: pd.DataFrame
    released: Mapping[str, Released]
    decisions: tuple[str, ...]


def agencies_through_the_gate(
    known: Knowledge,
    areas: gpd.GeoDataFrame,
    outcome: str,
    earlier: Sequence[Mapping[str, Released]] = (),
) -> GatedAgencies:
    """Return what of the agencies' records may be told, each fact beside what earlier runs told of the same.

    `outcome` is the agency that tells the outcome: by definition it knows every child who is counted.

    Whom an agency knows is told of districts and MSOAs as a count, of LSOAs as a band over all cohorts together. What
    it says of the children is told from MSOA up, because it is what sets areas apart: never of less than an MSOA.
    """
    tables, earlier_ = tables_of(known, outcome), [one[STACK] for one in earlier if STACK in one]
    before = dict.fromkeys(name for one in earlier_ for name in tables_in(one))
    released = release_stack(
        tables,
        pd.DataFrame(areas[[*LEVELS]].astype(str)),
        known.children,
        TOLD_OF_MSOAS,
        contained=contained(Meaning.read(name) for name in {**before, **dict.fromkeys(tables)}),
        earlier=earlier_,
    )
    table = _named(_told(released, known), areas)
    return GatedAgencies(table, _drivers(known, table, areas), {STACK: released}, (_decision(known),))


def tables_of(known: Knowledge, outcome: str) -> dict[str, Table]:
    """Return the counts of whom each agency knows and of what it says, by what they mean."""
    said = known.agencies
    knowing = {
        _knows(agency): Table(table, "lsoa") for agency, table in said.known.items() if agency != outcome
    }
    return knowing | {fact.meaning.text(): Table(said.facts[fact.name], "msoa") for fact in said.asked}


def _knows(agency: str) -> str:
    return Meaning("known", agency).text()


def _told(released: Released, known: Knowledge) -> pd.DataFrame:
    """Return the figures of all tables, each with its agency and what it says in words, in the order of the recipe."""
    said, frame = known.agencies, taken_apart(released.frame)
    words = {_knows(agency): (agency, KNOWN, "Known to this agency") for agency in said.known} | {
        fact.meaning.text(): (fact.agency, fact.name, fact.sentence()) for fact in said.asked
    }
    named = pd.DataFrame.from_dict(words, orient="index", columns=["agency", "fact", "label"])
    named.insert(1, "title", named["agency"].map(said.titles).fillna("All agencies together"))
    told = named.rename_axis("table").reset_index().merge(frame, on="table")
    return told.drop(columns="table")


def _named(table: pd.DataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    names = _names(areas)
    table.insert(6, "name", table["code"].map(names).fillna(table["code"]))
    return table


def _names(areas: gpd.GeoDataFrame) -> dict[str, str]:
    names: dict[str, str] = {}
    for level in ("lsoa", "msoa", "district"):
        if f"{level}_name" in areas:
            names |= dict(zip(areas[level].astype(str), areas[f"{level}_name"].astype(str), strict=True))
    return names


def _drivers(known: Knowledge, table: pd.DataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return what sets MSOAs apart: which way and how far, with the released rates of area and district.

    The model says which facts matter; what is told of them comes from the released rates, and both have to agree.
    """
    columns = ["level", "code", "name", "agency", "fact", "label", "side", "strength", "here", "district"]
    if known.drivers is None:
        return pd.DataFrame(columns=columns)
    names, moved, rates = _names(areas), known.drivers.table, _rates(table)
    rows = [
        ("msoa", str(code), names.get(str(code), str(code)), *reason)
        for code in moved.index
        for reason in [
            *_from_records(moved.loc[code], known.agencies.asked, rates[str(code)]),
            *_from_the_rest(moved.loc[code]),
        ]
    ]
    return pd.DataFrame([*_of_district(known, table), *rows], columns=columns)


def _of_district(known: Knowledge, table: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    """Give which facts move predictions most across the district, and whether they go with more need or with less."""
    assert known.drivers is not None
    pooled = table[
        (table["level"] == "district") & (table["period"] == max(table["period"].unique(), key=len))
    ]
    spread = known.drivers.spread
    asked = [fact for fact in known.agencies.asked if fact.name in spread and spread[fact.name] >= MUCH / 2]
    for fact in sorted(asked, key=lambda one: -spread[one.name]):
        for _, row in pooled[(pooled["fact"] == fact.name) & pooled["rate"].notna()].iterrows():
            side, rate = NEED if fact.with_need else STRENGTH, float(row["rate"])
            where = ("district", row["code"], row["name"])
            yield (
                *where,
                fact.agency,
                fact.name,
                fact.sentence(),
                side,
                _strength(spread[fact.name]),
                rate,
                rate,
            )


def _rates(table: pd.DataFrame) -> Mapping[str, Rates]:
    """Return the released rates of each MSOA beside its district's over all cohorts together, by fact."""
    pooled = table[(table["period"] == max(table["period"].unique(), key=len)) & (table["fact"] != KNOWN)]
    whole = pooled[pooled["level"] == "district"].set_index("fact")["rate"].to_dict()
    found: dict[str, Rates] = {}
    here = pooled.loc[pooled["level"] == "msoa", ["code", "fact", "rate"]]
    for code, fact, rate in here.itertuples(index=False):
        found.setdefault(str(code), {})[str(fact)] = (rate, whole[fact])
    return found


def _from_records(moved: pd.Series, asked: Sequence[Fact], rates: Rates) -> Iterator[tuple[object, ...]]:
    told = [fact for fact in asked if fact.name in moved and abs(moved[fact.name]) >= LEAST]
    for fact in sorted(told, key=lambda one: -abs(moved[one.name])):
        here, district = rates[fact.name]
        if pd.isna(here) or pd.isna(district) or abs(here - district) < LEAST_RATE:
            continue
        more = (here > district) == fact.with_need
        if more != (
            moved[fact.name] > 0
        ):  # the model reads something else from it, such as that it is missing
            continue
        side = NEED if more else STRENGTH
        yield (
            fact.agency,
            fact.name,
            fact.sentence(),
            side,
            _strength(moved[fact.name]),
            float(here),
            float(district),
        )


def _from_the_rest(moved: pd.Series) -> Iterator[tuple[object, ...]]:
    """Give what no agency holds: the deprivation of the place, and what stays over."""
    for name, least in ((DEPRIVATION, LEAST), (UNEXPLAINED, OVER)):
        if name in moved and abs(moved[name]) >= least:
            side = NEED if moved[name] > 0 else STRENGTH
            yield "", name, "", side, _strength(moved[name]), np.nan, np.nan


def _strength(moved: float) -> str:
    return "much" if abs(moved) >= MUCH else "some"


def _decision(known: Knowledge) -> str:
    why = (
        "What sets an MSOA apart is told in words, from the model's effects and the released rates."
        if known.drivers is not None
        else "Nothing is told of what sets areas apart, because the map does not show the model."
    )
    return (
        f"What agencies say of the children is told from MSOA up, whom they know from LSOA up in bands. {why}"
    )


def agency_files(gated: GatedAgencies) -> dict[str, bytes]:
    """Return the tables that the run holds."""
    return {AGENCIES: _parquet(gated.table), DRIVERS: _parquet(gated.drivers)}


def agencies_guarded(gated: GatedAgencies) -> dict[str, Released]:
    """Return the gate's releases under the names by which the guard keeps them."""
    return {f"{GUARDED_AS}{name}": one for name, one in gated.released.items()}


def agencies_of(guard: Mapping[str, Released]) -> dict[str, Released]:
    """Return from a guard what the gate released of agencies' records, by name; nothing where it told of none."""
    return {name.removeprefix(GUARDED_AS): one for name, one in guard.items() if name.startswith(GUARDED_AS)}


def _parquet(table: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False, compression="zstd")
    return buffer.getvalue()
