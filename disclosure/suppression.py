"""Secondary suppression: which further figures to withhold so that no small count can be worked out."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize, sparse

from disclosure.attack import Shortfall, Targets, falling_short, ranges, shortfalls
from disclosure.errors import DisclosureError
from disclosure.examples import Examples
from disclosure.knowledge import Floats, Knowledge
from disclosure.nearby import Layout
from disclosure.policy import Policy

ROUNDS = 60
FIXED = -1


@dataclass(frozen=True)
class Plan:
    """What may be withheld: for each row of knowledge its item (-1: stays), and its bounds once withheld.

    `costs` is what withholding each item loses (children of whom less is told). `guards` gives for each target the
    item whose withholding makes it a target at all, -1 where it always is one.
    """

    knowledge: Knowledge
    items: npt.NDArray[np.int64]
    low_withheld: Floats
    high_withheld: Floats
    costs: Floats
    targets: Targets
    guards: npt.NDArray[np.int64]
    examples: Examples = field(default_factory=Examples)
    layout: Layout | None = field(default=None, repr=False)
    """How the facts lie: the same whatever is withheld and aimed at, so it is worked out once."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "layout", self.layout or Layout(self.knowledge))

    def after(self, withheld: npt.NDArray[np.bool_]) -> Knowledge:
        """Return what an attacker still knows when some items are withheld."""
        loose = (self.items != FIXED) & np.append(withheld, False)[self.items]
        low = np.where(loose, self.low_withheld, self.knowledge.low)
        return self.knowledge.within(low, np.where(loose, self.high_withheld, self.knowledge.high))


def withhold(plans: Sequence[Plan]) -> npt.NDArray[np.bool_]:
    """Return the items to withhold: of all choices that leave every target its range, one that loses least.

    Each plan is one kind of reader; all share the items. Benders' decomposition, as Fischetti and Salazar-Gonzalez
    (2001) use it for cell suppression: a small integer programme chooses items; the attack (a linear programme a
    target) names the targets whose range falls short; the prices of each such programme are a cut that every safe
    choice obeys. When the attack names none, the choice is safe, and as it obeys every cut at least cost, none safe
    costs less. After ROUNDS, where choices keep evading each other's cuts, what is withheld stays withheld: the choice
    is safe all the same, and may lose a little more than the least.

    Raises `DisclosureError` when even withholding everything leaves a target too narrow: earlier releases have
    told too much.
    """
    costs = plans[0].costs
    withheld = np.zeros(len(costs), dtype=bool)
    cuts: list[tuple[Floats, float]] = []
    proven = [Proven(len(plan.targets.keys), []) for plan in plans]
    for turn in range(ROUNDS + len(costs) + 1):
        found = [
            cut
            for plan, safe in zip(plans, proven, strict=True)
            for cut in _cuts(plan, withheld, safe, seed=len(cuts))
        ]
        if not found:
            return withheld
        cuts += found
        # from then on nothing is told again once it was withheld: that comes to an end, if not at the least cost
        withheld = _cheapest(costs, cuts, withheld & (turn >= ROUNDS))
    raise DisclosureError("No safe choice was found.", "Publish fewer windows or levels together.")


