"""Placing: a place added from files, everything checked before anything is written."""

from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo import measures
from geo.assembly import Contents, areas_table, project, read_scenery, read_wards
from geo.boundaries import check_geometry, check_holes, check_overlaps, mend, read_layer
from geo.codes import LEVEL_NAMES, as_text, check_codes, common_level, is_pseudo
from geo.crs import check_crs
from geo.errors import GeoError
from geo.findings import Findings, Say
from geo.folder import write_place
from geo.lookups import Matched, centre_columns, match, parents, repeats_naturally
from geo.place import Join, Place
from geo.postcodes import read_postcodes
from geo.raster import describe
from geo.request import PlaceRequest, check_request
from geo.surroundings import (
    figures,
    match_surroundings,
    read_surroundings,
    surroundings_table,
    whole_parents,
)
from geo.tables import missing_column, numbers, read_table
from geo.vintage import check_column, named_vintage
from words.faults import Fault

__all__ = ["PlaceRequest", "place_add"]


def place_add(request: PlaceRequest, home: Path, say: Say) -> Place:
    """Add a place under `home` from files: check everything, then write its folder whole.

    Prints each join's match rate and each note through `say`. GeoError with every fault found where
    anything is wrong; then nothing on disk has changed. An existing place is replaced only where the
    request says so.
    """
    check_request(request, home)
    findings = Findings(say)
    areas = findings.attempt(_read_areas, request, findings)
    if areas is None:
        # the other files cannot be joined to nothing, but whether they can be read is known
        for role, path in request.files():
            if role in ("lookup", "population", "indicators", "postcodes"):
                findings.attempt(read_table, path)
        findings.raise_if_any()
    assert areas is not None
    contents = _gather(request, areas, findings)
    findings.raise_if_any()
    place = write_place(request, contents, tuple(findings.joins), tuple(findings.notes), home)
    say(
        f"Place {place.name} ({place.title}): {len(contents.areas)} areas, "
        f"vintage {place.vintage} {place.vintage_status}."
    )
    return place


def _read_areas(request: PlaceRequest, findings: Findings) -> gpd.GeoDataFrame:
    """Return the areas in metres, sorted by `code`; faults that stop nothing go to `findings`."""
    file = request.areas.name
    frame = read_layer(request.areas, request.layer)
    columns = [str(column) for column in frame.columns if column != "geometry"]
    if request.code not in columns:
        raise GeoError([missing_column(request.code, columns, file)])
    codes = as_text(frame[request.code], file, request.code)
    faults = check_codes(codes, file, request.code, fictional=request.fictional)
    faults += check_column(request.code, request.vintage, file, "areas")
    british = (common_level(codes) is not None) and not request.fictional
    faults += check_crs(frame, file, british=british)
    texts = [str(code) for code in codes]
    if request.mend and frame.crs is not None:
        frame["geometry"], mended = mend(frame.geometry, texts)
        for sentence in mended:
            findings.note(sentence)
    faults += check_geometry(frame.geometry, texts, file)
    if faults:
        findings.faults += faults
        return _best_effort(frame, codes)
    frame = project(frame, codes, findings.note)
    faults = check_overlaps(frame.geometry, texts, file)
    faults += [] if request.allow_holes else check_holes(frame.geometry, texts, file)
    findings.faults += faults
    return frame.assign(code=codes.to_numpy()).sort_values("code", ignore_index=True)


def _best_effort(frame: gpd.GeoDataFrame, codes: pd.Series) -> gpd.GeoDataFrame:
    """Return the areas whose codes can be joined, so that the other files' faults are found too."""
    good = (
        codes.notna() & ~codes.duplicated() & codes.astype("string").str.strip().eq(codes).fillna(value=False)
    )
    good &= ~codes.astype("string").fillna("").map(is_pseudo).astype(bool)
    return frame.assign(code=codes.to_numpy())[good.to_numpy()].sort_values("code")


