"""Judging a row: what is mended, held or refused, each by name, and what is kept of it."""

import csv
from datetime import date
from pathlib import Path

import pytest

from assets.find import find_assets
from store.roles import CLI
from tests.assets.importers.taken import B2, kept, one, take
from words.cells import safe_cell


def test_plain_columns_need_no_mapping(town_home: Path) -> None:
    row = one(
        town_home,
        "name,category,latitude,longitude,confirmed_on,website\n"
        f"The Hall,Community Centres,{B2[1]},{B2[0]},2026-05-31,https://hall.example\n",
    )
    assert (row.outcome, row.place, row.reasons) == ("accepted", "town", ())
    asset = kept(town_home)[0]
    assert (asset.name, asset.category, asset.source_category) == (
        "The Hall",
        "community_centre",
        "Community Centres",
    )
    assert (asset.longitude, asset.latitude) == (B2[0], B2[1])
    assert (asset.place, asset.area, asset.status) == ("town", "B2", "accepted")
    assert (asset.geocode_method, asset.geocode_quality) == ("coordinates", "as given")
    assert (asset.confirmed_on, asset.website) == (date(2026, 5, 31), "https://hall.example")
    assert (asset.source, asset.source_row) == ("assets.csv", 2)
    assert asset.created_at.tzinfo is not None


def test_a_postcode_gives_the_point(town_home: Path) -> None:
    assert one(town_home, "name,category,postcode\nThe Hall,hall,SS15 4JE\n").outcome == "accepted"
    asset = kept(town_home)[0]
    assert asset.longitude == pytest.approx(B2[0], abs=1e-5)
    assert asset.latitude == pytest.approx(B2[1], abs=1e-5)
    assert (asset.geocode_method, asset.geocode_quality, asset.area) == (
        "postcode",
        "positional quality 10",
        "B2",
    )


@pytest.mark.parametrize(
    ("typed", "postcode", "area"),
    [("ss15 4je", "SS15 4JE", "B2"), ("SSI54JE", "SS15 4JE", "B2"), ("SS1O 4JE", "SS10 4JE", "A1")],
)
def test_a_mistyped_postcode_is_mended_and_that_is_said(
    town_home: Path, typed: str, postcode: str, area: str
) -> None:
    row = one(town_home, f"name,category,postcode\nThe Hall,hall,{typed}\n")
    assert row.outcome == "mended"
    assert row.reasons == (f"postcode {typed!r} read as {postcode}",)
    assert (kept(town_home)[0].postcode, kept(town_home)[0].area) == (postcode, area)


def test_a_terminated_postcode_is_said(town_home: Path) -> None:
    row = one(town_home, "name,category,postcode\nThe Hall,hall,SS15 4ZZ\n")
    assert row.outcome == "accepted"
    assert "no longer in use" in row.notes[0]


HELD = {
    "no location": ("A,hall,,,\n", "there is no location"),
    "postcode without a point": ("A,hall,,,SS15 9XX\n", "in no postcode table"),
    "half a postcode": ("A,hall,,,SS15\n", "in no postcode table"),
    "one coordinate": (f"A,hall,{B2[1]},,\n", "there is no location"),
    "null island": ("A,hall,0,0,\n", "stands for none"),
    "swapped": (f"A,hall,{B2[0]},{B2[1]},\n", "look swapped"),
    "swapped elsewhere in Britain": ("A,hall,-3.2,55.95,\n", "look swapped"),
    "far from its postcode": ("A,hall,55.95,-3.2,SS15 4JE\n", "km from the postcode"),
    "a network company": (
        f"The Electricity Network Company Limited,health,{B2[1]},{B2[0]},\n",
        "electricity",
    ),
    "a refuge": (f"Northgate Refuge,other,{B2[1]},{B2[0]},\n", "must not be shown"),
    "a vet": (f"Paws Veterinary Clinic,health,{B2[1]},{B2[0]},\n", "animals"),
    "a name without end": (f"{'x' * 10_000},hall,{B2[1]},{B2[0]},\n", "10000 characters"),
}


@pytest.mark.parametrize("case", HELD)
def test_held_for_review(town_home: Path, case: str) -> None:
    line, said = HELD[case]
    row = one(town_home, f"name,category,latitude,longitude,postcode\n{line}")
    assert row.outcome == "held"
    assert said in "; ".join(row.reasons)
    (asset,) = find_assets(town_home, status="held", actor=CLI)
    assert said in asset.review_reason
    assert find_assets(town_home, status="accepted", actor=CLI) == []


