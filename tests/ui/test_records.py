"""A run from records on the screen: the overview, how we know, and a map that keeps observed and predicted apart."""

from html import unescape
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from bake.runs import Run
from risk.answers import Answers, lacking
from risk.match_weights import weighed
from tests.ui import kitchen, kitchen_records
from tests.ui.kitchen_records import BOTH, DISTRICT, FEW, NORTH, PREDICTED, SOUTH
from tests.ui.test_app import address, words
from ui import cache, gatedmap, overview
from ui.components import transparency
from ui.components.match_weights import weights_chart
from ui.state import View, from_query, to_query


@pytest.fixture
def run(sixtown: Path) -> Run:
    return kitchen_records.make_records_run(sixtown)


def opened(app: AppTest, page: str, run: Run, **query: str) -> AppTest:
    app.query_params.update({"run": run.id, "place": "sixtown", **query})
    app.run()
    app.switch_page(f"pages/{page}.py")
    app.query_params.update({"run": run.id, "place": "sixtown", **query})
    return app.run()


def read(app: AppTest) -> str:
    assert not app.exception
    return unescape(words(app)).replace("\\", "")


def test_the_overview_begins_with_how_many_children_and_how_sure(app: AppTest, run: Run) -> None:
    told = read(opened(app, "overview", run))
    assert "Draft, not released" in told
    assert (
        "Of about 500 children in Sixtown who are assessed at school in 2025, about 130 will probably need more "
        "support: about 3 in 10. It may well be anything from 100 to 160." in told
    )
    assert "So far, 2022 to 2024" in told
    assert "one is both observed and predicted, one is only observed and one is only predicted" in told
    assert "Of one small area no prediction can be told." in told
    assert app.dataframe[0].value["Area"].tolist() == ["Northside", "Southside"]
    assert app.dataframe[0].value["Expected next"].tolist() == [
        "75 of 170 (60 to 90)",
        "55 of 330 (up to 75)",
    ]


def test_an_msoa_is_told_of_by_agencies_and_what_sets_it_apart(app: AppTest, run: Run) -> None:
    told = read(opened(app, "overview", run, look=NORTH))
    assert "Births: 90 % of the children here are in its records." in told
    assert "Schools know every child counted here" in told
    assert "Speech at two (30 or less): 40 % of children here, 27 % in the district" in told
    assert "Strengths: what goes with less need" in told
    assert "Went to a nursery: 70 % of children here, 57 % in the district" in told
    assert "more deprived than the district" in told
    assert "More children need support here than the records explain." in told
    assert "none of them is shown to be its cause" in told


def test_nothing_of_what_sets_apart_is_told_of_less_than_an_msoa(app: AppTest, run: Run) -> None:
    told = read(opened(app, "overview", run, look="X01000001"))
    assert "For Block 1 alone we cannot say how many children will need more support in 2025" in told
    assert "too small a number to tell" in told
    assert "Not told of so small an area: this is Northside, around it." in told


def test_a_square_with_too_few_children_is_told_by_its_lsoa(app: AppTest, run: Run) -> None:
    told = read(opened(app, "overview", run, look=FEW))
    # its three neighbours in Block 9 have 4 of 30 a year: 3 x 12 + 3 = 39 of 279, rounded 40
    assert (
        "Too few children here to tell of. In the neighbourhood (LSOA) around, Block 9, about 14 % needed more support "
        "(about 40 of 279 children, 2022 to 2024)." in told
    )
    assert "We cannot say: no prediction is told" in told


def test_another_level_and_another_area_can_be_chosen_and_sent(app: AppTest, run: Run) -> None:
    opened(app, "overview", run, look=NORTH)
    app.selectbox(key="look-area").set_value(SOUTH).run()
    assert "Southside" in read(app)
    assert "anything from very few to 75" in read(app)
    assert address(app, "look") == [SOUTH]


def test_an_area_that_is_not_there_is_said_and_the_district_shown(app: AppTest, run: Run) -> None:
    told = read(opened(app, "overview", run, look="X0nowhere"))
    assert "There is no area “X0nowhere” in this run. The district is shown." in told
    assert "Of about 500 children in Sixtown" in told