def _gather(request: PlaceRequest, areas: gpd.GeoDataFrame, findings: Findings) -> Contents:
    """Return what the place will hold; faults go to `findings`, and then the contents are not whole."""
    level = common_level(areas["code"]) or "area"
    if level == "area":
        findings.note(
            f"{request.areas.name}: these are not GSS codes, so their kind and vintage are not known."
        )
    else:
        findings.say(f"{request.areas.name}: {len(areas)} areas, codes of the kind {LEVEL_NAMES[level]}.")
    contents = Contents(areas, level, areas["code"].tolist())
    if not contents.codes:
        return contents
    contents.own = _own_columns(request, areas, contents)
    if not findings.faults:
        contents.beyond = findings.attempt(read_surroundings, request, contents, findings)
    _gather_tables(request, contents, findings)
    sound = not findings.faults
    if sound:
        contents.postcodes = findings.attempt(_postcodes, request, contents, findings)
        contents.wards = findings.attempt(read_wards, request, contents, findings.note)
        contents.streets = findings.attempt(read_scenery, request.streets, contents)
        contents.scenery = findings.attempt(read_scenery, request.scenery, contents)
    elif request.postcodes is not None:
        findings.attempt(read_table, request.postcodes)
    for role, path in request.files():
        if role == "terrain" or role.startswith("raster "):
            findings.attempt(describe, path)
    if not findings.faults:
        _put_tables(contents, findings)
    return contents


def _gather_tables(request: PlaceRequest, contents: Contents, findings: Findings) -> None:
    if request.lookup is not None:
        findings.attempt(_lookup, request, request.lookup, contents, findings)
    if request.population is not None:
        findings.attempt(_population, request, request.population, contents, findings)
    for path in request.indicators:
        findings.attempt(_indicators, request, path, contents, findings)
    if request.dictionary is not None:
        findings.attempt(_dictionary, request.dictionary, contents, findings)


def _put_tables(contents: Contents, findings: Findings) -> None:
    """Put together what is kept of each area, and of each area of the surroundings."""
    contents.table = findings.attempt(areas_table, contents, findings.note)
    findings.joins += [contents.ward_join] if contents.ward_join else []
    if contents.beyond is not None:
        contents.beyond.table = findings.attempt(surroundings_table, contents.beyond)


def _own_columns(request: PlaceRequest, areas: gpd.GeoDataFrame, contents: Contents) -> pd.DataFrame:
    """Return what the areas' own file says about names and parents."""
    plain = pd.DataFrame(areas.drop(columns="geometry")).set_axis(pd.Index(contents.codes, name="code"))
    join = Join(request.areas.name, "areas", len(areas), len(areas), 1.0, request.code)
    found, _, _ = parents(
        Matched(plain.drop(columns="code"), request.code, join), contents.level, request.vintage
    )
    return found


def _match(
    request: PlaceRequest, path: Path, role: str, contents: Contents, *, need_all: bool
) -> tuple[pd.DataFrame, Matched]:
    """Return a file's table, and its rows brought to the place's areas."""
    table = read_table(path)
    return table, match(
        table,
        contents.codes,
        file=path.name,
        role=role,
        level=contents.level,
        vintage=request.vintage,
        need_all=need_all,
        cure=""
        if role == "lookup"
        else "Where they are not known, say --allow-missing to keep them as missing.",
        may_repeat=role == "lookup"
        and repeats_naturally(table, contents.codes, contents.level, request.vintage, path.name),
    )


def _lookup(request: PlaceRequest, path: Path, contents: Contents, findings: Findings) -> None:
    table, matched = _match(request, path, "lookup", contents, need_all=True)
    findings.joined(matched)
    notes = _take_lookup(matched, contents, request, findings)
    for sentence in notes:
        findings.note(sentence)
    contents.vintage_checked = not matched.join.unmatched and contents.level != "area"
    if contents.vintage_checked and named_vintage(matched.column) is None:
        findings.note(
            f"{path.name} does not name its year; it was taken to be of {request.vintage}, as was said."
        )
    if contents.beyond is not None:
        near = match_surroundings(table, matched, contents.beyond, request, findings)
        _take_lookup(near, contents.beyond, request, findings)
        known = contents.beyond.lookup
        assert known is not None
        contents.beyond.lookup = whole_parents(known, table, matched, contents.level, request.vintage)


