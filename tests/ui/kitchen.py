"""A small place and run made by hand, so that the screen can be tested without a bake: a town of 6 x 6 squares."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely import LineString, Point, box

from bake.runs import Run, publish

SIDE = 6
STEP = 400.0
WEST, SOUTH = 571_000.0, 188_000.0
FIRM = ("X00000001", "X00000002", "X00000007", "X00000008")
SUGGESTIVE = ("X00000003",)
ISLAND = "X00000036"
UNKNOWN = "X00000030"


def code(number: int) -> str:
    return f"X{number:08d}"


def block(number: int) -> str:
    """The larger area of two by two squares that a square lies in, from X01000001 to X01000009."""
    row, column = divmod(number - 1, SIDE)
    return f"X0100000{row // 2 * 3 + column // 2 + 1}"


def squares() -> gpd.GeoDataFrame:
    """36 squares of 400 m, numbered row by row from the north-west."""
    shapes, names = [], []
    for row in range(SIDE):
        for column in range(SIDE):
            x, y = WEST + STEP * column, SOUTH + STEP * (SIDE - 1 - row)
            shapes.append(box(x, y, x + STEP, y + STEP))
            names.append(f"Square {row + 1}{chr(65 + column)}")
    codes = [code(number) for number in range(1, SIDE * SIDE + 1)]
    wards = ["North Ward" if number <= 18 else "South & <b>Low</b> Ward" for number in range(1, 37)]
    frame = gpd.GeoDataFrame({"code": codes, "name": names}, geometry=shapes, crs="EPSG:27700")
    frame["ward"] = ["X05000001" if ward.startswith("N") else "X05000002" for ward in wards]
    frame["ward_name"] = wards
    frame["lsoa"] = [block(number) for number in range(1, 37)]
    frame["lsoa_name"] = [f"Block {name[-1]}" for name in frame["lsoa"]]
    frame["population"] = 300
    frame["x"], frame["y"] = frame.geometry.centroid.x, frame.geometry.centroid.y
    return frame


def make_place(home: Path, name: str = "sixtown", title: str = "Sixtown") -> Path:
    """Write the place's folder as `geo.place` reads it, with a river for scenery and two postcodes."""
    folder = home / "places" / name
    folder.mkdir(parents=True)
    frame = squares()
    frame.to_parquet(folder / "areas.parquet", index=False)
    frame.drop(columns="geometry")[["code", "population"]].rename(columns={"population": "total"}).to_parquet(
        folder / "population.parquet", index=False
    )
    river = LineString([(WEST, SOUTH + 900), (WEST + 2400, SOUTH + 1300)])
    gpd.GeoDataFrame(
        {"layer": ["river", "place_name"], "name": ["River Six", "Sixtown Cross"]},
        geometry=[river, Point(WEST + 1200, SOUTH + 1200)],
        crs="EPSG:27700",
    ).to_parquet(folder / "scenery.parquet", index=False)
    postcodes = pd.DataFrame(
        {
            "postcode": ["ZZ1 1AA", "ZZ1 1AB"],
            "x": [WEST + 200, WEST + 1400],
            "y": [SOUTH + 2200, SOUTH + 1000],
            "quality": pd.array([1, 1], dtype="Int64"),
            "terminated": [False, False],
            "area": [code(1), code(22)],
        }
    )
    postcodes.to_parquet(folder / "postcodes.parquet", index=False)
    record: dict[str, Any] = {
        "name": name,
        "title": title,
        "fictional": True,
        "level": "oa",
        "vintage": "2021",
        "vintage_status": "not checked",
        "crs": "EPSG:27700",
        "digest": "0" * 64,
        "created_at": "2026-05-01T08:00:00+00:00",
        "licence": "made by hand for a test",
        "files": [{"role": "areas", "file": "areas.gpkg", "sha256": "0" * 64, "rows": 36}],
        "joins": [],
        "notes": [],
        "indicators": {},
    }
    (folder / "place.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


def answers() -> gpd.GeoDataFrame:
    """The run's areas: four firm, one suggestive, one island, one without a value, the rest without a sign."""
    frame = squares()
    number = pd.Series(range(1, 37))
    frame["value"] = (40.0 - number).astype(float)
    frame["low"], frame["high"] = frame["value"] - 5, frame["value"] + 5
    frame["shown"] = frame["value"]
    frame["band"] = (5 - (number - 1) // 8).clip(lower=1).astype("Int64").to_numpy()
    frame["count"], frame["denominator"] = (frame["value"] * 3).round(), 300
    frame["gi_z"] = frame["moran_z"] = 0.1
    frame["p"] = frame["q"] = 0.5
    frame["gi_cluster"] = frame["cluster"] = "none"
    frame["status"], frame["sign"] = "assessed", "no sign"
    frame["neighbours"] = 5
    frame["stability"] = 0.0
    hot = frame["code"].isin(FIRM)
    frame.loc[hot, ["gi_cluster", "cluster", "sign"]] = ["hot", "hot", "firm"]
    frame.loc[hot, ["p", "q", "stability"]] = [0.0001, 0.002, 1.0]
    maybe = frame["code"].isin(SUGGESTIVE)
    frame.loc[maybe, "sign"] = "suggestive"
    frame.loc[maybe, "stability"] = 0.5
    frame.loc[frame["code"] == code(18), "cluster"] = "high_low"
    frame.loc[frame["code"].isin([code(25), code(26)]), "cluster"] = "cold"
    for unknown, status in ((ISLAND, "island"), (UNKNOWN, "missing")):
        row = frame["code"] == unknown
        frame.loc[row, ["sign", "status"]] = ["not assessed", status]
        frame.loc[row, ["gi_z", "moran_z", "p", "q", "stability"]] = float("nan")
    row = frame["code"] == UNKNOWN
    frame.loc[row, ["value", "low", "high", "shown"]] = float("nan")
    frame.loc[row, "band"] = pd.NA
    return frame


def blocks() -> gpd.GeoDataFrame:
    """The answers of the nine larger areas: the first two are in a hotspot, none is without an answer."""
    squared = answers()[["lsoa", "lsoa_name", "geometry"]]
    frame = squared.dissolve("lsoa", as_index=False).rename(columns={"lsoa": "code", "lsoa_name": "name"})
    whole = answers().head(len(frame)).drop(columns=["lsoa", "lsoa_name", "ward", "ward_name"])
    for column in ("code", "name", "geometry"):
        whole[column] = frame[column]
    hot = [True, True, *[False] * 7]
    whole["cluster"] = whole["gi_cluster"] = ["hot" if one else "none" for one in hot]
    whole["sign"] = ["firm" if one else "no sign" for one in hot]
    whole["stability"] = [float(one) for one in hot]
    return whole


def make_coarse_run(home: Path, hour: int = 8) -> Run:
    """Publish the same question asked of the larger areas."""
    return make_run(home, hour=hour, frame=blocks(), level="lsoa")


def make_run(
    home: Path,
    place: str = "sixtown",
    recipe: str = "no_garden",
    hour: int = 9,
    *,
    frame: gpd.GeoDataFrame | None = None,
    level: str = "oa",
    from_records: bool = False,
) -> Run:
    """Publish the run of the hand-made answers, or of others."""
    frame = answers() if frame is None else frame
    when = datetime(2026, 5, 3, hour, tzinfo=UTC)
    said = manifest(place, recipe, level) | ({"from_records": True} if from_records else {})
    return publish(home, frame, said, {"name": "test"}, when)


def manifest(place: str = "sixtown", recipe: str = "no_garden", level: str = "oa") -> dict[str, Any]:
    """What such a run says of itself."""
    return {
        "title": "Homes without a garden",
        "question": "Where do most homes have no garden?",
        "recipe": {"id": recipe, "text": f'id = "{recipe}"', "digest": "1" * 64},
        "place": {
            "name": place,
            "title": "Sixtown",
            "digest": "0" * 64,
            "vintage": "2021",
            "vintage_status": "not checked",
            "fictional": True,
        },
        "level": level,
        "seed": 1,
        "versions": {"larder": "0.1.0"},
        "unit": "per cent of homes",
        "period": "2021",
        "sources": ["Counted by hand, 2021"],
        "decisions": ["One area has no value and was left out."],
        "moran": {"i": 0.4, "expected": -0.03, "z": 4.0, "p": 0.0001, "n": 35},
        "indicators": [],
        "counts": {
            "cluster": {"hot": 4, "none": 29, "cold": 2, "high_low": 1},
            "status": {"assessed": 34, "island": 1, "missing": 1},
            "sign": {"firm": 4, "suggestive": 1, "no sign": 29, "not assessed": 2},
        },
        "must_not_be_used_for": ["Do not use this to decide about a family."],
        "asset_categories": ["library", "childcare"],
        "settings": {"statistic": "local_moran"},
    }
