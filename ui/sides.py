"""Two runs side by side: the layers of each of the two maps, and the rows of the table between them."""

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd
import pydeck as pdk

from ui.deck import SIDE_PIXELS, UNKNOWN, fill_layer
from ui.strokes import Hatching, Stroke, hatching, outline_round
from words.comparing import DIFFER, hotspot_label
from words.palette import INK, NOT_ASSESSED, Outline, band_colour

HOT = Outline("hot", INK, 2.4, (), "In a hotspot")
DIFFERENT = Hatching(Stroke(INK, 1.6), 8.0, falling=True)
LOW, HIGH = 1, 5


def layers(
    compared: gpd.GeoDataFrame, drawn: gpd.GeoDataFrame, table: pd.DataFrame, side: str, holder: str = ""
) -> list[pdk.Layer]:
    """Return one map's layers, lowest first: hotspots filled and outlined, and hatched where the runs differ.

    :param compared: the drawable areas of the first run, which `table` is about, in metres.
    :param drawn: the drawable areas of the run on this map; larger ones hold some of those compared.
    :param table: of `bake.compare.Comparison`.
    :param side: the column of `table` that this map shows, *first* or *second*.
    :param holder: the column of `compared` that names the larger area, where those are drawn.
    """
    hot = table[side].groupby(compared[holder]).first() if holder else table[side]
    hot = hot.reindex(drawn.index)
    told = [None if pd.isna(one) else bool(one) for one in hot]
    colours = [NOT_ASSESSED.ground if one is None else band_colour(HIGH if one else LOW) for one in told]
    bounds = compared.total_bounds
    found = [fill_layer("side", drawn, colours, [hotspot_label(one) for one in told], pickable=True)]
    unknown = drawn[hot.isna()]
    if len(unknown):
        found.append(hatching("hatching", unknown, bounds, UNKNOWN, SIDE_PIXELS))
    differ = compared.loc[table.index[table["change"].isin(DIFFER)]]
    if len(differ):
        found.append(hatching("differ", differ, bounds, DIFFERENT, SIDE_PIXELS))
    inside = drawn[hot.fillna(False)]
    return [*found, *outline_round(HOT, inside)] if len(inside) else found


def table_rows(areas: gpd.GeoDataFrame, table: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Return the table as it is shown, indexed by code: by outcome as `labels` order them, then by name.

    :param areas: of the first run.
    :param table: of `bake.compare.Comparison`.
    """
    inside = areas.loc[table.index]
    part_of = next((name for name in ("msoa_name", "ward_name") if name in inside.columns), None)
    shown = pd.DataFrame(
        {
            "Area": inside["name"],
            "In a hotspot": table["change"].map(dict(labels)),
            "Part of": inside[part_of] if part_of else "",
            "Ways that agree": (table["share"] * 100).round(),
            "Code": table.index,
        },
        index=table.index,
    )
    order = table["change"].map({kind: place for place, kind in enumerate(labels)})
    return shown.assign(_order=order).sort_values(["_order", "Area", "Code"]).drop(columns="_order")


def differing(rows: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows in which the two runs differ."""
    return rows[table["change"].isin(DIFFER).reindex(rows.index)]