def _take_lookup(
    matched: Matched, contents: Contents, request: PlaceRequest, findings: Findings
) -> list[str]:
    """Keep the parents and the population-weighted centroids that a lookup gives; return its notes."""
    contents.lookup, faults, notes = parents(matched, contents.level, request.vintage)
    findings.faults += faults
    pair = centre_columns([str(column) for column in matched.rows.columns])
    if pair is None or matched.rows.index.has_duplicates or matched.rows.empty:
        return notes
    for column in pair:
        cells = matched.rows[column].set_axis(pd.Index(matched.file_rows.to_numpy()))
        values, wrong = numbers(cells, matched.join.file)
        findings.faults += wrong
        contents.centres[column] = values.set_axis(matched.rows.index)
    return notes


def _population(request: PlaceRequest, path: Path, contents: Contents, findings: Findings) -> None:
    table, matched = _match(request, path, "population", contents, need_all=not request.allow_missing)
    findings.joined(matched)
    found = measures.population(
        matched, contents.codes, request.population_column, allow_missing=request.allow_missing
    )
    findings.faults += found.faults
    if not found.faults:
        contents.population = found.values
    if contents.beyond is not None and not found.faults:
        near = match_surroundings(table, matched, contents.beyond, request, findings)
        people = measures.population(near, contents.beyond.codes, found.columns[0], allow_missing=True)
        findings.faults += people.faults
        contents.beyond.population = people.values
    for sentence in (*found.notes, *measures.missing_notes(found.values, path.name)):
        findings.note(sentence)


def _indicators(request: PlaceRequest, path: Path, contents: Contents, findings: Findings) -> None:
    table, matched = _match(request, path, "indicators", contents, need_all=not request.allow_missing)
    findings.joined(matched)
    found = measures.indicators(matched, contents.codes, allow_missing=request.allow_missing)
    findings.faults += found.faults
    repeated = [column for column in found.columns if column in contents.sources]
    for column in found.columns:
        if column in repeated:
            what = f"{contents.sources[column]['file']} has a column of this name too."
            findings.faults.append(
                Fault(what, "Rename one, so that each indicator has one meaning.", path.name, None, column)
            )
        contents.sources[column] = {"file": path.name}
    contents.indicators = (
        found.values
        if contents.indicators is None
        else pd.concat([contents.indicators, found.values.drop(columns=repeated)], axis=1)
    )
    if contents.beyond is not None and not found.faults:
        near = match_surroundings(table, matched, contents.beyond, request, findings)
        figures(near, found.columns, contents.beyond, findings)
    for sentence in (*found.notes, *measures.missing_notes(found.values, path.name)):
        findings.note(sentence)


def _dictionary(path: Path, contents: Contents, findings: Findings) -> None:
    """Keep what a dictionary of indicators (a row a `column`) says about each one that the place has."""
    table = read_table(path)
    if "column" not in table.columns:
        raise GeoError([missing_column("column", [str(column) for column in table.columns], path.name)])
    for row in table.astype(str).to_dict("records"):
        source = contents.sources.get(row["column"])
        if source is not None:
            source.update({str(key): value for key, value in row.items() if key != "column" and value})
    told = sum(len(source) > 1 for source in contents.sources.values())
    findings.note(f"{path.name}: tells about {told} of {len(contents.sources)} indicators.")


def _postcodes(request: PlaceRequest, contents: Contents, findings: Findings) -> pd.DataFrame | None:
    if request.postcodes is None:
        return None
    found = read_postcodes(
        read_table(request.postcodes),
        contents.areas.set_index("code"),
        request.postcodes.name,
        fictional=request.fictional,
    )
    findings.faults += found.faults
    for sentence in found.notes:
        findings.note(sentence)
    return found.table
