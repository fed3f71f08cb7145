"""Fields: what every published column is called, means, is counted in, and may hold."""

from dataclasses import dataclass
from typing import Literal

from words.labels import CLUSTERS, KINDS, SIGNS, STATUS_REASONS

Kind = Literal["text", "integer", "number", "true or false", "date", "date and time"]


@dataclass(frozen=True)
class Field:
    """One published column.

    `short` is its name in a shapefile: at most 10 characters, unique whatever the case. `allowed` lists the
    values of a column that has only a few; an empty cell always means *no answer*, never nought.
    """

    name: str
    short: str
    title: str
    definition: str
    unit: str = ""
    kind: Kind = "text"
    allowed: tuple[str, ...] = ()


P_CONVENTION = (
    "p is two-sided: twice the smaller of the two tails of the permutation distribution of the sum over the "
    "neighbours, both tails counting ties, never more than 1. The area's own value takes no part in p, so "
    "Gi* and local Moran share one p. q is p after the Benjamini-Hochberg correction over all areas assessed."
)

_PLACES = (
    Field(
        "code", "code", "Area code", "The area's code in its register, of the vintage that the README names."
    ),
    Field("name", "name", "Area name", "The area's name."),
    Field("lsoa", "lsoa", "LSOA code", "The lower layer super output area that the area lies in."),
    Field("lsoa_name", "lsoa_name", "LSOA name", "The name of that lower layer super output area."),
    Field("msoa", "msoa", "MSOA code", "The middle layer super output area that the area lies in."),
    Field("msoa_name", "msoa_name", "MSOA name", "The name of that middle layer super output area."),
    Field("ward", "ward", "Ward code", "The ward that the area is counted to; wards may cut across areas."),
    Field("ward_name", "ward_name", "Ward name", "The name of that ward."),
    Field("district", "district", "District code", "The local authority district that the area lies in."),
    Field("district_name", "dist_name", "District name", "The name of that district."),
    Field(
        "x",
        "x",
        "Easting",
        "Where the area's people are centred, else a point inside it.",
        "metres",
        "number",
    ),
    Field(
        "y",
        "y",
        "Northing",
        "Where the area's people are centred, else a point inside it.",
        "metres",
        "number",
    ),
    Field("lon", "lon", "Longitude", "The same point as x and y, in WGS 84.", "degrees", "number"),
    Field("lat", "lat", "Latitude", "The same point as x and y, in WGS 84.", "degrees", "number"),
)

_NEED = (
    Field("population", "population", "Population", "People who live in the area.", "people", "number"),
    Field("count", "count", "Count", "How many were counted: the top of the rate.", "as counted", "number"),
    Field(
        "denominator",
        "denom",
        "Denominator",
        "Out of how many: the base of the rate.",
        "as counted",
        "number",
    ),
    Field(
        "value",
        "value",
        "Score or rate",
        "The number that was tested for hotspots: the index score, or the crude rate as observed.",
        "",
        "number",
    ),
    Field(
        "low",
        "low",
        "Low end of the interval",
        "The low end of the 95 % interval of a rate; none for an index.",
        "",
        "number",
    ),
    Field(
        "high",
        "high",
        "High end of the interval",
        "The high end of the 95 % interval of a rate; none for an index.",
        "",
        "number",
    ),
    Field(
        "shown",
        "shown",
        "Score or shrunken rate",
        "What the map colours: the index score, or the rate drawn towards the average where few people live. "
        "For looking at, not for testing.",
        "",
        "number",
    ),
    Field(
        "band",
        "band",
        "Need",
        "Fifths of the value shown among the areas with an answer: 5 is the highest need, 1 the lowest. In a run from "
        "records, of the middle of the band of the rate that is told; areas told alike share a number, so some have "
        "none and the groups are not of one size.",
        "fifth",
        "integer",
        ("1", "2", "3", "4", "5"),
    ),
)

_HOTSPOTS = (
    Field(
        "gi_z", "gi_z", "Gi* z", "Getis and Ord's Gi*, standardised; it counts the own value.", "", "number"
    ),
    Field("moran_z", "moran_z", "Local Moran z", "Local Moran's I, standardised.", "", "number"),
    Field("z", "z", "z", "The standardised local statistic that was asked for.", "", "number"),
    Field("p", "p", "p", P_CONVENTION, "probability, 0 to 1", "number"),
    Field(
        "q", "q", "q", "p corrected for having tested every area (false discovery rate).", "0 to 1", "number"
    ),
    Field(
        "gi_cluster",
        "gi_cluster",
        "Gi* cluster",
        "hot: high values gather here; cold: low values gather here (q below the level); none: neither.",
        allowed=("hot", "cold", "none"),
    ),
    Field(
        "cluster",
        "cluster",
        "Cluster",
        "; ".join(f"{key}: {meaning[0].lower()}{meaning[1:]}" for key, meaning in CLUSTERS.items()) + ".",
        allowed=tuple(CLUSTERS),
    ),
    Field(
        "status",
        "status",
        "Status",
        "Whether the area could be tested, and if not why: "
        + "; ".join(f"{key}: {reason}" for key, reason in STATUS_REASONS.items() if key != reason)
        + ".",
        allowed=tuple(STATUS_REASONS),
    ),
    Field(
        "neighbours", "neighbours", "Neighbours", "How many areas it was compared with.", "areas", "integer"
    ),
    Field(
        "stability",
        "stability",
        "Ways that agree",
        "Stability: the share of the ways of asking in which the area is in a hotspot.",
        "share, 0 to 1",
        "number",
    ),
    Field(
        "sign",
        "sign",
        "Hotspot",
        "How sure we are that high need gathers here: firm, suggestive (may be a false alarm), no sign, "
        "or not assessed (we cannot say).",
        allowed=tuple(SIGNS),
    ),
)

_RECORDS = (
    Field(
        "children", "children", "Children", "Children assessed, all cohorts together: the denominator. "
        "None is told under 20: too few children.", "children", "integer",
    ),
    Field(
        "rate_from", "rate_from", "Rate from",
        "The low end of the band of the rate; a run from records tells no more of so few children.",
        "per cent", "number",
    ),
    Field(
        "rate_to", "rate_to", "Rate to", "Below this the rate lies (or at it, where it is 100).", "per cent",
        "number",
    ),
    Field("q_from", "q_from", "q from", "The low end of the band of q.", "0 to 1", "number"),
    Field("q_to", "q_to", "q to", "The high end of the band of q.", "0 to 1", "number"),
    Field("reason", "reason", "Reason", "Why no rate or no test is told."),
    Field(
        "predicted", "predicted", "Predicted hotspot",
        "hot: the area and its neighbourhood probably exceed the district's rate by the recipe's margin; cold: "
        "probably below it; none: neither. A prediction, not an observation, and no test.",
        allowed=("hot", "cold", "none"),
    ),
    Field("chance_from", "chance_fr", "Chance from", "The low end of the band of that chance.", "0 to 1", "number"),
    Field("chance_to", "chance_to", "Chance to", "The high end of the band of that chance.", "0 to 1", "number"),
    Field(
        "kinds", "kinds", "Observed and predicted", "Where observed and predicted hotspots agree.", allowed=tuple(KINDS)
    ),
)  # fmt: skip

FIELDS: tuple[Field, ...] = (*_PLACES, *_NEED, *_HOTSPOTS, *_RECORDS)
"""Every column that a run or the hotspots of a file may publish."""

BY_NAME: dict[str, Field] = {field.name: field for field in FIELDS}
