"""Runs as the screen chooses among them: what a run is called, which comes first, which can be compared."""

from collections.abc import Iterable, Mapping, Sequence

from bake.levels import NESTED
from bake.release import told_of
from bake.runs import FROM_RECORDS, Run
from geo.place import Place
from store.home import home
from ui import account
from words.labels import level_term
from words.records import dates_in_words


def absence(run_id: str) -> str:
    """Return why a run that an address asks for is not shown: withdrawn, when and why, or that there is none."""
    gone = told_of(home(), run_id, drafts=account.may_see_drafts())
    if gone is None:
        return f"There is no run “{run_id}” here."
    return f"The run “{run_id}” was withdrawn ({dates_in_words(gone.at.partition('T')[0])}): {gone.reason.rstrip('.')}."


def level_of(run: Run) -> str:
    """Return the level of a run's areas."""
    return str(run.manifest["level"])


def is_own(run: Run, place: Place) -> bool:
    """Return whether a run was asked of the place's own areas."""
    return level_of(run) == place.level


def moment(run: Run) -> str:
    """Return when a run was baked, as people write a date."""
    when = run.baked_at
    return f"{when.day} {when:%b %Y, %H:%M} UTC"


def label(run: Run, place: Place) -> str:
    """Return when a run was baked, and of which areas where they are not the place's own."""
    return moment(run) if is_own(run, place) else f"{moment(run)} · by {level_term(level_of(run))}"


def first(runs: Sequence[Run], places: Mapping[str, Place]) -> Run:
    """Return the run to begin with, of runs that stand newest first: the newest of its place's own areas.

    One that needs no release comes before one from records: nobody is met by a draft unasked.
    """
    own = [run for run in runs if is_own(run, places[run.place])] or list(runs)
    return next((run for run in own if not run.manifest.get(FROM_RECORDS)), own[0])


def from_records(runs: Iterable[Run]) -> list[Run]:
    """Return the runs that were made from agencies' records."""
    return [run for run in runs if run.manifest.get(FROM_RECORDS)]


def comparable(run: Run, runs: Iterable[Run]) -> list[Run]:
    """Return the runs of the same question and place to compare one with: those of other levels, then of its own.

    Each group keeps its order; a level that nests in none of the others is compared with itself only.
    """
    same = [one for one in runs if one.id != run.id and one.place == run.place and one.recipe == run.recipe]
    other = [
        one
        for one in same
        if level_of(one) != level_of(run) and {level_of(one), level_of(run)} <= set(NESTED)
    ]
    return [*other, *(one for one in same if level_of(one) == level_of(run))]


def in_order(run: Run, other: Run) -> tuple[Run, Run]:
    """Return two runs as they are compared: the smaller areas first, or at one level the earlier first."""
    if level_of(run) == level_of(other):
        return (run, other) if run.baked_at <= other.baked_at else (other, run)
    return (run, other) if NESTED.index(level_of(run)) < NESTED.index(level_of(other)) else (other, run)


def coarser_run(run: Run, runs: Iterable[Run]) -> Run | None:
    """Return the newest run of just this recipe on just this data, asked of the next larger areas there are."""
    larger = [
        one
        for one in comparable(run, runs)
        if level_of(one) != level_of(run)
        and in_order(run, one)[0] is run
        and all(one.manifest[part]["digest"] == run.manifest[part]["digest"] for part in ("recipe", "place"))
    ]
    return min(larger, key=lambda one: NESTED.index(level_of(one)), default=None)


def second_run_command(run: Run, place: Place) -> str:
    """Return the command that bakes what a run can be compared with: larger areas, or the place's own."""
    command = f"larder bake {run.recipe} --place {run.place}"
    if not is_own(run, place) or run.manifest["level"] not in NESTED[:-1]:
        return command
    return f"{command} --level {NESTED[NESTED.index(level_of(run)) + 1]}"
