"""Taking a file in: read, judge each row, write what can be kept in one transaction, report every row."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from assets.identity import digest
from assets.importers.candidates import Candidate, candidates, unread_columns
from assets.importers.complete import count_as_look, extent_of
from assets.importers.formats import FORMATS, format_of, read_source
from assets.importers.gone import editions, find_gone, reach_of, report_gone
from assets.importers.keys import key_of
from assets.importers.mapping import Mapping, hold_rules, load_mapping
from assets.importers.refused import write_refused
from assets.importers.report import MOST_TOLD, ImportReport
from assets.importers.rows import judge, of_place
from assets.importers.sources import known_identities, known_keys, known_sources, rows_by_id
from assets.importers.table import Table
from assets.importers.taking import Import, Row, matched, take
from assets.locate import locator
from store.roles import CLI, Actor, importer, require
from store.session import reading, writing
from words.sentences import joined

OWN_HEADINGS = ("csv", "excel", "geojson", "gpkg")


def import_file(
    path: Path | str,
    *,
    home: Path,
    format: str | None = None,
    mapping: str | Path | None = None,
    place: str | None = None,
    layer: str | None = None,
    source: str | None = None,
    licence: str | None = None,
    say: Callable[[str], None] = lambda _: None,
    dry_run: bool = False,
    report_gone_rows: bool = False,
    today: date | None = None,
    actor: Actor = CLI,
) -> ImportReport:
    """Import a file into the register, all of it or, if anything breaks, nothing.

    `format` is one of `formats.FORMATS`, None tells it by the file's ending; `layer` names the sheet or layer
    where there are several. `mapping` is the name of a shipped mapping or a TOML file, None for the format's
    own; `place` names the place whose postcodes and areas are asked, None asks every place of the home.
    `source` names where the file comes from, the same for each of its editions (else the file's own name, for
    OpenStreetMap always that), and `licence` what may be done with it.

    Where the mapping says what the source is complete for, the import of a whole file counts as a look there.

    Rows that are refused are written beside the file as NAME.refused.csv, or into the home where that folder
    cannot be written to. A second import of the same rows changes nothing. A later edition updates what it
    changed and nobody here did; where both did, a conflict waits in the queue. Rows that the source no longer
    has are told, never removed; with `report_gone_rows` each is put into the queue. With `dry_run` nothing is
    written.

    Raises Forbidden for who may not import; AssetError where the file, its columns or the mapping cannot be
    read; GeoError for an unknown place.
    """
    require(actor, "import")
    chosen, holds, day = format_of(path, format), hold_rules(), today or date.today()
    rules = load_mapping(mapping or FORMATS[chosen].mapping)
    table = read_source(path, chosen, layer)
    name = Path(path).name or str(path)
    found = candidates(table, rules, name)
    say(f"{name}: {len(found)} rows read.")
    feed = source or rules.constants.feed or name
    where = locator(home, place)
    extent = extent_of(home, rules.complete_for, place, day) if rules.complete_for else None
    own = licence or rules.constants.licence or FORMATS[chosen].licence
    judged = [
        of_place(judge(_licensed(one, own, feed, source), rules, holds, where, day), place) for one in found
    ]
    rows = [
        Row(candidate, verdict, key_of(candidate), old)
        for candidate, verdict, old in zip(found, judged, _old_keys(found), strict=True)
    ]
    with reading(home) if dry_run else writing(home) as session:
        known = known_sources(session, feed)
        run = Import(
            session, feed, name, importer(feed), f"import of {name} by {actor.name}", where, dry_run, known,
            known_keys(session), known_identities(session), rows_by_id(session, (one.asset_id for one in known)),
        )  # fmt: skip
        reports = tuple(take(run, row) for row in matched(run, rows))
        gone = (
            find_gone(run, reach_of(judged) if FORMATS[chosen].in_parts else None) if table.is_whole else ()
        )
        notes = (*table.notes, *_unread(table, rules, name, chosen), *editions(run, reports))
        if extent and table.is_whole:
            notes = (*notes, *count_as_look(run, extent, rows, reports, rules))
        if report_gone_rows and not dry_run:
            report_gone(run, gone)
    refused = [report for report in reports if report.outcome == "refused"]
    target = Path(name) if chosen == "open_referral" and not Path(path).is_file() else Path(path)
    refused_file = write_refused(target, home, table, refused) if refused and not dry_run else None
    return ImportReport(
        name, str(mapping or FORMATS[chosen].mapping), reports, notes, dry_run, refused_file,
        format=chosen, source=feed, licence=own, gone=gone, is_whole=table.is_whole,
    )  # fmt: skip


def _unread(table: Table, rules: Mapping, file: str, chosen: str) -> list[str]:
    """Return what to say of columns that nothing reads; the headings of the other formats are not the file's own."""
    unread = unread_columns(table, rules, file) if chosen in OWN_HEADINGS else []
    more = [f"{len(unread) - MOST_TOLD} more"] if len(unread) > MOST_TOLD else []
    named = joined([*(heading[:80] for heading in unread[:MOST_TOLD]), *more])
    return (
        [f"Not used: {named}. Larder has no field for it, or a mapping has to say which."] if unread else []
    )


def _licensed(candidate: Candidate, licence: str, feed: str, source: str | None) -> Candidate:
    """Return the candidate with the licence of its file, and the source that whoever imports it named."""
    details = candidate.details
    if licence and not details.get("licence"):
        details = {**details, "licence": licence}
    return replace(candidate, details=details, source=feed if source else candidate.source)


def _old_keys(found: Sequence[Candidate]) -> list[str]:
    """Return the keys under which registers of before this one kept rows, so that theirs are known again."""
    seen: Counter[str] = Counter()
    keys = []
    for one in found:
        content = digest(
            one.reference, one.name, one.category, one.longitude, one.latitude, one.postcode, one.address,
            one.website, one.description,
        )  # fmt: skip
        seen[content] += 1
        keys.append(digest(content, str(seen[content])))
    return keys
