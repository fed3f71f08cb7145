"""The app without a browser: full, empty and broken."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assets.coverage import add_look
from assets.locate import locator
from assets.register import add_asset
from geo.place import find_place
from store.roles import LOCAL
from store.session import writing
from tests.ui import kitchen
from tests.ui.conftest import MAIN


def words(app: AppTest) -> str:
    """Everything that can be read on the screen."""
    parts = [
        *app.main.get("html"),
        *app.markdown,
        *app.caption,
        *app.info,
        *app.warning,
        *app.error,
        *app.success,
    ]
    told = [str(getattr(part, "value", None) or getattr(part.proto, "body", "")) for part in parts]
    return "\n".join([*told, *(text.value for text in app.text), *(code.value for code in app.code)])


def address(app: AppTest, key: str) -> list[str]:
    value = app.query_params[key]
    return [value] if isinstance(value, str) else list(value)


def select_row(app: AppTest, row: int) -> AppTest:
    app.session_state[app.session_state["table_key"]] = {
        "selection": {"rows": [row], "columns": [], "cells": []}
    }
    return app.run()


def test_the_first_screen_says_what_the_run_says_and_that_the_place_is_fictional(app: AppTest) -> None:
    app.run()
    assert not app.exception
    told = words(app)
    assert "In Sixtown (fictional), four areas form firm hotspots and one area is suggestive." in told
    assert "Of two areas we cannot say whether they are in a hotspot." in told
    assert len(app.dataframe[0].value) == 36


def test_choosing_a_row_tells_of_that_area(app: AppTest) -> None:
    told = words(select_row(app.run(), 0))
    assert "Square 1A" in told
    assert "in the fifth with the highest need of the 35 areas" in told
    assert "about 4 in 10" in told.lower()
    assert "Firm: need is high here" in told
    assert "Nobody has recorded an asset within 800 m of here" in told
    assert address(app, "area") == [kitchen.code(1)]


def test_an_area_without_an_answer_says_why(app: AppTest) -> None:
    app.query_params["area"] = kitchen.UNKNOWN
    told = words(app.run())
    assert "We cannot say how high the need is: the data has no value for it." in told


def test_a_click_on_the_map_chooses_and_puts_the_row_first(app: AppTest) -> None:
    app.run()
    code = kitchen.code(20)
    app.session_state["map-chart"] = {
        "selection": {"indices": {"pick-1": [3]}, "objects": {"pick-1": [{"c": code}]}}
    }
    app.run()
    assert "Square 4B" in words(app)
    assert app.dataframe[0].value.iloc[0]["Code"] == code


def test_a_filter_holds_for_table_legend_and_address_alike(app: AppTest) -> None:
    app.run()
    app.multiselect(key="filter-signs").set_value(["firm"]).run()
    assert len(app.dataframe[0].value) == 4
    assert "Four areas of 36." in words(app)
    assert address(app, "sign") == ["firm"]


def test_a_filter_that_nothing_passes_says_so(app: AppTest) -> None:
    app.query_params["sign"] = "firm"
    app.query_params["band"] = "1"
    assert "No area passes these filters." in words(app.run())


def test_a_link_opens_the_same_view(app: AppTest) -> None:
    app.query_params.update({"area": kitchen.code(8), "band": ["5", "4"], "at": "51.57000,0.48000,14.00"})
    app.run()
    assert "Square 2B" in words(app)
    assert app.multiselect(key="filter-bands").value == [5, 4]
    assert address(app, "at") == ["51.57000,0.48000,14.00"]


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("area", "X99999999", "There is no area “X99999999” in this run."),
        ("run", "lost", "There is no run “lost” here."),
        ("place", "atlantis", "There is no run of a place “atlantis” here."),
        ("band", "nine", "band “nine”"),
        ("at", "here", "map position “here”"),
    ],
)
def test_a_broken_address_is_said_and_the_default_shown(
    app: AppTest, key: str, value: str, said: str
) -> None:
    app.query_params[key] = value
    app.run()
    assert not app.exception
    assert said in words(app)
    assert len(app.dataframe[0].value) == 36
    assert said not in words(app.run())


def test_a_postcode_is_found_and_its_area_chosen(app: AppTest) -> None:
    app.run()
    app.text_input(key="find").set_value("zz11ab").run()
    assert "Found the postcode ZZ1 1AB: it lies in Square 4D." in words(app)
    assert address(app, "area") == [kitchen.code(22)]
    assert "at" in app.query_params


def test_a_ward_is_found_as_many_areas(app: AppTest) -> None:
    app.run()
    app.text_input(key="find").set_value("north ward").run()
    assert "18 areas" in words(app)
    assert "area" not in app.query_params
    assert app.query_params["ward"] == "North Ward"
    assert "18 areas of 36" in words(app)


def test_what_is_not_found_is_said_in_plain_words(app: AppTest) -> None:
    app.run()
    app.text_input(key="find").set_value("Nowhere*at*all").run()
    assert not app.exception
    assert "was found in Sixtown" in words(app)


def test_an_asset_of_the_register_is_told_near_its_area_with_how_fresh_it_is(
    app: AppTest, sixtown: Path
) -> None:
    with writing(sixtown) as session:
        add_asset(
            session,
            actor=LOCAL,
            name="Mum's <b>Club</b>",
            category="club",
            postcode="ZZ1 1AA",
            where=locator(sixtown),
        )
    app.query_params["area"] = kitchen.code(1)
    told = words(app.run())
    assert "Mum&#x27;s &lt;b&gt;Club&lt;/b&gt;" in told
    assert "club, not confirmed" in told


def test_adding_an_asset_leads_to_the_plain_form(app: AppTest) -> None:
    app.run()
    app.switch_page("pages/add_asset.py").run()
    assert '<a href="add"' in words(app)


def test_none_there_and_nobody_looked_are_told_apart_beside_the_need(app: AppTest, sixtown: Path) -> None:
    with writing(sixtown) as session:
        add_look(
            session,
            actor=LOCAL,
            place=find_place(sixtown, "sixtown"),
            looked_on=date(2026, 5, 3),
            found="none",
            areas=[kitchen.code(1)],
            categories=["library"],
        )
    app.query_params["area"] = kitchen.code(1)
    told = words(app.run())
    assert "Somebody looked here for a library on 3 May 2026 and found none." in told
    assert "Nobody has recorded a nursery or childcare within 800 m of here, and nobody has looked" in told


def test_how_we_know_tells_sources_decisions_and_what_it_is_not_for(app: AppTest) -> None:
    app.run()
    app.switch_page("pages/about.py").run()
    told = words(app).replace("\\", "")
    assert not app.exception
    for part in (
        "Do not use this to decide about a family.",
        "Counted by hand, 2021",
        "was left out.",
        "fictional",
    ):
        assert part in told


def test_an_empty_home_names_the_command_that_bakes(larder_home: Path) -> None:
    app = AppTest.from_file(MAIN, default_timeout=30).run()
    assert not app.exception
    assert "Nothing has been baked yet" in words(app)
    assert "larder bake early_years_open --place demo" in words(app)


def test_a_run_whose_place_is_gone_is_said_to_be_so(app: AppTest, sixtown: Path) -> None:
    shutil.rmtree(sixtown / "places" / "sixtown")
    app.run()
    assert not app.exception
    assert "The place of these runs is gone" in words(app)


def test_one_lost_place_does_not_hide_the_others(app: AppTest, sixtown: Path) -> None:
    kitchen.make_run(sixtown, place="atlantis", hour=10)
    app.run()
    assert "Runs of atlantis are not listed" in words(app)
    assert len(app.dataframe[0].value) == 36


def test_a_broken_place_folder_is_told_without_a_traceback(app: AppTest, sixtown: Path) -> None:
    (sixtown / "places" / "sixtown" / "place.json").write_text("{", encoding="utf-8")
    app.run()
    assert not app.exception
    assert "holds no place that can be read" in words(app)
