"""The table of roles, walked: every action by every role, through the functions that do it."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import box

from assets.coverage import add_look
from assets.due import due
from assets.edits import asset_history, change_asset, confirm_asset, delete_asset, restore_asset
from assets.errors import AssetError
from assets.importers.intake import import_file
from assets.keeping import KIND
from assets.merging import merge_assets, unmerge_asset
from assets.redaction import redact_asset
from assets.register import add_asset, assets_to_export, get_asset, keep, list_assets
from assets.schema import Asset
from assets.search import AssetQuery, map_assets, search_assets
from assets.suggestions import approve, refuse, suggest_change, suggest_new
from bake.columns import COLUMNS, OPEN_ONLY, PARENTS, RATE_ONLY
from bake.release import is_served, release, withdraw
from bake.runs import publish, read_run
from coproduce.insight import all_insight
from geo.place import Place
from store.backup import backup, restore
from store.errors import StoreError
from store.people import list_people, person_for, set_role
from store.queue import decide, submissions_about, waiting
from store.roles import ACTIONS, CLI, ROLES, SPOKEN, Actor, Forbidden, Role, may, require
from store.session import reading, writing
from store.tokens import holder, issue, look

TODAY = date(2026, 11, 23)
NOWHERE = Place("p", "P", True, "area", "", "not checked", "EPSG:27700", Path("p"), "")
PLACE = {"longitude": 0.1, "latitude": 51.0}


@dataclass(frozen=True)
class World:
    """What there is to act on: an asset of each sort, a suggestion about the first, a draft of a run."""

    home: Path
    plain: Asset
    other: Asset
    held: Asset
    hidden: Asset
    removed: Asset
    submission: str
    person: str


def _make_world(home: Path) -> World:
    with writing(home) as session:

        def add(name: str, **more: object) -> Asset:
            return add_asset(session, actor=CLI, name=name, category="hall", **PLACE, **more)  # type: ignore[arg-type]

        private = {"private_name": "Pat", "private_phone": "01", "consent_on": TODAY}
        plain, other, hidden = add("plain", **private), add("other"), add("hidden", precision="hidden")
        held, removed = add("held"), add("removed")
        change_asset(session, held.id, {"status": "held"}, actor=CLI, expected_version=1)
        delete_asset(session, removed.id, actor=CLI, reason="gone", expected_version=1)
        submission = suggest_change(session, plain.id, {"name": "Plainer"}, actor=CLI)
        person = person_for(session, "issuer", "subject", "Pat", "")
    return World(home, plain, other, held, hidden, removed, submission.id, person.id)


@pytest.fixture
def world(larder_home: Path) -> World:
    """Return a world of this test's own."""
    return _make_world(larder_home)


@pytest.fixture(scope="module")
def sqlite_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a world on SQLite to copy from: nobody writes to it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("LARDER_DATABASE", raising=False)
        world = _make_world(tmp_path_factory.mktemp("world"))
        backup(world.home, world.home / "copy", actor=CLI)
    return world


Deed = Callable[[World, Actor], object]


def _write(world: World, deed: Callable[..., object], *given: object, **named: object) -> object:
    with writing(world.home) as session:
        return deed(session, *given, **named)


def _sees(world: World, actor: Actor, asset: Asset) -> bool:
    """Say whether an actor is shown an asset anywhere: by its id, in the list, in a search, on the map, exported."""
    with reading(world.home) as session:
        found = [each.id for each in list_assets(session, actor=actor)]
        found += [each.id for each in search_assets(session, AssetQuery(), actor).items]
        found += [each.id for each in map_assets(session, AssetQuery(), actor)[0]]
        with suppress(AssetError):
            found.append(get_asset(session, asset.id, actor).id)
    return asset.id in found


def _sees_private(world: World, actor: Actor) -> bool:
    with reading(world.home) as session:
        shown = [get_asset(session, world.plain.id, actor), *list_assets(session, actor=actor)]
        shown += search_assets(session, AssetQuery(), actor).items
        with suppress(Forbidden):
            told = str(
                [(each.values, each.changes) for each in asset_history(session, world.plain.id, actor)]
            )
            if "Pat" in told:
                return True
    return any(each.private_name or each.private_phone for each in shown)


