"""Review: what people suggest, side by side with what is published, until somebody has decided."""

import streamlit as st

from assets.pairs import ask_about_pairs
from store.errors import StoreError
from store.roles import Actor, may
from ui import account, reviewing, said
from ui.components import deciding, who
from ui.components.deciding import CASE
from ui.components.text import heading, lead, note, plain
from words.freshness import day_words
from words.register import QUEUE_KINDS
from words.sentences import count_words, sentence_case

PAGE, KIND = "review-page", "review-kind"


def page() -> None:
    """Draw the queue, or the one suggestion that is open."""
    if not who.is_open("Review", "see_queue"):
        return
    asked = st.query_params.get("item", "")
    if asked and st.session_state.get("review-asked") != asked:
        st.session_state["review-asked"] = st.session_state[CASE] = asked
    opened = str(st.session_state.get(CASE, ""))
    if opened:
        st.query_params["item"] = st.session_state["review-asked"] = opened
        _one(opened)
    else:
        st.query_params.pop("item", None)
        st.session_state.pop("review-asked", None)
        _queue()


def _queue() -> None:
    actor, kind = account.actor(), str(st.session_state.get(KIND) or "")
    found = reviewing.queue(actor, kind, int(st.session_state.get(PAGE, 1)))
    heading("Review", 1)
    lead(reviewing.waits_sentence(found))
    said.show()
    st.selectbox(
        "Show", ["", *QUEUE_KINDS], key=KIND, format_func=lambda code: QUEUE_KINDS.get(code, "Everything that waits"),
        on_change=_turn, args=(1,),
    )  # fmt: skip
    names = reviewing.names(found.items, actor)
    for one in found.items:
        with st.container(key=f"case-{one.id}", gap=None):
            st.button(plain(reviewing.title(one, names[one.id])), key=f"read-{one.id}", type="tertiary",
                      on_click=_open, args=(one.id,))  # fmt: skip
            who_said = one.submitter_name or "somebody without an account"
            note(f"{who_said}, {day_words(one.submitted_at.date())}")
    _ask_about_pairs(actor)
    if found.pages > 1:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button("Earlier", disabled=found.page <= 1, on_click=_turn, args=(found.page - 1,))
            note(f"Page {found.page} of {found.pages}")
            st.button("Later", disabled=found.page >= found.pages, on_click=_turn, args=(found.page + 1,))


def _ask_about_pairs(actor: Actor) -> None:
    if may(actor, "merge"):
        st.button(
            "Look for duplicates in the register", on_click=_look_for_pairs, icon=":material/join_inner:"
        )


def _look_for_pairs() -> None:
    actor = account.actor()
    said.attempt(
        lambda session: len(ask_about_pairs(session, actor)),
        lambda count: f"{sentence_case(count_words(count, 'likely pair'))} found. Each is asked about once.",
    )


def _one(submission_id: str) -> None:
    st.button("Back to the queue", on_click=_open, args=("",), icon=":material/arrow_back:")
    said.show()
    actor = account.actor()
    try:
        found = reviewing.case(submission_id, actor)
    except StoreError as error:
        heading("There is no such suggestion", 1)
        lead(error.faults[0].sentence())
        return
    if found.submission.status != "waiting":
        heading("Decided already", 1)
        lead(f"This suggestion is {found.submission.status}. {found.submission.decision_reason}".strip())
        return
    deciding.draw_case(found, reviewing.names((found.submission,), actor)[submission_id])


def _open(submission_id: str) -> None:
    st.session_state[CASE] = submission_id


def _turn(page: int) -> None:
    st.session_state[PAGE] = page


with st.container(key="page"):
    page()
