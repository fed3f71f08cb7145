"""The page that lays two runs side by side: full, empty, linked to, across levels and over time."""

from pathlib import Path

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from tests.ui import kitchen
from tests.ui.test_app import address, words
from ui.warm import warm


@pytest.fixture
def comparing(app: AppTest) -> AppTest:
    """The app, about to show the page."""
    app.run()
    return app.switch_page("pages/compare.py")


def test_one_run_alone_names_the_command_that_makes_the_second(comparing: AppTest) -> None:
    told = words(comparing.run())
    assert not comparing.exception
    assert "asked only once of this place" in told
    assert "larder bake no_garden --place sixtown --level lsoa" in told


def test_smaller_and_larger_areas_are_told_counted_and_listed(comparing: AppTest, sixtown: Path) -> None:
    kitchen.make_coarse_run(sixtown)
    told = words(comparing.run())
    assert not comparing.exception
    # by hand: blocks 1 and 2 are hot; the squares of block 1 are, those of block 2 are not, two have no answer
    assert (
        "the answer is the same in 30 of 34 small areas: four areas are in a hotspot both ways. No areas are in a "
        "hotspot only when we ask of small areas, four only when we ask of neighbourhoods. Of two areas we cannot say."
        in told
    )
    assert len(comparing.dataframe[0].value) == 36
    assert comparing.dataframe[0].value["In a hotspot"].value_counts().to_dict() == {
        "Neither way": 26,
        "Both ways": 4,
        "Only by neighbourhoods": 4,
        "We cannot say": 2,
    }


def test_only_where_they_differ_is_a_filter_that_a_link_keeps(comparing: AppTest, sixtown: Path) -> None:
    kitchen.make_coarse_run(sixtown)
    comparing.run()
    comparing.toggle(key="compare-differ").set_value(True).run()
    shown = comparing.dataframe[0].value
    assert set(shown["Code"]) == {kitchen.code(number) for number in (3, 4, 9, 10)}
    assert address(comparing, "differ") == ["yes"]


def test_the_address_holds_both_runs_and_a_link_opens_them(app: AppTest, sixtown: Path) -> None:
    fine = app.run().session_state["view"].run
    coarse = kitchen.make_coarse_run(sixtown).id
    later = kitchen.make_run(sixtown, hour=12).id
    app.switch_page("pages/compare.py").run()
    assert address(app, "run") == [fine]
    assert address(app, "against") == [coarse]
    app.selectbox(key="compare-with").set_value(later).run()
    assert address(app, "against") == [later]
    assert "Nothing changed: four areas are in a hotspot in both runs. Of two areas we cannot say." in words(
        app
    )


def test_the_earlier_run_comes_first_whichever_is_chosen(comparing: AppTest, sixtown: Path) -> None:
    cooler = kitchen.answers()
    cooler.loc[cooler["code"] == kitchen.code(1), ["cluster", "gi_cluster"]] = "none"
    kitchen.make_run(sixtown, hour=12, frame=cooler)
    said = "No areas are newly in a hotspot, one is no longer, and three still are."
    assert said in words(comparing.run())
    newest = comparing.selectbox(key="compare-run").options
    assert len(newest) == 2
    comparing.selectbox(key="compare-run").select_index(0).run()
    assert said in words(comparing)


def test_a_run_that_cannot_be_compared_is_said(comparing: AppTest, sixtown: Path) -> None:
    kitchen.make_run(sixtown, hour=12)
    comparing.query_params["against"] = "lost"
    told = words(comparing.run())
    assert not comparing.exception
    assert "cannot be compared with “lost”" in told


def test_the_map_begins_with_the_places_own_level_and_labels_the_other(app: AppTest, sixtown: Path) -> None:
    coarse = kitchen.make_coarse_run(sixtown, hour=15)
    app.run()
    assert len(app.dataframe[0].value) == 36
    assert app.selectbox(key="run-choice").options == [
        "3 May 2026, 15:00 UTC · by neighbourhood (LSOA)",
        "3 May 2026, 09:00 UTC",
    ]
    app.selectbox(key="run-choice").set_value(coarse.id).run()
    assert not app.exception
    assert len(app.dataframe[0].value) == 9


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (2, "is in a hotspot too."),
        (3, "is in a hotspot."),
        (20, "is not in a hotspot."),
        (36, "is not in a hotspot."),
    ],
)
def test_the_panel_says_what_larger_areas_answer(app: AppTest, sixtown: Path, number: int, said: str) -> None:
    app.query_params["area"] = kitchen.code(number)
    assert "Asked of larger areas" not in words(app.run())
    kitchen.make_coarse_run(sixtown)
    assert f"Asked of neighbourhoods (LSOAs), this place {said}" in words(app.run())


def test_the_wish_for_a_map_holds_on_every_page(comparing: AppTest, sixtown: Path) -> None:
    kitchen.make_coarse_run(sixtown)
    assert comparing.run().toggle(key="map-switch").value is True
    assert len(comparing.get("deck_gl_json_chart")) == 2
    comparing.toggle(key="map-switch").set_value(False).run()
    assert not comparing.get("deck_gl_json_chart")
    comparing.switch_page("pages/map.py").run()
    assert comparing.toggle(key="map-switch").value is False


def test_a_link_to_a_page_may_be_the_first_visit(sixtown: Path) -> None:
    PagesManager.uses_pages_directory = None
    warm()
    assert PagesManager.uses_pages_directory is False
