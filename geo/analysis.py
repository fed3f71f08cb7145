"""Hotspots of a file: an analyst's columns in, a file of answers out, with no place and no recipe."""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import rates
from geo.adjacency import Adjacency
from geo.crs import is_located
from geo.errors import GeoError
from geo.export import export
from geo.formats import format_of
from geo.hotspots import MoranResult, local_statistics, moran
from geo.intake import read_columns, row_faults
from geo.neighbours import Rule, find, parse
from geo.provenance import Provenance
from geo.stability import FIRM_Q, Setting, stability
from words.faults import Fault
from words.fields import P_CONVENTION

Say = Callable[[str], None]

STATISTICS = ("gi_star", "local_moran")
RESULT = ("count", "value", "z", "p", "q", "cluster", "status", "neighbours", "stability", "geometry")
TOO_FEW = "too few people"
BORDER_WAYS = ("queen", "rook")
NEAREST_WAYS = ("knn:6", "knn:8", "knn:10")
OPEN_DATA = "For open data only: z is never published from person-level records, whose counts it gives away."


@dataclass(frozen=True)
class HotspotRequest:
    """What `larder hotspots` was asked.

    `id` and `value` are columns of `file`; with `population`, another column, `value` is a count and the
    crude rate is tested. `neighbours` is queen, rook, knn:8 or band:1500 (metres); `alpha` the false-discovery
    rate; the ending of `out` picks the format. With `mend`, outlines that are not valid are mended, and told.
    """

    file: Path
    id: str
    value: str
    out: Path
    layer: str | None = None
    population: str | None = None
    neighbours: str = "queen"
    statistic: str = "gi_star"
    alpha: float = 0.05
    stability: bool = False
    mend: bool = False


@dataclass(frozen=True)
class Summary:
    """What was found: how many areas of each status and each cluster, and what to know to read it."""

    request: HotspotRequest
    files: tuple[Path, ...]
    areas: int
    statuses: dict[str, int]
    clusters: dict[str, int]
    moran: MoranResult
    neighbours: str
    grid: str
    above: int = 0

    def sentences(self) -> list[str]:
        """Return the summary as it is printed, one sentence a line."""
        asked = self.request
        tested = f"{asked.value} / {asked.population} (crude rate)" if asked.population else asked.value
        assessed = self.statuses.get("assessed", 0)
        others = [f"{count:,} {status}" for status, count in self.statuses.items() if status != "assessed"]
        found = ", ".join(f"{count:,} {cluster}" for cluster, count in self.clusters.items())
        said = [
            f"{asked.file.name}: {self.areas:,} areas by {asked.id}; {asked.statistic} of {tested}.",
            f"Neighbours ({asked.neighbours}): {self.neighbours}.",
            f"{assessed:,} assessed" + (f"; not assessed: {', '.join(others)}." if others else "."),
            f"Clusters (q < {asked.alpha:g}): {found or 'none, for no area was assessed'}.",
            _moran_sentence(self.moran),
            f"{P_CONVENTION} That is {assessed:,} tests here.",
        ]
        if self.above:
            said.append(f"In {self.above:,} areas the count is above the population: look at both columns.")
        said += [self.grid] if self.grid else []
        return [*said, OPEN_DATA, f"Written: {', '.join(str(path) for path in self.files)}"]


