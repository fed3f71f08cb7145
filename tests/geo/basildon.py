"""Basildon's 584 output areas of 2021, asked for as a place from the publishers' files."""

from pathlib import Path
from typing import Any

from geo.placing import PlaceRequest


def basildon(shared: Path, *indicators: str, name: str = "basildon", **more: Any) -> PlaceRequest:
    """Return the request for a place of Basildon with some files of indicators, and what else it is to have."""
    data = shared / "basildon"
    lookup = data / "essex_oa21_lookup_pwc_pop.csv"
    return PlaceRequest(
        name=name, areas=data / "basildon_boundaries.gpkg", layer="oa21_approx", code="oa21cd", lookup=lookup,
        population=lookup, indicators=tuple(data / file for file in indicators), **more,
    )  # fmt: skip
