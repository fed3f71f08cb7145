"""Changing an entry: a steward's change is published at once, anybody else's waits in the queue.

The form remembers the version that it was filled from. Where somebody else changed the entry meanwhile nothing is
saved: both are shown side by side, and the person decides.
"""

from dataclasses import dataclass

import streamlit as st
from sqlalchemy.orm import Session

from assets.edits import change_asset
from assets.errors import Conflict
from assets.locate import locator
from assets.schema import Asset
from assets.suggestions import suggest_change
from store.home import home
from store.roles import Actor, may
from ui import account, said
from ui.components.asset_fields import PUBLIC, STEWARDS, changed, draw_fields, read_fields
from ui.components.differences import draw_differences
from ui.components.text import note, plain
from words.register import differences

EDITING = "editing"


@dataclass
class Editing:
    """What a form was filled from, the version whose overwriting the person has agreed to, and the last conflict."""

    base: Asset
    agreed: int
    conflict: tuple[str, ...] = ()

    @property
    def prefix(self) -> str:
        """Return what keeps the widgets of this form apart from those of every other."""
        return f"edit-{self.base.id}-{self.base.version}"


def forget() -> None:
    """Let go of what was being edited."""
    st.session_state.pop(EDITING, None)


def draw_edit(asset: Asset, who: Actor) -> None:
    """Draw the form that changes an entry, or that suggests a change, or neither for who has no account."""
    if asset.deleted_at or who.role == "anyone":
        return
    direct = may(who, "edit_asset")
    fields = STEWARDS if direct else PUBLIC
    editing = _editing(asset)
    with st.expander("Change this entry" if direct else "Suggest a change", expanded=bool(editing.conflict)):
        if editing.conflict:
            _draw_conflict(asset, editing, fields)
        with st.form(f"form-{editing.prefix}", border=False):
            draw_fields(editing.prefix, editing.base.as_dict(), fields)
            st.text_input(
                "Why? (the history keeps it)" if direct else "A word to those who decide",
                key=f"{editing.prefix}-why",
            )
            st.form_submit_button(
                "Save the change" if direct else "Send the suggestion", type="primary", on_click=_send,
                args=(fields, direct),
            )  # fmt: skip


def _editing(asset: Asset) -> Editing:
    kept: Editing | None = st.session_state.get(EDITING)
    if kept is None or kept.base.id != asset.id:
        kept = Editing(asset, asset.version)
        st.session_state[EDITING] = kept
    return kept


def _send(fields: tuple[str, ...], direct: bool) -> None:
    editing: Editing = st.session_state[EDITING]
    values, faults = read_fields(editing.prefix, fields)
    changes = changed(editing.base.as_dict(), values)
    why = str(st.session_state.get(f"{editing.prefix}-why", "")).strip()
    if faults:
        said.refuse(" ".join(fault.sentence() for fault in faults))
    elif not changes:
        said.refuse("Nothing in the form differs from what is published.")
    elif direct:
        _save(editing, changes, why)
    elif said.attempt(
        lambda session: suggest_change(
            session,
            editing.base.id,
            changes,
            actor=account.actor(),
            base_version=editing.base.version,
            note=why,
        ),
        "Thank you. It waits in the queue; what is published stays until somebody has decided.",
    ):
        forget()


def _save(editing: Editing, changes: dict[str, object], why: str) -> None:
    def work(session: Session) -> Asset:
        return change_asset(
            session, editing.base.id, changes, actor=account.actor(), reason=why, expected_version=editing.agreed,
            where=locator(home()),
        )  # fmt: skip

    try:
        done = said.attempt(work, "Saved. The history keeps what was there before.", through=(Conflict,))
    except Conflict as conflict:
        editing.conflict = tuple(fault.what for fault in conflict.faults)
        return
    if done is not None:
        forget()


def _draw_conflict(asset: Asset, editing: Editing, fields: tuple[str, ...]) -> None:
    """Say who changed what meanwhile, show both side by side, and let the person decide."""
    editing.agreed = asset.version  # from here on they have seen it
    st.error(
        "Not saved: somebody else changed this entry while you were writing. What you wrote is still here."
    )
    for sentence in editing.conflict:
        note(sentence)
    values, _ = read_fields(editing.prefix, fields)
    mine = changed(editing.base.as_dict(), values)
    rows = differences(asset.as_dict(), mine, list(mine))
    draw_differences(rows, "What is there now, and what you wrote", now="There now", then="What you wrote")
    with st.container(horizontal=True):
        st.button("Save what I wrote", key="conflict-mine", on_click=_insist, args=(asset.version, fields))
        st.button("Keep what is there now", key="conflict-theirs", on_click=forget)
    st.caption(plain("You can also change the form below and save that."))


def _insist(version: int, fields: tuple[str, ...]) -> None:
    editing: Editing = st.session_state[EDITING]
    editing.agreed, editing.conflict = version, ()
    _send(fields, direct=True)
