"""Sources: what each source said of each asset when it was last imported, and what the register knows by it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assets.drafts import Draft
from assets.identity import digest
from assets.importers.candidates import Candidate
from assets.importers.keys import RowKey
from assets.keeping import draft_values
from assets.merging import living_id
from assets.schema import AssetRow, SourceRow, now

ABOUT, RECORD = "import", "record"
"""The keys of a source's values that are no fields: how the row is known again, and its whole record."""


@dataclass(frozen=True)
class KnownSource:
    """A row that a source had before: its asset, and what it said."""

    id: int
    asset_id: str
    label: str
    base: str
    content: str
    values: Mapping[str, Any]

    @property
    def about(self) -> Mapping[str, Any]:
        """Return how the row was known and judged when it was imported."""
        found = self.values.get(ABOUT)
        return found if isinstance(found, Mapping) else {}


def known_sources(session: Session, source: str) -> list[KnownSource]:
    """Return every row that a source had, by its key."""
    query = select(SourceRow).where(SourceRow.source == source).order_by(SourceRow.source_key)
    return [_known(row) for row in session.scalars(query)]


def _known(row: SourceRow) -> KnownSource:
    values = dict(row.values or {})
    about = values.get(ABOUT)
    base, content = "", ""
    if isinstance(about, Mapping):
        base, content = str(about.get("base", "")), str(about.get("content", ""))
    return KnownSource(row.id, row.asset_id, row.source_key, base or row.source_key, content, values)


def global_key(source: str, label: str) -> str:
    """Return the key under which the register itself keeps a row: a digest, the same in every import."""
    return digest("source", source, label)


def known_keys(session: Session) -> dict[str, str]:
    """Return the asset (id) of every row that was imported first, by its global key; removed ones too."""
    query = select(AssetRow.source_key, AssetRow.id).where(AssetRow.source_key.is_not(None))
    return {key: asset_id for key, asset_id in session.execute(query) if key}


def known_identities(session: Session) -> dict[str, str]:
    """Return the asset (id) for every identity in the register; of a merged one, the asset it lives on in."""
    query = select(AssetRow.identity, AssetRow.id, AssetRow.deleted_at, AssetRow.merged_into)
    found: dict[str, str] = {}
    for same, asset_id, deleted, merged in session.execute(query):
        if merged is not None:
            found.setdefault(same, living_id(session, asset_id))
        elif deleted is None:
            found[same] = asset_id
    return found


def rows_by_id(session: Session, ids: Iterable[str]) -> dict[str, AssetRow]:
    """Return the rows of some assets, read in a few queries rather than one each."""
    wanted = sorted(set(ids))
    found: dict[str, AssetRow] = {}
    for start in range(0, len(wanted), 500):
        query = select(AssetRow).where(AssetRow.id.in_(wanted[start : start + 500]))
        found.update({row.id: row for row in session.scalars(query)})
    return found


def sources_of(session: Session, ids: Iterable[str], *, but: str) -> list[str]:
    """Return the other sources that speak of some assets, the one of most of them first."""
    wanted = sorted(set(ids))[:500]
    query = (
        select(SourceRow.source)
        .where(SourceRow.asset_id.in_(wanted), SourceRow.source != but)
        .group_by(SourceRow.source)
        .order_by(func.count().desc(), SourceRow.source)
    )
    return list(session.scalars(query))


def said(candidate: Candidate, draft: Draft, key: RowKey, holds: str) -> dict[str, Any]:
    """Return what is kept of a row: its values as the register took them, and how to know it again."""
    values = {name: plain(value) for name, value in draft_values(draft).items()}
    where = (
        candidate.longitude, candidate.latitude, candidate.easting, candidate.northing, candidate.grid_reference,
        candidate.identifiers.get("uprn", ""), candidate.postcode, candidate.address,
    )  # fmt: skip
    about = {"base": key.base, "content": key.content, "where": digest(*where), "holds": holds}
    record = {} if candidate.record is None else {RECORD: dict(candidate.record)}
    return {**values, ABOUT: about, **record}


def plain(value: Any) -> Any:
    """Return a value of an asset as JSON holds it."""
    return value.isoformat() if isinstance(value, date) else value


def keep_said(
    session: Session,
    *,
    asset_id: str,
    source: str,
    label: str,
    row: int,
    licence: str,
    values: Mapping[str, Any],
) -> None:
    """Keep what a source says of an asset now, in place of what it said before."""
    kept = session.scalar(select(SourceRow).where(SourceRow.source == source, SourceRow.source_key == label))
    if kept is None:
        # what the register itself may have kept when it wrote the asset says the same less well
        kept = session.scalar(
            select(SourceRow).where(
                SourceRow.asset_id == asset_id, SourceRow.source_key == global_key(source, label)
            )
        )
    if kept is None:
        kept = SourceRow(asset_id=asset_id)
        session.add(kept)
    kept.asset_id, kept.source, kept.source_key, kept.source_row = asset_id, source, label, row
    kept.licence, kept.values, kept.imported_at = licence, dict(values), now()
    session.flush()
