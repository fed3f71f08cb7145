"""The profile of Open Referral UK 3.0: every required field, every range; records go out as they came in."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assets.edits import change_asset, confirm_asset
from assets.exporting import export_assets
from assets.importers.intake import import_file
from assets.open_referral import checked_service, left_out
from assets.register import add_asset, list_assets
from store.roles import ANYONE, CLI
from store.session import reading, writing
from tests.assets.importers.feeds import a_page, a_service, an_id


def changed(path: str, value: Any) -> dict[str, Any]:
    """Return a sound service with one value changed, or taken out where the value is ...; path by dots."""
    service = a_service()
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    part: Any = service
    for step in steps:
        part = part[step]
    if value is ...:
        del part[last]
    else:
        part[last] = value
    return service


PLACE = "service_at_locations.0.location"
REQUIRED = [
    "id", "name", "status", "organization.id", "organization.name", "organization.description", f"{PLACE}.id",
    f"{PLACE}.location_type", f"{PLACE}.addresses.0.id", f"{PLACE}.addresses.0.address_1",
    f"{PLACE}.addresses.0.city", f"{PLACE}.addresses.0.state_province", f"{PLACE}.addresses.0.postal_code",
    f"{PLACE}.addresses.0.country", f"{PLACE}.addresses.0.address_type", "schedules.0.id",
    "service_at_locations.0.id", "attributes.0.id", "attributes.0.taxonomy_term.id",
    "attributes.0.taxonomy_term.name", "attributes.0.taxonomy_term.description", "contacts.0.id",
]  # fmt: skip


def test_a_sound_service_is_known_whole() -> None:
    assert checked_service(a_service()) == (a_service(), [])


@pytest.mark.parametrize("path", REQUIRED)
def test_each_required_field_is_asked_for(path: str) -> None:
    for value in (..., None):
        known, faults = checked_service(changed(path, value), "feed.json", 3)
        assert known == {}
        (fault,) = [fault for fault in faults if fault.column == path]
        assert (fault.file, fault.row, fault.what) == ("feed.json", 3, "This field is required, and missing.")


WRONG: list[tuple[str, Any, str]] = [
    (f"{PLACE}.latitude", 100, "too large"),
    (f"{PLACE}.latitude", -90.1, "too small"),
    (f"{PLACE}.longitude", 181, "too large"),
    (f"{PLACE}.longitude", "0.45", "number"),
    (f"{PLACE}.latitude", True, "number"),
    (f"{PLACE}.location_type", "real", "none of the values"),
    (f"{PLACE}.addresses.0.country", "England", "two letters"),
    ("status", "open", "none of the values"),
    ("id", "7", "not a UUID"),
    ("name", " ", "blank"),
    ("name", 7, "not text"),
    ("url", "example.org", "not a web address"),
    ("url", "javascript:alert(1)", "not a web address"),
    ("email", "nobody", "not an e-mail"),
    ("assured_date", "31/05/2026", "not a day"),
    ("assured_date", "2026-02-30", "not a day"),
    ("last_modified", "yesterday", "not a time"),
    ("minimum_age", -1, "too small"),
    ("maximum_age", 1000, "too large"),
    ("schedules.0.freq", "DAILY", "none of the values"),
    ("schedules.0.byday", "MONDAY", "list of days"),
    ("schedules.0.opens_at", "25:00", "time of day"),
    ("schedules", {}, "not a list"),
    ("organization", [], "not an object"),
]


@pytest.mark.parametrize(("path", "value", "said"), WRONG)
def test_values_out_of_range_are_refused_with_their_column(path: str, value: Any, said: str) -> None:
    _, faults = checked_service(changed(path, value))
    assert any(fault.column.startswith(path) and said in fault.what for fault in faults)


def test_all_faults_come_at_once_and_ages_must_be_in_order() -> None:
    _, faults = checked_service({**a_service(), "name": "", "url": "x", "status": "?"})
    assert {fault.column for fault in faults} == {"name", "url", "status"}
    _, faults = checked_service({**a_service(), "minimum_age": 20, "maximum_age": 10})
    assert "above its maximum age" in faults[0].what
    assert checked_service("nothing")[1][0].what == "It is not an object of names and values."


def test_what_the_profile_does_not_know_is_named() -> None:
    service = changed(f"{PLACE}.alternate_name", "x") | {"eligibility_description": "y", "fees": None}
    known, _ = checked_service(service)
    assert left_out(service, known) == {
        "eligibility_description",
        f"{PLACE}.alternate_name".replace(".0", ""),
    }


def out(home: Path, **options: Any) -> list[dict[str, Any]]:
    target = home.parent / "out.json"
    export_assets(home, target, "open_referral", **{"actor": CLI, **options})
    page = json.loads(target.read_text())
    assert (page["total_items"], page["size"]) == (len(page["contents"]),) * 2
    return [{key: value for key, value in one.items() if key != "larder"} for one in page["contents"]]


def test_the_128_services_come_out_as_they_went_in(shared: Path, larder_home: Path) -> None:
    path = shared / "oruk" / "V3.0-UK-Test" / "service_list_data.json"
    import_file(path, home=larder_home)
    said = json.loads(path.read_text())["contents"]
    came = out(larder_home)
    assert len(came) == 128
    assert sorted(json.dumps(one, sort_keys=True) for one in came) == sorted(
        json.dumps(one, sort_keys=True) for one in said
    )


def take(home: Path, *services: dict[str, Any]) -> None:
    path = home.parent / "feed.json"
    path.write_text(json.dumps(a_page(services)))
    import_file(path, home=home)


def test_what_was_changed_here_comes_out_changed_and_the_rest_as_it_came(town_home: Path) -> None:
    take(town_home, a_service())
    assert out(town_home) == [a_service()]
    with writing(town_home) as session:
        (asset,) = list_assets(session, actor=CLI)
        changes = {"name": "New name", "opening_hours": "Mo-We 09:00-12:00", "cost": "free"}
        change_asset(session, asset.id, changes, actor=CLI, expected_version=1)
        confirm_asset(session, asset.id, actor=CLI, on=date(2026, 7, 1), how="by telephone")
    (service,) = out(town_home)
    assert checked_service(service)[1] == []
    assert (service["name"], service["fees"], service["assured_date"]) == ("New name", "free", "2026-07-01")
    assert [(one["byday"], one["opens_at"]) for one in service["schedules"]] == [("MO,TU,WE", "09:00")]
    assert "last_modified" in service
    same = ("id", "status", "url", "organization", "service_at_locations", "attributes", "contacts")
    assert {key: service[key] for key in same} == {key: a_service()[key] for key in same}


def test_the_public_gets_no_person_and_no_point_that_is_not_shown(town_home: Path) -> None:
    take(town_home, a_service())
    (service,) = out(town_home, actor=ANYONE)
    assert not {"contacts", "assurer_email"} & set(service)
    assert "attention" not in json.dumps(service)
    with writing(town_home) as session:
        (asset,) = list_assets(session, actor=CLI)
        change_asset(session, asset.id, {"precision": "lsoa"}, actor=CLI, expected_version=1)
    (service,) = out(town_home, actor=ANYONE)
    text = json.dumps(service)
    assert not any(part in text for part in ("51.590602", "Mill Lane", "SS15 4JE", "100090000000"))
    assert checked_service(service)[1] == []
    with writing(town_home) as session:
        change_asset(session, asset.id, {"precision": "hidden"}, actor=CLI, expected_version=2)
    assert out(town_home, actor=ANYONE) == []
    assert len(out(town_home)) == 1


def test_an_asset_of_our_own_is_a_sound_service(town_home: Path) -> None:
    with writing(town_home) as session:
        add_asset(
            session, actor=CLI, name="The Hall", category="hall", longitude=0.45, latitude=51.59,
            postcode="SS15 4JE", address="1 Mill Lane, Townley", website="https://hall.example",
            organisation="The Trust", phone="01268 000000", opening_hours="Mo-Fr,Su 09:00-17:00",
            identifiers={"charity": "123", "uprn": "1"}, accessibility="step-free",
        )  # fmt: skip
        add_asset(
            session, actor=CLI, name="Odd", category="park", longitude=0.45, latitude=51.59,
            website="http://", email="a@example.org", opening_hours="sunrise-sunset", address="the corner",
        )  # fmt: skip
    services = {one["name"]: one for one in out(town_home)}
    assert all(checked_service(one) == (one, []) for one in services.values())
    hall = services["The Hall"]
    place = hall["service_at_locations"][0]["location"]
    assert (place["latitude"], place["external_identifier_type"]) == (51.59, "UPRN")
    assert place["addresses"][0] | {"id": ""} == {
        "id": "", "address_1": "1 Mill Lane", "city": "Townley", "state_province": "", "postal_code": "SS15 4JE",
        "country": "GB", "address_type": "physical",
    }  # fmt: skip
    assert hall["schedules"][0]["byday"] == "MO,TU,WE,TH,FR,SU"
    assert hall["organization"]["organization_identifiers"][0]["identifier_scheme"] == "GB-CHC"
    # the profile refuses the web address: it is left out, and words that are no weekly hours stay words
    assert "url" not in services["Odd"]
    assert services["Odd"]["schedules"][0]["description"] == "sunrise-sunset"
    with reading(town_home) as session:
        ids = {asset.id for asset in list_assets(session, actor=CLI)}
    assert {one["id"] for one in services.values()} == ids


def test_our_own_feed_comes_in_again_elsewhere(town_home: Path, tmp_path: Path) -> None:
    with writing(town_home) as session:
        add_asset(
            session, actor=CLI, name="The Hall", category="hall", longitude=0.450957, latitude=51.590602
        )
    target = tmp_path / "out.json"
    export_assets(town_home, target, "open_referral", actor=ANYONE)
    other = tmp_path / "other"
    other.mkdir()
    report = import_file(target, home=other)
    assert [(row.name, row.category, row.outcome) for row in report.rows] == [
        ("The Hall", "hall", "accepted")
    ]
    assert an_id("x") != an_id("y")
