"""What is said of the whole place: where its firm hotspots are, each part to be looked at closer."""

from streamlit.testing.v1 import AppTest

from tests.ui.kitchen import FIRM, squares
from tests.ui.test_app import address
from ui.find import look_at


def test_a_part_that_holds_firm_hotspots_is_looked_at_when_it_is_pressed(app: AppTest) -> None:
    app.run()
    assert "at" not in app.query_params
    app.button(key="part-North Ward").click().run()
    assert not app.exception
    assert address(app, "at") == [look_at(squares().set_index("code"), FIRM).text()]
    assert "area" not in app.query_params
    assert "ward" not in app.query_params