@dataclass(frozen=True)
class Proven:
    """Which of a number of targets were shown safe beside which choice; beside all that withhold more they are too."""

    number: int
    found: list[tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]]

    def beside(self, withheld: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Return the targets that are safe beside a choice without a further look."""
        safe = np.zeros(self.number, dtype=bool)
        for choice, targets in self.found:
            if not (choice & ~withheld).any():
                safe |= targets
        return safe


def _cuts(
    plan: Plan, withheld: npt.NDArray[np.bool_], proven: Proven, seed: int
) -> list[tuple[Floats, float]]:
    active = (plan.guards == FIXED) | np.append(withheld, False)[plan.guards]
    active &= ~proven.beside(withheld)
    known = plan.after(withheld)
    places = np.flatnonzero(active)
    short = (
        shortfalls(known, plan.targets.only(active), seed, plan.examples, plan.layout) if len(places) else []
    )
    safe = active.copy()
    safe[[places[found.target] for found in short]] = False
    proven.found.append((withheld.copy(), safe))
    return [_cut(plan, known, found, int(places[found.target])) for found in short]


def needed(plan: Plan) -> Plan:
    """Return the plan without those targets that do not fall short even while everything is told.

    To withhold only ever widens a range: what is safe beside all figures is safe whatever is withheld. Targets with a
    guard stay, for while everything is told their own figure is too; but where nothing falls short, nothing will be
    withheld, and there are none.
    """
    always = np.flatnonzero(plan.guards == FIXED)
    short = always[falling_short(plan.knowledge, plan.targets.at(always), plan.examples, plan.layout)]
    guarded = np.flatnonzero(plan.guards != FIXED) if len(short) else short
    places = np.sort(np.concatenate([short, guarded]))
    return replace(plan, targets=plan.targets.at(places), guards=plan.guards[places])


def attainable(plan: Plan, width: float, *, guarded: bool = True) -> tuple[Plan, pd.DataFrame]:
    """Return the plan with the reach of some targets moved to what withholding everything leaves open.

    Zeros and the marks of small counts stay whatever is withheld, and what was released before stays released. Where
    they alone narrow a range, the reach is moved to the nearest one as wide, or, if none is left, to all there is.
    Without `guarded` those that are targets only once their own figure is withheld are left as they are. The frame
    names the targets moved, as `attack.ranges` does, with `place`, the target's number.
    """
    known = plan.after(np.ones(len(plan.costs), dtype=bool))
    asked = np.flatnonzero((plan.guards == FIXED) | guarded)
    named = asked[falling_short(known, plan.targets.at(asked), plan.examples, plan.layout)]
    moved = ranges(known, plan.targets.at(named), layout=plan.layout).assign(place=named)
    low, high = plan.targets.reach_low.copy(), plan.targets.reach_high.copy()
    for place, least, most in moved[["place", "low", "high"]].itertuples(index=False):
        wide = min(width, high[place] - low[place])
        low[place] = max(least, min(low[place], most - wide))
        high[place] = min(most, max(high[place], low[place] + wide))
    return replace(plan, targets=replace(plan.targets, reach_low=low, reach_high=high)), moved


def _cut(plan: Plan, known: Knowledge, found: Shortfall, target: int) -> tuple[Floats, float]:
    """Return the coefficients and the least sum that any safe choice has to bring together."""
    tight = np.concatenate([plan.knowledge.high, -plan.knowledge.low])
    loose = np.concatenate([plan.high_withheld, -plan.low_withheld])
    present = np.concatenate([known.high, -known.low])
    items = np.concatenate([plan.items, plan.items])
    prices = np.clip(found.prices, 0, None)
    bound_when_all_stay = found.bound - float(prices @ (present - tight))
    goal = plan.targets.reach_high[target] if found.side == 1 else -plan.targets.reach_low[target]
    lacking = goal - bound_when_all_stay
    gains = np.zeros(len(plan.costs) + 1)
    np.add.at(gains, items, np.where(items != FIXED, prices * (loose - tight), 0.0))
    gains = np.minimum(gains[:-1], lacking)
    gains[gains < 1e-9 * max(lacking, 1.0)] = 0.0
    guard = plan.guards[target]
    if guard == FIXED:
        return gains / lacking, 1.0
    needed = gains / lacking
    needed[guard] -= 1.0  # only when the guard is withheld is there anything to protect
    return needed, 0.0


def _cheapest(
    costs: Floats, cuts: list[tuple[Floats, float]], kept: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Return the items that obey every cut at least cost, those that are kept withheld among them."""
    rows = sparse.csr_array(np.array([gains for gains, _ in cuts]))
    least = np.array([least for _, least in cuts]) - 1e-7
    answer = optimize.milp(
        costs,
        constraints=[optimize.LinearConstraint(rows, least, np.inf)],
        integrality=np.ones(len(costs)),
        bounds=optimize.Bounds(kept.astype(float), 1),
    )
    if answer.status != 0:
        raise DisclosureError(
            "What was released before already tells too much: no choice of figures is safe beside it.",
            "Withdraw an earlier release, or publish these cohorts in the windows that it used.",
        )
    return np.asarray(np.round(answer.x)).astype(bool)


def needed_reach(denominator: int, threshold: int) -> tuple[float, float]:
    """Return the range that has to stay open for a small count that is not told.

    From 1 to the threshold; where there are hardly more children than that, everything the public number of
    children leaves open.
    """
    if denominator < threshold:
        return 0.0, float(denominator)
    return 1.0, float(threshold)


def withheld_reach(shown: int, denominator: int, policy: Policy) -> tuple[float, float]:
    """Return a range as wide as 1 to the threshold around a greater count that is withheld for others' sake."""
    least = policy.threshold + 1
    low = float(max(least, min(shown - policy.width // 2, denominator - policy.width)))
    return low, min(low + policy.width, float(denominator))
