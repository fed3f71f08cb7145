"""Updating: a source's new values merged with what people here changed since; both changed is a conflict."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from assets.edits import EDITABLE
from assets.importers.sources import ABOUT, RECORD, KnownSource
from assets.keeping import KIND, from_recorded, recorded, write_version
from assets.locate import Where
from assets.schema import AssetRow
from store.queue import revise, submissions_about, submit
from store.roles import Actor

POINT = ("longitude", "latitude")
_FOLLOW = ("geocode_method", "geocode_quality", "place", "area")
_STANDING = ("status", "review_reason")
_APART = {*POINT, *_FOLLOW, *_STANDING, "confirmed_on", "identifiers", ABOUT, RECORD}


@dataclass
class Merged:
    """What a new import of a row means for its asset: fields to set, and fields that both sides changed."""

    updates: dict[str, Any] = field(default_factory=dict)
    conflicts: dict[str, Any] = field(default_factory=dict)


def merge(before: KnownSource, theirs: Mapping[str, Any], row: AssetRow, *, owns: bool) -> Merged:
    """Return the three-way merge of what the source said before, what it says now and what stands here.

    What the source changed and nobody here touched is an update; what people here changed is kept; what both
    changed is a conflict. Of two days of confirmation the later one holds. `owns` is False where the asset
    came from elsewhere and this source only speaks of it too: then every change of it is for a steward.
    """
    ours, base = recorded(row), before.values
    found = Merged()
    for name in theirs:
        if name not in _APART and name in ours:
            _merge_field(name, base.get(name, ours[name]), theirs[name], ours[name], found)
    _merge_identifiers(base, theirs, ours, found)
    _merge_point(before, theirs, ours, found)
    _merge_confirmation(base, theirs, ours, found)
    if owns:
        _merge_standing(before, theirs, ours, found)
        return found
    told = {name: value for name, value in found.updates.items() if name in EDITABLE}
    return Merged({}, {**told, **found.conflicts})


def _merge_field(name: str, base: Any, theirs: Any, ours: Any, found: Merged) -> None:
    if theirs in (base, ours):
        return
    (found.updates if ours == base else found.conflicts)[name] = theirs


def _merge_identifiers(
    base: Mapping[str, Any], theirs: Mapping[str, Any], ours: Mapping[str, Any], found: Merged
) -> None:
    """Merge the identifiers one by one, for people add to them here."""
    mine = dict(ours.get("identifiers") or {})
    was, says = dict(base.get("identifiers", mine) or {}), dict(theirs.get("identifiers") or {})
    merged, is_conflict = dict(mine), False
    for key in {*was, *says}:
        if says.get(key) in (was.get(key), mine.get(key)):
            continue
        if mine.get(key) != was.get(key):
            is_conflict = True
        if key in says:
            merged[key] = says[key]
        else:
            merged.pop(key, None)
    if merged != mine:
        (found.conflicts if is_conflict else found.updates)["identifiers"] = merged


def _merge_point(
    before: KnownSource, theirs: Mapping[str, Any], ours: Mapping[str, Any], found: Merged
) -> None:
    """Merge the point, which counts as changed where the source's own words for it did, or had given none."""
    base, says, mine = (tuple(one.get(name) for name in POINT) for one in (before.values, theirs, ours))
    same_words = before.about.get("where") == theirs[ABOUT]["where"]
    if says in (base, mine) or (same_words and base != (None, None)):
        return
    if mine == base:
        found.updates |= {name: theirs.get(name) for name in (*POINT, *_FOLLOW)}
    elif None not in says:
        found.conflicts |= dict(zip(POINT, says, strict=True))


def _merge_confirmation(
    base: Mapping[str, Any], theirs: Mapping[str, Any], ours: Mapping[str, Any], found: Merged
) -> None:
    day = theirs.get("confirmed_on")
    if day and day != base.get("confirmed_on") and day > (ours.get("confirmed_on") or ""):
        found.updates["confirmed_on"] = day


def _merge_standing(
    before: KnownSource, theirs: Mapping[str, Any], ours: Mapping[str, Any], found: Merged
) -> None:
    """Hold the asset anew, or free it, where the reasons to hold the row changed and nobody here decided."""
    was, says = str(before.about.get("holds", "")), str(theirs[ABOUT]["holds"])
    if was == says:
        return
    standing = {"status": "held" if says else "accepted", "review_reason": says}
    if {name: ours[name] for name in _STANDING} == standing:
        return
    untouched = ours["status"] == ("held" if was else "accepted") and ours["review_reason"].startswith(was)
    (found.updates if untouched else found.conflicts).update(standing)


def write_update(
    session: Session, row: AssetRow, updates: Mapping[str, Any], *, actor: Actor, reason: str, where: Where
) -> None:
    """Write the fields of an update as one version."""
    before = recorded(row)
    for name, value in from_recorded(dict(updates)).items():
        setattr(row, name, value)
    write_version(session, row, before, actor=actor, action="import", reason=reason, where=where)


def queue_conflict(
    session: Session, row: AssetRow, changes: Mapping[str, Any], *, actor: Actor, source: str
) -> None:
    """Put what the source now says beside what stands here into the queue; one that waits already is added to."""
    wanted = {name: value for name, value in changes.items() if name in EDITABLE}
    if not wanted:
        return
    note = f"{source} changed this, and so did people here. Approve to take what {source} says."
    for one in submissions_about(session, KIND, row.id, actor):
        if (one.kind, one.status, one.note) == ("conflict", "waiting", note):
            payload = {"changes": {**one.payload.get("changes", {}), **wanted}}
            if payload != one.payload:
                revise(session, one.id, payload, actor=actor, expected_version=one.version)
            return
    submit(
        session,
        actor=actor,
        kind="conflict",
        subject_kind=KIND,
        subject_id=row.id,
        base_version=row.version,
        payload={"changes": wanted},
        note=note,
    )
