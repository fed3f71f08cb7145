"""Twenty to a hundred thousand persons and five agencies, from files to a run: seconds a stage and peak memory."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from bake.people import learn
from bake.pipeline import Records, bake
from bake.recipe import SHIPPED, Recipe
from bake.stages import Stages
from geo.demo import ensure_demo
from risk.pseudonyms import make_key
from risk.synthetic.district import synthesise
from risk.synthetic.options import Options

PERMISSION = """
[risk.enforcement]
reason = "A measurement on invented people: reading a fifth file is what is measured."
asked_by = "The one who measures"
agreed_by = "Another who measures"

[risk.record]"""
INCIDENTS = """
[[risk.features]]
name = "incidents"
label = "Incidents at which the child was present"
kind = "count"
agency = "police"
absent = "none"

[risk.model]"""


def five_agencies() -> Recipe:
    """Return the shipped recipe with the police's records read as well, by a stated permission."""
    text = (SHIPPED / "school_readiness.toml").read_text("utf-8")
    for old, new in (
        ('"social_care"]', '"social_care", "police"]'),
        ("\n[risk.record]", PERMISSION),
        ("\n[risk.model]", INCIDENTS),
    ):
        if text.count(old) < 1:
            raise ValueError(f"The shipped recipe has no {old!r} any more.")
        text = text.replace(old, new, 1)
    return Recipe.read(text, "five.toml")


def one(people: int, folder: Path, *, gate: bool) -> None:
    """Bake one district of so many children and print its costs as JSON; for a process of its own.

    Without `gate` it ends with what is known of areas: how long the gate takes depends on the areas.
    """
    import resource  # noqa: PLC0415 (not on every system)

    place = ensure_demo(folder)
    out = folder / "extracts" / "demo"
    made = synthesise(place, out, seed=1, people=people, options=Options(police=True))
    make_key(out)
    start, recipe, stages = resource.getrusage(resource.RUSAGE_SELF), five_agencies(), Stages()
    if gate:
        run = bake(recipe, place, folder, records=Records(out))
        done = run.manifest["stages"]
    else:
        learn(recipe, place, out, stages, "duckdb")
        done = stages.done
    used = resource.getrusage(resource.RUSAGE_SELF)
    told = {
        "children": made.children,
        "rows": sum(made.rows.values()),
        "stages": {str(row["stage"]): float(row["seconds"]) for row in done},
        "cpu": used.ru_utime + used.ru_stime - start.ru_utime - start.ru_stime,
        # each stage counts its peak anew, which takes the earlier ones out of what the system tells of the process
        "peak_mb": max(used.ru_maxrss / 1024, *(float(row["peak_mb"]) for row in done)),
    }
    print(json.dumps(told))


def scale(sizes: list[int], *, gate: bool) -> None:
    """Bake districts of each size, each in a process of its own, and print the table and the exponent of the time."""
    found = []
    for people in sizes:
        with tempfile.TemporaryDirectory() as name:
            command = [sys.executable, "-m", "benchmarks.records", "scale-one", str(people), name]
            command += [] if gate else ["--without-gate"]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        found.append(json.loads(done.stdout.splitlines()[-1]))
        print(f"{people:,}: {sum(found[-1]['stages'].values()):.1f} s", flush=True)
    stages = list(found[0]["stages"])
    print(f"\n| persons | rows | {' | '.join(stages)} | all, s | processor, s | peak, GB |")
    print("|---" * (len(stages) + 5) + "|")
    for told in found:
        cells = [f"{told['stages'][stage]:.1f}" for stage in stages]
        whole = sum(told["stages"].values())
        print(
            f"| {told['children']:,} | {told['rows']:,} | {' | '.join(cells)} | {whole:.1f} | {told['cpu']:.1f} "
            f"| {told['peak_mb'] / 1024:.2f} |"
        )
    if len(found) > 1:
        size = np.log([told["children"] for told in found])
        for name, values in (
            ("all", [sum(told["stages"].values()) for told in found]),
            ("processor", [told["cpu"] for told in found]),
            *((stage, [told["stages"][stage] for told in found]) for stage in stages),
        ):
            print(f"exponent, {name}: {np.polyfit(size, np.log(np.maximum(values, 0.01)), 1)[0]:.2f}")
