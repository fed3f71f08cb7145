"""A run from records made by hand on the town of six by six squares: the gate told of its counts, nothing was baked."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from bake.agencies import agencies_through_the_gate, agency_files
from bake.gated import _named
from bake.people import Knowledge
from bake.runs import COUNTS, OUTLOOK, Run, publish
from disclosure.gate import release_counts
from risk.agencies import Agencies, Fact
from risk.answers import Answers, Hazard
from risk.drivers import DEPRIVATION, UNEXPLAINED, Drivers
from risk.meanings import Meaning
from risk.record import RunParts, make_record
from tests.ui import kitchen

YEARS = ("2022", "2023", "2024")
POOLED = "2022 to 2024"
FEW = kitchen.code(36)
BOTH, OBSERVED, PREDICTED = (kitchen.code(number) for number in (1, 2, 8))
DISTRICT, NORTH, SOUTH = "X07000001", "X02000001", "X02000002"


def squares() -> gpd.GeoDataFrame:
    """The squares with an MSOA for each half of the town, and the district."""
    frame = kitchen.squares().drop(columns=["ward", "ward_name"]).set_index("code")
    # the blocks of the third row cut across neither: rows 1 to 2 are the north, 3 to 6 the south
    north = frame["lsoa"].isin([f"X0100000{number}" for number in (1, 2, 3)])
    frame["msoa"] = np.where(north, NORTH, SOUTH)
    frame["msoa_name"] = np.where(north, "Northside", "Southside")
    frame["district"], frame["district_name"] = DISTRICT, "Sixtown"
    return frame


def counted(share: dict[str, float], few: int = 30) -> pd.DataFrame:
    """Children by square and year, so many of `few` by MSOA; the last square has three children a year."""
    frame = squares()
    rows = {code: round(few * share[msoa]) if code != FEW else 1 for code, msoa in frame["msoa"].items()}
    return pd.DataFrame({year: pd.Series(rows) for year in YEARS}).rename_axis("oa")


def children() -> pd.DataFrame:
    return counted({NORTH: 1.0, SOUTH: 1.0}).replace(1, 3)


def areas() -> gpd.GeoDataFrame:
    """What is told of the squares: one hotspot of each kind, and one square with too few children."""
    frame = squares()
    frame["children"] = 90
    north = frame["msoa"] == NORTH
    frame["rate_from"], frame["rate_to"] = np.where(north, 40.0, 10.0), np.where(north, 50.0, 20.0)
    frame["band"] = np.where(north, 5, 2)
    frame["q_from"], frame["q_to"] = 0.1, 1.0
    frame["gi_cluster"] = frame["cluster"] = "none"
    frame["status"], frame["reason"], frame["neighbours"] = "assessed", "", 5
    frame["stability"], frame["sign"] = 0.0, "no sign"
    frame["predicted"], frame["chance_from"], frame["chance_to"] = "none", 0.05, 0.2
    frame["kinds"] = "neither"
    frame.loc[BOTH, ["sign", "gi_cluster", "kinds", "predicted"]] = ["firm", "hot", "both", "hot"]
    frame.loc[OBSERVED, ["sign", "gi_cluster", "kinds"]] = ["firm", "hot", "observed only"]
    frame.loc[PREDICTED, ["kinds", "predicted"]] = ["predicted only", "hot"]
    frame.loc[[BOTH, PREDICTED], ["chance_from", "chance_to"]] = [0.8, 0.95]
    few = ["rate_from", "rate_to", "q_from", "q_to", "stability", "chance_from", "chance_to"]
    frame["band"] = frame["band"].astype("Int64")
    frame.loc[FEW, few] = np.nan
    frame.loc[FEW, "band"] = pd.NA
    frame.loc[FEW, ["predicted", "gi_cluster", "cluster"]] = None
    frame.loc[FEW, ["status", "sign", "kinds"]] = ["too few children", "not assessed", "cannot say"]
    frame.loc[FEW, "reason"] = "too few children: see its LSOA"
    return frame


def outlook() -> pd.DataFrame:
    """What is expected in 2025: of 500 children 130 in the district, 75 in the north, nothing told of an LSOA."""
    rows = [
        ("district", DISTRICT, 500, 130, 100, 160, "expected", ""),
        ("msoa", NORTH, 170, 75, 60, 90, "expected", ""),
        ("msoa", SOUTH, 330, 55, 0, 75, "expected", ""),
        ("lsoa", "X01000001", 20, None, None, None, "suppressed", "too small a number to tell"),
    ]
    names = ["level", "code", "children", "expected", "low", "high", "status", "reason"]
    table = pd.DataFrame(rows, columns=names).assign(period="2025")
    return table.astype(dict.fromkeys(("expected", "low", "high"), "Int64"))


def meaning(agency: str) -> Meaning:
    return Meaning("value", agency, column="told", values=("Y",))


def said() -> tuple[Agencies, Drivers]:
    """Two agencies, one thing that each says, and what sets the halves of the town apart."""
    facts = (
        Fact("speech", "births", "Speech at two", "30 or less", True, ("speech",), meaning("births")),
        Fact("nursery", "schools", "Went to a nursery", "", False, ("nursery",), meaning("schools")),
    )
    agencies = Agencies(
        titles={"births": "Births", "schools": "Schools", "housing": "Housing"},
        known={
            "births": counted({NORTH: 0.9, SOUTH: 0.9}),
            "housing": counted({NORTH: 0.5, SOUTH: 0.3}),
            "schools": children(),
        },
        facts={
            "speech": counted({NORTH: 0.4, SOUTH: 0.2}),
            "nursery": counted({NORTH: 0.7, SOUTH: 0.5}),
        },
        asked=facts,
    )
    moved = pd.DataFrame(
        {
            "speech": {NORTH: 0.3, SOUTH: -0.1},
            "nursery": {NORTH: -0.2, SOUTH: 0.1},
            DEPRIVATION: {NORTH: 0.05, SOUTH: 0.0},
            UNEXPLAINED: {NORTH: 0.4, SOUTH: 0.0},
        }
    )
    return agencies, Drivers(moved, moved.abs().max())


def knowledge() -> Knowledge:
    agencies, drivers = said()
    nothing: dict[str, Any] = {"risk": None, "ahead": None, "validation": {}, "linkage": {}, "sources": []}
    return Knowledge(
        counts=counted({NORTH: 0.45, SOUTH: 0.15}), children=children(),
        whole=counted({NORTH: 0.45, SOUTH: 0.15}), agencies=agencies, drivers=drivers,
        shown="model", top=[], decisions=[], **nothing,
    )  # fmt: skip


def rate(value: float, low: float, high: float) -> dict[str, float]:
    return {"value": value, "low": low, "high": high}


def found(value: float) -> dict[str, Any]:
    return {"recall_top_20": {"found_per_place_visited": rate(value, value - 0.1, value + 0.1)}}


def group(name: str, missed: float, expected: float, came: float) -> dict[str, Any]:
    return {
        "group": name,
        "status": "",
        "false_negative_rate": rate(missed, missed - 0.05, missed + 0.05),
        "false_positive_rate": rate(0.2, 0.1, 0.3),
        "observed": rate(came, came - 0.02, came + 0.02),
        "expected": expected,
    }


def record(*, passed: bool) -> dict[str, Any]:
    """The record of the run, by the project's own maker: the people who answer for it have said little."""
    simpler = {"overall_rate": 1.9, "deprivation_decile": 2.0, "last_cohort_rate": 1.95}
    validation = {
        "passed": passed,
        "chosen": "model" if passed else "deprivation_decile",
        "finding": "The finding.",
        "pass_mark": {
            "stated": {"share": 0.2},
            "requirements": [{"what": "a lower log loss", "found": "0.0646 lower", "met": passed}],
        },
        "model": found(2.4),
        "baselines": {name: found(value) for name, value in simpler.items()},
        "gains": {
            name: {"top_20": rate(2.4 - value, 0.2, 0.6)} for name, value in simpler.items()
        },
        "calibration": {
            "curve": [
                {"chance": 0.1, "observed": 0.1, "low": 0.08, "high": 0.12},
                {"chance": 0.7, "observed": 0.6, "low": 0.55, "high": 0.65},
            ]
        },
        "groups": {"sex": [group("f", 0.5, 0.29, 0.22), group("m", 0.5, 0.33, 0.33)]},
        "kinds_of_place": {
            "deprivation": [
                group("least deprived fifth", 0.8, 0.2, 0.2),
                group("most deprived fifth", 0.4, 0.4, 0.4),
                {"group": "third", "status": "too few children"},
            ]
        },
        "held_back": {},
    }  # fmt: skip
    source = {
        "name": "Births", "controller": "A trust", "lawful_basis": "A task", "measures": ["need", "contact"],
        "period": "2016-09-01 to 2026-09-30", "retention": "Ninety days",
    }  # fmt: skip
    return make_record(
        RunParts(
            about={"title": "Ready for school: Sixtown", "review_date": "2027-05-01"},
            sources=[source],
            answers=Answers(risks=[Hazard(risk="A street is talked down.", mitigation="No rank.")]),
            validation=validation,
            linkage={
                "expected_precision": 0.99,
                "expected_recall": 0.95,
                "sentences": ["Linked by a model."],
                "threshold": 0.9,
                "weights": [
                    {"comparison": "before anything is compared", "level": "", "weight": -14.0},
                    {"comparison": "born", "level": "the same", "m": 0.96, "u": 0.0005, "weight": 10.0},
                    {"comparison": "sex", "level": "different", "m": 0.02, "u": 0.5, "weight": -4.0},
                ],
            },
            areas={"notes": ["A technical note."]},
            disclosure=["Counts of 1 to 7 are suppressed."],
            limits=["It is one assessment at one age."],
        )
    )


