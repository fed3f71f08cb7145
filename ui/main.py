"""The app: its pages, to whom each is open, and what a visitor reads when something goes wrong."""

import logging
from dataclasses import dataclass

import streamlit as st

from store.roles import Actor, may
from ui import account
from ui.components import who
from ui.components.style import style_sheet
from ui.icons import favicon
from words.faults import LarderError

LOG = logging.getLogger("larder")


@dataclass(frozen=True)
class Screen:
    """One page: its file, its title, its icon, and the action without which it is not offered."""

    file: str
    title: str
    icon: str
    action: str = "see_published"


SCREENS = (
    Screen("map", "Map", "map"),
    Screen("overview", "Overview", "monitoring"),
    Screen("compare", "Compare", "compare"),
    Screen("assets", "Assets", "storefront"),
    Screen("add_asset", "Add an asset", "add_location"),
    Screen("review", "Review", "rule", "see_queue"),
    Screen("people", "People", "group", "manage_people"),
    Screen("about", "How we know", "info"),
    Screen("account", "Account", "person"),
)


def title_of(screen: Screen, actor: Actor) -> str:
    """Return a page's title; the last one invites who is not signed in and can be."""
    invites = screen.file == "account" and actor.role == "anyone" and account.mode() == "login"
    return "Sign in" if invites else screen.title


def page_of(screen: Screen, actor: Actor) -> st.Page:
    """Return a screen as a page; one that is not open to the actor keeps its address and is not offered."""
    return st.Page(
        f"pages/{screen.file}.py",
        title=title_of(screen, actor),
        icon=f":material/{screen.icon}:",
        url_path=screen.file,
        default=screen is SCREENS[0],
        visibility="visible" if may(actor, screen.action) else "hidden",
    )


def show(actor: Actor) -> None:
    """Run the page that was asked for; one that is not open to the actor says so itself."""
    try:
        st.navigation([page_of(screen, actor) for screen in SCREENS], position="top").run()
    except LarderError as error:
        tell(error)
    who.foot(actor)


def tell(error: LarderError) -> None:
    """Say in plain words why a page cannot be shown."""
    LOG.error("A page could not be shown", exc_info=error)
    st.error("This cannot be shown just now.")
    for fault in error.faults:
        st.text(fault.sentence())


st.set_page_config(page_title="Larder", page_icon=favicon(), layout="wide")
style_sheet()
try:
    show(account.actor())
except LarderError as error:  # who is here cannot be found out: the database does not open
    tell(error)
