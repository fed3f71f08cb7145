"""A run told in plain words, for a terminal: the question, what was found, what was decided, what it is not for."""

from collections.abc import Iterator
from typing import Any

from bake.release import standing
from bake.runs import Run
from risk.answers import NOT_GIVEN
from words.labels import CLUSTERS, SIGNS, place_label


def told(run: Run) -> Iterator[str]:
    """Give a run line by line, headings without and items with a dash before them."""
    about = run.manifest
    place = about["place"]
    yield f"{run.id}"
    yield f"{run.title}: {run.question}"
    name = place_label(place["title"], fictional=place["fictional"])
    yield f"Place: {name}, codes of {place['vintage']} ({place['vintage_status']})"
    yield f"Measured: {about['unit']}. Period: {about['period']}"
    yield f"Baked: {run.baked_at:%d %B %Y at %H:%M} UTC, seed {about['seed']}"
    yield from _standing(run)
    yield from _found(about)
    for heading, key in (
        ("Sources", "sources"),
        ("What was decided on the way", "decisions"),
        ("Must not be used for", "must_not_be_used_for"),
        ("Limits", "limits"),
    ):
        if about.get(key):
            yield f"{heading}:"
            yield from (f"  - {sentence}" for sentence in about[key])
    yield f"Files: {run.folder}"


def purge_reminder(run: Run) -> str:
    """Return how long the contracts let the extracts of a run be kept, and how to destroy them; blank without any."""
    whose = run.record().get("whose_data", [])
    told_ = [str(one.get("retention", "")) for one in whose if isinstance(one, dict)]
    kept = "; ".join(dict.fromkeys(one for one in told_ if one and one != NOT_GIVEN))
    if not kept:
        return ""
    return (
        f"Of the extracts and their key the contracts say: “{kept}”. `larder extracts purge DIR --and-extracts` "
        "destroys the key and the files."
    )


def _standing(run: Run) -> Iterator[str]:
    """Give what stands above the findings of a run from records: draft, released or withdrawn, and its warnings."""
    now = standing(run)
    told_ = {
        "draft": "A draft from agencies' records: nobody has released it.",
        "released": f"Released by {now.by} at {now.at}.",
        "withdrawn": f"Withdrawn at {now.at}: {now.reason}",
    }
    if now.state in told_:
        yield told_[now.state]
    yield from run.manifest.get("top", [])


def _found(about: dict[str, Any]) -> Iterator[str]:
    counts, moran = about["counts"], about["moran"]
    yield "Found:"
    yield f"  - {_counted(counts['sign'], SIGNS)}"
    yield f"  - {_counted(counts['cluster'], CLUSTERS)}"
    if moran["i"] is not None:
        chance = f"expected {moran['expected']:.3f}, p {moran['p']:.2g}"
        yield f"  - Moran's I of the values is {moran['i']:.3f} over {moran['n']} areas ({chance})"


def _counted(counts: dict[str, int], labels: dict[str, str]) -> str:
    """Return counts in the order of their labels, as *Firm hotspot 41, Suggestive 41*."""
    return ", ".join(f"{label} {counts[key]}" for key, label in labels.items() if counts.get(key))
