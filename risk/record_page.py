"""The record as a page that a resident can read: plain HTML, no script, nothing fetched from elsewhere."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from risk.answers import NOT_GIVEN, Answers
from risk.page_parts import bullets, paragraphs, table
from risk.record_analysts import for_analysts
from words.marks import in_plain_words
from words.records import MEASURES, dates_in_words, group_word
from words.sentences import ended, joined

_SHOWN = {
    "model": "a model made from the records",
    "overall_rate": "one rate for the whole district",
    "deprivation_decile": "the deprivation decile alone",
    "last_cohort_rate": "each area's rate in the last cohort",
}
_STYLE = (
    "body{font:1.05rem/1.55 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;"
    "background:#fff}h1{line-height:1.2}h2{margin-top:2rem}table{border-collapse:collapse}"
    "th,td{text-align:left;vertical-align:top;border-bottom:1px solid #8a8a8a;padding:.35rem .9rem .35rem 0}"
    ".note{border-left:.35rem solid #7a3b00;padding:.2rem 0 .2rem .9rem}.wide{overflow-x:auto}"
)


def record_page(record: Mapping[str, Any]) -> str:
    """Return the page of a record: whole, in plain English, every word of it escaped.

    One that `make_record` made is told in full; the record of a run of published numbers has fewer sections. Where it
    says how its run stands (`standing`: state, by, at, reason), that is told first of all.
    """
    stands = _standing(record.get("standing") or {})
    if record.get("kind") != "records":
        return _page(record, stands, _open_sections(record))
    sections = [
        ("What this is", paragraphs([record["what"], record["about_persons"], *_fiction(record)])),
        ("Why", paragraphs([record["why"], _tier_2(record, "description_and_rationale", "benefit")])),
        ("Whose data", _whose(record)),
        ("How well it works", _how_well(record)),
        ("For whom it works less well", _for_whom(record)),
        ("What it cannot say", _limits(record)),
        ("What it must not be used for", bullets(record["must_not_be_used_for"])),
        ("How to ask, correct or object", _challenge(record)),
        ("Who answers for it, and when it is looked at again", _who(record)),
        ("What nobody has told us yet", _not_given(record)),
        ("For those who look closer", for_analysts(record)),
    ]
    return _page(record, stands + _top(record), sections)


def _page(record: Mapping[str, Any], top: str, sections: Iterable[tuple[str, str]]) -> str:
    title = escape(_given(record, "title"))
    body = "".join(f"<h2>{escape(heading)}</h2>{content}" for heading, content in sections)
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><main><h1>{title}</h1>{top}{body}"
        "</main></body></html>\n"
    )


def _open_sections(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what the record of a run of published numbers says: no person, no model, nothing to release."""
    what = [_given(record, "what"), _given(record, "about_persons"), *_fiction(record)]
    data = [f"Of which time: {_given(record, 'period')}", f"Licence: {_given(record, 'licence')}"]
    asking = [
        f"Write to: {_given(record, 'contact')}",
        f"To be looked at again: {_given(record, 'review_date')}",
    ]
    return [
        ("What this is", paragraphs(what)),
        ("Why", paragraphs([_given(record, "why")])),
        ("Whose data", bullets(record.get("whose_data", ())) + paragraphs(map(ended, data))),
        ("What it cannot say", bullets(record.get("limits", ()))),
        ("What it must not be used for", bullets(record.get("must_not_be_used_for", ()))),
        ("How to ask or correct, and when it is looked at again", paragraphs(map(ended, asking))),
    ]


def _given(record: Mapping[str, Any], key: str) -> str:
    return str(record.get(key) or NOT_GIVEN)


def _standing(standing: Mapping[str, Any]) -> str:
    """Return in a sentence where the run stands; nothing of one that needs no release."""
    by, reason = str(standing.get("by", "")), str(standing.get("reason", ""))
    at = dates_in_words(str(standing.get("at", "")).partition("T")[0])
    at += f" by {by}" if by not in ("", NOT_GIVEN) else ""
    said = {
        "draft": f"This is a draft: nobody has released it. Do not pass it on or act on it. {reason}",
        "released": f"Released on {at}.",
        "withdrawn": f"Withdrawn on {at}, for good: {reason} Do not use it.",
    }
    state = str(standing.get("state", ""))
    return f'<p class="note">{escape(said[state].strip())}</p>' if state in said else ""


def _top(record: Mapping[str, Any]) -> str:
    said = []
    if record.get("passed") is not True:
        said.append(
            in_plain_words(str(record["finding"]))
            if record["finding"] != NOT_GIVEN
            else "Nobody has checked how well this works."
        )
    if not record["complete"]:
        said.append("This record is not complete, so the map that it belongs to is a draft.")
    return "".join(f'<p class="note">{escape(str(sentence))}</p>' for sentence in said)


def _fiction(record: Mapping[str, Any]) -> list[str]:
    return ["The place and everybody in it are made up."] if record.get("fictional") else []


