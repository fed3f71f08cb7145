"""The whole command, file to file, against reading, libpysal's queen neighbours and writing.

Each side is a process of its own, started cold and measured from start to end: interpreter, imports, reading,
neighbours, (ours only: statistics, p for every area, codebook) and writing. The sides take turns, so that whatever else
the machine does meets both. Run: python -m benchmarks.whole_command [--runs 5]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("LARDER_SHARED", ROOT.parent / "shared" / "data"))
ENDINGS = ("gpkg", "parquet")
COLUMN = "highest_qualification_6a-001"

OURS = """
import sys
from cli import main
sys.argv = ["larder", "hotspots", sys.argv[1], "--id", "oa21cd", "--value", "share", "--out", sys.argv[2]]
main()
"""
# what is compared with: every area read, libpysal's neighbours found, every area written, nothing tested
THEIRS = """
import sys
import geopandas as gpd
from libpysal.graph import Graph
source, out = sys.argv[1:]
areas = gpd.read_parquet(source) if source.endswith("parquet") else gpd.read_file(source, use_arrow=True)
graph = Graph.build_contiguity(areas, rook=False)
areas["neighbours"] = graph.cardinalities.to_numpy()
areas.to_parquet(out) if out.endswith("parquet") else areas.to_file(out, use_arrow=True)
"""


def inputs(folder: Path) -> dict[str, Path]:
    """Write the areas of England and Wales with a census column as a file of each format."""
    areas = gpd.read_parquet(
        SHARED / "scale" / "oa21_approx_ew_27700.parquet", columns=["oa21cd", "geometry"]
    )
    census = pd.read_parquet(
        SHARED / "scale" / "oa21_census2021_pct_x10_ew.parquet", columns=["oa21cd", COLUMN]
    )
    areas["share"] = areas["oa21cd"].map(census.set_index("oa21cd")[COLUMN]) / 10
    # two of these outlines cross themselves; mended here, so that both sides read the same
    areas["geometry"] = areas.make_valid(method="structure", keep_collapsed=False)
    files = {ending: folder / f"areas.{ending}" for ending in ENDINGS}
    areas.to_file(files["gpkg"], use_arrow=True)
    areas.to_parquet(files["parquet"])
    return files


class Cost(NamedTuple):
    """What one process took: seconds on the clock, seconds of processor, peak memory in GB."""

    clock: float
    processor: float
    memory: float


def measure(program: str, source: Path, out: Path) -> Cost:
    """Return what a program takes in a process of its own."""
    watch = (
        "import json, resource, subprocess, sys, time\n"
        "start = time.perf_counter()\n"
        "subprocess.run([sys.executable, '-c', *sys.argv[1:]], check=True, stdout=subprocess.DEVNULL)\n"
        "seconds = time.perf_counter() - start\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(json.dumps([seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1e6]))\n"
    )
    command = [sys.executable, "-c", watch, program, str(source), str(out)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    return Cost(*json.loads(done.stdout))


def same_neighbours(ours: Path, theirs: Path) -> str:
    """Say whether both sides counted the same neighbours for every area, and how many have none."""
    counts = []
    for path in (ours, theirs):
        frame = gpd.read_parquet(path) if path.suffix == ".parquet" else gpd.read_file(path, layer=path.stem)
        counts.append(frame.set_index("oa21cd")["neighbours"].astype(int))
    differ = int((counts[0] != counts[1].reindex(counts[0].index)).sum())
    return f"neighbours differ in {differ} of {len(counts[0]):,} areas; islands {int((counts[0] == 0).sum())}"


def compare(ending: str, source: Path, folder: Path, runs: int) -> str:
    """Return one row of the table for one format."""
    costs: dict[str, list[Cost]] = {"ours": [], "theirs": []}
    outs = {side: folder / f"{side}.{ending}" for side in costs}
    for _ in range(runs):
        for side, program in (("ours", OURS), ("theirs", THEIRS)):
            outs[side].unlink(missing_ok=True)
            costs[side].append(measure(program, source, outs[side]))
    cells = [ending]
    for part in ("clock", "processor"):
        each = {side: [getattr(cost, part) for cost in found] for side, found in costs.items()}
        ratios = [ours / theirs for ours, theirs in zip(*each.values(), strict=True)]
        cells += [f"{statistics.median(found):.2f}" for found in each.values()]
        cells.append(f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    cells += [f"{max(cost.memory for cost in found):.2f}" for found in costs.values()]
    return f"| {' | '.join(cells)} | {same_neighbours(*outs.values())} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="runs of each side, in turns")
    runs = parser.parse_args().runs
    if not SHARED.is_dir():
        print(f"whole_command: skipped, for the real areas are not at {SHARED} (LARDER_SHARED).")
        return
    print(f"188,880 polygons, file to file, {runs} runs of each side in turns, medians; peak memory")
    print(
        "ours: `larder hotspots`; theirs: geopandas reads, libpysal finds queen neighbours, geopandas writes\n"
    )
    print(
        "| file | ours, s | theirs, s | ratio | ours, CPU s | theirs, CPU s | ratio | ours, GB | theirs, GB | check |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as name:
        for ending, source in inputs(Path(name)).items():
            print(compare(ending, source, Path(name), runs), flush=True)


if __name__ == "__main__":
    main()
