"""Whether a model finds more than simpler answers do: the verdict, then who is found by each, drawn and listed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from ui.components import told
from ui.components.style import HUE, INK
from ui.components.text import heading, lead, note
from ui.figures import figure, spread
from words.records import gain_sentence, trial_sentence, verdict_sentence
from words.sentences import sentence_case

SIMPLER = {
    "deprivation_decile": "deprivation alone (its decile)",
    "last_cohort_rate": "each area's rate in the last cohort",
    "overall_rate": "one rate for the whole district, so where most children live",
}
SHORT = {
    "model": "The model",
    "deprivation_decile": "Deprivation alone",
    "last_cohort_rate": "Rate in the last cohort",
    "overall_rate": "One rate for all",
}
SHOWN = {"model": "a model made from the records", **SIMPLER}
QUESTION = "Does the model find more than simpler answers do?"
PLACES = 100
"""Children found are told of so many areas visited, so that they are whole numbers."""
BAR = 44
TITLE = ["Children found in", f"every {PLACES} small areas visited"]
"""What the bars show, in two lines, for a phone."""

Measured = Mapping[str, float | None]


@dataclass(frozen=True)
class Trial:
    """What came of the trial at the share of places that the pass mark names: by the model and by simpler answers."""

    passed: bool
    shown: str
    share: float
    found: Mapping[str, Measured]
    more: Mapping[str, Measured]

    @property
    def best(self) -> str:
        """Return the simpler answer that comes closest to the model, or nothing where none can be told."""
        known = {name: value for name, one in self.more.items() if (value := one["value"]) is not None}
        return min(known, key=lambda name: known[name], default="")


def trial(record: Mapping[str, Any]) -> Trial:
    """Return the trial that a record tells of."""
    share = float(record["pass_mark"]["stated"]["share"])
    key = f"top_{share:.0%}".rstrip("%")
    card, simpler = record["model_card"], record["baselines"]
    metrics = {"model": card["metrics"], **{name: simpler[name] for name in SIMPLER}}
    return Trial(
        record["passed"] is True,
        str(record["shown"]),
        share,
        {name: one[f"recall_{key}"]["found_per_place_visited"] for name, one in metrics.items()},
        {name: card["gains"][name][key] for name in SIMPLER},
    )


def mark(record: Mapping[str, Any]) -> None:
    """Say first whether it finds more than simpler answers, and what the map shows because of it; then draw it."""
    heading(QUESTION, 2)
    tried = trial(record)
    lead(verdict_sentence(passed=tried.passed))
    lead(_found_sentence(tried))
    st.altair_chart(found_chart(tried), width="stretch")
    _table(tried)
    note(trial_sentence(tried.share))
    note(f"The map shows {SHOWN.get(tried.shown, tried.shown)}.")


def in_short(record: Mapping[str, Any]) -> str:
    """Return the verdict with how many more children are found, in one go."""
    tried = trial(record)
    told_of = _found_sentence(tried)
    return f"{QUESTION} {verdict_sentence(passed=tried.passed)} {told_of}".strip()


def _found_sentence(tried: Trial) -> str:
    if not tried.best:
        return ""
    more = tried.more[tried.best]
    values = {
        "model": tried.found["model"]["value"], "simpler": tried.found[tried.best]["value"],
        "more": more["value"], "low": more["low"], "high": more["high"],
    }  # fmt: skip
    told_of = {name: PLACES * value for name, value in values.items() if value is not None}
    if len(told_of) < len(values):
        return ""
    return gain_sentence(SIMPLER[tried.best], PLACES, **told_of)


def _table(tried: Trial) -> None:
    rows = [
        (
            sentence_case(SIMPLER.get(name, "the model")),
            figure(one["value"], ".0f", PLACES),
            spread(one, ".0f", PLACES),
            _more(tried.more.get(name)),
        )
        for name, one in tried.found.items()
    ]
    heads = (
        "Areas chosen by",
        f"Children found in every {PLACES} areas",
        "Likely between",
        "The model finds so many more",
    )
    with st.expander("The same as a table"):
        told.table(heads, rows, f"Children found in every {PLACES} small areas visited")


def _more(more: Measured | None) -> str:
    return f"{figure(more['value'], '.0f', PLACES)} ({spread(more, '.0f', PLACES)})" if more else ""


def found_chart(tried: Trial) -> Any:
    """Return the picture: a bar an answer, with the interval and the number; the model's stands first and is full."""
    frame = pd.DataFrame(
        [
            {"by": SHORT[name], "told": figure(one["value"], ".0f", PLACES)}
            | {key: PLACES * value for key, value in one.items() if value is not None}
            for name, one in tried.found.items()
        ]
    ).dropna()
    base = alt.Chart(frame).encode(y=alt.Y("by:N", title=None, sort=None, axis=alt.Axis(labelLimit=180)))
    bars = base.mark_bar(height=20, stroke=INK, strokeWidth=1).encode(
        x=alt.X("value:Q", title=TITLE, scale=alt.Scale(zero=True)),
        color=alt.condition(alt.datum.by == SHORT["model"], alt.value(HUE), alt.value("#d9d2e6")),
        tooltip=[alt.Tooltip(f"{name}:Q", format=".0f") for name in ("value", "low", "high")],
    )
    spans = base.mark_rule(color=INK, strokeWidth=2).encode(x="low:Q", x2="high:Q")
    numbers = base.mark_text(align="left", dx=8, fontWeight="bold", color=INK).encode(
        x="high:Q", text="told:N"
    )
    return alt.layer(bars, spans, numbers).properties(
        height=BAR * len(frame) + 20,
        description=f"{' '.join(TITLE)}, by the model and by simpler answers, each with its interval.",
    )
