"""Coverage in words: *none there* and *nobody has looked* are never the same sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from words.freshness import State, day_words
from words.sentences import category_word, joined


@dataclass(frozen=True)
class Looked:
    """When somebody last looked for a category, how fresh that look is, and whether they found none at all."""

    on: date
    state: State
    none: bool


def with_article(category: str) -> str:
    """Return a category as a countable thing: *a library*, *an allotment*, *advice* never without its noun."""
    word = category_word(category)
    return f"{'an' if word[:1].lower() in 'aeio' else 'a'} {word}"


def absence_sentences(missing: Sequence[str], looks: Mapping[str, Looked | None], where: str) -> list[str]:
    """Say of each category that is not recorded whether somebody looked for it, or nobody has.

    `missing` are codes of categories, `looks` the last look for each of them, `where` the end of a phrase such as
    *within 800 m of here*. What nobody looked for comes last, in one sentence; it may be there all the same.
    """
    told = []
    by_look: dict[Looked, list[str]] = {}
    for category in missing:
        look = looks.get(category)
        if look is not None:
            by_look.setdefault(look, []).append(category)
    for look, categories in by_look.items():
        told.append(_looked(look, categories))
    unseen = [category for category in missing if looks.get(category) is None]
    if unseen:
        named = joined([with_article(code) for code in unseen], "or")
        told.append(
            f"Nobody has recorded {named} {where}, and nobody has looked: there may be one all the same."
        )
    return told


def _looked(look: Looked, categories: Sequence[str]) -> str:
    named = joined([with_article(code) for code in categories], "or")
    day = day_words(look.on)
    found = "found none" if look.none else "recorded all they found, and none is among it"
    told = f"Somebody looked here for {named} on {day} and {found}."
    return f"{told} That is long ago: it may have changed." if look.state == "stale" else told


def for_words(categories: Sequence[str]) -> str:
    """Say for what somebody has looked in an area: *everything* where `*` is among the categories."""
    return "everything" if "*" in categories else joined([category_word(code) for code in categories])
