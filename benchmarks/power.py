"""Power: how much of a true cluster is found, by the exact law and by esda's 999 permutations, on the same draws.

A disc of Basildon output areas gets its values raised by so many standard deviations; both sides look for it
with Gi*, two-sided p and Benjamini and Hochberg's q < 0.05. Run: python -m benchmarks.power [--draws 40]
"""

import argparse
import os
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
from esda import G_Local
from scipy.spatial import cKDTree

from geo import neighbours
from geo.adjacency import from_graph
from geo.exact import neighbour_sum_tails, two_sided
from geo.multiplicity import benjamini_hochberg

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("LARDER_SHARED", ROOT.parent / "shared" / "data"))
EFFECTS, SIZES = (0.5, 1.0, 1.5, 2.0), (10, 30, 60)


def sampled(values: npt.NDArray[np.float64], graph: object, seed: int) -> npt.NDArray[np.float64]:
    """Return esda's two-sided p: its p_sim is one tail, so doubled and clipped."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        local = G_Local(
            values - values.min() + 1,
            graph,
            transform="B",
            star=True,
            permutations=999,
            n_jobs=1,
            seed=seed,
            keep_simulations=False,
        )
    return np.asarray(np.minimum(1.0, 2 * local.p_sim))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=40)
    parser.add_argument("--shared", type=Path, default=SHARED)
    options = parser.parse_args()
    file = options.shared / "basildon" / "basildon_boundaries.gpkg"
    areas = gpd.read_file(file, layer="oa21_approx").set_index("oa21cd")
    graph = neighbours.queen(areas)
    links = from_graph(graph)
    points = np.column_stack([areas.centroid.x, areas.centroid.y])
    rng = np.random.default_rng(1)
    print("share of the raised areas found with q < 0.05 (exact | esda 999)")
    print("raised by  " + "".join(f"{size:>5d} areas      " for size in SIZES))
    for effect in EFFECTS:
        cells = []
        for size in SIZES:
            found = np.zeros(2)
            for draw in range(options.draws):
                raised = cKDTree(points).query(points[rng.integers(len(points))], k=size)[1]
                values = rng.normal(size=len(points))
                values[raised] += effect
                tails = neighbour_sum_tails(values, links)
                for side, p in enumerate(
                    (two_sided(tails.upper, tails.lower)[0], sampled(values, graph, draw))
                ):
                    found[side] += (benjamini_hochberg(p)[raised] < 0.05).mean()
            cells.append("{:6.3f} | {:5.3f}  ".format(*found / options.draws))
        print(f"{effect:4.1f} sd    " + "".join(cells))


if __name__ == "__main__":
    main()
