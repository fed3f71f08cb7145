"""Complete lists: an import that has all of some categories counts as a look, so that *none* is told from *unknown*.

Only a mapping says so, never the file's size: whoever writes it knows what the source promises. A category of which
a row was refused, or waits for a steward, is left out: what is recorded would then not be all that there is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from assets.coverage import EVERY, LookRow, add_look
from assets.errors import AssetError
from assets.importers.mapping import Complete, Mapping
from assets.importers.report import RowReport
from assets.importers.rows import category_of
from assets.importers.taking import Import, Row
from assets.importers.whereabouts import Findings
from assets.schema import AssetRow, SourceRow
from geo.place import Place, find_place
from words.categories import CATEGORIES
from words.faults import Fault
from words.freshness import day_words
from words.sentences import category_word, joined

COLUMN = "complete_for"


@dataclass(frozen=True)
class Extent:
    """Of what a file has all: in which areas of which place, for which categories, on which day."""

    place: Place
    areas: tuple[str, ...]
    categories: tuple[str, ...]
    on: date


def extent_of(home: Path, complete: Complete, place: str | None, today: date) -> Extent:
    """Return of what a file has all, as its mapping says.

    `place` is the place that the import names. Raises AssetError with every fault: no place, another one than the
    import's, areas that it has not, a day to come; GeoError for an unknown place.
    """
    name = complete.place or place
    if not name:
        raise AssetError(
            "The mapping says what its source is complete for, and not where.",
            f'Write place = "…" under [{COLUMN}], or name the place of the import.',
        )
    found = find_place(home, name)
    faults = []
    if place and place != name:
        cure = f"Import it for {name}, or take the place out of the mapping."
        faults.append(Fault(f"The mapping is complete for {name}, and the import is for {place}.", cure))
    if complete.on > today:
        cure = "Write the day of the list."
        faults.append(Fault("This day is still to come.", cure, column="on", value=complete.on.isoformat()))
    known = set(map(str, found.areas().index)) if complete.areas else set()
    faults += [
        Fault(f"{found.title} has no area of this code.", "See its areas.", column="areas", value=area)
        for area in complete.areas
        if area not in known
    ]
    if faults:
        raise AssetError(faults)
    return Extent(found, complete.areas or (EVERY,), complete.categories, complete.on)


def count_as_look(
    run: Import, extent: Extent, rows: Sequence[Row], reports: Sequence[RowReport], rules: Mapping
) -> list[str]:
    """Keep that a complete list is a look, once, unless this is a trial; return what there is to say of it."""
    open_ones = _refused(rows, rules) | _held(run, reports)
    wanted = tuple(CATEGORIES) if EVERY in extent.categories and open_ones else extent.categories
    sure = [code for code in wanted if code not in open_ones]
    doubtful = sorted(set(wanted) & open_ones)
    if not run.dry_run:
        _keep(run, extent, sure)
    told = []
    if sure:
        where = (
            f"{len(extent.areas)} areas of {extent.place.title}"
            if EVERY not in extent.areas
            else extent.place.title
        )
        told.append(
            f"It counts as a look on {day_words(extent.on)} in {where} for {_words(sure)}: "
            "where none is recorded, there was none."
        )
    if doubtful:
        told.append(
            f"It does not count as a look for {_words(doubtful)}: rows of it were refused or are held for review. "
            "Mend them or decide on them, and import it again."
        )
    return told


def _refused(rows: Sequence[Row], rules: Mapping) -> set[str]:
    """Return the categories of the rows that were not taken."""
    return {
        category_of(row.candidate, rules, Findings([], [], [], []))
        for row in rows
        if row.verdict.draft is None
    }


def _held(run: Import, reports: Sequence[RowReport]) -> set[str]:
    """Return the categories of the source's assets that wait for a steward, from this import or an earlier one."""
    held = select(AssetRow.category).join(SourceRow, SourceRow.asset_id == AssetRow.id)
    held = held.where(
        SourceRow.source == run.source, AssetRow.status == "held", AssetRow.deleted_at.is_(None)
    )
    now = {report.category for report in reports if report.outcome == "held"}
    return {*run.session.scalars(held.distinct()), *now}


def _keep(run: Import, extent: Extent, categories: Sequence[str]) -> None:
    there = select(LookRow.area, LookRow.category).where(
        LookRow.place == extent.place.name,
        LookRow.looked_on == extent.on,
        LookRow.by == run.actor.id,
        LookRow.by_name == run.actor.name,
    )
    known = {(area, category) for area, category in run.session.execute(there)}
    for area in extent.areas:
        new = [category for category in categories if (area, category) not in known]
        if new:
            add_look(
                run.session, actor=run.actor, place=extent.place, looked_on=extent.on, found="all", areas=[area],
                categories=new, note=f"{run.file} is said to be complete",
            )  # fmt: skip


def _words(categories: Sequence[str]) -> str:
    if EVERY in categories:
        return "everything"
    return joined([category_word(code) for code in categories])
