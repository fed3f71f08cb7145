"""Edits: one asset changed, confirmed, removed or brought back by a named person, each a version."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from assets.errors import AssetError, Conflict
from assets.keeping import KIND, from_recorded, living_row, recorded, row_of, view, write_version
from assets.locate import Nowhere, Where
from assets.postcode_mending import readings
from assets.register import DETAILS, no_location, unknown_faults
from assets.rules import asset_faults, detail_faults
from assets.schema import PRIVATE, Asset, AssetRow, now
from store.roles import Actor, may, opens, require
from store.versions import Version, history
from words.categories import category_code
from words.faults import Fault

EDITABLE = (
    "name", "category", "longitude", "latitude", "postcode", "address", "website", "description", "status",
    "review_reason", *DETAILS,
)  # fmt: skip
"""The fields that a change may set."""


def change_asset(
    session: Session,
    asset_id: str,
    changes: Mapping[str, Any],
    *,
    actor: Actor,
    reason: str = "",
    expected_version: int,
    where: Where | None = None,
) -> Asset:
    """Change some fields of an asset, for which `expected_version` is the version that was being edited.

    A new postcode moves the asset where its point came from a postcode; new coordinates always do. A change
    that changes nothing is no version.

    Raises Forbidden; Conflict where somebody else changed it meanwhile, with both texts; AssetError with
    every fault of the new values, or where the asset was removed.
    """
    require(actor, "edit_asset")
    row = living_row(session, asset_id)
    _check_version(session, row, expected_version, changes)
    before = recorded(row)
    _take(row, changes, where or Nowhere())
    if recorded(row) == before:
        return row.asset()
    return write_version(session, row, before, actor=actor, action="change", reason=reason, where=where)


def _take(row: AssetRow, changes: Mapping[str, Any], where: Where) -> None:
    """Set the fields of a row, all or none of them."""
    values = {name: getattr(row, name) for name in EDITABLE} | dict(changes)
    faults = unknown_faults(changes, EDITABLE)
    category = str(values["category"])
    values["category"] = category_code(category) or category
    faults += asset_faults(
        str(values["name"]), values["category"], values["status"], values["longitude"], values["latitude"]
    )
    faults += detail_faults({name: values[name] for name in (*changes, *DETAILS) if name in values})
    moved = {} if faults else _moved(row, values, where, faults)
    if faults:
        raise AssetError(faults)
    for name, value in {**values, **moved}.items():
        setattr(row, name, " ".join(value.split()) if name == "name" else value)


def _moved(row: AssetRow, values: Mapping[str, Any], where: Where, faults: list[Fault]) -> dict[str, Any]:
    """Return what follows from a new location: point, method, quality, place and area."""
    postcode = next(iter(readings(values["postcode"])), str(values["postcode"]).strip())
    point = (values["longitude"], values["latitude"])
    found: dict[str, Any] = {"postcode": postcode}
    if point == (row.longitude, row.latitude):
        if postcode == row.postcode or row.geocode_method == "coordinates":
            return found
        known = where.postcode(postcode)
        if known is None:
            faults.append(no_location(postcode))
            return found
        point = (known.longitude, known.latitude)
        found |= {"geocode_method": "postcode", "geocode_quality": known.quality}
    elif point[0] is not None:
        found |= {"geocode_method": "coordinates", "geocode_quality": "as given"}
    else:
        faults.append(no_location(""))
        return found
    spot = where.spot(*point, row.place)
    place, area = (spot.place, spot.area) if spot else (None, None)
    return found | {"longitude": point[0], "latitude": point[1], "place": place, "area": area}


def confirm_asset(session: Session, asset_id: str, *, actor: Actor, on: date, how: str) -> Asset:
    """Keep that somebody checked an asset in the world on a day, and how they know.

    Open to helpers, and to who holds a private link that confirms this asset. Raises Forbidden; AssetError
    for a day to come, or one before the last confirmation.
    """
    if not opens(actor, "confirm", KIND, asset_id):
        require(actor, "confirm")
    row = living_row(session, asset_id)
    # a day's grace, for it may be tomorrow already where the person is
    if on > now().date() + timedelta(days=1):
        raise AssetError(f"{on.isoformat()} is still to come.", "Give the day on which somebody checked.")
    if row.confirmed_on is not None and on < row.confirmed_on:
        raise AssetError(
            f"This asset was confirmed later than that, on {row.confirmed_on.isoformat()}.",
            "There is nothing to do.",
        )
    before = recorded(row)
    row.confirmed_on, row.confirmed_by, row.confirmed_how = on, actor.name, how
    return view(write_version(session, row, before, actor=actor, action="confirm"), actor)


def delete_asset(
    session: Session, asset_id: str, *, actor: Actor, reason: str, expected_version: int
) -> Asset:
    """Take an asset out of the register, with its reason; it can be restored.

    Raises Forbidden; AssetError without a reason, or where it was removed already; Conflict as
    `change_asset` does.
    """
    require(actor, "remove_asset")
    check_reason(reason)
    row = living_row(session, asset_id)
    _check_version(session, row, expected_version, {})
    before = recorded(row)
    row.deleted_at, row.deleted_reason = now(), reason
    return write_version(session, row, before, actor=actor, action="remove", reason=reason)


def restore_asset(
    session: Session, asset_id: str, number: int, *, actor: Actor, reason: str, where: Where | None = None
) -> Asset:
    """Bring an asset back to what it was after its version `number`; that is a version of its own.

    Raises Forbidden; AssetError where there is no such version, its words were taken out, or the asset was
    merged into another one.
    """
    require(actor, "restore")
    row = row_of(session, asset_id)
    if row.merged_into is not None:
        raise AssetError(f"This asset was merged into {row.merged_into}.", "Undo the merge instead.")
    version = next((each for each in history(session, KIND, asset_id) if each.number == number), None)
    if version is None:
        raise AssetError(f"This asset has no version {number}.", "Its history lists those that it has.")
    if not version.values:
        raise AssetError("The words of this version were taken out for good.", "Choose a later version.")
    before = recorded(row)
    for name, value in from_recorded(version.values).items():
        if name in before and name != "merged_into":
            setattr(row, name, value)
    return write_version(session, row, before, actor=actor, action="restore", reason=reason, where=where)


def asset_history(session: Session, asset_id: str, actor: Actor) -> list[Version]:
    """Return the versions of an asset, oldest first; private contacts only for who may see them.

    Raises Forbidden; AssetError where the register has no such asset that the actor may see.
    """
    require(actor, "see_history")
    row = row_of(session, asset_id)
    if row.precision == "hidden":
        require(actor, "see_hidden")
    versions = history(session, KIND, asset_id)
    return versions if may(actor, "see_private_contact") else [_without_private(each) for each in versions]


def check_reason(reason: str) -> None:
    """Raise AssetError where a reason is missing."""
    if not reason.strip():
        raise AssetError("This needs a reason: the history keeps it.", "Write why, in a sentence.")


def _without_private(version: Version) -> Version:
    hidden = {*PRIVATE, "consent_on", "longitude", "latitude", "address", "area"}
    if version.values.get("precision", "exact") == "exact":
        hidden = {*PRIVATE, "consent_on"}
    return replace(
        version,
        values={name: value for name, value in version.values.items() if name not in hidden},
        changes={name: value for name, value in version.changes.items() if name not in hidden},
    )


def _check_version(
    session: Session, row: AssetRow, expected_version: int, changes: Mapping[str, Any]
) -> None:
    """Raise Conflict where the asset says something else by now; a confirmation changes none of its words."""
    if row.version == expected_version:
        return
    since = [
        each
        for each in history(session, KIND, row.id)
        if each.number > expected_version and each.action != "confirm"
    ]
    if since or row.version < expected_version:
        raise Conflict(_conflict_faults(row, since, changes))


def _conflict_faults(row: AssetRow, since: Sequence[Version], changes: Mapping[str, Any]) -> list[Fault]:
    told = [
        Fault(
            f"{each.actor_name} changed this asset on {_moment(each.at)} while you were editing it: "
            f"{', '.join(each.changes) or each.action}.",
            "Load it again, and make your change to what it says now.",
        )
        for each in since
    ]
    touched = {name for each in since for name in each.changes}
    both = [
        Fault(
            f"It now says {_text(getattr(row, name))}; you wrote {_text(mine)}.",
            "Keep one of the two, or write a third.",
            column=name,
        )
        for name, mine in changes.items()
        if name in touched and getattr(row, name, None) != mine
    ]
    return [*told, *both] or [Fault("This is not a version of this asset.", "Load it again.")]


def _moment(at: datetime) -> str:
    at = at.astimezone(UTC)
    return f"{at.day} {at:%B %Y at %H:%M} UTC"


def _text(value: Any) -> str:
    return f"“{value}”" if value not in (None, "") else "nothing"
