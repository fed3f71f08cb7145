"""Taking rows into the register: new ones added, known ones merged, what stands there already left alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from assets.identity import identity
from assets.importers.candidates import Candidate
from assets.importers.keys import RowKey, labels, match
from assets.importers.report import RowReport
from assets.importers.rows import Verdict
from assets.importers.sources import KnownSource, global_key, keep_said, said
from assets.importers.updating import merge, queue_conflict, write_update
from assets.locate import Where
from assets.register import keep
from assets.schema import AssetRow
from store.roles import Actor


@dataclass(frozen=True)
class Row:
    """One row of the file on its way in."""

    candidate: Candidate
    verdict: Verdict
    key: RowKey
    old_key: str
    label: str = ""
    before: KnownSource | None = None

    @property
    def holds(self) -> str:
        """Return why a steward must look at the row, as one text."""
        return "; ".join(self.verdict.holds)


@dataclass
class Import:
    """What one import knows while it goes through its rows."""

    session: Session
    source: str
    file: str
    actor: Actor
    reason: str
    where: Where
    dry_run: bool
    known: list[KnownSource]
    keys: dict[str, str]
    identities: dict[str, str]
    assets: dict[str, AssetRow]
    rows: dict[str, int] = field(default_factory=dict)
    found: set[int] = field(default_factory=set)


def matched(run: Import, rows: Sequence[Row]) -> list[Row]:
    """Return the rows, each with its label and what the source said of it before."""
    keys = [row.key for row in rows]
    before = match(keys, run.known)
    run.found = {one.id for one in before if one is not None}
    taken = {at: one.label for at, one in enumerate(before) if one is not None}
    told = labels(keys, taken, (one.label for one in run.known))
    return [replace(row, label=label, before=one) for row, label, one in zip(rows, told, before, strict=True)]


def take(run: Import, row: Row) -> RowReport:
    """Bring one row into the register, unless it is refused or there already; return its report."""
    draft = row.verdict.draft
    if draft is None:
        faults = tuple(replace(one, file=run.file, row=row.candidate.row) for one in row.verdict.refusals)
        reasons = tuple(replace(one, file="", row=None).sentence() for one in faults)
        return replace(_report(row, "refused", reasons), faults=faults)
    if row.before is not None:
        return _again(run, row, row.before)
    removed = run.keys.get(global_key(run.source, row.label))
    if removed is not None:
        return _report(row, "unchanged", ("it was taken out of the register here",), removed)
    twin = run.rows.get(identity(draft)) or _there(run, row)
    if isinstance(twin, KnownSource):
        return _again(run, row, twin)
    if isinstance(twin, str):
        if not run.dry_run:
            _keep(run, row, twin)
        run.rows.setdefault(identity(draft), row.candidate.row)
        return _report(row, "unchanged", ("the register has this asset already",), twin)
    holds = row.verdict.holds
    if twin is not None:
        holds = (*holds, f"it looks the same as row {twin} of this file")
    run.rows.setdefault(identity(draft), row.candidate.row)
    outcome = "held" if holds else "mended" if row.verdict.mends else "accepted"
    asset_id = None if run.dry_run else _add(run, row, "; ".join(holds))
    return _report(row, outcome, (*holds, *row.verdict.mends), asset_id)


def _there(run: Import, row: Row) -> str | KnownSource | None:
    """Return the asset that a new row is of, by its words: one of this source under another key, or any."""
    draft = row.verdict.draft
    there = run.keys.get(row.old_key) or (run.identities.get(identity(draft)) if draft else None)
    if there is None:
        return None
    spare = [one for one in run.known if one.asset_id == there]
    free = next((one for one in spare if one.id not in run.found), None)
    if free is not None:
        run.found.add(free.id)
        return free
    # a row of this very file stands for that asset already: the new one is looked at by a steward
    return None if spare else there


def _add(run: Import, row: Row, review_reason: str) -> str:
    draft = row.verdict.draft
    assert draft is not None
    asset = keep(
        run.session, draft, actor=run.actor, review_reason=review_reason, source_row=row.candidate.row,
        source_key=global_key(run.source, row.label), reason=run.reason, where=run.where,
    )  # fmt: skip
    _keep(run, row, asset.id)
    return asset.id


def _keep(run: Import, row: Row, asset_id: str) -> None:
    draft = row.verdict.draft
    assert draft is not None
    keep_said(
        run.session, asset_id=asset_id, source=run.source, label=row.label, row=row.candidate.row,
        licence=draft.licence, values=said(row.candidate, draft, row.key, row.holds),
    )  # fmt: skip


def _again(run: Import, row: Row, before: KnownSource) -> RowReport:
    """Merge a row that was imported before; nothing is written where it says what it said."""
    draft = row.verdict.draft
    assert draft is not None
    run.rows.setdefault(identity(draft), row.candidate.row)
    asset = run.assets[before.asset_id]
    if asset.merged_into is not None or asset.deleted_at is not None:
        why = (
            "it was merged into another asset here"
            if asset.merged_into
            else "it was taken out of the register here"
        )
        return _report(row, "unchanged", (why,), asset.id)
    theirs = said(row.candidate, draft, row.key, row.holds)
    owns = asset.source_key in (global_key(run.source, before.label), row.old_key)
    merged = merge(before, theirs, asset, owns=owns)
    if not run.dry_run and not _same(before, theirs):
        if merged.updates:
            write_update(
                run.session, asset, merged.updates, actor=run.actor, reason=run.reason, where=run.where
            )
        if merged.conflicts:
            queue_conflict(run.session, asset, merged.conflicts, actor=run.actor, source=run.source)
        _keep(run, replace(row, label=before.label), asset.id)
    if merged.conflicts:
        told = f"it was changed here too: {', '.join(merged.conflicts)} for a steward to decide"
        return _report(row, "conflict", (told,), asset.id)
    if merged.updates:
        return _report(row, "updated", (f"updated: {', '.join(merged.updates)}",), asset.id)
    return _report(row, "unchanged", ("the register has this row already",), asset.id)


def _same(before: KnownSource, theirs: dict[str, object]) -> bool:
    return dict(before.values) == theirs


def _report(row: Row, outcome: str, reasons: tuple[str, ...], asset_id: str | None = None) -> RowReport:
    draft = row.verdict.draft
    return RowReport(
        row=row.candidate.row,
        outcome=outcome,
        name=row.candidate.name,
        category=draft.category if draft else "",
        reasons=reasons,
        notes=row.verdict.notes if outcome != "unchanged" else (),
        geocoded=draft is not None and draft.longitude is not None,
        place=draft.place if draft else None,
        asset_id=asset_id,
    )
