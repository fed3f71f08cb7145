import pytest
from hypothesis import given
from hypothesis import strategies as some

from ui.state import Camera, View, from_query, to_query
from words.categories import CATEGORIES
from words.labels import SIGNS

WORDS = some.text(min_size=0, max_size=12)
CAMERAS = some.builds(
    Camera,
    latitude=some.integers(-8_500_000, 8_500_000).map(lambda whole: whole / 100_000),
    longitude=some.integers(-18_000_000, 18_000_000).map(lambda whole: whole / 100_000),
    zoom=some.integers(0, 2000).map(lambda whole: whole / 100),
)
VIEWS = some.builds(
    View,
    place=WORDS,
    run=WORDS,
    against=WORDS,
    area=WORDS,
    signs=some.lists(some.sampled_from(list(SIGNS)), unique=True).map(tuple),
    bands=some.lists(some.integers(1, 5), unique=True).map(tuple),
    categories=some.lists(some.sampled_from(list(CATEGORIES)), unique=True).map(tuple),
    wards=some.lists(some.text(min_size=1, max_size=12), unique=True).map(tuple),
    show=some.sampled_from(["areas", "assets"]),
    differ=some.booleans(),
    camera=some.none() | CAMERAS,
)


@given(VIEWS)
def test_a_view_comes_back_from_its_address_unchanged(view: View) -> None:
    assert from_query(to_query(view)) == (view, [])


@given(
    some.dictionaries(
        some.sampled_from(["place", "sign", "band", "at", "show", "differ", "x"]), some.lists(WORDS)
    )
)
def test_any_address_gives_a_view_and_never_an_error(query: dict[str, list[str]]) -> None:
    view, _ = from_query(query)
    assert set(view.signs) <= set(SIGNS)
    assert set(view.bands) <= {1, 2, 3, 4, 5}


def test_an_empty_view_has_an_empty_address() -> None:
    assert to_query(View()) == {}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"sign": ["firmish"]}, "firmish"),
        ({"band": ["6"]}, "6"),
        ({"at": ["51.5,0.4"]}, "51.5,0.4"),
        ({"at": ["51.5,0.4,nan"]}, "not on the map"),
        ({"at": ["99,0,10"]}, "not on the map"),
        ({"show": ["everything"]}, "everything"),
        ({"differ": ["maybe"]}, "maybe"),
    ],
)
def test_what_cannot_be_read_is_said_and_left_at_its_default(query: dict[str, list[str]], said: str) -> None:
    view, problems = from_query(query)
    assert view == View()
    assert len(problems) == 1
    assert said in problems[0]