REFUSED = {
    "no name": (f",hall,{B2[1]},{B2[0]},\n", "no name"),
    "a name of marks": (f"---,hall,{B2[1]},{B2[0]},\n", "no name"),
    "latitude of 100": ("A,hall,100,0.4,\n", "latitude lies between -90 and 90"),
    "longitude of 200": ("A,hall,51,200,\n", "longitude lies between -180 and 180"),
    "metres that are off the grid": ("A,hall,999999999,570250,\n", "latitude lies between"),
    "words": ("A,hall,north,0.4,\n", "'north' is no number"),
    "nan": ("A,hall,nan,0.4,\n", "'nan' is no number"),
    "infinity": ("A,hall,1e999,0.4,\n", "latitude lies between"),
    "decimal comma": ('A,hall,"51,5",0.4,\n', "'51,5' is no number"),
    "too many cells": ("A,hall,51,0.4,,left over\n", "6 cells"),
    "an open quote": ('"A,hall,51,0.4,\n', "quote"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_and_written_beside_the_input(town_home: Path, case: str) -> None:
    line, said = REFUSED[case]
    text = f"name,category,latitude,longitude,postcode\n{line}"
    report = take(town_home, text)
    assert report.rows[0].outcome == "refused"
    assert said in "; ".join(report.rows[0].reasons)
    assert kept(town_home) == []
    folder = town_home.parent / "files"
    assert (folder / "assets.csv").read_text() == text
    assert report.refused_file == folder / "assets.refused.csv"
    with report.refused_file.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert said in row["reason"]


def test_categories_unknown_and_missing_count_as_other_and_are_said(town_home: Path) -> None:
    report = take(town_home, "name,category,postcode\nA,Lido,SS15 4JE\nB,,SS15 4JE\n")
    assert [row.category for row in report.rows] == ["other", "other"]
    assert [row.outcome for row in report.rows] == ["mended", "accepted"]
    assert "'Lido' is not known" in report.rows[0].reasons[0]
    assert "no category" in report.rows[1].notes[0]
    assert [asset.source_category for asset in kept(town_home)] == ["Lido", ""]


def test_an_asset_outside_every_place_is_accepted_and_said(town_home: Path) -> None:
    report = take(town_home, "name,category,latitude,longitude\nA,hall,55.95,-3.2\n")
    assert report.rows[0].outcome == "accepted"
    assert report.outside == 1
    assert "outside every place" in report.rows[0].notes[0]
    assert kept(town_home)[0].place is None
    assert find_assets(town_home, place="town", actor=CLI) == []


@pytest.mark.parametrize(
    "name",
    [
        "=HYPERLINK(1)",
        "+44 1268 000000",
        "@home",
        "-Sum Hall",
        "<b>Hall</b>",
        "'; DROP TABLE assets;--",
        "قاعة",
    ],
)
def test_risky_names_are_text_in_and_out(town_home: Path, name: str) -> None:
    take(town_home, f'name,category,postcode\n"{name}",hall,SS15 4JE\n')
    assert kept(town_home)[0].name == name
    report = take(town_home, f'name,category,latitude,longitude\n"{name}",hall,-0.45,999\n', name="bad.csv")
    assert report.refused_file is not None
    with report.refused_file.open(encoding="utf-8-sig", newline="") as file:
        row = next(csv.DictReader(file))
    assert (row["name"], row["latitude"]) == (safe_cell(name), "-0.45")


@pytest.mark.parametrize(
    ("typed", "outcome"),
    [("31/05/2026", "accepted"), ("2027-01-01", "held"), ("last spring", "held"), ("2026-02-30", "held")],
)
def test_days_of_confirmation(town_home: Path, typed: str, outcome: str) -> None:
    assert (
        one(town_home, f"name,category,postcode,confirmed_on\nA,hall,SS15 4JE,{typed}\n").outcome == outcome
    )


@pytest.mark.parametrize(
    ("typed", "outcome", "stored"),
    [
        ("http://a.example", "accepted", "http://a.example"),
        ("www.a.example/x", "mended", "https://www.a.example/x"),
        ("javascript:alert(1)", "held", ""),
    ],
)
def test_web_addresses(town_home: Path, typed: str, outcome: str, stored: str) -> None:
    assert one(town_home, f"name,category,postcode,website\nA,hall,SS15 4JE,{typed}\n").outcome == outcome
    assert kept(town_home)[0].website == stored


def test_words_in_the_address_do_not_speak_against_an_asset(town_home: Path) -> None:
    text = "name,category,postcode,address\nThe Hall,hall,SS15 4JE,opposite the car park and the substation\n"
    assert one(town_home, text).outcome == "accepted"
