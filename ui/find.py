"""What somebody typed, found on the map: a postcode, a ward or an area, by name or code."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd

from geo.gazetteer import Match, locate
from geo.place import Place
from ui.deck import fit
from ui.state import Camera
from words.labels import level_term
from words.sentences import count_words, joined

CLOSE = 3.0
OTHERS = 5


@dataclass(frozen=True)
class Found:
    """What a typed text led to: a sentence, the area to choose or the ward to keep to, where to look, what else."""

    sentence: str
    area: str = ""
    ward: str = ""
    camera: Camera | None = None
    others: tuple[str, ...] = ()


def find(text: str, place: Place, areas: gpd.GeoDataFrame) -> Found:
    """Return where a text leads among a run's areas (indexed by code, in metres)."""
    matches = locate(text, place)
    known = [(match, [code for code in match.codes if code in areas.index]) for match in matches]
    known = [(match, codes) for match, codes in known if codes]
    if not known:
        note = f" {matches[0].note}" if matches and matches[0].note else ""
        return Found(
            f"Nothing called “{text}” was found in {place.title}.{note} "
            "Try a postcode, the name of a ward or of an area, or its code."
        )
    best, codes = known[0]
    return Found(
        _sentence(best, codes, areas),
        codes[0] if len(codes) == 1 else "",
        _ward(best, codes, areas),
        look_at(areas, codes),
        tuple(dict.fromkeys(match.label for match, _ in known[1:] if match.label != best.label))[:OTHERS],
    )


def _ward(match: Match, codes: Sequence[str], areas: gpd.GeoDataFrame) -> str:
    """Return the ward's name as the filter knows it, where a ward of several areas was found."""
    if match.kind != "ward" or len(codes) < 2 or "ward_name" not in areas.columns:
        return ""
    return str(areas.loc[codes[0], "ward_name"])


def look_at(areas: gpd.GeoDataFrame, codes: Sequence[str]) -> Camera:
    """Return the camera that shows some areas with their surroundings: three times their extent for a single one."""
    west, south, east, north = areas.loc[list(codes)].geometry.total_bounds
    grow = CLOSE / 2 if len(codes) == 1 else 0.6
    x, y = (west + east) / 2, (south + north) / 2
    reach = max(east - west, north - south) * grow
    frame = gpd.GeoSeries.from_xy([x - reach, x + reach], [y - reach, y + reach], crs=areas.crs)
    return fit(tuple(frame.to_crs("EPSG:4326").total_bounds))


def _sentence(match: Match, codes: Sequence[str], areas: gpd.GeoDataFrame) -> str:
    note = f" {match.note}" if match.note else ""
    if match.kind == "area":
        return f"Found the area {match.label}.{note}"
    kind = level_term(match.kind)
    if len(codes) == 1:
        return f"Found the {kind} {match.label}: it lies in {areas.loc[codes[0], 'name']}.{note}"
    return (
        f"Found the {kind} {match.label}: {count_words(len(codes), 'area')}. Choose one in the table.{note}"
    )


def others_sentence(found: Found) -> str:
    """Name what else a text may have meant, or nothing."""
    return f"It may also mean {joined(list(found.others), 'or')}: type more of it." if found.others else ""