def hotspots_of_file(request: HotspotRequest, say: Say) -> Summary:
    """Find the hotspots of a column in a file and write them to another file.

    The file written holds the id (as text), `count` (with a population), `value`, `z`, `p`, `q`, `cluster`,
    `status`, `neighbours`, `stability` (where asked for) and the shapes; z, p, q, cluster and stability are
    empty where status is not "assessed". It is written whole or not at all, with a codebook beside it.

    :param request: files, columns and settings.
    :param say: called with a sentence at each step.
    :returns: the summary.
    :raises GeoError: every fault of settings and input at once, before anything is written.

    Example: on the 3 x 3 town with the values 1 to 9 by rows and queen neighbours B2, in the middle, has the
    status "all neighbours": there is nothing else to compare its eight neighbours with.
    """
    rule, faults = _settings(request)
    try:
        columns = (request.value,) if request.population is None else (request.value, request.population)
        table, mended = read_columns(
            request.file, request.layer, request.id, columns, rule, mended=request.mend
        )
        faults += _count_faults(table, request) + _degrees_to_be_had(table, request)
    except GeoError as error:
        faults += error.faults
    if faults or rule is None:
        raise GeoError(faults)
    say(f"{request.file.name}: read {len(table):,} areas.")
    for sentence in mended:
        say(sentence)
    if not is_located(table.crs):
        say("The file does not say where on Earth it is; what touches what can be told all the same.")
    areas = table[["geometry"]]
    adjacency = find(areas, rule)
    result = _tested(table, adjacency, request)
    grid = ""
    if request.stability:
        result["stability"], grid = _stability(result, table, request)
    result = gpd.GeoDataFrame(result, geometry=areas.geometry)
    files = export(result, request.out, provenance=_provenance(request, [grid] if grid else [], mended))
    return Summary(
        request,
        tuple(files),
        len(result),
        dict(Counter(result["status"]).most_common()),
        dict(Counter(result["cluster"].dropna()).most_common()),
        moran(result["value"], adjacency),
        _neighbours(adjacency),
        grid,
        0 if request.population is None else int((table[request.value] > table[request.population]).sum()),
    )


def _settings(request: HotspotRequest) -> tuple[Rule | None, list[Fault]]:
    """Return how neighbours are found, and what is wrong with the settings."""
    faults: list[Fault] = []
    rule = None
    try:
        rule = parse(request.neighbours)
    except GeoError as error:
        faults += error.faults
    try:
        format_of(request.out)
    except GeoError as error:
        faults += error.faults
    if request.out.exists() and request.out.samefile(request.file):
        faults.append(
            Fault(
                "The result would replace the file it is made from.",
                "Choose another --out.",
                str(request.out),
            )
        )
    if not request.out.parent.is_dir():
        faults.append(Fault("There is no such folder.", "Make it first.", value=str(request.out.parent)))
    if request.statistic not in STATISTICS:
        cure = f"Use one of {', '.join(STATISTICS)}."
        faults.append(Fault("There is no such statistic.", cure, value=request.statistic))
    if not (math.isfinite(request.alpha) and 0 < request.alpha < 1):
        cure = "It lies between 0 and 1, mostly 0.05."
        faults.append(Fault("This is not a false-discovery rate.", cure, value=f"alpha={request.alpha:g}"))
    if request.id.lower() in RESULT:
        cure = "Rename it in the file."
        what = "The result has a column of its own that is called so."
        faults.append(Fault(what, cure, request.file.name, column=request.id))
    return rule, faults


def _degrees_to_be_had(table: gpd.GeoDataFrame, request: HotspotRequest) -> list[Fault]:
    """Return a fault where the format needs longitude and latitude and the CRS is one of no known place."""
    if is_located(table.crs) or not request.out.name.lower().endswith((".geojson", ".json")):
        return []
    what = f"This format holds longitude and latitude, and {table.crs.name!r} is of no known place on Earth."
    return [
        Fault(what, "Write .gpkg, .parquet, .shp or .csv, or give the file its CRS.", value=str(request.out))
    ]


def _count_faults(table: gpd.GeoDataFrame, request: HotspotRequest) -> list[Fault]:
    """Return what speaks against reading the value as a count of the population."""
    if request.population is None:
        return []
    count, people, file = table[request.value], table[request.population], request.file.name
    cure = "Correct it, or leave the cell blank."
    faults = row_faults((count < 0).to_numpy(), count, file, "A count is not below 0.", cure)
    faults += row_faults((people < 0).to_numpy(), people, file, "A population is not below 0.", cure)
    part = (count.notna() & (count % 1 != 0)).to_numpy()
    cure = "With --population the value is a count; leave --population out where it is a rate already."
    return faults + row_faults(part, count, file, "A count is a whole number.", cure)


