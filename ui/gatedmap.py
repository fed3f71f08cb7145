"""The map of a run from records: what was observed, what is predicted, where the two differ, or need by LSOA.

Each is a map of its own, for an observation and a prediction are never mixed. All that is drawn was released: classes,
and bands of rates and of chances; an area of which nothing is told is hatched, and the pointer reads its LSOA's rate.
"""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import pydeck as pdk

from ui.deck import AREAS_LAYER, UNKNOWN, fill_layer, ghosts, hatched, outline_layers
from ui.rows import need_words, number
from ui.strokes import Hatching, Stroke, outline_round, path_layer
from words.labels import KINDS, level_term, rate_band, sign_label
from words.palette import (
    AREA_EDGE,
    INK,
    OBSERVED,
    PREDICTED,
    PREDICTED_COLD,
    Outline,
    band_colour,
)
from words.records import PREDICTED as PREDICTED_WORDS
from words.records import rate_words, short_instead

CHANCES = {0.0: 1, 0.05: 2, 0.2: 3, 0.5: 4, 0.8: 5, 0.95: 5}
"""The colour of each band of the chance, by where it begins."""
KIND_COLOURS = {"both": 5, "observed only": 3, "predicted only": 3, "neither": 1}
OBSERVED_ONLY = Hatching(Stroke(INK, 1.3), 7.0)
PREDICTED_ONLY = Hatching(Stroke(INK, 1.3), 7.0, falling=True)
FIFTHS = 5

Layers = tuple[list[pdk.Layer], list[pdk.Layer]]


def layers(areas: gpd.GeoDataFrame, shown: Sequence[bool], layer: str, larger: pd.DataFrame) -> Layers:
    """Return the ground and the outlines of what is asked for, of the areas that pass the filter.

    :param areas: drawable, in metres. :param larger: released figures of larger areas over all cohorts, by code.
    """
    mask = np.asarray(shown, dtype=bool)
    inside, rest = areas[mask], ghosts(areas[~mask])
    draw = {"predicted": _predicted, "differ": _differ, "lsoa": _by_lsoa}.get(layer, _observed)
    ground, lines = draw(areas, inside, larger)
    return [*rest, *ground], lines


def _observed(areas: gpd.GeoDataFrame, inside: gpd.GeoDataFrame, larger: pd.DataFrame) -> Layers:
    words = [
        need if pd.isna(low) else f"{need} · {sign_label(str(sign))}"
        for need, low, sign in zip(
            need_words(inside, larger), inside["rate_from"], inside["sign"], strict=True
        )
    ]
    colours = [band_colour(None if pd.isna(band) else int(band)) for band in inside["band"]]
    fills = fill_layer(AREAS_LAYER, inside, colours, words)
    unknown = hatched(areas, inside[inside["band"].isna()], "hatching", UNKNOWN)
    return [fills, *unknown], outline_layers(inside, [True] * len(inside))


def _predicted(areas: gpd.GeoDataFrame, inside: gpd.GeoDataFrame, larger: pd.DataFrame) -> Layers:
    chance = inside["chance_from"]
    words = [
        _instead(row, larger)
        if pd.isna(row["chance_from"])
        else f"{PREDICTED_WORDS[str(row['predicted'])]} · chance: {chance_words(row['chance_from'], row['chance_to'])}"
        for _, row in inside.iterrows()
    ]
    colours = [band_colour(chance_band(value)) for value in chance]
    fills = fill_layer(AREAS_LAYER, inside, colours, words)
    lines = _lines(
        inside, ((PREDICTED_COLD, inside["predicted"] == "cold"), (PREDICTED, inside["predicted"] == "hot"))
    )
    return [fills, *hatched(areas, inside[chance.isna()], "hatching", UNKNOWN)], lines


