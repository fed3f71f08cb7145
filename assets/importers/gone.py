"""Gone rows: what a source had and no longer has, told and never removed; and later editions under a new name."""

from collections.abc import Sequence

from assets.importers.report import Gone, RowReport
from assets.importers.rows import Verdict
from assets.importers.sources import sources_of
from assets.importers.taking import Import
from assets.keeping import KIND
from assets.schema import AssetRow
from store.queue import submissions_about, submit

Box = tuple[float, float, float, float]


def reach_of(judged: Sequence[Verdict]) -> Box | None:
    """Return the box (west, south, east, north, in degrees) round the points of a file."""
    points = [
        (draft.longitude, draft.latitude)
        for verdict in judged
        if (draft := verdict.draft) and draft.longitude is not None and draft.latitude is not None
    ]
    if not points:
        return None
    east, north = zip(*points, strict=True)
    return min(east), min(north), max(east), max(north)


def find_gone(run: Import, reach: Box | None) -> tuple[Gone, ...]:
    """Return the assets whose rows the source no longer has, within the reach of the file where it is a part."""
    missing = [(one, run.assets[one.asset_id]) for one in run.known if one.id not in run.found]
    return tuple(
        Gone(one.label, asset.id, asset.name)
        for one, asset in missing
        if asset.deleted_at is None and (reach is None or _inside(asset, reach))
    )


def _inside(asset: AssetRow, reach: Box) -> bool:
    if asset.longitude is None or asset.latitude is None:
        return False
    west, south, east, north = reach
    return west <= asset.longitude <= east and south <= asset.latitude <= north


def editions(run: Import, reports: Sequence[RowReport]) -> list[str]:
    """Return what to do where a new source brings mostly what another file brought before."""
    there = [report.asset_id for report in reports if report.asset_id and report.outcome == "unchanged"]
    if run.known or len(there) * 2 < len(reports) or not there:
        return []
    names = sources_of(run.session, there, but=run.source)
    return [
        f"Most of these rows are assets that {name!r} brought. If this is a later edition of it, name it with "
        f"--source {name!r}, and what changed is updated."
        for name in names[:1]
    ]


def report_gone(run: Import, gone: Sequence[Gone]) -> None:
    """Put a report a gone row into the queue, once."""
    note = f"{run.source} no longer has it. Is it closed, or only left out there?"
    for one in gone:
        if any(each.note == note for each in submissions_about(run.session, KIND, one.asset_id, run.actor)):
            continue
        version = run.assets[one.asset_id].version
        submit(
            run.session, actor=run.actor, kind="report", subject_kind=KIND, subject_id=one.asset_id,
            base_version=version, payload={}, note=note,
        )  # fmt: skip
