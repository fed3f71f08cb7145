"""How we know: which run it tells of."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.ui import kitchen
from tests.ui.test_app import words


def about(app: AppTest, **query: str) -> AppTest:
    app.run()
    app.switch_page("pages/about.py").run()
    app.query_params.clear()
    app.query_params.update(query)
    app.run()
    assert not app.exception
    return app


def test_the_place_of_the_address_is_the_one_told_of(app: AppTest, sixtown: Path) -> None:
    kitchen.make_place(sixtown, "othertown", "Othertown")
    older = kitchen.make_run(sixtown, place="othertown", hour=1)
    page = about(app, place="othertown")
    assert "Asked of Othertown (fictional)." in words(page)
    assert page.selectbox[0].value == older.id


def test_a_run_that_is_asked_for_comes_before_its_place(app: AppTest, sixtown: Path) -> None:
    kitchen.make_place(sixtown, "othertown", "Othertown")
    older = kitchen.make_run(sixtown, place="othertown", hour=1)
    assert "Asked of Othertown" in words(about(app, place="sixtown", run=older.id))


def test_a_place_that_is_not_there_is_said(app: AppTest) -> None:
    told = words(about(app, place="atlantis"))
    assert "There is no run of a place “atlantis” here. Another place is shown instead." in told
    assert "Asked of Sixtown" in told
