"""Sentences: what the map says, in plain words. Pure functions, so that page, print and test say the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from words.categories import CATEGORIES
from words.freshness import State
from words.labels import FIFTHS, rate_band, status_reason

NUMBER_WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True)
class Answer:
    """What a run says of one area; None where the run has no answer.

    `value`, `low` and `high` are per cent where the recipe is a rate, and a score where it is an index.
    `stability` is the share (0 to 1) of the ways of asking that agree. `rate_from` and `rate_to` are the band of a rate
    (per cent) where a run from records tells no more; `reason` says why it tells none.
    """

    status: str
    sign: str
    cluster: str
    band: int | None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    q: float | None = None
    stability: float | None = None
    is_rate: bool = False
    rate_from: float | None = None
    rate_to: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class Near:
    """One asset near an area: straight-line distance in metres, how fresh what we know of it is, and that in words."""

    name: str
    category: str
    metres: float
    state: State = "unconfirmed"
    told: str = "not confirmed"


def count_words(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun: *no areas*, *one area*, *twelve* as figures from eleven up."""
    noun = one if count == 1 else (many or one + "s")
    if count == 0:
        return f"no {noun}"
    return f"{NUMBER_WORDS[count] if count < len(NUMBER_WORDS) else f'{count:,}'} {noun}"


def sentence_case(text: str) -> str:
    """Return a text with a capital first letter and the rest as it is."""
    return text[:1].upper() + text[1:]


