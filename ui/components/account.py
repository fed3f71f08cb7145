"""The account of a run in plain words: question, uses it is not for, method, sources, decisions, what stands behind."""

from typing import Any

import pandas as pd
import streamlit as st

from bake.release import FROM_RECORDS
from bake.runs import Run
from geo.place import Place
from ui import runs as known
from ui.components.head import title_of
from ui.components.text import heading, lead, note, plain
from words.labels import CLUSTERS, SIGN_MEANINGS, SIGNS, status_reason

FROM_RECORDS_METHOD = [
    "Agencies' records of the same child were put together, without keeping any name, and added up by area.",
    "Observed hotspots rest on what was counted alone: need is high in an area and around it, more than chance would "
    "bring.",
    "Predicted hotspots are another thing: the chance that an area and its surroundings exceed the district. They are "
    "never tested as if they had been observed.",
    "A model is shown only where it finds clearly more children than simpler answers, such as deprivation alone.",
    "Small numbers are never told. Small areas are told in bands, and many not at all.",
]


def run_label(run: Run, place: Place) -> str:
    """Return a run as one line of a list."""
    return f"{title_of(place)}: {run.question} Baked {known.label(run, place)}"


def question(run: Run, place: Place) -> None:
    """Say what was asked, of which place, about which time."""
    heading(run.question, 1)
    lead(f"{run.title}. Asked of {title_of(place)}, about {run.manifest['period'] or 'no stated period'}.")
    note(f"Baked on {known.label(run, place)}. The number of each area: {run.manifest['unit']}.")


def never_for(run: Run) -> None:
    """Say what the result must not be used for."""
    heading("What this must not be used for", 2)
    _list(run.manifest["must_not_be_used_for"])


def method(run: Run) -> None:
    """Say in plain words how the answer came about."""
    heading("How the answer came about", 2)
    told = (
        FROM_RECORDS_METHOD
        if run.manifest.get(FROM_RECORDS)
        else [
            "Each area gets a number from open data. Areas are then put into five bands of equal size, from the lowest "
            "need to the highest.",
            "An area is part of a hotspot when need is high in it and in the areas that touch it, more than would come "
            "about if the same numbers were dealt out over the map by chance.",
            "Many areas are looked at, so some would stand out by chance alone. This is allowed for: of the areas that "
            "are called hotspots, about one in twenty is expected to be a false alarm.",
            "The question is then asked again in other ways that are as sensible. What holds in nearly all of them is "
            "firm; what holds in some is suggestive.",
        ]
    )
    _list(told)
    _list([f"{SIGNS[sign]}: {SIGN_MEANINGS[sign]}." for sign in SIGNS])


def sources(run: Run, place: Place) -> None:
    """Name every source, and how the place's areas were checked."""
    heading("Where the numbers come from", 2)
    _list([str(source) for source in run.manifest["sources"]])
    checked = "were checked against" if place.vintage_status == "checked" else "were not checked against"
    _list([f"Areas of {place.vintage}; their codes {checked} a lookup. {place.licence}".strip()])
    if run.manifest["indicators"]:
        st.table(pd.DataFrame([_indicator(item) for item in run.manifest["indicators"]]), hide_index=True)


def _indicator(item: dict[str, Any]) -> dict[str, str]:
    worse = "higher is worse" if item.get("direction") == "higher_is_worse" else "lower is worse"
    return {
        "Indicator": plain(str(item.get("label", ""))),
        "Reads": worse,
        "Weight": f"{item.get('weight', 1):g}",
        "Source": plain(str(item.get("source", ""))),
    }


def decisions(run: Run) -> None:
    """Tell every automatic decision."""
    heading("What was decided on the way", 2)
    _list([str(sentence) for sentence in run.manifest["decisions"]])


def answers(run: Run) -> None:
    """Count the answers, those we cannot give among them."""
    heading("What came out", 2)
    counts = run.manifest["counts"]
    told = [f"{label}: {counts['sign'].get(sign, 0):,}" for sign, label in SIGNS.items()]
    told += [f"{label}: {counts['cluster'].get(kind, 0):,}" for kind, label in CLUSTERS.items()]
    told += [
        f"No answer, because {status_reason(status)}: {count:,}"
        for status, count in counts["status"].items()
        if status != "assessed"
    ]
    _list(told)


def behind(run: Run) -> None:
    """Keep the numbers for analysts behind a fold."""
    with st.expander("For analysts: statistics, seed, versions"):
        manifest = run.manifest
        st.json({key: manifest[key] for key in ("moran", "settings", "seed", "versions") if key in manifest})
        st.caption(f"Run {run.id}. Recipe {manifest['recipe']['id']}, digest {manifest['recipe']['digest']}.")
        st.code(str(manifest["recipe"].get("text", "")), language="toml")


def _list(sentences: list[str]) -> None:
    st.markdown("\n".join(f"- {plain(sentence)}" for sentence in sentences) or "Nothing is stated.")
