import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.listing import SHOWS, Listing, from_query, to_query
from words.categories import CATEGORIES
from words.freshness import STATES
from words.register import ASSET_KINDS


def some(values):  # type: ignore[no-untyped-def]
    return st.lists(st.sampled_from(list(values)), unique=True).map(tuple)


@given(
    st.builds(
        Listing,
        show=st.sampled_from(list(SHOWS)),
        text=st.text(max_size=200),
        place=st.text(max_size=20),
        categories=some(CATEGORIES),
        kinds=some(ASSET_KINDS),
        freshness=some(STATES).map(lambda chosen: tuple(state for state in STATES if state in chosen)),
        page=st.integers(1, 100_000),
        asset=st.text(max_size=64),
    )
)
def test_an_address_brings_back_the_listing_that_it_was_made_from(listing: Listing) -> None:
    assert from_query(to_query(listing)) == listing


@given(st.dictionaries(st.text(), st.lists(st.text())))
def test_any_address_can_be_read(query: dict[str, list[str]]) -> None:
    assert from_query(query).page >= 1


@pytest.mark.parametrize("page", ["0", "-1", "two", "²", "999999", ""])
def test_a_page_that_there_cannot_be_is_the_first(page: str) -> None:
    assert from_query({"page": [page]}).page == 1


def test_what_is_not_known_is_left_out() -> None:
    assert from_query({"category": ["library", "dragon"], "freshness": ["mouldy"], "show": ["x"]}) == Listing(
        categories=("library",)
    )


def test_filters_are_counted() -> None:
    assert Listing(text="x", place="demo", kinds=("group",)).narrowed() == 2
