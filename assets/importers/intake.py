"""Taking a file in: read, judge each row, write what can be kept in one transaction, report every row."""

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from assets.drafts import Draft
from assets.importers.candidates import Candidate, candidates
from assets.importers.mapping import PLAIN, hold_rules, load_mapping
from assets.importers.report import ImportReport, RowReport, refused_csv
from assets.importers.rows import Verdict, judge
from assets.importers.table import Table, read_table
from assets.locate import locator
from assets.register import KnownRow, digest, identity, keep, known_identities, known_keys, place_again
from assets.schema import Asset
from store.session import reading, writing


@dataclass(frozen=True)
class _Judged:
    candidate: Candidate
    verdict: Verdict
    key: str


@dataclass
class _Known:
    """What the register and the rows before this one hold."""

    keys: dict[str, KnownRow]
    identities: dict[str, str]
    rows: dict[str, int]


def import_file(
    path: Path,
    *,
    home: Path,
    mapping: str | Path | None = None,
    place: str | None = None,
    say: Callable[[str], None] = lambda _: None,
    dry_run: bool = False,
    today: date | None = None,
) -> ImportReport:
    """Import a CSV file into the register, all of it or, if anything breaks, nothing.

    `mapping` is the name of a shipped mapping or a TOML file, None for plain columns; `place` names the
    place whose postcodes and areas are asked, None asks every place of the home. Rows that are refused are
    written beside the file as NAME.refused.csv, or into the home where that folder cannot be written to. A
    second import of the same rows changes nothing, except that a row held for want of a location gets one
    when it is known by then. With `dry_run` nothing is written.

    Raises AssetError where the file, its columns or the mapping cannot be read; GeoError for an
    unknown place.
    """
    chosen = load_mapping(mapping)
    table = read_table(path)
    found = candidates(table, chosen, path.name)
    say(f"{path.name}: {len(found)} rows read.")
    where = locator(home, place)
    rules = hold_rules()
    day = today or date.today()
    verdicts = [_of_place(judge(candidate, chosen, rules, where, day), place) for candidate in found]
    judged = [
        _Judged(candidate, verdict, key)
        for candidate, verdict, key in zip(found, verdicts, _keys(found), strict=True)
    ]
    with reading(home) if dry_run else writing(home) as session:
        known = _Known(known_keys(session), known_identities(session), {})
        reports = tuple(_take(session, one, known, dry_run) for one in judged)
    refused = [report for report in reports if report.outcome == "refused"]
    refused_file = _write_refused(path, home, table, refused) if refused and not dry_run else None
    name = str(mapping or PLAIN)
    return ImportReport(path.name, name, reports, table.notes, dry_run, refused_file)


def _of_place(verdict: Verdict, place: str | None) -> Verdict:
    """Return the verdict with a draft that has no point counted to the place that the import names."""
    draft = verdict.draft
    if draft is None or draft.longitude is not None or place is None:
        return verdict
    return replace(verdict, draft=replace(draft, place=place))


def _keys(found: Sequence[Candidate]) -> list[str]:
    """Return a key a row: a digest of what it says, and for rows that say the same, which of them it is."""
    seen: Counter[str] = Counter()
    keys = []
    for candidate in found:
        content = digest(
            candidate.reference, candidate.name, candidate.category, candidate.longitude, candidate.latitude,
            candidate.postcode, candidate.address, candidate.website, candidate.description,
        )  # fmt: skip
        seen[content] += 1
        keys.append(digest(content, str(seen[content])))
    return keys


def _take(session: Session, judged: _Judged, known: _Known, dry_run: bool) -> RowReport:
    """Write one row into the register, unless it is refused or there already; return its report."""
    verdict, draft = judged.verdict, judged.verdict.draft
    if draft is None:
        return _report(judged, "refused", verdict.refusals)
    there = known.keys.get(judged.key)
    if there and (there.located or draft.longitude is None):
        return _report(judged, "unchanged", ("the register has this row already",), there.id)
    holds = verdict.holds
    if there is None:
        twin = _twin(draft, known)
        if isinstance(twin, str):
            return _report(judged, "unchanged", ("the register has this asset already",), twin)
        if twin is not None:
            holds = (*holds, f"it looks the same as row {twin} of this file")
    known.rows.setdefault(identity(draft), judged.candidate.row)
    outcome = "held" if holds else "mended" if verdict.mends else "accepted"
    asset_id = None if dry_run else _write(session, judged, draft, "; ".join(holds), there).id
    return _report(judged, outcome, (*holds, *verdict.mends), asset_id)


def _twin(draft: Draft, known: _Known) -> str | int | None:
    """Return the asset (id) or the row (number) of this file that is the same as the draft, or None."""
    same = identity(draft)
    return known.rows.get(same) or known.identities.get(same)


def _write(session: Session, judged: _Judged, draft: Draft, reason: str, there: KnownRow | None) -> Asset:
    if there:
        return place_again(session, there.id, draft, reason)
    return keep(session, draft, review_reason=reason, source_row=judged.candidate.row, source_key=judged.key)


def _report(
    judged: _Judged, outcome: str, reasons: tuple[str, ...], asset_id: str | None = None
) -> RowReport:
    draft = judged.verdict.draft
    return RowReport(
        row=judged.candidate.row,
        outcome=outcome,
        name=judged.candidate.name,
        category=draft.category if draft else "",
        reasons=reasons,
        notes=judged.verdict.notes if outcome != "unchanged" else (),
        geocoded=draft is not None and draft.longitude is not None,
        place=draft.place if draft else None,
        asset_id=asset_id,
    )


def _write_refused(path: Path, home: Path, table: Table, refused: list[RowReport]) -> Path:
    """Write the refused rows beside the file, or into the home where that is not allowed; never half."""
    text = refused_csv(table, refused)
    name = f"{path.stem}.refused.csv"
    if os.access(path.parent, os.W_OK):
        return _write_whole(path.parent / name, text)
    folder = home / "refused"
    folder.mkdir(parents=True, exist_ok=True)
    return _write_whole(folder / name, text)


def _write_whole(target: Path, text: str) -> Path:
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8-sig", newline="", dir=target.parent, prefix=f".{target.name}.", delete=False
    ) as part:
        part.write(text)
    Path(part.name).replace(target)
    return target