def test_without_a_run_from_records_the_overview_names_the_command(app: AppTest) -> None:
    app.run()
    app.switch_page("pages/overview.py").run()
    assert "larder bake school_readiness --place demo" in read(app)


def test_a_run_baked_before_agencies_were_told_of_still_opens(app: AppTest, sixtown: Path) -> None:
    run = kitchen_records.make_records_run(sixtown, hour=13, earlier=True)
    assert "Bake it again to see it." in read(opened(app, "overview", run))


def test_a_model_that_adds_nothing_is_said_first_and_gives_no_reasons(app: AppTest, sixtown: Path) -> None:
    run = kitchen_records.make_records_run(sixtown, hour=14, passed=False)
    told = read(opened(app, "overview", run, look=NORTH))
    assert "The model adds nothing to the deprivation decile alone." in told
    assert "nothing is told of what the model would go by" in told
    about = read(opened(app, "about", run))
    assert app.warning[0].value.replace("\\", "") == "The model adds nothing to the deprivation decile alone."
    assert "No. It did not meet the marks that were set before it was tried" in about
    assert "The map shows deprivation alone (its decile)." in about


def test_what_agreements_weigh_is_said_drawn_and_listed(app: AppTest, run: Run) -> None:
    told = read(opened(app, "about", run))
    assert "most for one child is date of birth, the same (+10.0): it is seen 1,000 times as often" in told
    assert "Two records start at −14.0" in told
    chart = weights_chart(weighed(run.record()["linkage"])).to_dict()
    (rows,) = [rows for rows in chart["datasets"].values() if "told" in rows[0]]
    assert [(row["told"], row["number"], row["speaks"]) for row in rows] == [
        ("Date of birth: the same", "+10.0", "for one child"),
        ("Sex: different", "−4.0", "against"),
    ]
    drawn = [one.proto.spec for one in app.get("vega_lite_chart")]
    assert sum("for one child →" in spec or "for one child \\u2192" in spec for spec in drawn) == 1


def test_how_we_know_puts_the_mark_first_and_the_analysts_words_last(app: AppTest, run: Run) -> None:
    told = read(opened(app, "about", run))
    parts = (
        "Yes. It met every mark",
        "In every 100 small areas visited as the model advises, about 240 children who need support are found; going "
        "by deprivation alone (its decile), about 200. That is about 40 more (likely 20 to 60).",
        "Children found in every 100 areas",
        "Are the chances right?",
        "least deprived fifth (80 in 100). Least often in this: most deprived fifth (40 in 100).",
        "Girls: too many were expected to need support (29 in 100, and 22 did).",
        "Do not use this to decide about a family.",
        "How to challenge this: not given.",
        "1 May 2027",
        "the lawful basis of putting the records together",
        "1 September 2016 to 30 September 2026",
        "a lower log loss",
    )
    assert [told.index(part) for part in parts] == sorted(told.index(part) for part in parts)
    for analysts in ("log loss", "suppressed", "A technical note."):
        assert analysts not in told.split("The whole record")[0]


def test_what_is_open_stays_plain_too(app: AppTest) -> None:
    app.run()
    app.switch_page("pages/about.py").run()
    told = read(app)
    assert told.index("Do not use this") < told.index("Counted by hand, 2021") < told.index("was left out.")


def test_the_panel_keeps_observed_and_predicted_apart(app: AppTest, run: Run) -> None:
    app.query_params.update({"run": run.id, "place": "sixtown", "area": PREDICTED})
    told = read(app.run())
    assert "Observed so far. No sign that high need gathers" in told
    assert (
        "exceeds the district by more than 5 in 100 children is 80 to 95 %. It is called a predicted hotspot."
        in told
    )


def test_the_panel_of_a_square_with_too_few_children_tells_its_lsoa(app: AppTest, run: Run) -> None:
    app.query_params.update({"run": run.id, "place": "sixtown", "area": FEW})
    assert (
        "Too few children here to tell of. In the neighbourhood (LSOA) around, Block 9, about 14 %"
        in read(app.run())
    )


