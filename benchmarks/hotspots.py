"""Exact inference and the stability grid, side by side with esda and pygeoda in the same run.

Each measurement is a process of its own. The peers run warm: what numba compiles is compiled on a small case first, and
pygeoda's and esda's weights are built before the clock starts; our neighbours too. Run:

    python -m benchmarks.hotspots --peers PEERS/bin/python [--shared FOLDER] [--part national|grid]

where PEERS is an environment made from benchmarks/requirements.txt.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import neighbours
from geo.exact import neighbour_sum_tails
from geo.hotspots import local_statistics
from geo.stability import Setting, stability

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("LARDER_SHARED", ROOT.parent / "shared" / "data"))
COLUMN = "highest_qualification_6a-001"
SETTINGS, DRAWS, TIMED = 12, 200, 24

PEERS = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
import geopandas as gpd, numpy as np, pandas as pd
from esda import G_Local
from libpysal.graph import Graph
part, shared = sys.argv[1:]
def timed(work):
    start = time.perf_counter(); work(); return time.perf_counter() - start
if part == "national":
    areas = gpd.read_parquet(shared + "/scale/oa21_approx_ew_27700.parquet").set_index("oa21cd")
    census = pd.read_parquet(shared + "/scale/oa21_census2021_pct_x10_ew.parquet").set_index("oa21cd")
    y = census["COLUMN"].reindex(areas.index).to_numpy(float)
    import pygeoda
    geoda = pygeoda.open(areas[["geometry"]].assign(y=y).reset_index(drop=True))
    w = pygeoda.queen_weights(geoda)
    column = geoda["y"]
    out = {}
    for name, method in (("complete", "complete"), ("look-up table", "lookup-table")):
        for call, what in ((pygeoda.local_gstar, "local G*"), (pygeoda.local_moran, "local Moran")):
            out[f"pygeoda {what}, 999, {name}, 2 threads"] = timed(
                lambda: call(w, column, permutations=999, permutation_method=method, cpu_threads=2).lisa_pvalues())
    w = Graph.build_contiguity(areas, rook=False)
    small = Graph.build_contiguity(areas.iloc[:300], rook=False)
    G_Local(y[:300] + 1, small, star=True, permutations=999, n_jobs=1, seed=1)
    out["esda G_Local(star=True), 999, n_jobs=1"] = timed(
        lambda: G_Local(y, w, star=True, permutations=999, n_jobs=1, seed=1))
else:
    areas = gpd.read_file(shared + "/basildon/basildon_boundaries.gpkg", layer="oa21_approx").set_index("oa21cd")
    w = Graph.build_contiguity(areas, rook=False)
    y = np.random.default_rng(0).gamma(2.0, size=(25, len(areas)))
    G_Local(y[0], w, star=True, permutations=9999, n_jobs=1, seed=1)
    settings = dict(star=True, permutations=9999, n_jobs=1, seed=1, keep_simulations=False)
    one = lambda j: timed(lambda: G_Local(y[j], w, **settings))
    out = {"esda G_Local(star=True), 9,999, n_jobs=1, 24 of them": sum(one(j) for j in range(1, 25))}
print(json.dumps(out))
""".replace("COLUMN", COLUMN)


def median_of(work: Callable[[], object], times: int) -> float:
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def national(shared: Path) -> dict[str, float]:
    areas = gpd.read_parquet(shared / "scale" / "oa21_approx_ew_27700.parquet").set_index("oa21cd")
    census = pd.read_parquet(shared / "scale" / "oa21_census2021_pct_x10_ew.parquet").set_index("oa21cd")
    values = census[COLUMN].reindex(areas.index).astype(float)
    links = neighbours.find(areas, "queen")
    untied = values.to_numpy() + np.random.default_rng(0).random(len(values))
    return {
        "p of all areas (census column)": median_of(lambda: neighbour_sum_tails(values.to_numpy(), links), 7),
        "p of all areas (untied)": median_of(lambda: neighbour_sum_tails(untied, links), 7),
        "z, p, q, clusters": median_of(lambda: local_statistics(values, links), 3),
    }


def grid(shared: Path) -> dict[str, float]:
    file = shared / "basildon" / "basildon_boundaries.gpkg"
    areas = gpd.read_file(file, layer="oa21_approx").set_index("oa21cd")
    rng = np.random.default_rng(0)
    rules = ("queen", "rook", "knn:6", "knn:8")
    links = {rule: neighbours.find(areas, rule) for rule in rules}
    draws = [
        pd.DataFrame(rng.gamma(2.0, size=(len(areas), DRAWS)), index=areas.index)
        for _ in range(SETTINGS // len(rules))
    ]
    settings = [
        Setting(f"{rule} {number}", sample, links[rule])
        for rule in rules
        for number, sample in enumerate(draws)
    ]
    return {
        f"grid of {SETTINGS} settings x {DRAWS} draws": median_of(lambda: stability(areas.index, settings), 3)
    }


def measured(command: list[str]) -> dict[str, float]:
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def report(part: str, ours: dict[str, float], theirs: dict[str, float]) -> None:
    memory = ours.pop("peak memory, MB")
    first = next(iter(ours.values()))
    scale = SETTINGS * DRAWS / TIMED if part == "grid" else 1
    print(f"\n{part}: seconds, and times ours (peak memory of our process {memory:,.0f} MB)")
    for name, seconds in ours.items():
        print(f"  ours   {name:58s} {seconds:10.3f}")
    for name, seconds in theirs.items():
        told = f"{name}, times {scale:.0f}" if scale > 1 else name
        print(f"  peer   {told:58s} {seconds * scale:10.3f}  {seconds * scale / first:8.1f} x")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", help="the Python of an environment with the peers")
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--part", choices=("national", "grid"), action="append")
    parser.add_argument("--own", choices=("national", "grid"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.own:
        found = {"national": national, "grid": grid}[options.own](options.shared)
        found["peak memory, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(found))
        return
    for part in options.part or ("national", "grid"):
        shared = str(options.shared)
        ours = measured([sys.executable, "-m", "benchmarks.hotspots", "--own", part, "--shared", shared])
        theirs = measured([options.peers, "-c", PEERS, part, shared]) if options.peers else {}
        report(part, ours, theirs)


if __name__ == "__main__":
    main()