def _tested(table: gpd.GeoDataFrame, adjacency: Adjacency, request: HotspotRequest) -> pd.DataFrame:
    """Return count, value and the statistics of each area."""
    columns = {}
    value = table[request.value]
    nobody = pd.Series(False, index=table.index)
    if request.population is not None:
        people = table[request.population]
        nobody = people == 0
        columns["count"] = value
        value = rates.crude(value, people.where(people > 0))
    found = local_statistics(
        value,
        adjacency,
        statistic="local_moran" if request.statistic == "local_moran" else "gi_star",
        alpha=request.alpha,
    )
    status = found["status"].mask(nobody & (found["status"] == "missing"), TOO_FEW)
    columns["value"] = value
    return pd.DataFrame(columns).join(found.assign(status=status))


def _stability(
    result: pd.DataFrame, table: gpd.GeoDataFrame, request: HotspotRequest
) -> tuple[pd.Series, str]:
    """Return the share of a grid of settings in which each area is a hotspot, and what the grid is, in words."""
    ways = _ways(table, request.neighbours)
    values = {"": result["value"]}
    if request.population is not None:
        people = table[request.population]
        standardised = rates.eb_standardise(table[request.value], people.where(people > 0))
        values = {", crude rate": result["value"], ", standardised rate": standardised}
    areas = table[["geometry"]]
    settings = [
        Setting(f"{way}{name}", series, graph)
        for way, graph in ((way, find(areas, way)) for way in ways)
        for name, series in values.items()
    ]
    share = stability(result.index, settings).table["share"]
    rate = " x crude and empirical-Bayes standardised rate" if request.population else ""
    grid = (
        f"Stability is the share of {len(settings)} ways of asking in which the area is in a hotspot "
        f"(q < {FIRM_Q:g}, high values around it): neighbours {', '.join(ways)}{rate}. "
        "Only the hot side is counted."
    )
    if not areas.crs.is_projected:
        grid += " Nearest neighbours are not among them, for the file is not in metres."
    return share.where(result["status"] == "assessed"), grid


def _ways(table: gpd.GeoDataFrame, asked: str) -> list[str]:
    """Return the rules of the grid, the one asked for first: those that the shapes and the CRS allow."""
    borders = () if (table.geom_type == "Point").any() else BORDER_WAYS
    nearest = NEAREST_WAYS if table.crs.is_projected else ()
    rules = dict.fromkeys(str(parse(way)) for way in (asked, *borders, *nearest))
    return [way for way in rules if parse(way).kind != "knn" or parse(way).size < len(table)]


def _neighbours(adjacency: Adjacency) -> str:
    parts = len(np.unique(adjacency.components))
    mean, most = float(adjacency.degrees.mean()), int(adjacency.degrees.max(initial=0))
    return (
        f"{mean:.2f} on average, at most {most}; {len(adjacency.islands):,} areas have none; "
        f"{parts:,} connected part{'s' if parts != 1 else ''}"
    )


def _moran_sentence(found: MoranResult) -> str:
    if found.status != "assessed":
        return f"Moran's I has no answer: {found.status}."
    p = "below 1e-15" if found.p < 1e-15 else f"{found.p:.3g}"
    return f"Moran's I {found.i:.4f} (expected {found.expected:.5f}; z {found.z:.2f}, p {p}, n {found.n:,})."


def _provenance(request: HotspotRequest, grid: list[str], mended: list[str]) -> Provenance:
    layer = f", layer {request.layer}" if request.layer else ""
    rate = (
        f"{request.value} / {request.population}, a crude rate"
        if request.population
        else f"{request.value}, as given"
    )
    packages = ("geopandas", "shapely", "pyogrio", "numpy", "scipy")
    return Provenance(
        title=f"Hotspots of {request.value} in {request.file.name}",
        unit=rate,
        seed="none: nothing is drawn by chance",
        sources=(f"{request.file.name}{layer}",),
        versions=tuple(f"{package} {version(package)}" for package in packages),
        p_convention=P_CONVENTION,
        must_not_be_used_for=(OPEN_DATA,),
        decisions=(
            f"Neighbours: {request.neighbours}. Statistic: {request.statistic}.",
            f"An area is in a cluster where q < {request.alpha:g}.",
            *grid,
            *mended,
        ),
    )
