"""The answer key: what is planted where, chosen from the map before any number is drawn."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely

from data.boundaries.generator import plan
from data.boundaries.generator.areas import Areas

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Neighbours = list[list[int]]
HOT_SIZE = 26
COLD_RINGS = 3


@dataclass(frozen=True)
class Planted:
    """One thing planted: its core, and the fringe round it that the key is silent about."""

    id: str
    kind: str
    name: str
    core: list[int]
    expect: str
    members: list[int] = field(default_factory=list)


def queen(shapes: npt.NDArray[np.object_]) -> Neighbours:
    """Return the areas that share a border or a corner with each area."""
    tree = shapely.STRtree(shapes)
    first, second = tree.query(shapes, predicate="intersects")
    neighbours: Neighbours = [[] for _ in shapes]
    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        if one != other:
            neighbours[one].append(other)
    return [sorted(others) for others in neighbours]


def plant(areas: Areas, neighbours: Neighbours) -> list[Planted]:
    """Choose the planted areas: three hotspots, a cold patch with a high area in it, and a lone high area."""
    planted = [
        _hotspot(number, name, areas, neighbours) for number, name in enumerate(plan.HOTSPOTS, start=1)
    ]
    centre = _central(plan.COLD_PATCH, areas)
    rings = _rings(centre, neighbours, COLD_RINGS, _estate(plan.COLD_PATCH, areas))
    low = [number for ring in rings[1:] for number in ring]
    core = [number for number in rings[2] if set(neighbours[number]) <= set(low)]
    planted.append(Planted("cold-1", "cold_patch", plan.COLD_PATCH, core, "cold", low))
    planted.append(Planted("high-low-1", "high_among_low", plan.COLD_PATCH, [centre], "high_low", [centre]))
    lone = _central(plan.LONE_HIGH, areas)
    planted.append(Planted("lone-1", "lone_high", plan.LONE_HIGH, [lone], "none", [lone, *neighbours[lone]]))
    return planted


def _hotspot(number: int, name: str, areas: Areas, neighbours: Neighbours) -> Planted:
    """Grow a hotspot from the middle of an estate; its core are those with every neighbour inside."""
    inside = _estate(name, areas)
    members: list[int] = []
    for ring in _rings(_central(name, areas), neighbours, 6, inside):
        members += ring
        if len(members) >= HOT_SIZE:
            break
    members = members[:HOT_SIZE]
    chosen = set(members)
    core = [m for m in members if len(neighbours[m]) >= 6 and set(neighbours[m]) <= chosen]
    return Planted(f"hot-{number}", "hotspot", name, core, "hot", members)


def _estate(name: str, areas: Areas) -> set[int]:
    number = [estate.name for estate in plan.ESTATES].index(name)
    return set(np.flatnonzero(areas.estate == number).tolist())


def _central(name: str, areas: Areas) -> int:
    """Return the area nearest to the middle of an estate."""
    mine = np.array(sorted(_estate(name, areas)))
    middle = areas.home[mine].mean(axis=0)
    return int(mine[np.argmin(((areas.home[mine] - middle) ** 2).sum(axis=1))])


def _rings(centre: int, neighbours: Neighbours, count: int, inside: set[int]) -> Neighbours:
    """Return the areas 0, 1, ... borders away from one, within a set."""
    rings, seen = [[centre]], {centre}
    for _ in range(count):
        ring = sorted({other for one in rings[-1] for other in neighbours[one]} & inside - seen)
        seen |= set(ring)
        rings.append(ring)
    return rings


def describe(seed: int, planted: list[Planted], codes: list[str], areas: Areas) -> dict[str, object]:
    """Return the key as it is written to answer_key.json."""
    unsurveyed = sorted(number for name in plan.UNSURVEYED for number in _estate(name, areas))
    hotspots = {item.name: item.id for item in planted if item.kind == "hotspot"}
    return {
        "seed": seed,
        "planted": [
            {
                "id": item.id,
                "kind": item.kind,
                "name": item.name,
                "codes": sorted(codes[number] for number in item.core),
                "expect": item.expect,
            }
            for item in planted
        ],
        "poorly_served": [hotspots[name] for name in plan.POORLY_SERVED],
        "unsurveyed": {"name": plan.UNSURVEYED[0], "codes": [codes[number] for number in unsurveyed]},
    }