def _import(world: World, actor: Actor) -> None:
    file = world.home / "more.csv"
    file.write_text("name,category,longitude,latitude\nMore,hall,0.1,51\n", "utf-8")
    import_file(file, home=world.home, actor=actor)


def _run(world: World) -> str:
    """Publish a draft made from records, as far as standing and release look at it."""
    areas = gpd.GeoDataFrame({"code": ["A"]}, geometry=[box(0, 0, 1, 1)], crs="EPSG:27700")
    for column in set(COLUMNS) - {"code", "geometry", *PARENTS, *OPEN_ONLY, *RATE_ONLY}:
        areas[column] = (
            "none" if column in {"name", "gi_cluster", "cluster", "status", "sign", "reason"} else 1.0
        )
    manifest = {
        "title": "t", "question": "q", "recipe": {"id": "r"}, "place": {"name": "p"}, "counts": {},
        "from_records": True,
    }  # fmt: skip
    dpia = {"kind": "data protection", "name": "DPIA"}
    record = {
        "complete": True, "not_given": {}, "tier_2": {"risks_and_impact": {"impact_assessments": [dpia]}},
    }  # fmt: skip
    return publish(world.home, areas, manifest, record).id


def _merge_both_ways(world: World, actor: Actor) -> None:
    ids = {"actor": actor, "reason": "same"}
    _write(world, merge_assets, world.plain.id, world.other.id, **ids)
    _write(world, unmerge_asset, world.other.id, **ids)


def _decide_all_ways(world: World, actor: Actor) -> None:
    """Each way to decide must be open, or each closed."""
    said = {"actor": actor, "expected_version": 1}
    deeds: list[Callable[[], object]] = [
        lambda: _write(world, approve, world.submission, **said),
        lambda: _write(world, refuse, _suggested(world), reason="no", **said),
        lambda: _write(world, decide, _suggested(world), status="approved", **said),
    ]
    outcomes = {_happens(deed) for deed in deeds}
    assert len(outcomes) == 1
    if outcomes == {False}:
        raise Forbidden("none of them")


def _suggested(world: World) -> str:
    with writing(world.home) as session:
        return suggest_change(session, world.other.id, {"name": "X"}, actor=CLI).id


def _happens(deed: Callable[[], object]) -> bool:
    try:
        deed()
    except Forbidden:
        return False
    return True


def _backup_both_ways(world: World, actor: Actor) -> None:
    restore(world.home, backup(world.home, world.home / "b", actor=actor), actor=actor)


def _people_both_ways(world: World, actor: Actor) -> None:
    _write(world, list_people, actor)
    _write(world, set_role, world.person, "contributor", actor)


def _runs_both_ways(world: World, actor: Actor) -> None:
    run = _run(world)
    release(world.home, run, by="Ann", actor=actor)
    withdraw(world.home, run, reason="wrong", actor=actor)


def _queue_both_ways(world: World, actor: Actor) -> None:
    _write(world, waiting, actor)
    _write(world, submissions_about, KIND, world.plain.id, actor)


def _sees_draft(world: World, actor: Actor) -> bool:
    return is_served(read_run(world.home, _run(world)), beyond_loopback=False, actor=actor)


