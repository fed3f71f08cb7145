"""What is wrong with a recipe, told by file, key, value and cure instead of by the library that found it."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from risk.answers import EXAMPLES
from words.categories import CATEGORIES
from words.faults import Fault

KINDS = ("index", "rate", "records")
LEVELS = ("oa", "lsoa", "msoa")
"""Levels that nest, the finest first."""

_SAYS = {
    "missing": "is missing",
    "string_too_short": "is empty",
    "too_short": "is an empty list",
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "list_type": "must be a list in square brackets",
    "date_type": "must be a date",
    "model_type": "must be a table of keys",
    "model_attributes_type": "must be a table of keys",
    "dict_type": "must be a table of keys",
    "finite_number": "must be a finite number",
}
_REFUSED = "is tested with smoothed or predicted values, which find clusters that the smoothing made"


def syntax_fault(message: str, text: str, file: str) -> Fault:
    """Return a TOML syntax error as a fault that names its line and shows it."""
    found = re.search(r"\(at line (\d+), column (\d+)\)", message)
    number = int(found[1]) if found else len(text.splitlines())
    lines = text.splitlines()
    shown = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    what = re.sub(r"\s*\(at [^)]*\)", "", message)
    return Fault(f"Line {number} is not TOML: {what}.", "Mend that line.", file=file, value=shown)


def schema_faults(error: ValidationError, keys: Mapping[str, str], file: str) -> list[Fault]:
    """Return every fault that the schema found, with the key's path, the value and the cure.

    :param error: what the schema raised.
    :param keys: every key of the schema with its meaning, as `recipe_keys` gives them.
    :param file: the recipe's file.
    """
    return [_fault(dict(found), keys, file) for found in error.errors(include_url=False)]


def cross_faults(raw: Mapping[str, Any], file: str) -> list[Fault]:
    """Return the faults that lie between keys, read from the raw text so that one fault hides no other."""
    risk = _table(raw, "risk")
    stability = _table(_table(raw, "hotspots"), "stability")
    level = _table(raw, "geography").get("level")
    faults = _indicator_faults(risk) + _count_faults(risk)
    faults += _rate_grid_faults(risk.get("kind"), stability.get("rates"))
    faults += _scale_faults(level, stability.get("scales"))
    faults += _category_faults(_table(raw, "assets").get("categories"))
    if risk.get("kind") == "records" and level != "oa":
        what = "key geography.level must be 'oa' for risk.kind = 'records': larger areas are told beside it."
        faults.append((what, "Write level = 'oa'.", _shown(level)))
    return [Fault(what, cure, file=file, value=value) for what, cure, value in faults]


_Found = list[tuple[str, str, str]]


def _fault(found: dict[str, Any], keys: Mapping[str, str], file: str) -> Fault:
    path, plain = _paths(found["loc"])
    kind = found["type"]
    value = "" if kind in {"missing", "union_tag_not_found"} else _shown(found["input"])
    if kind == "extra_forbidden":
        return Fault(f"key {path} is not known.", _nearest(plain, keys), file=file, value=value)
    if kind.startswith("union_tag"):
        path, plain = f"{path}.kind", f"{plain}.kind"
        value = _shown(found["ctx"].get("tag", ""))
        says = "is missing" if kind == "union_tag_not_found" else "is not known"
        return Fault(f"key {path} {says}.", _cure(plain, keys), file=file, value=value)
    if plain == "hotspots.stability.rates" and kind == "literal_error":
        return Fault(f"key {path} {_REFUSED}.", _cure(plain, keys), file=file, value=value)
    says = _SAYS.get(kind) or _sentence(found)
    return Fault(f"key {path} {says}.", _cure(plain, keys), file=file, value=value)


def _sentence(found: dict[str, Any]) -> str:
    kind, given = found["type"], found.get("ctx", {})
    if kind == "literal_error":
        return f"must be one of {given['expected']}"
    if kind == "greater_than":
        return f"must be above {given['gt']:g}"
    if kind == "greater_than_equal":
        return f"must be at least {given['ge']:g}"
    if kind == "less_than":
        return f"must be below {given['lt']:g}"
    if kind == "string_pattern_mismatch":
        return "is not written as it must be"
    return f"is wrong ({found['msg'].removeprefix('Value error, ')})"


def _paths(location: Sequence[str | int]) -> tuple[str, str]:
    """Return the path as a person counts (the first is 1) and as the schema names it (without numbers)."""
    counted, plain = "", []
    for depth, step in enumerate(location):
        if isinstance(step, int):
            counted += f"[{step + 1}]"
        elif depth == 1 and location[0] == "risk" and step in KINDS:
            continue
        else:
            counted += f".{step}" if counted else str(step)
            plain.append(str(step))
    return counted, ".".join(plain)


def _nearest(plain: str, keys: Mapping[str, str]) -> str:
    parent, _, name = plain.rpartition(".")
    here = [key.rpartition(".")[2] for key in keys if key.rpartition(".")[0] == parent]
    near = get_close_matches(name, here, n=1, cutoff=0.5)
    if near:
        return f"Did you mean {near[0]}?"
    elsewhere = [key for key in keys if key.rpartition(".")[2] == name]
    if elsewhere:
        return f"It belongs elsewhere: {elsewhere[0]}."
    return f"Known here: {', '.join(dict.fromkeys(here))}."


def _cure(plain: str, keys: Mapping[str, str]) -> str:
    parent, _, name = plain.rpartition(".")
    if parent == "risk.record" and name in EXAMPLES:
        return f"Write it as {EXAMPLES[name]}"
    return f"Give {plain}: {keys[plain]}" if keys.get(plain) else f"Mend {plain}."


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _table(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    inner = raw.get(key)
    return inner if isinstance(inner, Mapping) else {}


def _indicator_faults(risk: Mapping[str, Any]) -> _Found:
    listed = risk.get("indicators")
    indicators = [item for item in listed if isinstance(item, Mapping)] if isinstance(listed, list) else []
    found: _Found = []
    for number, item in enumerate(indicators, start=1):
        ranked, stated = item.get("transform") == "exponential_rank", "rank_of" in item
        path = f"risk.indicators[{number}].rank_of"
        if ranked and not stated:
            found.append((f"key {path} is missing.", "Say among how many areas the rank was given.", ""))
        if stated and not ranked:
            found.append(
                (
                    f"key {path} belongs to transform = 'exponential_rank'.",
                    "Leave it out.",
                    str(item["rank_of"]),
                )
            )
        found += _raster_faults(item, f"risk.indicators[{number}]")
    named = [raster_column(item) if "raster" in item else item.get("column") for item in indicators]
    return found + _twice("risk.indicators.column", named)


def raster_column(item: Mapping[str, Any]) -> str:
    """Return the name of the column that an indicator read from a raster gets, as 'terrain_stdev'."""
    return f"{item.get('raster')}_{item.get('statistic', '')}"


def _raster_faults(item: Mapping[str, Any], path: str) -> _Found:
    """Return what is wrong between `raster` and the keys that go with it, or do not."""
    if "raster" not in item:
        return [
            (f"key {path}.{key} belongs to an indicator with a raster.", "Leave it out.", _shown(item[key]))
            for key in ("statistic", "scale")
            if key in item
        ]
    found: _Found = []
    if "column" in item:
        what = f"key {path}.column stands beside a raster, which is read instead of a column."
        found.append((what, "Keep one of the two.", _shown(item["column"])))
    if "statistic" not in item:
        cure = "Say what of the raster's cells is meant: 'mean', 'stdev', 'max' and others."
        found.append((f"key {path}.statistic is missing.", cure, ""))
    return found


def _count_faults(risk: Mapping[str, Any]) -> _Found:
    count = risk.get("count")
    columns = count if isinstance(count, list) else []
    found = _twice("risk.count", columns)
    if risk.get("denominator") in columns:
        what = "key risk.denominator is also one of the columns in risk.count."
        found.append((what, "Count something out of a larger whole.", str(risk["denominator"])))
    return found


def _twice(key: str, columns: Sequence[object]) -> _Found:
    seen = Counter(column for column in columns if isinstance(column, str))
    return [
        (f"key {key} names this column {times} times.", "Name it once.", column)
        for column, times in seen.items()
        if times > 1
    ]


def _rate_grid_faults(kind: object, rates: object) -> _Found:
    if kind in ("index", "records") and rates:
        has = "an index has" if kind == "index" else "records have"
        what = f"key hotspots.stability.rates is for risk.kind = 'rate'; {has} no rates."
        return [(what, "Leave it out.", _shown(rates))]
    return []


def _scale_faults(level: object, scales: object) -> _Found:
    if not isinstance(scales, list) or not scales:
        return []
    if level not in LEVELS:
        what = "key hotspots.stability.scales needs geography.level 'oa', 'lsoa' or 'msoa'."
        return [(what, "Leave it out.", _shown(scales))] if level == "area" else []
    finer = [scale for scale in scales if scale in LEVELS and LEVELS.index(scale) < LEVELS.index(str(level))]
    what = "key hotspots.stability.scales is finer than geography.level."
    return [(what, f"Use {level} or coarser.", scale) for scale in finer]


def _category_faults(categories: object) -> _Found:
    listed = categories if isinstance(categories, list) else []
    unknown = [name for name in listed if isinstance(name, str) and name not in CATEGORIES]
    return [
        ("key assets.categories names a category that is not known.", _near_category(name), name)
        for name in unknown
    ]


def _near_category(name: str) -> str:
    near = get_close_matches(name, CATEGORIES, n=1, cutoff=0.5)
    return f"Did you mean {near[0]}?" if near else f"Known: {', '.join(CATEGORIES)}."
