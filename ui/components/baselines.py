"""Whether a model finds more than simpler answers do: the mark set beforehand, and the children found by each."""

from collections.abc import Mapping
from typing import Any

from ui.components import told
from ui.components.text import heading, lead, note
from ui.figures import figure, spread
from words.sentences import sentence_case

SIMPLER = {
    "deprivation_decile": "the deprivation decile alone",
    "last_cohort_rate": "each area's rate in the last cohort",
    "overall_rate": "one rate for the whole district",
}
SHOWN = {"model": "a model made from the records", **SIMPLER}


def mark(record: Mapping[str, Any]) -> None:
    """Say first whether the mark that was set beforehand was met, and what the map shows because of it."""
    heading("Does it find more than simpler answers do?", 2)
    if record["passed"] is True:
        lead("Yes. It met every mark that was set before it was tried.")
    else:
        lead(
            "No. It did not meet the marks that were set before it was tried, so a simpler answer is shown instead."
        )
    note(f"The map shows {SHOWN.get(str(record['shown']), str(record['shown']))}.")
    share = float(record["pass_mark"]["stated"]["share"])
    note(
        f"It was tried on years that it had not seen: suppose that {share:.0%} of the output areas could be visited, "
        "those with the most children expected to need support first. How many of these children would be found in "
        "each place visited?"
    )
    _found(record, share)


def _found(record: Mapping[str, Any], share: float) -> None:
    key = f"top_{share:.0%}".rstrip("%")
    card = record["model_card"]
    model = card["metrics"][f"recall_{key}"]["found_per_place_visited"]
    others = {
        name: (
            record["baselines"][name][f"recall_{key}"]["found_per_place_visited"],
            card["gains"][name][key],
        )
        for name in SIMPLER
    }
    rows = [("The model", figure(model["value"]), spread(model), "")]
    rows += [
        (
            sentence_case(SIMPLER[name]),
            figure(found["value"]),
            spread(found),
            f"{figure(more['value'])} ({spread(more)})",
        )
        for name, (found, more) in others.items()
    ]
    told.table(
        (
            "Places chosen by",
            "Children found in each place",
            "Likely between",
            "The model finds so many more",
        ),
        rows,
        "Children found in each place visited",
    )
    known = {name: more["value"] for name, (_, more) in others.items() if more["value"] is not None}
    if known:
        best = min(known, key=lambda name: known[name])
        note(f"Beside the best of the simpler answers, {SIMPLER[best]}: {gain_words(others[best][1])}.")


def gain_words(more: Mapping[str, float | None]) -> str:
    """Return a gain and its interval in words: *0.34 more children in each place (likely 0.26 to 0.42)*."""
    return f"{figure(more['value'])} more children in each place visited (likely {spread(more)})"