def test_the_map_can_show_four_things_and_the_legend_says_which(app: AppTest, run: Run) -> None:
    app.query_params.update({"run": run.id, "place": "sixtown"})
    seen = {}
    app.run()
    for layer in ("observed", "predicted", "differ", "lsoa"):
        app.selectbox(key="layer-choice").set_value(layer).run()
        seen[layer] = next(part for part in read(app).splitlines() if "larder-legend" in part)
    assert "fifth" not in "".join(seen.values())
    assert "40 to 50 %" in seen["observed"]
    assert "Predicted" not in seen["observed"]
    assert "80 to 95 %" in seen["predicted"]
    assert "Firm" not in seen["predicted"]
    assert "Predicted hotspot only" in seen["differ"]
    assert "LSOAs" in seen["lsoa"]
    assert address(app, "layer") == ["lsoa"]


def test_each_map_has_its_own_layers_of_all_squares(run: Run) -> None:
    areas, larger = cache.areas(str(run.folder)), cache.larger(str(run.folder))
    assert larger is not None
    everywhere = [True] * len(areas)
    ids = {}
    for layer in ("observed", "predicted", "differ", "lsoa"):
        ground, lines = gatedmap.layers(areas, everywhere, layer, larger)
        assert len(ground[0].data) == 36
        ids[layer] = {one.id for one in [*ground, *lines]}
    assert {"firm", "hatching"} <= ids["observed"]
    assert "predicted" in ids["predicted"]
    assert not {"firm", "observed"} & ids["predicted"]
    assert {"observed", "predicted", "observed only", "predicted only", "cannot say"} <= ids["differ"]
    assert "lsoa-edges" in ids["lsoa"]
    few = gatedmap.layers(areas, everywhere, "observed", larger)[0][0].data
    told = {one["c"]: one["t"] for one in few}
    assert told[FEW] == "Too few children; neighbourhood (LSOA) around: about 14 %"
    assert told[BOTH] == "40 to 50 % · Firm hotspot"


def test_the_trend_is_a_rise_only_beyond_chance() -> None:
    years = ["2022", "2023", "2024", "2025"]
    same = pd.DataFrame({"year": years, "rate": [30.0, 34.0, 29.0, 33.0], "children": [100.0] * 4})
    rise, error = overview.slope(same) or (0.0, 0.0)
    # by hand: weights equal, middle 2023.5, sum of (x - middle) y = -45 - 17 + 14.5 + 49.5 = 2, over 5: 0.4 a year
    assert rise == pytest.approx(0.4)
    # p = 0.315, sum of n (x - middle)^2 = 500: sqrt(0.315 x 0.685 / 500) = 2.08 per cent
    assert error == pytest.approx(2.077, abs=0.01)
    assert overview.slope(same.head(2)) is None


def test_an_area_of_any_level_is_found_and_its_parent_told(run: Run) -> None:
    tables = cache.tables(str(run.folder))
    assert overview.levels(tables) == ["district", "msoa", "lsoa", "oa"]
    square = overview.find(tables, kitchen.code(1))
    assert square is not None
    assert overview.parent(tables, square, "msoa").code == NORTH
    assert overview.moved(tables, square, "district") == DISTRICT
    assert sum(overview.kinds(tables, overview.parent(tables, square, "district")).values()) == 36


def test_what_is_looked_at_and_shown_stands_in_the_address() -> None:
    view = View(look=NORTH, layer="differ")
    assert from_query(to_query(view)) == (view, [])
    assert from_query({"layer": ["magic"]})[1]


def test_everything_a_release_asks_for_has_a_name_on_the_screen() -> None:
    assert set(lacking(Answers())) <= set(transparency.NAMES)


def test_each_number_of_areas_without_an_answer_says_which_answer(app: AppTest, run: Run) -> None:
    told = read(opened(app, "map", run))
    assert "Of one area we cannot say whether it is in an observed hotspot." in told
    for layer, said in (
        ("observed", "No rate is told: choose one to read of the neighbourhood around it"),
        ("predicted", "No chance is told"),
        ("differ", "We cannot say: no prediction is told"),
    ):
        assert said in read(opened(app, "map", run, layer=layer))
