"""What is said of the whole place: where its firm hotspots are, each part to be looked at closer."""

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.kitchen import FIRM, squares
from tests.ui.test_app import address
from ui.components.panel import part_name
from ui.find import look_at


def test_a_part_that_holds_firm_hotspots_is_looked_at_when_it_is_pressed(app: AppTest) -> None:
    app.run()
    assert "at" not in app.query_params
    app.button(key="part-North Ward").click().run()
    assert not app.exception
    assert address(app, "at") == [look_at(squares().set_index("code"), FIRM).text()]
    assert "area" not in app.query_params
    assert "ward" not in app.query_params


@pytest.mark.parametrize(
    ("name", "wards", "said"),
    [
        ("Basildon 013", ["Vange", "Vange"], "Basildon 013 (Vange)"),
        ("Basildon 013", ["Vange", "Nethermayne", "Vange"], "Basildon 013 (Nethermayne and Vange)"),
        ("Basildon 013", ["Vange", None], "Basildon 013"),
        ("Larkfield", ["Vange"], "Larkfield"),
    ],
)
def test_a_part_that_has_but_a_number_is_told_by_its_wards(
    name: str, wards: list[str | None], said: str
) -> None:
    assert part_name(name, pd.DataFrame({"ward_name": wards})) == said


def test_a_part_without_wards_keeps_its_number() -> None:
    assert part_name("Basildon 013", pd.DataFrame({"code": ["E1"]})) == "Basildon 013"
