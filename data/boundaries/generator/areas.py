"""Areas: output areas made of blocks, nested in LSOAs and MSOAs, and wards that cut across some of them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from data.boundaries.generator import plan
from data.boundaries.generator.blocks import Blocks
from data.boundaries.generator.splits import components, split

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
WARDS = 12
HARD = ("river", "railway")
# How much dearer a border of this kind is to have inside an area.
DEAR = {"river": 40.0, "railway": 40.0, "main_road": 5.0, "street": 1.0, "outline": 1.6, "hedge": 1.0}


@dataclass(frozen=True)
class Areas:
    """Output areas in the order of their codes.

    shapes: (n,) polygons; people: (n,) before noise; estate: (n,) number in the plan; home: (n, 2) where
    its people live on average, metres; pairs: (m, 2) that share a border line, with its cost; block: the
    area of each block.
    """

    shapes: npt.NDArray[np.object_]
    people: Floats
    estate: Ints
    home: Floats
    pairs: Ints
    costs: Floats
    block: Ints
    lsoa: Ints
    msoa: Ints
    ward: Ints


def make_areas(blocks: Blocks, rng: np.random.Generator) -> Areas:
    """Group blocks into output areas, and these into LSOAs, MSOAs and wards."""
    people = block_people(blocks, rng)
    area = attach_open_land(blocks, group_blocks(blocks, people, rng))
    count = int(area.max()) + 1
    totals = np.bincount(area, weights=people, minlength=count).astype(np.float64)
    home = np.column_stack(
        [np.bincount(area, weights=people * axis, minlength=count) / totals for axis in blocks.centres.T]
    )
    estate = np.array(
        [_main_estate(blocks.estate[area == number], people[area == number]) for number in range(count)]
    )
    pairs, costs = area_pairs(blocks, area, estate, home)
    msoa, lsoa = nest(home, pairs, costs, rng)
    order = np.lexsort((home[:, 0], -home[:, 1], lsoa, msoa))
    rank = np.argsort(order).astype(np.int64)
    area, pairs = rank[area], rank[pairs]
    totals, home, estate, lsoa, msoa = totals[order], home[order], estate[order], lsoa[order], msoa[order]
    shapes = np.array([shapely.coverage_union_all(blocks.shapes[area == number]) for number in range(count)])
    shapes = shapely.normalize(shapely.coverage_simplify(shapes, 3.0))
    ward = make_wards(totals, home, pairs, costs, lsoa=lsoa, rng=rng)
    inner = shapely.points(home)
    outside = ~shapely.contains(shapes, inner)
    inner[outside] = [
        _inside(shape, blocks, area == number, people)
        for number, shape in enumerate(shapes)
        if outside[number]
    ]
    home = np.column_stack([shapely.get_x(inner), shapely.get_y(inner)])
    return Areas(shapes, totals, estate, home, pairs, costs, area, lsoa, msoa, ward)


def block_people(blocks: Blocks, rng: np.random.Generator) -> Floats:
    """Return how many people live in each block, scaled so that the plan's number of areas comes out."""
    density = np.array([estate.density for estate in plan.ESTATES] + [0.0])[blocks.estate]
    people = density * shapely.area(blocks.shapes) / 1e4 * rng.uniform(0.8, 1.25, len(density))
    return np.asarray(people * plan.AREAS * plan.MEAN_PEOPLE / people.sum(), dtype=float)


def group_blocks(blocks: Blocks, people: Floats, rng: np.random.Generator) -> Ints:
    """Return the output area of each built block, -1 for open land and scraps with too few people."""
    soft = ~np.isin(blocks.border, HARD)
    same = blocks.estate[blocks.pairs[:, 0]] == blocks.estate[blocks.pairs[:, 1]]
    links = blocks.pairs[soft & same]
    dear = np.array([DEAR[kind] for kind in blocks.border[soft & same]])
    part = components(len(people), links)
    part[blocks.estate < 0] = -1
    area = np.full(len(people), -1, dtype=np.int64)
    centres, first = blocks.centres, 0
    for number in np.unique(part[part >= 0]):
        nodes = np.flatnonzero(part == number)
        share = round(people[nodes].sum() / plan.MEAN_PEOPLE)
        if share == 0 and people[nodes].sum() < 150:
            continue
        place = np.full(len(people), -1)
        place[nodes] = np.arange(len(nodes))
        mine = place[links[:, 0]] >= 0
        labels = split(
            people[nodes], centres[nodes], place[links[mine]], dear[mine], parts=max(share, 1), rng=rng
        )
        area[nodes] = first + labels
        first += max(share, 1)
    return area