def joined(parts: Sequence[str], word: str = "and") -> str:
    """Return *a, b and c*."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def share_in_words(per_cent: float) -> str:
    """Return a per cent as *about 3 in 10*, or *about 4 in 100* below 20 % and above 80 %, where tenths are coarse.

    At either end it is *fewer than 1* or *more than 99 in 100*: a share that was worked out is never none or all.
    """
    if 20 <= per_cent <= 80:
        return f"about {round(per_cent / 10)} in 10"
    if per_cent >= 99.5:
        return "more than 99 in 100"
    return "fewer than 1 in 100" if per_cent < 0.5 else f"about {round(per_cent)} in 100"


def need_sentence(answer: Answer, areas: int, unit: str) -> str:
    """Say how high the need is: the fifth it falls in, and for a rate the share with its interval.

    `areas` is the number of areas with an answer and `unit` what the number counts, as the run states it.
    """
    if answer.status != "assessed" and answer.band is None:
        return f"We cannot say how high the need is: {answer.reason or status_reason(answer.status)}."
    if answer.rate_from is not None and answer.rate_to is not None:
        band = rate_band(answer.rate_from, answer.rate_to).lower()
        return (
            f"Children who needed more support so far: {band} ({unit}). More is not told of so few children, so that "
            "nothing can be learnt of any of them."
        )
    if answer.reason:
        return f"We cannot say how high the need is: {answer.reason}."
    fifth = FIFTHS[answer.band] if answer.band is not None else "not placed in a band"
    ranked = f"Need here is {fifth} of the {areas:,} areas we could compare."
    if not answer.is_rate or answer.value is None:
        return ranked
    between = ""
    if answer.low is not None and answer.high is not None:
        between = f", likely between {answer.low:.0f} and {answer.high:.0f}"
    share = sentence_case(share_in_words(answer.value))
    return f"{ranked} {share} ({unit}: {answer.value:.0f}{between})."


def ways_sentence(stability: float | None, ways: int) -> str:
    """Say how many ways of asking agree; nothing where only one way was tried."""
    if stability is None or ways < 2:
        return ""
    agree = round(stability * ways)
    if not agree:
        return ""
    return f"{agree} of {ways} ways of asking put it in a hotspot."


def certainty_sentence(answer: Answer, ways: int = 1) -> str:
    """Say how sure we are, from the sign, the share of settings that agree and the kind of cluster."""
    if answer.sign == "not assessed" or answer.status != "assessed":
        return f"We cannot say whether high need gathers here: {status_reason(answer.status)}."
    agree = ways_sentence(answer.stability, ways)
    if answer.sign == "firm":
        told = (
            "Firm: need is high here and in the areas around it, more than chance would bring "
            "even after allowing for how many areas we looked at."
        )
    elif answer.sign == "suggestive":
        told = "Suggestive: need looks high here and around, but it may be a false alarm. Ask people who live here."
    elif answer.cluster == "high_low":
        told = "High among low: need is high here, and low all around, so it is easily overlooked."
    elif answer.cluster == "low_high":
        told = "Low among high: need is low here, and high all around."
    elif answer.cluster == "cold":
        told = "Need is low here and in the areas around it, more than chance would bring."
    else:
        told = (
            "No sign that high need gathers in and around this area. People here may be in need all the same."
        )
        agree = ""
    return f"{told} {agree}".strip()


def counted_sentence(name: str, period: str, count: float | None, children: float, rate: float | None) -> str:
    """Say what is told of the larger area around a small one, of which less or nothing may be told."""
    if count is None or rate is None:
        return f"Of {name}, around it, no number is told: too small, or one could be worked out from it ({period})."
    return f"In {name}, around it, about {count:,.0f} of {children:,.0f} children ({rate:.0f} %), {period}."


def kinds_sentence(kind: str) -> str:
    """Say where what was observed and what is predicted agree, as two things that are never joined."""
    told = {
        "both": "High need was observed here and around, and is predicted for the years to come.",
        "observed only": "High need was observed here and around; what the records tell does not explain it.",
        "predicted only": "High need is predicted here and around, but what was observed does not stand out.",
        "neither": "Neither what was observed nor what is predicted stands out here.",
    }
    return told.get(kind, "We cannot set what was observed beside what is predicted here.")


def category_word(category: str) -> str:
    """Return a category code as it stands within a sentence: *food bank*, *GP practice*."""
    known = CATEGORIES.get(category)
    return known.name if known else category.replace("_", " ")


def metres_words(metres: float) -> str:
    """Return a distance in words, rounded as far as it deserves: *80 m*, *1.2 km*."""
    if metres < 995:
        return f"{max(10, round(metres, -1)):.0f} m"
    return f"{metres / 1000:.1f} km"


def nearby_sentence(near: Sequence[Near], within: float) -> str:
    """Say which assets are near, with straight-line distances, and never that there is none.

    `within` is the radius looked at, in metres.
    """
    if not near:
        return (
            f"Nobody has recorded an asset within {metres_words(within)} of here in a straight line. "
            "There may well be some: add what you know."
        )
    told = [f"{asset.name} ({category_word(asset.category)}, {metres_words(asset.metres)})" for asset in near]
    return f"Near here, in a straight line: {joined(told)}."


def place_sentence(counts: Mapping[str, int], place: str, *, observed: bool = False) -> str:
    """Say for a whole place how many areas are in each sign; `counts` is by sign.

    `observed` where there are predicted hotspots too, of which this tells nothing.
    """
    firm, suggestive = counts.get("firm", 0), counts.get("suggestive", 0)
    unknown = counts.get("not assessed", 0)
    told = (
        f"In {place}, {count_words(firm, 'area forms a firm hotspot', 'areas form firm hotspots')}"
        if firm
        else f"In {place}, no area is part of a firm hotspot"
    )
    told += f" and {count_words(suggestive, 'area is', 'areas are')} suggestive." if suggestive else "."
    if unknown:
        areas, where = count_words(unknown, "area"), "an observed hotspot" if observed else "a hotspot"
        told += f" Of {areas} we cannot say whether {'it is' if unknown == 1 else 'they are'} in {where}."
    return told


def map_alternative(
    question: str,
    place: str,
    counts: Mapping[str, int],
    assets: int,
    area: str = "",
    *,
    observed: bool = False,
) -> str:
    """Return the text for those who do not see the map: what it shows, and where the same can be read."""
    chosen = f" {area} is chosen." if area else ""
    return (
        f"Map of {place}. {question} {place_sentence(counts, place, observed=observed)} "
        f"{sentence_case(count_words(assets, 'asset'))} shown.{chosen} The table says the same."
    )


def ended(text: str) -> str:
    """Return a text that ends with one full stop, or with the mark that it has: what people write may have its own."""
    text = text.rstrip()
    return text if text.endswith(("?", "!", "…")) else f"{text.rstrip('.')}."
