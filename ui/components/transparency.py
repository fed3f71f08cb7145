"""The transparency record of a run from records: whose data, what it cannot say, who answers, the whole of it."""

import json
from collections.abc import Mapping
from typing import Any

import streamlit as st

from bake.runs import Run
from risk.answers import NOT_GIVEN
from risk.record_page import record_page
from ui.components import told
from ui.components.text import heading, lead, note, plain
from words.records import MEASURES, dates_in_words
from words.sentences import joined, share_in_words

Record = Mapping[str, Any]
NAMES = {
    "senior_responsible_owner": "The person who is accountable",
    "contact": "Whom to write to",
    "organisation": "Who answers for it",
    "lawful_basis": "The lawful basis of putting the records together",
    "assessments": "A data protection impact assessment",
    "benefit": "Who is meant to gain",
    "integration": "Which decision it informs",
    "human_review": "Who looks at a result first",
    "appeals": "How to ask, correct or object",
    "risks": "What could go wrong, and what is done about it",
}


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