def attach_open_land(blocks: Blocks, area: Ints) -> Ints:
    """Give each open block to the nearest area, on the same side of river, railway and road if it can."""
    count = int(area.max()) + 1
    centres = blocks.centres
    first, second = blocks.pairs.T
    length = np.hypot(*(centres[first] - centres[second]).T) * [DEAR[kind] ** 0.6 for kind in blocks.border]
    style = np.array([estate.style for estate in plan.ESTATES])
    built = np.flatnonzero(area >= 0)
    start = np.where(style[blocks.estate[built]] == "village", 1.0, 420.0)
    size = len(area) + 1
    rows = np.concatenate([first, np.full(len(built), size - 1)])
    columns = np.concatenate([second, built])
    graph = coo_array((np.concatenate([length, start]), (rows, columns)), shape=(size, size)).tocsr()
    _, before = dijkstra(graph, directed=False, indices=size - 1, return_predecessors=True)
    owner = area.copy()
    for block in np.flatnonzero(area < 0):
        trail = [block]
        while owner[trail[-1]] < 0:
            trail.append(before[trail[-1]])
        owner[trail] = owner[trail[-1]]
    if len(np.unique(owner)) != count:
        msg = "an area lost its blocks"
        raise AssertionError(msg)
    return owner


def _main_estate(estates: Ints, people: Floats) -> int:
    return int(np.argmax(np.bincount(np.where(estates < 0, 0, estates), weights=people)))


def area_pairs(blocks: Blocks, area: Ints, estate: Ints, home: Floats) -> tuple[Ints, Floats]:
    """Return which areas share a border line, and how dear it is to keep the two together."""
    ends = np.sort(area[blocks.pairs], axis=1)
    dear = np.array([DEAR[kind] for kind in blocks.border])
    cost: dict[tuple[int, int], float] = {}
    for (low, high), price in zip(ends.tolist(), dear.tolist(), strict=True):
        if low != high:
            cost[low, high] = min(price, cost.get((low, high), np.inf))
    pairs = np.asarray(sorted(cost), dtype=np.int64)
    prices = np.array([cost[low, high] for low, high in pairs.tolist()])
    other = estate[pairs[:, 0]] != estate[pairs[:, 1]]
    length = np.hypot(*(home[pairs[:, 0]] - home[pairs[:, 1]]).T) / 300.0
    return pairs, prices * np.where(other, 3.0, 1.0) * np.clip(length, 0.5, 3.0)


def nest(home: Floats, pairs: Ints, costs: Floats, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Return the MSOA and the LSOA of each output area: about 25 and about 5 areas each, connected."""
    size = len(home)
    msoa = _north_first(split(np.ones(size), home, pairs, costs, parts=round(size / 25), rng=rng), home)
    lsoa = np.zeros(size, dtype=np.int64)
    first = 0
    for number in range(int(msoa.max()) + 1):
        nodes = np.flatnonzero(msoa == number)
        place = np.full(size, -1)
        place[nodes] = np.arange(len(nodes))
        mine = (place[pairs] >= 0).all(axis=1)
        share = max(1, round(len(nodes) / 5))
        labels = split(
            np.ones(len(nodes)), home[nodes], place[pairs[mine]], costs[mine], parts=share, rng=rng
        )
        lsoa[nodes] = first + _north_first(labels, home[nodes])
        first = int(lsoa[nodes].max()) + 1
    return msoa, lsoa


def _north_first(labels: Ints, home: Floats) -> Ints:
    """Number parts anew from north-west to south-east, as real codes run."""
    middle = np.array(
        [(home[labels == label] @ [0.35, -1.0]).mean() for label in range(int(labels.max()) + 1)]
    )
    return np.asarray(np.argsort(np.argsort(middle))[labels], dtype=np.int64)


def make_wards(
    people: Floats, home: Floats, pairs: Ints, costs: Floats, *, lsoa: Ints, rng: np.random.Generator
) -> Ints:
    """Return the ward of each area: twelve of about equal population that keep most LSOAs whole, not all."""
    together = lsoa[pairs[:, 0]] == lsoa[pairs[:, 1]]
    return _north_first(
        split(people, home, pairs, np.where(together, costs * 0.35, costs), parts=WARDS, rng=rng), home
    )


def _inside(
    shape: shapely.Polygon, blocks: Blocks, mine: npt.NDArray[np.bool_], people: Floats
) -> shapely.Point:
    """Return a point of the area's most populous block that lies inside its simplified shape."""
    numbers = np.flatnonzero(mine)
    for number in numbers[np.argsort(-people[numbers], kind="stable")]:
        point = shapely.point_on_surface(blocks.shapes[number])
        if shape.contains(point):
            return point
    return shapely.point_on_surface(shape)
