"""Assets: search the register, read one entry, and look after it as far as one's role goes."""

from datetime import date

import streamlit as st

from assets.errors import AssetError
from ui import account, browsing, desk, said
from ui.components import asset_actions, asset_edit, asset_export, asset_facts, asset_list, looking
from ui.components.text import heading, lead, link
from ui.listing import Listing


def page() -> None:
    """Draw the list, or the one asset that is open."""
    asset_list.take_pick()
    if browsing.current().show == "due" and not account.may_do("see_due"):
        browsing.change(show="all")
    listing = browsing.current()
    if listing.asset:
        _one(listing.asset)
    elif listing.show == "looked":
        _looked(listing)
    else:
        asset_edit.forget()
        _list(listing)
    browsing.publish()


def _list(listing: Listing) -> None:
    who, today, places = account.actor(), date.today(), desk.places()
    found = desk.listed(listing, who, today)
    states = {} if listing.show == "due" else desk.by_freshness(listing, who, today)
    heading("Assets", 1)
    lead(asset_list.count_sentence(listing, found, states))
    said.show()
    asset_list.draw_search(listing, places, who)
    asset_list.draw_list(found, places, today)
    with st.container(horizontal=True, vertical_alignment="center"):
        link("Add an asset", "add")
        asset_export.draw_export(who, listing, today)
    if st.toggle("Show the map", key="assets-map-wanted", help="All that is on the map is in the list too."):
        drawn = desk.on_map(listing, found, who, today)
        shown = {asset.place for asset in drawn}
        asset_list.draw_map(
            drawn, found.total, [place for place in places.values() if place.name in shown], today
        )


def _one(asset_id: str) -> None:
    who, today, places = account.actor(), date.today(), desk.places()
    st.button(
        "Back to the list", on_click=browsing.change, kwargs={"asset": ""}, icon=":material/arrow_back:"
    )
    try:
        asset = desk.asset(asset_id, who)
    except AssetError as error:
        heading("There is no such asset", 1)
        lead(error.faults[0].sentence())
        return
    said.show()
    asset_facts.draw_head(asset, desk.area_name(places.get(asset.place or ""), asset.area), today)
    asset_actions.draw_answers(asset, who, today)
    asset_facts.draw_facts(asset)
    asset_edit.draw_edit(asset, who)
    asset_actions.draw_removal(asset, who)
    asset_actions.draw_history(asset, who)


def _looked(listing: Listing) -> None:
    who, places = account.actor(), desk.places()
    heading("Assets", 1)
    chosen = places.get(listing.place) or next(iter(places.values()), None)
    lead(looking.sentence(chosen))
    said.show()
    looking.draw_undo()
    asset_list.draw_search(listing, places, who)
    if chosen is not None:
        looking.draw_coverage(chosen, who)
        looking.draw_form(chosen, who, date.today())


with st.container(key="page"):
    page()
