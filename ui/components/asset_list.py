"""The list of assets: the search and filters above it, its lines, its pages, and the map that shows the same."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import streamlit as st

from assets.schema import Asset
from geo.place import Place
from store.pages import Page
from store.roles import Actor, may
from ui import browsing, cache, deck, desk, icons, register
from ui.components import chart
from ui.components.asset_facts import row_html
from ui.components.text import lead, note, plain
from ui.listing import SHOWS, Listing
from words.categories import CATEGORIES
from words.freshness import FRESHNESS_LABELS, STATES
from words.labels import category_label, place_label
from words.register import ASSET_KINDS
from words.sentences import count_words, joined, sentence_case

KEY = "assets-map"


def draw_search(listing: Listing, places: Mapping[str, Place], actor: Actor) -> None:
    """Draw what narrows the list: the view, the words, the filters."""
    shows = [show for show in SHOWS if show != "due" or may(actor, "see_due")]
    with st.container(horizontal=True, vertical_alignment="bottom", key="assets-bar"):
        st.segmented_control(
            "Show", shows, key=browsing.bind("assets-show", "show"), format_func=SHOWS.__getitem__,
            on_change=browsing.take, args=("assets-show", "show"), required=True,
        )  # fmt: skip
        if listing.show == "all":
            st.text_input(
                "Search", key=browsing.bind("assets-text", "text"), type="search", max_chars=200,
                placeholder="a name, a street, what it does",
                on_change=browsing.take, args=("assets-text", "text"),
            )  # fmt: skip
        _filters(listing, places)


def _filters(listing: Listing, places: Mapping[str, Place]) -> None:
    count = listing.narrowed()
    with st.popover(f"Filters ({count} set)" if count else "Filters", icon=":material/filter_alt:"):
        if places:
            _choose_place(listing, places)
        if listing.show == "all":
            st.caption("Nothing chosen lets everything through.")
            categories = sorted(CATEGORIES, key=category_label)
            _choose("Category", categories, "categories", category_label)
            _choose("What it is", list(ASSET_KINDS), "kinds", ASSET_KINDS.__getitem__)
            _choose("Freshness", list(STATES), "freshness", FRESHNESS_LABELS.__getitem__)
        st.button("Clear all filters", on_click=_clear, disabled=not count)


def _choose_place(listing: Listing, places: Mapping[str, Place]) -> None:
    def name(code: str) -> str:
        place = places.get(code)
        return place_label(place.title, fictional=place.fictional) if place else code or "Everywhere"

    options = list(dict.fromkeys(["", *places, listing.place]))
    st.selectbox(
        "Place", options, key=browsing.bind("assets-place", "place"), format_func=name,
        on_change=browsing.take, args=("assets-place", "place"),
    )  # fmt: skip


def _choose(label: str, options: Sequence[str], field: str, words: Callable[[str], str]) -> None:
    key = f"assets-{field}"
    st.multiselect(
        label, options, key=browsing.bind(key, field), format_func=words, placeholder="All",
        on_change=browsing.take, args=(key, field),
    )  # fmt: skip


def _clear() -> None:
    browsing.change(place="", categories=(), kinds=(), freshness=())


def count_sentence(listing: Listing, page: Page[Asset], states: Mapping[str, int]) -> str:
    """Return how many assets there are in the list, and how fresh what is known of them is."""
    if listing.show == "due":
        return (
            f"{sentence_case(count_words(page.total, 'asset is', 'assets are'))} due for a check: the longest "
            "unchecked come first, then those that nobody ever confirmed."
            if page.total
            else "No asset is due for a check."
        )
    asked = listing.text or listing.narrowed()
    if not page.total:
        what = "an asset that matches" if asked else "an asset here yet"
        return f"Nobody has recorded {what}. That does not mean that there is none."
    told = [f"{states[state]:,} {FRESHNESS_LABELS[state].lower()}" for state in STATES if states.get(state)]
    found = (
        count_words(page.total, "asset matches", "assets match")
        if asked
        else count_words(page.total, "asset")
    )
    return f"{sentence_case(found)}: {joined(told)}."


def draw_list(page: Page[Asset], places: Mapping[str, Place], today: date) -> None:
    """Draw one page of the list; each name opens its asset."""
    with st.container(key="assets-list", gap=None):
        for asset in page.items:
            where = desk.area_name(places.get(asset.place or ""), asset.area)
            with st.container(key=f"row-{asset.id}", gap=None):
                st.button(
                    plain(asset.name), key=f"open-{asset.id}", type="tertiary",
                    on_click=browsing.change, kwargs={"asset": asset.id},
                )  # fmt: skip
                st.html(row_html(asset, where, today))
    draw_pager(page)


def draw_pager(page: Page[Asset]) -> None:
    """Draw the way to the pages before and after."""
    if page.pages == 1:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="assets-pager"):
        st.button(
            "Earlier", disabled=page.page <= 1, on_click=browsing.change, kwargs={"page": page.page - 1}
        )
        note(f"Page {page.page:,} of {page.pages:,}")
        st.button(
            "Later",
            disabled=page.page >= page.pages,
            on_click=browsing.change,
            kwargs={"page": page.page + 1},
        )


def take_pick() -> None:
    """Open the asset whose mark was clicked since the last run."""
    event = st.session_state.get(KEY)
    things = event["selection"].get("objects", {}) if event else {}
    picked = [thing["a"] for objects in things.values() for thing in objects if thing.get("a")]
    if picked and picked[0] != st.session_state.get("assets-picked"):
        st.session_state["assets-picked"] = picked[0]
        browsing.change(asset=picked[0])


def draw_map(assets: Sequence[Asset], total: int, places: Sequence[Place], today: date) -> None:
    """Draw the assets of the list on the scenery of their places."""
    drawn = [asset for asset in assets if asset.longitude is not None and asset.latitude is not None]
    lead(_map_sentence(len(drawn), len(assets), total))
    if not drawn:
        return
    lines, names = [], []
    for place in places:
        some, named = cache.scenery_layers(str(place.folder), place.digest)
        lines += [one.text for one in some]
        names += named
    xs = [asset.longitude for asset in drawn if asset.longitude is not None]
    ys = [asset.latitude for asset in drawn if asset.latitude is not None]
    marks = deck.asset_layer(register.marks(drawn, today), *icons.atlas())
    st.pydeck_chart(
        deck.PreparedDeck([*lines, marks, *names], deck.fit((min(xs), min(ys), max(xs), max(ys))), chart.tile_style()),
        key=KEY, height=chart.HEIGHT, on_select="rerun", selection_mode="single-object",
        alt=f"Map of {count_words(len(drawn), 'asset')}. The list says the same.",
    )  # fmt: skip


def _map_sentence(drawn: int, there: int, total: int) -> str:
    which = (
        "all that match"
        if there == total
        else "this page of the list, for there are too many to draw at once"
    )
    told = f"The map shows {count_words(drawn, 'asset')}: {which}."
    missing = there - drawn
    return (
        f"{told} {sentence_case(count_words(missing, 'asset has', 'assets have'))} no point."
        if missing
        else told
    )