CHANGE = {"expected_version": 1}
DEEDS: dict[str, Deed] = {
    "see_published": lambda w, a: _sees(w, a, w.plain),
    "suggest": lambda w, a: _write(w, suggest_new, {"name": "N", "category": "hall", **PLACE}, actor=a),
    "export_public": lambda w, a: _write(w, assets_to_export, actor=a),
    "confirm": lambda w, a: _write(w, confirm_asset, w.plain.id, actor=a, on=TODAY, how="seen"),
    "add_look": lambda w, a: _write(w, add_look, actor=a, place=NOWHERE, looked_on=TODAY, found="all"),
    "see_history": lambda w, a: _write(w, asset_history, w.plain.id, a),
    "see_queue": _queue_both_ways,
    "decide": _decide_all_ways,
    "see_held": lambda w, a: _sees(w, a, w.held),
    "see_hidden": lambda w, a: _sees(w, a, w.hidden),
    "see_removed": lambda w, a: _sees(w, a, w.removed),
    "see_private_contact": _sees_private,
    "see_insight_private": lambda w, a: _write(w, all_insight, "p", a),
    "see_due": lambda w, a: _write(w, due, a, TODAY),
    "add_asset": lambda w, a: _write(w, add_asset, actor=a, name="N", category="hall", **PLACE),
    "edit_asset": lambda w, a: _write(w, change_asset, w.plain.id, {"name": "N"}, actor=a, **CHANGE),
    "remove_asset": lambda w, a: _write(w, delete_asset, w.plain.id, actor=a, reason="r", **CHANGE),
    "merge": _merge_both_ways,
    "restore": lambda w, a: _write(w, restore_asset, w.removed.id, 1, actor=a, reason="r"),
    "redact": lambda w, a: _write(w, redact_asset, w.plain.id, actor=a, reason="r"),
    "import": _import,
    "export_all": lambda w, a: _write(w, assets_to_export, actor=a, everything=True),
    "see_draft_runs": _sees_draft,
    "release_run": _runs_both_ways,
    "manage_people": _people_both_ways,
    "backup": _backup_both_ways,
}
"""Action -> what does it: returns False, or raises Forbidden, where it did not happen."""


def test_every_action_is_walked_and_can_be_said() -> None:
    assert DEEDS.keys() == ACTIONS.keys() == SPOKEN.keys()


def _happened(world: World, action: str, role: Role) -> bool:
    actor = Actor("p1" if role != "anyone" else "", "Somebody", role, "login")
    try:
        return DEEDS[action](world, actor) is not False
    except Forbidden:
        return False


@pytest.mark.parametrize("role", ROLES)
def test_a_role_does_what_the_table_says_and_nothing_else(
    sqlite_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: Role
) -> None:
    monkeypatch.delenv("LARDER_DATABASE", raising=False)
    done = set()
    for action in ACTIONS:
        home = tmp_path / action
        home.mkdir()
        shutil.copy(sqlite_world.home / "copy", home / "larder.sqlite")
        if _happened(replace(sqlite_world, home=home), action, role):
            done.add(action)
    assert done == {action for action, roles in ACTIONS.items() if role in roles}


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", ACTIONS)
def test_the_same_on_each_database(world: World, action: str, role: Role) -> None:
    assert _happened(world, action, role) == (role in ACTIONS[action])


def test_a_refusal_is_a_sentence() -> None:
    with pytest.raises(Forbidden) as refusal:
        require(Actor("p", "P", "analyst", "login"), "merge")
    assert str(refusal.value) == (
        "An analyst may not merge assets. Ask somebody with the role steward or admin, or an admin for that role."
    )
    with pytest.raises(Forbidden, match=r"^Without an account nobody may see the queue of suggestions"):
        require(Actor("", "", "anyone", "form"), "see_queue")


def test_an_unknown_action_is_an_error_not_a_no() -> None:
    with pytest.raises(StoreError, match="No action is called"):
        may(CLI, "fly")


def test_a_link_opens_one_thing_and_no_role(world: World) -> None:
    with writing(world.home) as session:
        key = holder(look(session, issue(session, "confirm", KIND, world.plain.id, 1), "confirm"))
        confirmed = confirm_asset(session, world.plain.id, actor=key, on=TODAY, how="by a link")
        assert (confirmed.confirmed_on, confirmed.private_name) == (TODAY, "")
        with pytest.raises(Forbidden):
            confirm_asset(session, world.other.id, actor=key, on=TODAY, how="by a link")
        with pytest.raises(Forbidden):
            keep(session, None, actor=key)  # type: ignore[arg-type]
