"""What one visitor has chosen: kept in the session, written to the address, read from it when a link is opened."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from ui.state import Camera, View, from_query, to_query

VIEW, WRITTEN, PROBLEMS, TURN, PINNED, SEEN = "view", "written", "problems", "turn", "pinned", "seen"
TABLE_KEY, TABLE_CODES, MAP_WISH = "table_key", "table_codes", "map-wanted"
MAP_SWITCH = "map-switch"


def view() -> View:
    """Return the view; a link that was opened comes before what the session held.

    An empty address is no news: moving between pages empties it.
    """
    state = st.session_state
    asked = {key: st.query_params.get_all(key) for key in st.query_params}
    if VIEW not in state or (asked and asked != state.get(WRITTEN)):
        state[VIEW], state[PROBLEMS] = from_query(asked)
        state[WRITTEN] = asked
        state[PINNED] = state[VIEW].area
        state[TURN] = state.get(TURN, 0) + 1
    current: View = state[VIEW]
    return current


def change(**parts: Any) -> None:
    """Change parts of the view."""
    st.session_state[VIEW] = replace(view(), **parts)


def choose(area: str, *, pin: bool) -> None:
    """Choose an area; `pin` brings it to the top of the table, for choices that were not made there."""
    state = st.session_state
    change(area=area)
    if pin:
        state[TURN] = state.get(TURN, 0) + 1
        state[PINNED] = area


def publish() -> None:
    """Write the view into the address, so that it can be sent to a colleague."""
    query = to_query(view())
    if query != {key: st.query_params.get_all(key) for key in st.query_params}:  # a change of page empties it
        st.query_params.from_dict(query)
        st.session_state[WRITTEN] = query


def bind(key: str, field: str) -> str:
    """Give a widget the value that the view holds, and return its key."""
    value = getattr(view(), field)
    st.session_state[key] = list(value) if isinstance(value, tuple) else value
    return key


def take(key: str, field: str) -> None:
    """Take a widget's new value into the view."""
    value = st.session_state[key]
    change(**{field: tuple(value) if isinstance(value, list) else value})


def turn() -> int:
    """Return how many choices were made so far: a fresh number lets widgets forget the last one."""
    return int(st.session_state.get(TURN, 0))


def pinned() -> str:
    """Return the code of the area that stands first in the table, or nothing."""
    return str(st.session_state.get(PINNED, ""))


def problems() -> list[str]:
    """Return what could not be read from the address, once: it is not repeated on the next click."""
    return list(st.session_state.pop(PROBLEMS, []))


def add_problem(sentence: str) -> None:
    """Keep a sentence about the address to show on this run."""
    st.session_state.setdefault(PROBLEMS, []).append(sentence)


def take_picks(map_key: str) -> None:
    """Choose what was clicked on the map or in the table since the last run, if anything was.

    A row that is let go lets its area go; a click beside every area changes nothing, for the map forgets by itself.
    """
    table_key = str(st.session_state.get(TABLE_KEY, ""))
    code, news = _pick(map_key, map_pick)
    if news and code:
        choose(code, pin=True)
    was = st.session_state.get(SEEN, {}).get(table_key)
    code, news = _pick(table_key, table_pick)
    if news and (code or was == view().area):
        choose(code, pin=False)


def _pick(key: str, read: Callable[[Mapping[str, Any]], str]) -> tuple[str, bool]:
    event = st.session_state.get(key) if key else None
    code = read(event["selection"]) if event else ""
    return code, event is not None and is_new(key, code)


def is_new(key: str, value: object) -> bool:
    """Return whether a value differs from the one that was last seen under a key, and keep it as seen."""
    seen: dict[str, object] = st.session_state.setdefault(SEEN, {})
    before = seen.get(key)
    seen[key] = value
    return value != before


def follow(area: str, ward: str, camera: Camera | None) -> None:
    """Go where a search led: choose its area if it is one, keep to its ward if it is one, and look there."""
    if area:
        choose(area, pin=True)
    elif camera:
        change(area="")  # what was chosen elsewhere would stand beside a map of what was found
    if ward:
        change(wards=(ward,))
    if camera:
        change(camera=camera)


def hold_map_wish() -> str:
    """Return the key of the switch that shows the map: on, but on a phone the map comes when it is asked for.

    The wish is kept beside the switch, for a switch is forgotten with its page.
    """
    st.session_state[MAP_SWITCH] = st.session_state.setdefault(MAP_WISH, not on_phone())
    return MAP_SWITCH


def take_map_wish() -> None:
    """Take the switch's new value."""
    st.session_state[MAP_WISH] = st.session_state[MAP_SWITCH]


def on_phone() -> bool:
    """Return whether the visitor's browser says that it is a phone's."""
    return "Mobi" in str(st.context.headers.get("User-Agent", ""))


def map_wanted() -> bool:
    """Return whether the map is to be shown."""
    return bool(st.session_state[MAP_WISH])


def map_pick(selection: Mapping[str, Any]) -> str:
    """Return the code of the area that a click on the map chose, or of the area that holds the clicked asset."""
    for objects in selection.get("objects", {}).values():
        for thing in objects:
            if thing.get("c"):
                return str(thing["c"])
    return ""


def table_pick(selection: Mapping[str, Any]) -> str:
    """Return the code of the row that was chosen in the table as it was last shown."""
    rows, codes = selection.get("rows", []), st.session_state.get(TABLE_CODES, [])
    return str(codes[rows[0]]) if rows and rows[0] < len(codes) else ""


def ask_zoom() -> None:
    """Ask for the map to look at the chosen area; the page that knows its shape answers."""
    st.session_state["zoom"] = True


def zoom_asked() -> bool:
    """Return whether the map shall look at the chosen area now."""
    return bool(st.session_state.pop("zoom", False))
