"""Records in plain words: what is said of areas, agencies and predictions in a run from agencies' records."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from words.labels import rate_band
from words.sentences import count_words, joined, sentence_case, share_in_words

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
DRAFT = "Draft, not released"
DRAFT_MEANING = (
    "Made from agencies' records. Nobody has released it yet, so it is shown on this computer alone: "
    "do not pass it on or act on it."
)

LAYERS: dict[str, str] = {
    "observed": "Observed: need and hotspots",
    "predicted": "Predicted: hotspots to come",
    "differ": "Where the two differ",
    "lsoa": "Observed need by neighbourhood (LSOA)",
}
"""What the map of a run from records can show: never two of them mixed."""

PREDICTED: dict[str, str] = {
    "hot": "Predicted hotspot",
    "cold": "Predicted cold spot",
    "none": "No predicted hotspot",
}

LEVELS_EXPLAINED = (
    "Small areas (output areas) hold about 300 people, neighbourhoods (LSOAs) about 1,600, wider neighbourhoods "
    "(MSOAs) about 8,000; each lies in the next."
)

MEASURES: dict[str, str] = {
    "need": "need",
    "contact": "contact with services",
    "enforcement": "enforcement",
    "outcome": "the outcome itself",
    "administrative": "administration",
}


def rate_words(rate: float) -> str:
    """Return a rate in per cent as *about 30 %*."""
    return f"about {rate:.0f} %"


def forecast_sentence(
    place: str, year: str, children: float, expected: float, *, low: float, high: float
) -> str:
    """Say how many children of the next cohort will probably need support, of how many, and between which numbers."""
    share = share_in_words(100 * expected / children) if children else ""
    return (
        f"Of about {children:,.0f} children in {place} who are assessed at school in {year}, about {expected:,.0f} "
        f"will probably need more support: {share}. It may well be anything from {_least(low)} to {high:,.0f}."
    )


def _least(low: float) -> str:
    """Return the low end of an interval; 0 stands for any number too small to tell."""
    return f"{low:,.0f}" if low else "very few"


def between(low: float, high: float) -> str:
    """Return an interval for a cell of a table: *10 to 25*, or *up to 15* where the low end is too small to tell."""
    return f"{low:,.0f} to {high:,.0f}" if low else f"up to {high:,.0f}"


def district_line(label: str, rate: float) -> str:
    """Return one thing that tells of need across the district, with its rate."""
    return f"{label}: {rate:.0f} % of children"


def no_forecast_sentence(place: str, year: str, reason: str) -> str:
    """Say that nothing is expected of an area of which too little may be told."""
    return f"For {place} alone we cannot say how many children will need more support in {year}: {reason}."


def past_sentence(period: str, count: float, children: float, rate: float) -> str:
    """Say what was counted, cohorts together."""
    return f"So far, {period}: about {count:,.0f} of {children:,.0f} children ({rate:.0f} %) needed more support."


def hidden_sentence(period: str) -> str:
    """Say that a count is withheld."""
    return f"So far, {period}: no number is told, because it is small or one could be worked out from it."


NOT_PROLONGED = (
    "What is expected does not draw this line further: it follows from the records of the children to come."
)


def trend_sentence(slope: float, error: float, low: float, high: float) -> str:
    """Say whether rates rose or fell over the cohorts, beyond what chance would bring.

    `slope` and `error` are per cent a year and its standard error; `low` and `high` the lowest and highest rate.
    """
    same = f"{low:.0f}" == f"{high:.0f}"
    if abs(slope) <= 1.96 * error and same:
        return f"The share is about {low:.0f} % in every year."
    if abs(slope) <= 1.96 * error:
        return f"From year to year the share lies between {low:.0f} and {high:.0f} %, with no clear rise or fall."
    way = "risen" if slope > 0 else "fallen"
    span = "" if same else f" (between {low:.0f} and {high:.0f} %)"
    return f"The share has {way} by about {abs(slope):.1f} in 100 children a year{span}."


def band_sentence(low: float | None, high: float | None, unit: str, *, ward: bool = False) -> str:
    """Say the band of a rate where no more is told, and why not more."""
    why = (
        "A ward cuts across neighbourhoods, so only a band is told of it."
        if ward
        else "No more is told of so few children."
    )
    return f"Children who needed more support so far: {rate_band(low, high).lower()} ({unit}). {why}"


def beside_sentence(rate: float, district: float) -> str:
    """Say a rate beside the district's."""
    if abs(rate - district) < 1.5:
        return "That is about as in the district as a whole."
    way = "more" if rate > district else "less"
    return f"That is {way} than in the district as a whole ({district:.0f} %)."


