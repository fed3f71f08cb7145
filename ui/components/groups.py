"""For which groups and kinds of place a result from records is worse, and of which nothing is known."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from ui.components import told
from ui.components.text import heading, note
from ui.figures import figure, spread
from words.records import group_phrase, group_word, worse_line, wrong_line
from words.sentences import joined, sentence_case


def for_whom(record: Mapping[str, Any]) -> None:
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
        note(f"No difference beyond chance in who is missed: {', '.join(silent)}.")
    with st.expander("Every group, in numbers"):
        for name, entries in groupings.items():
            st.html(f"<h3>{sentence_case(group_word(name))}</h3>")
            told.table(
                ("Group", "Expected to need support", "Turned out", "Missed, of those who need support"),
                [_group(name, one) for one in entries],
                group_word(name),
            )


def _wrong(name: str, entries: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return where what was expected of a group lies beyond what came of it."""
    return [
        wrong_line(
            name,
            str(one["group"]),
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


def _group(grouping: str, one: Mapping[str, Any]) -> tuple[str, str, str, str]:
    name = sentence_case(group_phrase(grouping, str(one["group"])))
    if one["status"]:
        return name, str(one["status"]), "", ""
    missed = one["false_negative_rate"]
    return (
        name,
        f"{figure(one['expected'], '.0f', 100)} in 100",
        f"{figure(one['observed']['value'], '.0f', 100)} in 100",
        f"{figure(missed['value'], '.0f', 100)} in 100 ({spread(missed, '.0f', 100)})",
    )
