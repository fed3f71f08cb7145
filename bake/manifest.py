"""What a run says of itself: `run.json` and the first form of its transparency record."""

import tomllib
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from bake.levels import Ground, level_asked
from bake.recipe import Recipe
from bake.recipe_parts import IndexRisk
from bake.recipe_records import RecordsRisk
from geo.place import Place

LIBRARIES = ("numpy", "scipy", "pandas", "geopandas", "shapely", "pyarrow", "pydantic")
CHECKOUT = Path(__file__).resolve().parent.parent


def manifest(
    recipe: Recipe,
    place: Place,
    areas: gpd.GeoDataFrame,
    *,
    moran: Mapping[str, float | str | None],
    indicators: Sequence[Mapping[str, Any]],
    decisions: Sequence[str],
    settings: Mapping[str, Any],
) -> dict[str, Any]:
    """Return `run.json` but for the id and the moment, which publishing adds.

    :param recipe: what was asked.
    :param place: of which place.
    :param areas: the run's areas, as published.
    :param moran: global Moran's I of the tested value.
    :param indicators: what `indicator_rows` gives.
    :param decisions: every automatic decision, a sentence each.
    :param settings: what the hotspots were looked for with.
    """
    return {
        "title": recipe.title,
        "question": recipe.question,
        "outcome": recipe.outcome.model_dump(),
        "unit": recipe.outcome.unit,
        "period": recipe.period,
        "level": level_asked(recipe, place),
        "recipe": {"id": recipe.id, "file": recipe.file, "text": recipe.text, "digest": recipe.digest},
        "place": _place(place),
        "seed": recipe.hotspots.seed,
        "versions": versions(),
        "sources": recipe.sources,
        "decisions": list(decisions),
        "moran": dict(moran),
        "indicators": [dict(row) for row in indicators],
        "counts": counts(areas),
        "must_not_be_used_for": list(recipe.use.must_not),
        "limits": list(recipe.use.limits),
        "asset_categories": list(recipe.assets.categories),
        "insight_themes": list(recipe.insight.themes),
        "evaluation": recipe.evaluation.model_dump(mode="json"),
        "settings": dict(settings),
    }


def record(recipe: Recipe, place: Place) -> dict[str, Any]:
    """Return the transparency record: what this is, why, whose data, its limits, and what it is not for."""
    return {
        "title": f"{recipe.title}: {place.title}",
        "what": f"{recipe.outcome.name}. {recipe.outcome.definition}",
        "why": recipe.question,
        "whose_data": recipe.sources,
        "licence": place.licence or "not given",
        "period": recipe.period,
        "fictional": place.fictional,
        "limits": list(recipe.use.limits),
        "must_not_be_used_for": list(recipe.use.must_not),
        "about_persons": "No record of a person was read: only published numbers of areas.",
        "review_date": recipe.evaluation.review_date.isoformat(),
        "contact": "not given",
    }


def indicator_rows(
    recipe: Recipe, ground: Ground, place: Place, moran_i: Mapping[str, float | None]
) -> list[dict[str, Any]]:
    """Return one row for each column that was read: what it is, which file it came from, how it clusters.

    :param moran_i: global Moran's I of each column as it is published, None where it cannot be said.
    """
    risk = recipe.risk
    if isinstance(risk, IndexRisk):
        described = {item.column: item.model_dump() for item in risk.indicators}
    elif isinstance(risk, RecordsRisk):
        described = {}
    else:
        described = {name: {"column": name, "label": name, "part": "count"} for name in risk.count}
        described[risk.denominator] = {"column": risk.denominator, "label": risk.denominator}
        described[risk.denominator]["part"] = "denominator"
        described = {name: {**row, "source": risk.source} for name, row in described.items()}
    return [
        {
            "id": name,
            **row,
            "file": place.indicator_sources.get(name, {}).get("file", ""),
            "missing": int(ground.columns[name].isna().sum()),
            "moran_i": moran_i.get(name),
        }
        for name, row in described.items()
    ]


def counts(areas: gpd.GeoDataFrame) -> dict[str, dict[str, int]]:
    """Return how many areas there are of each cluster, status, sign and band."""
    return {column: _count(areas[column]) for column in ("cluster", "gi_cluster", "status", "sign", "band")}


def versions() -> dict[str, str]:
    """Return the versions of this project and of the libraries that the numbers depend on."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"larder": str(project["version"]), **{name: version(name) for name in LIBRARIES}}


def _count(column: pd.Series) -> dict[str, int]:
    found = column.dropna().astype(str).value_counts()
    return {str(name): int(found[name]) for name in sorted(found.index)}


def _place(place: Place) -> dict[str, Any]:
    return {
        "name": place.name,
        "title": place.title,
        "fictional": place.fictional,
        "level": place.level,
        "digest": place.digest,
        "vintage": place.vintage,
        "vintage_status": place.vintage_status,
        "crs": place.crs,
        "licence": place.licence,
        "files": [dict(file) for file in place.files],
        "joins": [join.sentence() for join in place.joins],
        "notes": list(place.notes),
    }