def instead_sentence(
    level: str, name: str, rate: float | None, *, count: float | None, children: float, period: str
) -> str:
    """Say the figure of the larger area around one of which nothing may be told."""
    if rate is None or count is None:
        return f"Too few children here to tell of, and of the {level} around, {name}, no number may be told either."
    return (
        f"Too few children here to tell of. In the {level} around, {name}, {rate_words(rate)} needed more support "
        f"(about {count:,.0f} of {children:,.0f} children, {period})."
    )


def chance_sentence(words: str, margin: float, *, hot: bool) -> str:
    """Say the chance that an area and its surroundings exceed the district; `words` is its band, `margin` a share."""
    called = "It is called a predicted hotspot" if hot else "It is not called a predicted hotspot"
    return (
        f"Predicted: the chance that this area with those around it exceeds the district by more than "
        f"{100 * margin:.0f} in 100 children is {words}. {called}."
    )


def short_instead(level: str, rate: float | None) -> str:
    """Return the same for a cell of a table, or for the pointer on the map."""
    if rate is None:
        return "Too few children to say"
    return f"Too few children; {level} around: {rate_words(rate)}"


def kinds_summary(counts: Mapping[str, int], place: str) -> str:
    """Say where observed and predicted hotspots agree in a place, and where they differ; `counts` by kind."""
    told = [
        (counts.get("both", 0), "both observed and predicted"),
        (counts.get("observed only", 0), "only observed"),
        (counts.get("predicted only", 0), "only predicted"),
    ]
    known = sum(counts.values()) - counts.get("cannot say", 0)
    if not known:
        return f"Of no small area in {place} can a prediction be told."
    if not any(number for number, _ in told):
        said = f"No small area in {place} is in a hotspot, observed or predicted."
    else:
        parts = [f"{count_words(number, 'is', 'are')} {what}" for number, what in told if number]
        said = f"Small areas in a hotspot in {place}: {joined(parts)}."
    unknown = counts.get("cannot say", 0)
    return said + (f" Of {count_words(unknown, 'small area')} no prediction can be told." if unknown else "")


def known_sentence(
    title: str, rate: float | None, low: float | None = None, high: float | None = None
) -> str:
    """Say which part of the children an agency has in its records."""
    if rate is None:
        band = rate_band(low, high).lower()
        return f"{title}: {band} of the children here are in its records."
    return f"{title}: {rate:.0f} % of the children here are in its records."


def reason_line(label: str, here: float, district: float) -> str:
    """Return one thing that sets an area apart, with both rates."""
    return f"{label}: {here:.0f} % of children here, {district:.0f} % in the district"


def deprivation_line(side: str) -> str:
    """Return how deprived the neighbourhoods are, beside the district."""
    return f"The neighbourhoods are {'more' if side == 'need' else 'less'} deprived than the district, by the census"


def unexplained_sentence(side: str) -> str:
    """Say that an area lies above or below what its records explain: only people can say why."""
    if side == "need":
        return (
            "More children need support here than the records explain. Something matters that no agency writes down: "
            "people who live and work here may know what."
        )
    return (
        "Fewer children need support here than the records would lead one to expect. Something is going well that no "
        "agency writes down: it is worth asking what."
    )


def verdict_sentence(*, passed: bool) -> str:
    """Say whether a model met the marks that were set before it was tried, and what follows where it did not."""
    if passed:
        return "Yes. It met every mark that was set before it was tried."
    return "No. It did not meet the marks that were set before it was tried, so a simpler answer is shown instead."


def gain_sentence(
    by: str, areas: int, *, model: float, simpler: float, more: float, low: float, high: float
) -> str:
    """Say how many children who need support the model finds beside the best of the simpler answers, `by`.

    All numbers are of so many small areas visited; `low` and `high` are the interval of `more`.
    """
    return (
        f"In every {areas} small areas visited as the model advises, about {model:.0f} children who need support are "
        f"found; going by {by}, about {simpler:.0f}. That is about {_difference(more)} (likely {_span(low, high)})."
    )


