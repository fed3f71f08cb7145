"""The record: what a run from records is, for whom it is worse and how to challenge it, made from the run itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from risk.answers import Answers, lacking, said

STANDARD = "Algorithmic Transparency Recording Standard, tiers 1 and 2"
NO_DECISION = (
    "No decision about a person is made or proposed: it speaks of areas, and people decide what follows."
)
LABEL_BIAS = (
    "What agencies record is contact as well as need: children whom no agency knows are missed, and families who "
    "asked for help are seen more."
)
COLUMNS_KEPT = ("measures", "controller", "lawful_basis", "retention", "period", "fields", "rows", "coverage")


@dataclass(frozen=True)
class RunParts:
    """What a record is made from.

    `about`: title, question, definition, unit, period, place, level, fictional, review_date (ISO), licence. `sources`:
    one mapping an agency (name, controller, lawful_basis, measures, period, retention, rows rounded, coverage).
    `answers`: what people said. `validation`: `Validation.as_dict()`. `linkage`: the linkage report. `areas`: notes,
    cohorts, spreads, interval, margin and certainty of the area risk. `disclosure`: the policy's rules as sentences.
    `must_not` and `limits`: sentences of the recipe. `run`: seed, versions, engine, made_on (ISO).
    """

    about: Mapping[str, Any]
    sources: Sequence[Mapping[str, Any]]
    answers: Answers
    validation: Mapping[str, Any]
    linkage: Mapping[str, Any]
    areas: Mapping[str, Any] = field(default_factory=dict)
    disclosure: Sequence[str] = ()
    must_not: Sequence[str] = ()
    limits: Sequence[str] = ()
    run: Mapping[str, Any] = field(default_factory=dict)


def make_record(parts: RunParts) -> dict[str, Any]:
    """Return the transparency record of a run from records: both tiers, a model card, and the keys a page reads.

    What people did not say stands as 'not given', and `not_given` lists what a release still asks for; `complete` says
    whether nothing is. All values are JSON; no name, identifier or count of children is added to what is handed in.
    """
    asked = lacking(parts.answers)
    about = parts.about
    limits = _limits(parts)
    return {
        "standard": STANDARD,
        "kind": "records",
        "title": _told(about, "title"),
        "what": _told(about, "definition"),
        "why": _told(about, "question"),
        "whose_data": [_source(source) for source in parts.sources],
        "about_persons": "Records of persons were linked, then left behind: this run holds numbers of areas only.",
        "period": _told(about, "period"),
        "fictional": bool(about.get("fictional", False)),
        "licence": _told(about, "licence"),
        "finding": _told(parts.validation, "finding"),
        "shown": _told(parts.validation, "chosen"),
        "passed": parts.validation.get("passed"),
        "baselines": parts.validation.get("baselines", {}),
        "pass_mark": parts.validation.get("pass_mark", {}),
        "calibration": parts.validation.get("calibration", {}),
        "groups": parts.validation.get("groups", {}),
        "kinds_of_place": parts.validation.get("kinds_of_place", {}),
        "worse_for": worse_for(parts.validation),
        "linkage": dict(parts.linkage),
        "areas": dict(parts.areas),
        "disclosure": list(parts.disclosure),
        "limitations": limits,
        "limits": limits,
        "must_not_be_used_for": list(parts.must_not),
        "appeals": said(parts.answers.appeals),
        "contact": said(parts.answers.contact),
        "review_date": _told(about, "review_date"),
        "tier_1": tier_1(parts),
        "tier_2": tier_2(parts),
        "model_card": model_card(parts),
        "run": dict(parts.run),
        "not_given": asked,
        "complete": not asked,
    }


def tier_1(parts: RunParts) -> dict[str, Any]:
    """Return the section for the public: name, description, website, contact."""
    return {
        "name": _told(parts.about, "title"),
        "description": f"{_told(parts.about, 'question')} {_told(parts.about, 'definition')} {NO_DECISION}",
        "website": said(parts.answers.website),
        "contact_email": said(parts.answers.contact),
    }


def tier_2(parts: RunParts) -> dict[str, Any]:
    """Return the five sections for those who look closer."""
    told = parts.answers
    return {
        "owner_and_responsibility": {
            name: said(getattr(told, name))
            for name in (
                "organisation",
                "team",
                "senior_responsible_owner",
                "supplier",
                "supplier_role",
                "procurement",
                "terms_of_access",
            )
        },
        "description_and_rationale": {
            "detailed_description": _told(parts.about, "definition"),
            "scope": f"{_told(parts.about, 'place')}, by {_told(parts.about, 'level')}, {_told(parts.about, 'period')}",
            "benefit": said(told.benefit),
            "previous_process": said(told.previous_process),
            "alternatives_considered": said(told.alternatives_considered),
            "simpler_answers_compared": sorted(parts.validation.get("baselines", {})),
        },
        "decision_making": {
            "integration": said(told.integration),
            "human_review": said(told.human_review),
            "frequency_and_scale": said(told.frequency_and_scale),
            "training": said(told.training),
            "appeals": said(told.appeals),
            "automated_decisions": NO_DECISION,
        },
        "tool_specification": _specification(parts),
        "risks_and_impact": {
            "risks": [hazard.model_dump() for hazard in told.risks],
            "impact_assessments": [made.model_dump() for made in told.assessments],
            "lawful_basis": said(told.lawful_basis),
            "disclosure_control": list(parts.disclosure),
        },
    }


def model_card(parts: RunParts) -> dict[str, Any]:
    """Return what a model card asks: what it is for and not for, on what it was judged, for whom it is worse.

    Reference: Mitchell et al. (2019), Model cards for model reporting, FAT* 2019.
    """
    judged = parts.validation
    return {
        "details": {
            "shown": _told(judged, "chosen"),
            "version": parts.run.get("versions", {}),
            "phase": said(parts.answers.phase),
        },
        "intended_use": {
            "question": _told(parts.about, "question"),
            "integration": said(parts.answers.integration),
        },
        "out_of_scope": list(parts.must_not),
        "factors": sorted(judged.get("groups", {})) + sorted(judged.get("kinds_of_place", {})),
        "metrics": judged.get("model", {}),
        "baselines": judged.get("baselines", {}),
        "gains": judged.get("gains", {}),
        "pass_mark": judged.get("pass_mark", {}),
        "calibration": judged.get("calibration", {}),
        "by_group": judged.get("groups", {}),
        "evaluation_data": judged.get("held_back", {}),
        "training_data": [_source(source) for source in parts.sources],
        "uncertainty": list(parts.areas.get("notes", ())),
        "limitations": _limits(parts),
        "appeals": said(parts.answers.appeals),
    }


def worse_for(validation: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return, for each grouping, the groups whose children are missed more often than any other's beyond doubt.

    A group is named where the lower end of its false-negative rate lies above the upper end of another's; `than` is the
    group that fares best. Groups of too few children are listed apart, because nothing is known of them.
    """
    found = []
    groupings = {**validation.get("groups", {}), **validation.get("kinds_of_place", {})}
    for grouping, entries in groupings.items():
        rates = {entry["group"]: entry["false_negative_rate"] for entry in entries if _has_rate(entry)}
        unknown = [entry["group"] for entry in entries if not _has_rate(entry)]
        best = min(rates, key=lambda group: rates[group]["high"]) if rates else ""
        worse = [group for group, rate in rates.items() if rate["low"] > rates[best]["high"]]
        told = [{"group": group, "missed": rates[group]["value"]} for group in worse]
        than = {"group": best, "missed": rates[best]["value"]} if worse else None
        found.append({"grouping": grouping, "worse": told, "than": than, "too_few_to_say": unknown})
    return found


