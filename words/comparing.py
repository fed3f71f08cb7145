"""Two runs side by side, in plain words: labels for each outcome, and the sentences that sum them up."""

from collections.abc import Mapping

from words.labels import level_names, level_terms
from words.sentences import count_words, sentence_case, share_in_words

CANNOT_SAY = "cannot say"
DIFFER = ("new", "gone", "fine only", "coarse only")
"""The outcomes in which two runs differ."""


def change_labels() -> dict[str, str]:
    """Return which of two runs has an area in a hotspot, an earlier and a later one."""
    return {
        "new": "New",
        "gone": "Gone",
        "persisting": "In both runs",
        "neither": "In neither run",
        CANNOT_SAY: "We cannot say",
    }


def across_labels(fine: str, coarse: str) -> dict[str, str]:
    """Return which of two runs has an area in a hotspot, by smaller and by larger areas."""
    return {
        "fine only": f"Only by {level_names(fine)}",
        "coarse only": f"Only by {level_names(coarse)}",
        "both": "Both ways",
        "neither": "Neither way",
        CANNOT_SAY: "We cannot say",
    }


def hotspot_label(hot: bool | None) -> str:
    """Return whether an area is in a hotspot; None is no answer."""
    return "We cannot say" if hot is None else "In a hotspot" if hot else "Not in a hotspot"


def across_sentence(counts: Mapping[str, int], fine: str, coarse: str) -> str:
    """Say where a question has the same answer on areas of two levels; `counts` are of the finer areas."""
    small, large = level_names(fine), level_names(coarse)
    both, known = counts.get("both", 0), _known(counts)
    if not known:
        return f"Of no area can we say what both {small} and {large} show."
    same = both + counts.get("neither", 0)
    only = (
        f"{_hot(counts.get('fine only', 0))} only when we ask of {small}, "
        f"{_some(counts.get('coarse only', 0))} only when we ask of {large}."
    )
    return (
        f"Asked of {small} and of {large}, the answer is the same in {same:,} of {known:,} {small}: "
        f"{_hot(both)} both ways. {sentence_case(only)}{_unknown(counts)}"
    )


def change_sentence(counts: Mapping[str, int]) -> str:
    """Say what changed between an earlier and a later run."""
    new, gone, persisting = (counts.get(kind, 0) for kind in ("new", "gone", "persisting"))
    if not _known(counts):
        return "Of no area can we say what both runs show."
    if new or gone:
        told = (
            f"{sentence_case(count_words(new, 'area is', 'areas are'))} newly in a hotspot, "
            f"{_some(gone)} {'is' if gone == 1 else 'are'} no longer, "
            f"and {_some(persisting)} still {'is' if persisting == 1 else 'are'}."
        )
    else:
        told = f"Nothing changed: {_hot(persisting)} in both runs."
    return told + _unknown(counts)


def agreement_sentence(share: float | None) -> str:
    """Say in which share (0 to 1) of all pairs of ways of asking, one from each run, the answer is the same."""
    if share is None:
        return ""
    told = "all" if share > 0.995 else share_in_words(share * 100)
    return (
        f"Each run asks in several ways. Of all pairs of ways, one from each run, {told} agree about an area."
    )


def scale_sentence(hot: bool | None, level: str, *, here: bool) -> str:
    """Say what a run of larger areas answers for the place of one area; `here` is whether that is in a hotspot."""
    asked = f"Asked of {level_terms(level)},"
    if hot is None:
        return f"{asked} we cannot say whether this place is in a hotspot."
    return f"{asked} this place is {'' if hot else 'not '}in a hotspot{' too' if hot and here else ''}."


def comparison_alternative(areas: str, told: str) -> str:
    """Return the text for those who do not see one of two maps: what it shows, and what was found."""
    return (
        f"Map, {areas}: what is in a hotspot, and where the two runs differ. {told} The table says the same."
    )


def _known(counts: Mapping[str, int]) -> int:
    return sum(counts.values()) - counts.get(CANNOT_SAY, 0)


def _hot(count: int) -> str:
    return f"{count_words(count, 'area is', 'areas are')} in a hotspot"


def _some(count: int) -> str:
    """Return a count that stands without its noun."""
    return count_words(count, "", " ").strip() if count else "none"


def _unknown(counts: Mapping[str, int]) -> str:
    unknown = counts.get(CANNOT_SAY, 0)
    return f" Of {count_words(unknown, 'area')} we cannot say." if unknown else ""