def _whose(record: Mapping[str, Any]) -> str:
    heads = ("name", "controller", "lawful_basis", "measures", "period", "retention")
    names = ("Data", "Who holds it", "On what basis", "What it measures", "Of which time", "Kept until")
    rows = [[_of_source(source, head) for head in heads] for source in record["whose_data"]]
    basis = record["tier_2"]["risks_and_impact"]["lawful_basis"]
    return table(names, rows) + paragraphs([ended(f"Basis for putting them together: {basis}")])


def _of_source(source: Mapping[str, Any], head: str) -> str:
    if head == "measures" and not isinstance(source[head], str):
        return joined([MEASURES.get(str(what), str(what)) for what in source[head]])
    told = _words(source[head])
    return dates_in_words(told) if head == "period" else told


def _how_well(record: Mapping[str, Any]) -> str:
    shown = _SHOWN.get(str(record["shown"]), str(record["shown"]))
    said = [f"The map shows {shown}.", in_plain_words(str(record["finding"]))]
    rows = [
        ["Yes" if one.get("met") else "No", in_plain_words(str(one.get("what", "")))]
        for one in record["pass_mark"].get("requirements", ())
    ]
    marks = table(("Met", "What was asked beforehand"), rows) if rows else ""
    return paragraphs(said) + marks + paragraphs(_links(record["linkage"]))


def _links(linkage: Mapping[str, Any]) -> list[str]:
    """Return how surely records of one child were found, told of a known truth or of what the linkage expects."""
    for right, found, said, last in (
        ("precision", "recall", "are", ""),
        ("expected_precision", "expected_recall", "are thought to be", " Nobody has checked by hand."),
    ):
        if right in linkage and found in linkage:
            shares = [
                "a share that is not told" if linkage[name] is None else _words(linkage[name])
                for name in (right, found)
            ]
            return [
                f"Of the records that were put together as one child's, {shares[0]} {said} so; of those that belong "
                f"together, {shares[1]} were found.{last}"
            ]
    return []


def _limits(record: Mapping[str, Any]) -> str:
    technical = set(record["areas"].get("notes", ()))
    return bullets(in_plain_words(str(one)) for one in record["limitations"] if one not in technical)


def _for_whom(record: Mapping[str, Any]) -> str:
    said = []
    for found in record["worse_for"]:
        name = group_word(str(found["grouping"]))
        said += [
            f"By {name}: children in the group “{group_word(str(one['group']))}” are missed more often "
            f"({one['missed']:.0%} of those who need support) than in the group "
            f"“{group_word(str(found['than']['group']))}” ({found['than']['missed']:.0%})."
            for one in found["worse"]
        ]
        if not found["worse"]:
            said.append(f"By {name}: no difference was found that chance would not explain.")
        if found["too_few_to_say"]:
            few = joined([group_word(str(one)) for one in found["too_few_to_say"]])
            said.append(f"By {name}: too few children to say for {few}.")
    return bullets(said or ["Nobody has looked at this yet."])


def _challenge(record: Mapping[str, Any]) -> str:
    review = _tier_2(record, "decision_making", "human_review")
    return paragraphs(
        [
            ended(str(record["appeals"]))
            if record["appeals"] != NOT_GIVEN
            else "How to challenge this: not given.",
            ended(f"Write to: {record['contact']}"),
            ended(f"Who looks at a result before anything is done: {review}"),
            "You have the right to ask which of your data are held, to have them corrected, and to object.",
        ]
    )


def _who(record: Mapping[str, Any]) -> str:
    owner = record["tier_2"]["owner_and_responsibility"]
    rows = [[name.replace("_", " ").capitalize(), str(value)] for name, value in owner.items()]
    made = [
        f"{one['name']} ({one['kind']}{', ' + one['date'] if one['date'] else ''})"
        for one in record["tier_2"]["risks_and_impact"]["impact_assessments"]
    ]
    rows.append(["Impact assessments", "; ".join(made) or NOT_GIVEN])
    rows.append(["To be looked at again", dates_in_words(str(record["review_date"]))])
    return table(("", "Answer"), rows)


def _not_given(record: Mapping[str, Any]) -> str:
    if record["complete"]:
        return paragraphs(["Everything that has to be said before a release has been said."])
    asked: Mapping[str, str] = record["not_given"]
    known = {name: field.description for name, field in Answers.model_fields.items()}
    return bullets(
        f"{name.replace('_', ' ').capitalize()}: {text or known.get(name, '')}"
        for name, text in asked.items()
    )


def _tier_2(record: Mapping[str, Any], section: str, key: str) -> str:
    return str(record["tier_2"][section][key])


def _words(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.1%}" if 0 <= value <= 1 else f"{value:g}"
    if isinstance(value, list | tuple):
        return ", ".join(_words(one) for one in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {_words(one)}" for name, one in value.items())
    return str(value)
