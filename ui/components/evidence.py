"""How we know of a run from records: was the mark met, is it right, for whom is it worse, who answers for it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from bake.runs import Run
from risk.answers import NOT_GIVEN
from risk.record_page import record_page
from ui.components import told
from ui.components.text import heading, lead, note, plain
from words.records import (
    MEASURES,
    calibration_sentence,
    dates_in_words,
    group_word,
    worse_line,
    wrong_line,
)
from words.sentences import joined, sentence_case, share_in_words

Record = Mapping[str, Any]
SIMPLER = {
    "deprivation_decile": "the deprivation decile alone",
    "last_cohort_rate": "each area's rate in the last cohort",
    "overall_rate": "one rate for the whole district",
}
SHOWN = {"model": "a model made from the records", **SIMPLER}
NAMES = {
    "senior_responsible_owner": "The person who is accountable",
    "contact": "Whom to write to",
    "organisation": "Who answers for it",
    "lawful_basis": "The lawful basis of putting the records together",
    "assessments": "A data protection impact assessment",
}
INK, HUE = "#1d1b22", "#5b3fa0"


def mark(record: Record) -> None:
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


def _found(record: Record, share: float) -> None:
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


def figure(value: float | None, form: str = ".2f", scale: float = 1.0) -> str:
    """Return a number as text, or *not told* where the gate withheld it."""
    return "not told" if value is None else format(scale * value, form)


def spread(found: Mapping[str, float | None], form: str = ".2f", scale: float = 1.0) -> str:
    """Return an interval as text."""
    return f"{figure(found['low'], form, scale)} to {figure(found['high'], form, scale)}"


def calibration(record: Record) -> None:
    """Say and draw whether children who are given a chance turn out to need support as often."""
    heading("Are the chances right?", 2)
    curve = [one for one in record["calibration"].get("curve", []) if None not in one.values()]
    lead(calibration_sentence(curve))
    if not curve:
        return
    st.altair_chart(calibration_chart(curve), width="stretch")
    with st.expander("The same as a table"):
        told.table(
            ("Chance given, of 100", "Turned out to need support", "Likely between"),
            [
                (
                    f"{100 * one['chance']:.0f}",
                    f"{100 * one['observed']:.0f}",
                    f"{100 * one['low']:.0f} and {100 * one['high']:.0f}",
                )
                for one in curve
            ],
            "Chances and what came of them",
        )


def calibration_chart(curve: Sequence[Mapping[str, float]]) -> Any:
    """Return the picture: where the points lie on the line, the chances were right."""
    frame = pd.DataFrame(list(curve)) * 100
    top = float(frame[["chance", "high"]].to_numpy().max()) * 1.05
    scale = alt.Scale(domain=[0, top])
    x = alt.X("chance:Q", title="Chance given, of 100 children", scale=scale)
    right = (
        alt.Chart(pd.DataFrame({"chance": [0, top], "observed": [0, top]}))
        .mark_line(color="#6b6472", strokeDash=[5, 4])
        .encode(x=x, y="observed:Q")
    )
    base = alt.Chart(frame).encode(
        x=x,
        tooltip=[alt.Tooltip(f"{name}:Q", format=".0f") for name in ("chance", "observed", "low", "high")],
    )
    title = "Turned out to need support, of 100"
    spans = base.mark_rule(color=INK).encode(y=alt.Y("low:Q", title=title, scale=scale), y2="high:Q")
    points = base.mark_point(filled=True, size=90, color=HUE, opacity=1).encode(
        y=alt.Y("observed:Q", title=title, scale=scale)
    )
    return alt.layer(right, spans, points).properties(
        height=320,
        description="Chances given, and how often they came true; on the dashed line they were right.",
    )


def for_whom(record: Record) -> None:
    """Say for which groups and kinds of place the result is worse, and of which nothing is known."""
    heading("For whom it works less well", 2)
    lines, silent = [], []
    for found in record["worse_for"]:
        name = group_word(str(found["grouping"]))
        if found["worse"]:
            missed = [(group_word(str(one["group"])), float(one["missed"])) for one in found["worse"]]
            best = found["than"]
            lines.append(worse_line(name, missed, group_word(str(best["group"])), float(best["missed"])))
        silent += [] if found["worse"] else [name]
        if found["too_few_to_say"]:
            few = joined([group_word(str(one)) for one in found["too_few_to_say"]])
            lines.append(f"{sentence_case(name)}: too few children to say for {few}.")
    groupings = {**record["groups"], **record["kinds_of_place"]}
    lines += [line for name, entries in groupings.items() for line in _wrong(name, entries)]
    told.sentences(lines, "For whom it works less well")
    if silent:
        note(f"No difference in who is missed, beyond chance, by {joined(silent)}.")
    with st.expander("Every group, in numbers"):
        for name, entries in groupings.items():
            st.html(f"<h3>{sentence_case(group_word(name))}</h3>")
            told.table(
                ("Group", "Expected to need support", "Turned out", "Missed, of those who need support"),
                [_group(one) for one in entries],
                group_word(name),
            )


def _wrong(name: str, entries: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return where what was expected of a group lies beyond what came of it."""
    return [
        wrong_line(
            group_word(name),
            group_word(str(one["group"])),
            float(one["expected"]),
            float(one["observed"]["value"]),
        )
        for one in entries
        if not one["status"] and _is_off(one)
    ]