def make_records_run(
    home: Path, *, hour: int = 12, year: int = 2026, passed: bool = True, earlier: bool = False
) -> Run:
    """Publish the run, a draft; `earlier` as one that was baked before agencies were told of."""
    table, known = squares(), knowledge()
    hierarchy = pd.DataFrame(table[["lsoa", "msoa", "district"]]).rename_axis("oa")
    counts = release_counts(known.counts, hierarchy, known.children)
    files = {COUNTS: parquet(_named(counts.frame, table)), OUTLOOK: parquet(outlook())}
    if not earlier:
        files |= agency_files(agencies_through_the_gate(known, table, "schools"))
    top = [] if passed else ["The model adds nothing to the deprivation decile alone."]
    manifest = kitchen.manifest(recipe="ready") | {
        "from_records": True,
        "top": top,
        "question": "Where will children need support?",
        "outcome": {"definition": "The share of children assessed."},
        "limits": ["It is one assessment at one age."],
        "unit": "per cent of children",
        "settings": {
            "grid": [{"id": "queen"}, {"id": "rook"}],
            "records": {
                "outcome": {"agency": "schools"}, "next_cohort": 2025, "margin": 0.05, "shown": "model" if passed
                else "deprivation_decile",
            },
        },
    }  # fmt: skip
    when = datetime(year, 5, 3, hour, tzinfo=UTC)
    return publish(home, areas().reset_index(), manifest, record(passed=passed), when, files=files)


def parquet(table: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False)
    return buffer.getvalue()