def _difference(more: float) -> str:
    return f"{abs(more):.0f} {'fewer' if round(more) < 0 else 'more'}"


def _span(low: float, high: float) -> str:
    """Return an interval of a difference; one that holds nought says which end is which."""
    if low < 0 <= high:
        return f"between {_difference(low)} and {_difference(high)}"
    return f"{low:.0f} to {high:.0f}" if low >= 0 else f"{-high:.0f} to {-low:.0f}"


def trial_sentence(share: float) -> str:
    """Say how the model was tried; `share` is the share of places that could be visited."""
    return (
        f"It was tried on years that it had not seen: suppose that {100 * share:.0f} % of the small areas could be "
        "visited, those with the most children expected to need support first, and count the children there who did."
    )


def worse_line(grouping: str, missed: Sequence[tuple[str, float]], best: str, least: float) -> str:
    """Return for which groups the result finds fewer of those who need support, beside the group that fares best."""
    ordered = sorted(missed, key=lambda one: -one[1])
    told = joined([f"{group} ({100 * share:.0f} in 100)" for group, share in ordered])
    return (
        f"{sentence_case(grouping)}: children who need support are missed, for they live outside the places that would "
        f"be visited first, most often in these groups: {told}. Least often in this: {best} ({100 * least:.0f} in 100)."
    )


def calibration_sentence(curve: Sequence[Mapping[str, float]]) -> str:
    """Say whether the chances are right: of children given a chance, as many should turn out so."""
    if not curve:
        return "Whether the chances are right, nobody has looked."
    off = [point for point in curve if not point["low"] <= point["chance"] <= point["high"]]
    last = curve[-1]
    told = (
        f"Among the children given the highest chances ({100 * last['chance']:.0f} in 100 on average), "
        f"{100 * last['observed']:.0f} in 100 turned out to need support."
    )
    if not off:
        return f"The chances are about right throughout. {told}"
    high = sum(point["chance"] > point["high"] for point in off)
    right = len(curve) - len(off)
    ways = [f"about right in {count_words(right, 'group')}"] if right else []
    if high:
        ways.append(f"too high in {count_words(high, 'group')}")
    if len(off) > high:
        ways.append(f"too low in {count_words(len(off) - high, 'group')}")
    groups = count_words(len(curve), "group")
    return f"Children were sorted into {groups} by the chance they were given. It was {joined(ways)}. {told}"


def dates_in_words(text: str) -> str:
    """Return a text with its ISO dates as people write them: *2027-05-01* is *1 May 2027*."""
    return _ISO.sub(lambda found: _day(found[0]), text)


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.day} {day:%B %Y}"


def wrong_line(grouping: str, group: str, expected: float, came: float) -> str:
    """Return that more or fewer of a group were expected to need support than did; both names are the record's."""
    way = "too many" if expected > came else "too few"
    return (
        f"{sentence_case(group_phrase(grouping, group))}: {way} were expected to need support "
        f"({100 * expected:.0f} in 100, and {100 * came:.0f} did)."
    )


def group_phrase(grouping: str, group: str) -> str:
    """Return the children of a group as a person calls them, within a sentence: *children born in the autumn term*."""
    word, unknown = group_word(group), group == "not known"
    phrases = {
        "sex": word,
        "term": f"children born in the {word} term",
        "ethnicity": "children whose ethnic group is not known" if unknown else f"{word} children",
        "first_language": {
            "True": "children whose first language is English",
            "False": "children with another first language",
        }.get(group, "children whose first language is not known"),
        "deprivation": f"children in the {word} of areas",
    }
    return phrases.get(grouping, f"{word} ({group_word(grouping)})")


def group_word(name: str) -> str:
    """Return the name of a grouping or group as a person reads it."""
    known = {
        "WBRI": "White British",
        "WEEU": "White Eastern European",
        "BAFR": "Black African",
        "ASIA": "Asian",
        "ARAB": "Arab",
        "f": "girls",
        "m": "boys",
        "True": "yes",
        "False": "no",
        "first_language": "first language",
        "sex": "girls and boys",
        "term": "term of birth",
        "ethnicity": "ethnic group",
        "deprivation": "how deprived the area is",
        "second": "second least deprived fifth",
        "third": "middle fifth",
        "fourth": "second most deprived fifth",
    }
    return known.get(name, name.replace("_", " "))
