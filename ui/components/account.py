"""The account of a run in plain words: question, uses it is not for, method, sources, decisions, what stands behind."""

from typing import Any

import streamlit as st

from bake.runs import FROM_RECORDS, Run
from geo.place import Place
from risk.answers import NOT_GIVEN
from ui import runs as known
from ui.components import told
from ui.components.head import title_of
from ui.components.text import heading, lead, note, plain
from words.labels import CLUSTERS, SIGN_MEANINGS, SIGNS, status_reason
from words.records import dates_in_words
from words.sentences import sentence_case

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
    lead(f"{run.title}. Asked of {title_of(place)}.")
    note(f"Period: {run.manifest['period'] or NOT_GIVEN}. Baked on {known.label(run, place)}.")


def never_for(run: Run) -> None:
    """Say what the result must not be used for."""
    heading("What this must not be used for", 2)
    told.sentences(run.manifest["must_not_be_used_for"])


def method(run: Run) -> None:
    """Say in plain words how the answer came about."""
    heading("How the answer came about", 2)
    steps = (
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
    told.sentences(steps)


def sources(run: Run, place: Place) -> None:
    """Name every source, and how the place's areas were checked."""
    heading("Where the numbers come from", 2)
    indicators = [item for item in run.manifest["indicators"] if "direction" in item]
    named = {str(item["source"]) for item in indicators}
    told.sentences(source for source in map(str, run.manifest["sources"]) if source not in named)
    areas_checked(place)
    if indicators:
        told.table(
            ("Indicator", "Reads", "Source"),
            [(str(item["label"]), _reads(item), str(item["source"])) for item in indicators],
            "Indicators",
        )


def areas_checked(place: Place) -> None:
    """Say how the codes of a place's areas were checked."""
    checked = "were checked against" if place.vintage_status == "checked" else "were not checked against"
    note(f"Areas of {place.vintage}; their codes {checked} a lookup. {place.licence}".strip())


def _reads(item: dict[str, Any]) -> str:
    return "higher is worse" if item.get("direction") == "higher_is_worse" else "lower is worse"


def limits(run: Run) -> None:
    """Say what the answer cannot say, who can be asked, and when it is looked at again."""
    heading("What this cannot say", 2)
    told.sentences([str(sentence) for sentence in run.manifest.get("limits", [])])
    record = run.record()
    heading("Whom to ask, and when this is looked at again", 2)
    told.sentences(
        [
            f"Whom to ask: {record.get('contact') or NOT_GIVEN}.",
            f"To be looked at again on: {dates_in_words(str(record.get('review_date') or NOT_GIVEN))}.",
        ]
    )


def answers(run: Run) -> None:
    """Count the answers, those we cannot give among them."""
    heading("What came out", 2)
    counts = run.manifest["counts"]
    signs = [
        (label, f"{counts['sign'].get(sign, 0):,}", SIGN_MEANINGS[sign]) for sign, label in SIGNS.items()
    ]
    told.table(
        ("Does high need gather?", "Areas", "What that means"), signs, "How many areas are in hotspots"
    )
    kinds = [(label, f"{counts['cluster'].get(kind, 0):,}") for kind, label in CLUSTERS.items()]
    told.table(("High or low, in one way of asking", "Areas"), kinds, "How many areas have which pattern")
    silent = [
        (sentence_case(status_reason(status)), f"{count:,}")
        for status, count in counts["status"].items()
        if status != "assessed"
    ]
    if silent:
        told.table(("Why no answer", "Areas"), silent, "How many areas have no answer, and why")


def behind(run: Run) -> None:
    """Keep the analyst's words behind a fold: what was decided, unit, statistics, seed, versions, recipe."""
    with st.expander("For analysts: what was decided on the way, statistics, seed, versions"):
        manifest = run.manifest
        told.sentences([str(sentence) for sentence in manifest["decisions"]])
        st.markdown(plain(f"The number of each area: {manifest['unit']}."))
        weights = [
            f"{item['label']}: weight {item['weight']:g}"
            for item in manifest["indicators"]
            if "weight" in item
        ]
        if weights:
            told.sentences(weights)
        st.json({key: manifest[key] for key in ("moran", "settings", "seed", "versions") if key in manifest})
        st.caption(f"Run {run.id}. Recipe {manifest['recipe']['id']}, digest {manifest['recipe']['digest']}.")
        st.code(str(manifest["recipe"].get("text", "")), language="toml")