def _has_rate(entry: Mapping[str, Any]) -> bool:
    """Say whether a group's share of missed children can be told with its interval: a few have no such child at all."""
    return entry.get("status", "") == "" and None not in entry["false_negative_rate"].values()


def review_is_due(record: Mapping[str, Any], today: date) -> bool:
    """Say whether the day on which this record was to be looked at again has come; true where none was given."""
    try:
        return date.fromisoformat(str(record.get("review_date", ""))) <= today
    except ValueError:
        return True


def _specification(parts: RunParts) -> dict[str, Any]:
    return {
        "phase": said(parts.answers.phase),
        "maintenance": said(parts.answers.maintenance),
        "architecture": "Extracts are checked and linked, made into features, predicted from, and added up by area.",
        "models": [
            {
                "name": "linkage",
                "task": "Finds the records of one child among the agencies.",
                **parts.linkage,
            },
            {
                "name": _told(parts.validation, "chosen"),
                "task": "The chance that a child of the next cohort needs support.",
                "version": parts.run.get("versions", {}),
                "performance": parts.validation.get("model", {}),
            },
            {"name": "areas", "task": "Expected rate of each area with its interval.", **parts.areas},
        ],
        "datasets": [_source(source) for source in parts.sources],
    }


def _limits(parts: RunParts) -> list[str]:
    own = [*parts.limits, LABEL_BIAS, *parts.areas.get("notes", ())]
    if parts.validation.get("passed") is False:
        own.insert(0, _told(parts.validation, "finding"))
    return list(dict.fromkeys(own))


def _source(source: Mapping[str, Any]) -> dict[str, Any]:
    """Return a source with every column asked for, 'not given' where it is empty; nothing else is let through."""
    return {"name": _told(source, "name"), **{name: source.get(name) or said("") for name in COLUMNS_KEPT}}


def _told(part: Mapping[str, Any], key: str) -> str:
    return said(str(part.get(key) or ""))
