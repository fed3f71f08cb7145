"""Two runs side by side: the two choices, the sentence, the maps, the table."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st

from bake.compare import Comparison
from bake.runs import Run
from geo.place import Place
from ui import cache, deck, session, sides
from ui import runs as known
from ui.components import account, head, legend
from ui.components.chart import tile_style
from ui.components.text import lead, note
from ui.payload import Hosted
from words.comparing import (
    across_labels,
    across_sentence,
    agreement_sentence,
    change_labels,
    change_sentence,
    comparison_alternative,
)
from words.labels import level_terms
from words.sentences import count_words, sentence_case

TABLE_HEIGHT = 420


def choose_first(run: Run, runs: Sequence[Run], places: Mapping[str, Place]) -> None:
    """Draw the choice of the run that is compared."""
    by_id = {one.id: one for one in runs}
    st.session_state["compare-run"] = run.id
    st.selectbox(
        "Run",
        list(by_id),
        key="compare-run",
        format_func=lambda one: account.run_label(by_id[one], places[by_id[one].place]),
        on_change=lambda: head.settle(by_id[st.session_state["compare-run"]]),
    )


def choose_second(run: Run, others: Sequence[Run], place: Place) -> Run:
    """Draw the choice of what a run is compared with, and return it; what a link asks for in vain is said."""
    by_id = {one.id: one for one in others}
    asked = session.view().against
    if asked and asked not in by_id:
        session.add_problem(f"This run cannot be compared with “{asked}”. Another one is taken instead.")
    chosen = by_id.get(asked, others[0])
    session.change(against=chosen.id)
    st.selectbox(
        "Compared with",
        list(by_id),
        key=session.bind("compare-with", "against"),
        format_func=lambda one: _other_label(run, by_id[one], place),
        on_change=session.take,
        args=("compare-with", "against"),
    )
    return chosen


def _other_label(run: Run, other: Run, place: Place) -> str:
    if known.level_of(other) != known.level_of(run):
        return f"The same question asked of {level_terms(known.level_of(other))}, {known.moment(other)}"
    when = "earlier" if other.baked_at < run.baked_at else "later"
    return f"The {when} run, {known.label(other, place)}"


def across_levels(first: Run, second: Run) -> bool:
    """Return whether two runs are of different levels."""
    return known.level_of(first) != known.level_of(second)


def sentence(first: Run, second: Run, found: Comparison) -> str:
    """Return the result in one go."""
    counts = found.as_dict()["counts"]
    if across_levels(first, second):
        return across_sentence(counts, known.level_of(first), known.level_of(second))
    return change_sentence(counts)


def labels(first: Run, second: Run) -> dict[str, str]:
    """Return the words for each outcome."""
    if across_levels(first, second):
        return across_labels(known.level_of(first), known.level_of(second))
    return change_labels()


def say(first: Run, second: Run, found: Comparison) -> None:
    """Say the result, what to mind of it, and how far the ways of asking agree."""
    lead(sentence(first, second, found))
    share = found.table["share"].dropna()
    note(agreement_sentence(float(share.mean()) if len(share) else None))
    for told in found.sentences[1:]:
        note(told)


def heads(first: Run, second: Run) -> tuple[str, str]:
    """Return what the two runs are called over a map."""
    if across_levels(first, second):
        one, other = (level_terms(known.level_of(run)) for run in (first, second))
        return f"By {one}", f"By {other}"
    return f"Earlier: {known.moment(first)}", f"Later: {known.moment(second)}"


def draw_maps(home: Path, first: Run, second: Run, place: Place, found: Comparison) -> None:
    """Draw the two maps with the same extent, each on the areas of its run."""
    drawn = cache.side_layers(home, first, second)
    told = sentence(first, second, found)
    lines, _ = cache.scenery_layers(str(place.folder), place.digest)
    pixels = deck.PHONE_PIXELS if session.on_phone() else deck.SIDE_PIXELS
    camera = deck.fit(cache.in_degrees(str(first.folder)).total_bounds, pixels)
    parts = zip(st.columns(2, gap="medium"), drawn, heads(first, second), ("first", "second"), strict=True)
    for column, layers, title, side in parts:
        with column:
            st.html(f"<h3>{title}</h3>")
            st.pydeck_chart(
                deck.PreparedDeck(_texts([layers[0], *lines, *layers[1:]]), camera, tile_style()),
                key=f"side-{side}",
                height=pixels[1],
                alt=comparison_alternative(title, told),
            )


def _texts(layers: Sequence[Hosted]) -> list[str]:
    return [layer.text for layer in layers]


def draw_legend(first: Run, second: Run, found: Comparison) -> None:
    """Draw what the maps' colours and patterns mean, and how many areas came out how."""
    legend.draw_side_legend(found.as_dict()["counts"], labels(first, second))


def draw_table(first: Run, second: Run, found: Comparison) -> None:
    """Draw the areas, all of them or those in which the two runs differ."""
    rows = sides.table_rows(cache.areas(str(first.folder)), found.table, labels(first, second))
    st.toggle(
        "Only where they differ",
        key=session.bind("compare-differ", "differ"),
        on_change=session.take,
        args=("compare-differ", "differ"),
    )
    shown = sides.differing(rows, found.table) if session.view().differ else rows
    st.caption(f"{sentence_case(count_words(len(shown), 'area'))} of {len(rows):,}.")
    if shown.empty:
        st.info("The two runs differ nowhere.")
        return
    st.dataframe(
        shown,
        hide_index=True,
        height=min(TABLE_HEIGHT, 38 + 35 * len(shown)),
        column_config={
            "Ways that agree": st.column_config.NumberColumn(
                format="%d %%", help="Of all pairs of ways of asking, one from each run: how many agree."
            )
        },
        alt="Table of areas: which of the two runs has each in a hotspot. The same as on the maps.",
    )
