"""The rows of a run that a view lets through: map, table, legend and file all take them from here."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ui.state import View
from words.cells import safe_cell
from words.fields import BY_NAME
from words.labels import KINDS, SIGNS, band_label, level_term, rate_band, sign_label
from words.records import short_instead
from words.sentences import Answer

VALUE_NAMES = ("Score", "Per cent")
SIGN_ORDER = {sign: place for place, sign in enumerate(SIGNS)}


def shown(areas: pd.DataFrame, view: View) -> pd.Series:
    """Return for each area whether the view's filters let it through (an empty filter lets all through)."""
    mask = pd.Series(True, index=areas.index)
    if view.signs:
        mask &= areas["sign"].isin(view.signs)
    if view.bands:
        mask &= areas["band"].isin(view.bands).fillna(False).astype(bool)
    if view.wards and "ward_name" in areas.columns:
        mask &= areas["ward_name"].isin(view.wards)
    return mask


def counts_by(areas: pd.DataFrame, column: str) -> dict[str, int]:
    """Return how many rows hold each value of a column."""
    return {str(value): int(count) for value, count in areas[column].value_counts().items()}


def number(value: object) -> float | None:
    """Return a number, or None where there is none."""
    return None if pd.isna(value) else float(value)  # type: ignore[arg-type]


def answer(row: Mapping[str, Any], *, is_rate: bool) -> Answer:
    """Return what the run says of one area."""
    band = number(row["band"])
    return Answer(
        status=str(row["status"]),
        sign=str(row["sign"]),
        cluster=str(row["cluster"]),
        band=None if band is None else int(band),
        value=number(row.get("value")),
        low=number(row.get("low")),
        high=number(row.get("high")),
        q=number(row.get("q")),
        stability=number(row["stability"]),
        is_rate=is_rate,
        rate_from=number(row.get("rate_from")),
        rate_to=number(row.get("rate_to")),
        reason=str(row.get("reason") or ""),
    )


def need_words(areas: pd.DataFrame, larger: pd.DataFrame | None = None) -> list[str]:
    """Return how high the need of each area is: the band of its rate in a run from records, else the fifth.

    :param larger: what a run from records tells of larger areas; the LSOA's rate stands in where there is no band.
    """
    if "rate_from" in areas.columns:
        around = None if larger is None else areas["lsoa"].map(larger["rate"])
        told = zip(areas["rate_from"], areas["rate_to"], around if around is not None else [None] * len(areas),
                   strict=True)  # fmt: skip
        return [
            short_instead(level_term("lsoa"), number(lsoa))
            if pd.isna(low) and larger is not None
            else rate_band(number(low), number(high))
            for low, high, lsoa in told
        ]
    return [band_label(None if pd.isna(band) else int(band)) for band in areas["band"]]


def _values(areas: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the column of values under its name, or for a run from records what is predicted beside the band."""
    if "value" in areas.columns:
        return {VALUE_NAMES["count" in areas.columns]: areas["value"]}
    return {BY_NAME["kinds"].title: areas["kinds"].map(lambda kind: KINDS.get(kind, kind))}


def table_rows(areas: pd.DataFrame, pinned: str = "", larger: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the table as it is shown, indexed by code: by kind of answer, then by name; no rank of areas.

    `pinned` is a code that comes first, because somebody has just chosen it elsewhere; `larger` as in `need_words`.
    """
    part_of = next(
        (column for column in ("msoa_name", "ward_name", "district_name") if column in areas.columns), None
    )
    table = pd.DataFrame(
        {
            "Area": areas["name"],
            "Part of": areas[part_of] if part_of else "",
            BY_NAME["band"].title: need_words(areas, larger),
            BY_NAME["sign"].title: [sign_label(str(sign)) for sign in areas["sign"]],
            BY_NAME["stability"].title: (areas["stability"] * 100).round(),
            **_values(areas),
            "Code": areas.index,
        },
        index=areas.index,
    )
    order = areas["sign"].map(SIGN_ORDER).fillna(len(SIGN_ORDER))
    keys = pd.DataFrame(
        {"pin": areas.index != pinned, "order": order, "name": areas["name"], "code": areas.index}
    )
    return table.iloc[keys.reset_index(drop=True).sort_values(["pin", "order", "name", "code"]).index]


def csv_bytes(table: pd.DataFrame) -> bytes:
    """Return a table as CSV that a spreadsheet opens as text: a cell that would be a formula is quoted."""
    safe = table.map(lambda value: safe_cell(value) if isinstance(value, str) else value)
    return bytes(safe.to_csv(index=False).encode("utf-8-sig"))
