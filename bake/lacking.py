"""What a record lacks before its run can be released: each key by its name, and one block of TOML to paste."""

from collections.abc import Iterable, Mapping
from typing import Any

from bake.runs import RECORD
from risk.answers import DATA_PROTECTION, EXAMPLES, UNANSWERED
from words.faults import Fault

TABLE = "[risk.record]"
ASSESSMENTS = "assessments"


def lacking_faults(record: Mapping[str, Any], recipe: Mapping[str, Any]) -> list[Fault]:
    """Return what a record lacks, and last how to mend all of it: one that does not say it is complete is not.

    :param record: `record.json`; empty where there is none.
    :param recipe: what `run.json` says of the recipe: its `file` and `text`, where they are known.
    """
    named = named_assessments(record)
    if record.get("complete") is True and not record.get("not_given") and named:
        return []
    asked = dict(record.get("not_given") or {})
    if not named:
        asked.setdefault(ASSESSMENTS, "A data protection impact assessment, by its name.")
    if not asked:
        cure = "Bake again."
        return [Fault("The record does not say that it is complete.", cure, file=RECORD)]
    faults = [
        Fault(f"The record does not say {key}: {meaning}", "", file=RECORD) for key, meaning in asked.items()
    ]
    return [*faults, _mending(asked, recipe, others=bool(_made(record)))]


def named_assessments(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the data protection assessments that the record names."""
    return [
        one
        for one in _made(record)
        if one.get("kind") == DATA_PROTECTION and str(one.get("name", "")).strip()
    ]


def _made(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = (
        record.get("tier_2", {}).get("risks_and_impact", {}).get("impact_assessments", [])
    )
    return made


def _mending(asked: Iterable[str], recipe: Mapping[str, Any], *, others: bool) -> Fault:
    """Return where the answers belong, and what to paste there; `others`: other assessments are listed already."""
    file = str(recipe.get("file") or "the recipe")
    has_table = TABLE in str(recipe.get("text", TABLE))
    where = f"directly below {TABLE}" if has_table else "at its end"
    lines = [] if has_table else [TABLE]
    for key in asked:
        if key == ASSESSMENTS and others:
            lines.append(
                f"# add to the assessments that are listed: {EXAMPLES[key].partition(' = ')[2][1:-1]}"
            )
        else:
            lines.append(EXAMPLES.get(key, f'{key} = "{UNANSWERED}"'))
    block = "\n".join(lines)
    return Fault(
        f"All of it goes into {file}, {where}.",
        f"Paste this, write your answers in place of the dots, and bake again:\n\n{block}\n",
    )