def _differ(areas: gpd.GeoDataFrame, inside: gpd.GeoDataFrame, larger: pd.DataFrame) -> Layers:
    kinds = inside["kinds"].astype(str)
    words = [
        _instead(row, larger) if row["kinds"] == "cannot say" else KINDS[str(row["kinds"])]
        for _, row in inside.iterrows()
    ]
    fills = fill_layer(AREAS_LAYER, inside, [band_colour(KIND_COLOURS.get(kind)) for kind in kinds], words)
    patterns = (
        ("cannot say", UNKNOWN),
        ("observed only", OBSERVED_ONLY),
        ("predicted only", PREDICTED_ONLY),
    )
    ground = [one for kind, look in patterns for one in hatched(areas, inside[kinds == kind], kind, look)]
    lines = _lines(
        inside,
        (
            (PREDICTED, kinds == "predicted only"),
            (OBSERVED, kinds.isin(["both", "observed only"])),
        ),
    )
    return [fills, *ground], lines


def _by_lsoa(areas: gpd.GeoDataFrame, inside: gpd.GeoDataFrame, larger: pd.DataFrame) -> Layers:
    band, rate = lsoa_bands(larger), larger["rate"]
    mine, around = inside["lsoa"].map(band), level_term("lsoa")
    words = [
        f"{row['lsoa_name']}, {around}: {rate_words(float(rate[row['lsoa']]))}"
        if pd.notna(rate[row["lsoa"]])
        else f"{row['lsoa_name']}, {around}: no number may be told"
        for _, row in inside.iterrows()
    ]
    colours = [band_colour(None if pd.isna(one) else int(one)) for one in mine]
    fills = fill_layer(AREAS_LAYER, inside, colours, words)
    whole = inside[["lsoa", "geometry"]].dissolve("lsoa")
    edges = path_layer("lsoa-edges", whole.geometry.boundary.union_all(), inside.crs, Stroke(AREA_EDGE, 1.6))
    return [fills, *hatched(areas, inside[mine.isna()], "hatching", UNKNOWN)], [edges]


def lsoa_bands(larger: pd.DataFrame) -> pd.Series:
    """Return fifths of the released rates of LSOAs, 5 the highest; those told alike share one, untold have none."""
    rate = larger.loc[larger["level"] == "lsoa", "rate"].astype("Float64")
    rank = rate.rank(method="average", pct=True)
    return np.ceil(rank * FIFTHS).clip(1, FIFTHS).astype("Int64")


def lsoa_words(larger: pd.DataFrame) -> dict[int, str]:
    """Return the rates that each of those fifths holds, in words."""
    band = lsoa_bands(larger)
    rate = larger.loc[band.index, "rate"]
    return {
        int(one): f"{rate[band == one].min():.0f} to {rate[band == one].max():.0f} %"
        for one in sorted(band.dropna().unique())
    }


def need_bands(areas: pd.DataFrame) -> dict[int, str]:
    """Return the bands of rates that each colour stands for, in words: *40 % or more*."""
    told = areas.dropna(subset=["band"])
    return {
        int(band): rate_band(float(rows["rate_from"].min()), float(rows["rate_to"].max()))
        for band, rows in told.groupby("band")
    }


def chance_band(low: object) -> int | None:
    """Return the colour of a band of the chance, by where it begins; None where it is not told."""
    found = number(low)
    return None if found is None else CHANCES.get(round(found, 4))


def chance_words(low: float, high: float) -> str:
    """Return a band of the chance (shares) in words."""
    return rate_band(round(100 * low, 6), round(100 * high, 6)).lower()


def _instead(row: pd.Series, larger: pd.DataFrame) -> str:
    if pd.notna(row["rate_from"]):
        return "We cannot say"
    return short_instead(level_term("lsoa"), number(larger["rate"].get(row["lsoa"])))


def _lines(inside: gpd.GeoDataFrame, kinds: Sequence[tuple[Outline, pd.Series]]) -> list[pdk.Layer]:
    return [
        one
        for outline, members in kinds
        if members.fillna(False).any()
        for one in outline_round(outline, inside[members.fillna(False).astype(bool)])
    ]
