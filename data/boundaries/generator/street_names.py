"""Street names: edges that run on into each other share one, drawn from the theme of their neighbourhood."""

from collections import defaultdict

import numpy as np
import numpy.typing as npt
import shapely

from data.boundaries.generator import plan
from data.boundaries.generator.lines import Drawing

Ints = npt.NDArray[np.int64]
STEMS = (
    "Alder", "Ashby", "Aster", "Avocet", "Barley", "Beacon", "Bittern", "Bramble", "Briar", "Brindle",
    "Campion", "Cobbler", "Colley", "Copper", "Cowslip", "Curlew", "Damson", "Dunlin", "Egret", "Elder",
    "Fallow", "Fennel", "Ferry", "Foundry", "Gannet", "Garner", "Godwit", "Gosling", "Granary",
    "Hawthorn", "Hazel", "Heron", "Hobby", "Holm", "Iris", "Juniper", "Kelp", "Kiln", "Lapwing", "Larch",
    "Lime", "Linnet", "Mallow", "Maple", "Marten", "Medlar", "Mercer", "Millstone", "Myrtle", "Nettle",
    "Oat", "Orchard", "Osier", "Otter", "Oyster", "Peel", "Pintail", "Plover", "Poplar", "Potter",
    "Quince", "Reed", "Rowan", "Rush", "Rye", "Saddler", "Sedge", "Shelduck", "Skylark", "Sloe", "Snipe",
    "Sorrel", "Spindle", "Sprat", "Stonechat", "Swale", "Tanner", "Teal", "Teasel", "Thatcher", "Thrift",
    "Tollgate", "Turner", "Vetch", "Wader", "Weaver", "Wherry", "Whimbrel", "Whitebeam", "Wigeon",
    "Willow", "Withy", "Yarrow",
)  # fmt: skip
ENDINGS = {
    "old": ("Street", "Lane", "Row", "Hill", "Passage", "Gate"),
    "terrace": ("Street", "Road", "Terrace", "Place", "Street"),
    "grid": ("Road", "Avenue", "Walk", "Green", "Croft", "Road"),
    "crescent": ("Crescent", "Drive", "Avenue", "Gardens", "Close", "Rise"),
    "new": ("Way", "Mead", "Drive", "Close", "View", "Chase"),
    "village": ("Lane", "Green", "Street", "End"),
}


def name_streets(
    lines: npt.NDArray[np.object_],
    kinds: npt.NDArray[np.str_],
    ends: Ints,
    drawing: Drawing,
    rng: np.random.Generator,
) -> list[str]:
    """Return a name for each road edge, empty for paths."""
    group = _runs(lines, kinds, ends)
    middles = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    nearest = shapely.STRtree(list(drawing.estates)).nearest(middles)
    roads = [line for _, line in drawing.land.roads]
    road = shapely.STRtree(roads).nearest(middles)
    invented: dict[int, str] = {}
    used: set[str] = set()
    names = []
    for edge, kind in enumerate(kinds.tolist()):
        if kind in ("main_road", "bridge", "rail_crossing"):
            names.append(drawing.land.roads[road[edge]][0])
        elif kind == "street":
            if group[edge] not in invented:
                invented[group[edge]] = _new_name(plan.ESTATES[nearest[edge]].style, used, rng)
            names.append(invented[group[edge]])
        else:
            names.append("")
    return names


def _new_name(style: str, used: set[str], rng: np.random.Generator) -> str:
    """Return a name nobody has yet; when the stems run out, a second word makes more."""
    for turn in range(200):
        name = f"{rng.choice(STEMS)} {rng.choice(ENDINGS[style])}"
        if turn > 12:
            name = f"{rng.choice(('Upper', 'Lower', 'Old', 'New', 'East', 'West', 'Little', 'Great'))} {name}"
        if name not in used:
            break
    used.add(name)
    return name


def _runs(lines: npt.NDArray[np.object_], kinds: npt.NDArray[np.str_], ends: Ints) -> list[int]:
    """Return a group for each edge: streets that go straight on through a junction are one."""
    at: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for edge in np.flatnonzero(kinds == "street"):
        points = shapely.get_coordinates(lines[edge])
        for node, (near, far) in zip(
            ends[edge], ((points[0], points[1]), (points[-1], points[-2])), strict=True
        ):
            at[int(node)].append((int(edge), float(np.arctan2(*(far - near)[::-1]))))
    leader = list(range(len(lines)))

    def find(edge: int) -> int:
        while leader[edge] != edge:
            edge = leader[edge]
        return edge

    for meeting in at.values():
        bends = sorted(
            (abs(abs((a - b + np.pi) % (2 * np.pi) - np.pi) - np.pi), first, second)
            for number, (first, a) in enumerate(meeting)
            for second, b in meeting[number + 1 :]
        )
        taken: set[int] = set()
        for bend, first, second in bends:
            if bend < 0.5 and not {first, second} & taken:
                taken |= {first, second}
                leader[find(first)] = find(second)
    return [find(edge) for edge in range(len(lines))]