def _is_off(one: Mapping[str, Any]) -> bool:
    """Return whether what was expected of a group lies beyond the interval of what came of it; no where untold."""
    expected, low, high = one["expected"], one["observed"]["low"], one["observed"]["high"]
    return None not in (expected, low, high) and not low <= expected <= high


def _group(one: Mapping[str, Any]) -> tuple[str, str, str, str]:
    name = sentence_case(group_word(str(one["group"])))
    if one["status"]:
        return name, str(one["status"]), "", ""
    missed = one["false_negative_rate"]
    return (
        name,
        f"{figure(one['expected'], '.0f', 100)} in 100",
        f"{figure(one['observed']['value'], '.0f', 100)} in 100",
        f"{figure(missed['value'], '.0f', 100)} in 100 ({spread(missed, '.0f', 100)})",
    )


def whose(record: Record) -> None:
    """Say whose data were put together, on what basis, and how surely records of one child were found."""
    heading("Whose data", 2)
    told.table(
        ("Data", "Held by", "On what basis", "It measures", "Of which time", "Kept until"),
        [
            (
                str(one["name"]),
                str(one["controller"]),
                str(one["lawful_basis"]),
                joined([MEASURES.get(str(what), str(what)) for what in one["measures"]]),
                dates_in_words(str(one["period"])),
                str(one["retention"]),
            )
            for one in record["whose_data"]
        ],
        "Whose data",
    )
    linkage = record["linkage"]
    right, found = (
        share_in_words(100 * float(linkage[name]))
        if linkage[name] is not None
        else "a share that is not told"
        for name in ("expected_precision", "expected_recall")
    )
    told.sentences(
        [
            str(record["about_persons"]),
            f"Of the records that were put together as one child's, {right} are thought to be so; of those that belong "
            f"together, {found} were found. Nobody has checked by hand.",
            f"Basis for putting them together: {record['tier_2']['risks_and_impact']['lawful_basis']}.",
        ]
    )


def limits(record: Record) -> None:
    """Say what it cannot say, which risks were seen, and what is done about them."""
    heading("What it cannot say", 2)
    technical = set(record["areas"].get("notes", []))
    told.sentences(str(one) for one in record["limitations"] if one not in technical)
    risks = record["tier_2"]["risks_and_impact"]["risks"]
    if risks:
        heading("What could go wrong, and what is done about it", 2)
        told.table(
            ("What could go wrong", "What is done"),
            [(str(one["risk"]), str(one["mitigation"])) for one in risks],
            "Risks",
        )


def challenge(record: Record) -> None:
    """Say how to ask, correct and object, who answers, and when it is looked at again."""
    heading("How to ask, correct or object", 2)
    appeals = str(record["appeals"])
    lead(appeals if appeals != NOT_GIVEN else "How to challenge this: not given.")
    making, owner = record["tier_2"]["decision_making"], record["tier_2"]["owner_and_responsibility"]
    made = [str(one["name"]) for one in record["tier_2"]["risks_and_impact"]["impact_assessments"]]
    told.table(
        ("Question", "Answer"),
        [
            ("Whom to write to", str(record["contact"])),
            ("Who answers for it", str(owner["organisation"])),
            ("The person who is accountable", str(owner["senior_responsible_owner"])),
            ("Who supplied it", str(owner["supplier"])),
            ("Which decision it informs", str(making["integration"])),
            ("Who looks at a result first", str(making["human_review"])),
            ("Impact assessments", joined(made) or NOT_GIVEN),
            ("To be looked at again on", dates_in_words(str(record["review_date"]))),
        ],
        "Who answers for this",
    )
    if not record["complete"]:
        asked = [NAMES.get(name, name.replace("_", " ")).lower() for name in record["not_given"]]
        note(f"Not given yet, and needed before anybody may release this: {joined(asked)}.")


def downloads(run: Run, record: Record) -> None:
    """Offer the whole record, for a person and for a program."""
    heading("The whole record", 2)
    note(f"{record['standard']}, and a model card.")
    with st.container(horizontal=True):
        st.download_button(
            "As a page to read or print",
            record_page(record),
            f"{run.id}-record.html",
            "text/html",
            key="record-page",
            on_click="ignore",
        )
        st.download_button(
            "As data (record.json)",
            json.dumps(record, ensure_ascii=False, indent=2),
            f"{run.id}-record.json",
            "application/json",
            key="record-json",
            on_click="ignore",
        )


def for_analysts(record: Record) -> None:
    """Keep the pass mark in the analyst's words, metrics and linkage behind a fold."""
    with st.expander("For analysts: the pass mark in full, metrics, linkage"):
        told.table(
            ("Met", "What was asked beforehand", "What was found"),
            [
                ("Yes" if one["met"] else "No", str(one["what"]), str(one["found"]))
                for one in record["pass_mark"]["requirements"]
            ],
            "The pass mark in full",
        )
        technical = [*record["disclosure"], *record["areas"].get("notes", [])]
        for sentence in [*technical, *record["linkage"].get("sentences", [])]:
            st.markdown(f"- {plain(str(sentence))}")
        card = record["model_card"]
        st.json(
            {
                "model": card["metrics"],
                "baselines": record["baselines"],
                "gains": card["gains"],
                "evaluation": card["evaluation_data"],
            },
            expanded=False,
        )
