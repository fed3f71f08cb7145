"""What can be done with one asset: still right, this is wrong, remove, bring back, and its history."""

from datetime import date

import streamlit as st

from assets.edits import asset_history, confirm_asset, delete_asset, restore_asset
from assets.locate import locator
from assets.merging import TOOK_IN, unmerge_asset
from assets.schema import Asset
from assets.suggestions import report_wrong
from store.home import home
from store.roles import Actor, may
from store.session import reading
from store.versions import Version
from ui import account, browsing, said
from ui.components.differences import draw_differences
from ui.components.text import link, note
from words.freshness import day_words
from words.register import ACTION_WORDS, UNREAD_FIELDS, differences
from words.sentences import count_words, sentence_case


def draw_answers(asset: Asset, who: Actor, today: date) -> None:
    """Draw the two answers to "is this still right?"; somebody without an account gives them on the plain page."""
    if asset.deleted_at:
        return
    if not may(who, "confirm"):
        link("Still right, or wrong? Say so here, without an account", f"asset/{asset.id}")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="answers"):
        st.text_input(
            "How do you know? (may stay empty)", key=f"how-{asset.id}", placeholder="I was there today"
        )
        st.button(
            "Still right", type="primary", on_click=_confirm, args=(asset.id, today), icon=":material/check:"
        )
        with st.popover("This is wrong", icon=":material/report:"):
            st.text_area("What is wrong?", key=f"wrong-{asset.id}", max_chars=2000)
            st.button("Send it to the queue", on_click=_report, args=(asset.id,))


def _confirm(asset_id: str, today: date) -> None:
    who, how = account.actor(), str(st.session_state.get(f"how-{asset_id}", ""))
    said.attempt(
        lambda session: confirm_asset(
            session, asset_id, actor=who, on=today, how=how or "said so in the app"
        ),
        f"Thank you. It stands as confirmed on {day_words(today)}.",
    )


def _report(asset_id: str) -> None:
    text = str(st.session_state.get(f"wrong-{asset_id}", ""))
    said.attempt(
        lambda session: report_wrong(session, asset_id, text, actor=account.actor()),
        "Thank you. It waits in the queue; what is published stays until somebody has looked.",
    )


def draw_removal(asset: Asset, who: Actor) -> None:
    """Draw what takes an asset out of the register, or undoes a merge."""
    if asset.merged_into and may(who, "merge"):
        with st.expander("Undo the merge"):
            st.button("Open the entry that it was merged into", on_click=browsing.change,
                      kwargs={"asset": asset.merged_into})  # fmt: skip
            _with_reason("unmerge", "Undo the merge", asset.id, _unmerge, (asset.id,))
    elif not asset.deleted_at and may(who, "remove_asset"):
        with st.expander("Remove it from the register"):
            note("It goes from every list and map, and its history stays: it can be brought back.")
            _with_reason("remove", "Remove it", asset.id, _remove, (asset.id, asset.version))


def _with_reason(name: str, label: str, asset_id: str, act: object, args: tuple[object, ...]) -> None:
    st.text_input("The reason, in a sentence", key=f"{name}-reason-{asset_id}", max_chars=500)
    st.button(label, key=f"{name}-{asset_id}", on_click=act, args=args)  # type: ignore[arg-type]


def _reason(name: str, asset_id: str) -> str:
    return str(st.session_state.get(f"{name}-reason-{asset_id}", ""))


def _remove(asset_id: str, version: int) -> None:
    reason = _reason("remove", asset_id)
    said.attempt(
        lambda session: delete_asset(
            session, asset_id, actor=account.actor(), reason=reason, expected_version=version
        ),
        "It was removed. Its history below can bring it back.",
    )


def _unmerge(asset_id: str) -> None:
    reason = _reason("unmerge", asset_id)
    said.attempt(
        lambda session: unmerge_asset(session, asset_id, actor=account.actor(), reason=reason),
        "The merge is undone: there are two entries again.",
    )


def draw_history(asset: Asset, who: Actor) -> None:
    """Draw every change: who, when, why, what; and for stewards the way back to each state."""
    if not may(who, "see_history"):
        return
    with reading(home()) as session:
        versions = asset_history(session, asset.id, who)
    with st.expander(f"History: {count_words(len(versions), 'version')}"):
        for version in reversed(versions):
            _version(asset, version, who, latest=version is versions[-1])


def _version(asset: Asset, version: Version, who: Actor, *, latest: bool) -> None:
    done = ACTION_WORDS.get(version.action, version.action)
    why = f" The reason: {version.reason}" if version.reason else ""
    name = version.actor_name or "somebody"
    note(f"{version.number}. {sentence_case(name)} {done} on {version.at:%d %B %Y at %H:%M} UTC.{why}")
    before = {field: old for field, (old, _) in version.changes.items()}
    after = {field: new for field, (_, new) in version.changes.items()}
    rows = [row for row in differences(before, after, after) if row.field not in UNREAD_FIELDS]
    if rows and version.number > 1:
        draw_differences(rows, f"What version {version.number} changed", now="Before", then="After")
    _way_back(asset, version, who, latest=latest)


def _way_back(asset: Asset, version: Version, who: Actor, *, latest: bool) -> None:
    took_in = version.values.get(TOOK_IN)
    if took_in:
        st.button("Open the entry that was merged into this one", key=f"gone-{version.number}",
                  on_click=browsing.change, kwargs={"asset": str(took_in)})  # fmt: skip
    if not latest and version.values and not asset.merged_into and may(who, "restore"):
        st.button(
            f"Bring version {version.number} back", key=f"restore-{version.number}",
            on_click=_restore, args=(asset.id, version.number),
        )  # fmt: skip


def _restore(asset_id: str, number: int) -> None:
    said.attempt(
        lambda session: restore_asset(
            session, asset_id, number, actor=account.actor(), reason=f"brought back version {number}",
            where=locator(home()),
        ),
        f"It is again as it was after version {number}.",
    )  # fmt: skip
