"""The gate for predictions: of what is foreseen of small areas it lets a class and a band of the chance through."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from disclosure.errors import DisclosureError
from disclosure.examples import Examples
from disclosure.foreseen import HOT, Figure, Foreseen, Gaps, called_at, gaps_of, same_figure, shrinking
from disclosure.gate import TOO_FEW, left_out_note
from disclosure.gate_statistics import WITHHELD
from disclosure.geography import Cells
from disclosure.given import Given, given_beside
from disclosure.knowledge import Floats
from disclosure.policy import Policy
from disclosure.released import PREDICTION_COLUMNS, SEAL, Parts, Released
from disclosure.searching import Draft, unsafe
from disclosure.suppression import needed_reach
from disclosure.tells import AROUND, OWN, SHRUNKEN, Tell, anchored, as_table, facts_from

BOTH, OBSERVED, PREDICTED, NEITHER, UNSAID = (
    "both",
    "observed only",
    "predicted only",
    "neither",
    "cannot say",
)
"""Where the two kinds of hotspot agree; they are set beside each other, never joined."""
CLASS, CHANCE = "class", "chance"
HALF = 0.5  # a count that is half a child off would be told apart


@dataclass(frozen=True)
class Setting:
    """What the figures of one level are made from: gaps, true counts and children."""

    level: str
    period: str
    codes: tuple[str, ...]
    gaps: Gaps
    counts: npt.NDArray[np.int64]
    children: npt.NDArray[np.int64]
    neighbours: tuple[tuple[int, ...], ...]
    trust: npt.NDArray[np.float64]


def release_predictions(
    foreseen: Foreseen,
    table: pd.DataFrame,
    counts: Released,
    statistics: Released,
    *,
    earlier: Sequence[Released] = (),
    examples: Examples | None = None,
    whole: pd.DataFrame | None = None,
) -> Released:
    """Return what may be told of predicted hotspots: class, a band of its chance, and how it stands to the observed.

    Nothing is told but where `counts` tells a band of the rate and `statistics` a class. A prediction leans on the very
    counts that are hidden, so each class and each band is written down as bounds on counts, as somebody would find
    them who knows all else (`disclosure.tells`), and what would narrow a small count is withheld: the band first, then
    the class.

    `foreseen`: the draws of rates over the longest window of `counts`. `table`: the true counts of `counts`.
    `statistics`: the release of the test, whose neighbours are taken. `earlier`: all else released before or beside.
    `whole` as `release_counts` has it.

    Returns `Released` (kind *predictions*): level, code, period, predicted, chance_from and chance_to (shares), kinds,
    status (*foreseen*, *withheld*, *too few children*), reason.

    Raises `DisclosureError` where draws and counts are not of the same areas.

    Reference: docs/methods/disclosure.md.
    """
    given = given_beside(counts, table, earlier, examples=examples, whole=whole)
    setting = _setting(foreseen, given, statistics)
    told = [counts, statistics, *earlier]
    open_ = _open(setting, counts, statistics)
    as_is = np.zeros(1)
    figures = {
        code: _figures(setting, place, (foreseen, given.policy), as_is, as_is)[0]
        for code, place in open_.items()
    }
    tells = as_table(
        [tell for code, place in open_.items() for tell in _tells(setting, place, code, foreseen, counts)]
    )
    silent, kept, notes = _unsafe(tells, open_, setting, given, told)
    observed = statistics.frame.set_index("code")["gi_cluster"].to_dict()
    frame = _frame(setting, given, figures, silent, observed)
    around = statistics.surroundings
    parts = Parts(
        "predictions", frame, given.policy, given.geography, given.windows, around, notes, tells=kept
    )
    return Released(SEAL, parts)


def _setting(foreseen: Foreseen, given: Given, statistics: Released) -> Setting:
    period = max(given.windows, key=lambda name: len(given.windows[name]))
    window, geography = given.windows[period], given.geography
    level = str(geography.parents.index.name)
    codes = [str(code) for code in geography.membership(level)[0]]
    missing = [code for code in codes if code not in foreseen.draws.index]
    if missing:
        raise DisclosureError(
            f"The draws lack {len(missing)} areas of the counts ({missing[0]} is one).",
            "Give draws of all areas.",
        )
    places = {code: place for place, code in enumerate(codes)}
    around = statistics.surroundings
    neighbours = tuple(
        tuple(places[other] for other in around.get(code, ()) if other in places) for code in codes
    )

    counts, children = (
        geography.totals(what, level, window).loc[codes].to_numpy(np.int64)
        for what in (given.table, geography.denominators)
    )
    draws = foreseen.draws.loc[codes].to_numpy(np.float64)
    return Setting(
        level=level,
        period=period,
        codes=tuple(codes),
        gaps=gaps_of(draws, children.astype(float), neighbours),
        counts=counts,
        children=children,
        neighbours=neighbours,
        trust=shrinking(counts.astype(float), children.astype(float)),
    )


def _open(setting: Setting, counts: Released, statistics: Released) -> dict[str, int]:
    """Return the areas of which both the band of the rate and the observed class are told, with their places."""
    rates, tests = counts.frame, statistics.frame
    banded = rates[(rates["level"] == setting.level) & (rates["period"] == setting.period)]
    banded = banded[banded["status"] == "band"]
    known = set(banded["code"]) & set(tests.loc[tests["status"] == "assessed", "code"])
    return {code: place for place, code in enumerate(setting.codes) if code in known}


def _tells(setting: Setting, place: int, code: str, foreseen: Foreseen, counts: Released) -> Iterator[Tell]:
    """Yield what the class and the band of one area tell, each form with all else as it truly is."""
    own, children = int(setting.counts[place]), int(setting.children[place])
    near = list(setting.neighbours[place])
    beside, most = int(setting.counts[near].sum()), int(setting.children[near].sum())

    def figures(here: Floats, around: Floats) -> list[Figure]:
        return _figures(setting, place, (foreseen, counts.policy), here, around)

    here, around = (
        np.arange(end + 1, dtype=np.float64) - at for end, at in ((children, own), (most, beside))
    )
    forms = {
        OWN: (figures(here, 0 * here), own),
        AROUND: (figures(0 * around, around), beside),
    }
    trust = float(setting.trust[place])
    for figure in (CLASS, CHANCE):
        for form, (values, at) in forms.items():
            low, high = same_figure([value[0] for value in values] if figure == CLASS else values, at)
            if (low, high) != (0, len(values) - 1):
                yield Tell(figure, setting.level, code, setting.period, form, low, high)
            if form == OWN and (low, high) != (0, len(values) - 1):
                less = -np.inf if low == 0 else low - own - HALF
                more = np.inf if high == children else high - own + HALF
                yield Tell(figure, setting.level, code, setting.period, SHRUNKEN, less, more, trust)


def _figures(
    setting: Setting, place: int, rule: tuple[Foreseen, Policy], here: Floats, around: Floats
) -> list[Figure]:
    """Return the figures of an area, had it and those around it so many children more."""
    foreseen, policy = rule
    names, chances = called_at(setting.gaps, place, foreseen, here, around)
    return list(zip(names, policy.chance_bands(chances), strict=True))


def _unsafe(
    table: pd.DataFrame, open_: dict[str, int], setting: Setting, given: Given, told: Sequence[Released]
) -> tuple[dict[str, set[str]], pd.DataFrame, tuple[str, ...]]:
    """Return the areas that lose the band, those that lose the class, the bounds of what is left, and notes."""
    silent: dict[str, set[str]] = {CLASS: set(), CHANCE: set()}
    if given.policy.secondary:
        silent = _alone(table, setting, given)
        table = _left(table, silent)
    if table.empty:
        return silent, table, ()
    cells = Cells.over([given.geography, *(release.geography for release in told)])
    facts = facts_from(table, given.geography, given.windows, told[1].surroundings, cells)
    table, facts = anchored(table, facts, cells.values(given.table))
    if not given.policy.secondary:
        return silent, table, ()
    number = {code: place for place, code in enumerate(open_)}
    items = table["code"].map(number).to_numpy() + np.where(table["figure"] == CLASS, 0, len(number))
    children = setting.children[list(open_.values())].astype(float)
    withheld, left_out = unsafe(
        Draft(facts, items.astype(np.int64), np.concatenate([children, children / 2])), given, told
    )
    codes = np.array(list(open_), dtype=object)
    named = set(codes[withheld[: len(codes)]])
    silent = {
        CLASS: silent[CLASS] | named,
        CHANCE: silent[CHANCE] | named | set(codes[withheld[len(codes) :]]),
    }
    return silent, _left(table, silent), left_out_note(left_out)


def _left(table: pd.DataFrame, silent: dict[str, set[str]]) -> pd.DataFrame:
    names = table[["code", "figure"]].itertuples(index=False)
    return table[[code not in silent[figure] for code, figure in names]].reset_index(drop=True)


def _alone(table: pd.DataFrame, setting: Setting, given: Given) -> dict[str, set[str]]:
    """Return the areas of which the class, or the band, narrows a small count of their own all by itself.

    No choice of other figures would help there, so the search need not be asked; it is quicker for it.
    """
    places = {code: place for place, code in enumerate(setting.codes)}
    found: dict[str, set[str]] = {CLASS: set(), CHANCE: set()}
    for tell in table[table["form"] == OWN].to_dict("records"):
        place = places[tell["code"]]
        low, high = needed_reach(int(setting.children[place]), given.policy.threshold)
        if given.policy.is_small(int(setting.counts[place])) and (tell["low"] > low or tell["high"] < high):
            found[tell["figure"]].add(tell["code"])
    return {CLASS: found[CLASS], CHANCE: found[CHANCE] | found[CLASS]}


def _frame(
    setting: Setting,
    given: Given,
    figures: dict[str, Figure],
    silent: dict[str, set[str]],
    observed: dict[str, str | None],
) -> pd.DataFrame:
    rows: list[tuple[object, ...]] = []
    for code, children in zip(setting.codes, setting.children, strict=True):
        where = (setting.level, code, setting.period)
        if code not in figures:
            few = children < given.policy.minimum_denominator
            said = (TOO_FEW, TOO_FEW) if few else ("withheld", WITHHELD)
            rows.append((*where, None, None, None, UNSAID, *said))
        elif code in silent[CLASS]:
            rows.append((*where, None, None, None, UNSAID, "withheld", WITHHELD))
        else:
            called, band = figures[code]
            chance = (None, None) if code in silent[CHANCE] else band
            rows.append((*where, called, *chance, _kinds(observed[code], called), "foreseen", ""))
    return pd.DataFrame(rows, columns=list(PREDICTION_COLUMNS)).astype(
        {"chance_from": "Float64", "chance_to": "Float64"}
    )


def _kinds(observed: str | None, predicted: str) -> str:
    if observed == HOT:
        return BOTH if predicted == HOT else OBSERVED
    return PREDICTED if predicted == HOT else NEITHER
