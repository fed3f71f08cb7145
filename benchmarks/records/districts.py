"""Twenty seeded districts through the whole chain, beside their known truth."""

import json
import statistics
from pathlib import Path
from typing import Any

from bake.recipe import load_recipe
from benchmarks.records.chain import LEVELS, linkage_of, whole_chain
from geo.demo import ensure_demo
from risk.spec import BASELINES
from risk.synthetic.options import Options
from store.home import home

NAMED = {"chain": "the chain", "counted": "as counted"}


def districts(count: int, first: int, folder: Path) -> None:
    """Take districts through the chain, a file each in `folder`, and print what they came to.

    A district whose file is there already is not made again.
    """
    recipe, place = load_recipe("school_readiness"), ensure_demo(home())
    folder.mkdir(parents=True, exist_ok=True)
    for seed in range(first, first + count):
        path = folder / f"district-{seed}.json"
        if not path.exists():
            found = whole_chain(recipe, place, seed, Options())
            clean = linkage_of(recipe, place, seed, Options(typos=0))
            found |= {"clean_precision": clean.precision, "clean_recall": clean.recall}
            path.write_text(json.dumps(found, indent=1), "utf-8")
        told = json.loads(path.read_text("utf-8"))
        print(_line(told), flush=True)
    print()
    print(table([json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("district-*.json"))]))


def _line(told: dict[str, Any]) -> str:
    seconds = sum(told["seconds"].values())
    return (
        f"district {told['seed']}: {told['shown']}, linkage {told['verdict']}, {seconds:.0f} s; "
        f"OA {told['error']['chain']['oa']['rmse']:.2f} off, held {told['held']['oa']:.3f}"
    )


def table(found: list[dict[str, Any]]) -> str:
    """Return the table of mean, least and greatest over the districts."""
    rows = [f"| {len(found)} districts | mean | least | greatest |", "|---|---|---|---|"]

    def row(name: str, *path: str, times: float = 1.0, digits: int = 3) -> None:
        values = []
        for told in found:
            value: Any = told
            for key in path:
                value = value[key]
            values.append(times * float(value))
        cells = (statistics.fmean(values), min(values), max(values))
        rows.append(f"| {name} | {' | '.join(f'{cell:.{digits}f}' for cell in cells)} |")

    row("linkage precision, per cent", "precision", times=100, digits=2)
    row("linkage recall, per cent", "recall", times=100, digits=2)
    row("its own account of precision", "expected_precision", times=100, digits=2)
    row("its own account of recall", "expected_recall", times=100, digits=2)
    row("precision without typos", "clean_precision", times=100, digits=2)
    row("recall without typos", "clean_recall", times=100, digits=2)
    row("children counted where they lived, per cent", "placed", times=100, digits=1)
    for level in LEVELS[:3]:
        for measure in ("rmse", "mae"):
            for name in ("chain", *BASELINES, "counted"):
                label = NAMED.get(name, name.replace("_", " "))
                row(
                    f"{level.upper()} rate, {measure}, in 100: {label}",
                    "error",
                    name,
                    level,
                    measure,
                    digits=2,
                )
    for name in ("best", "model", *BASELINES):
        row(f"top 20 % recall: {name.replace('_', ' ')}", "top", name)
    for level in LEVELS:
        row(
            f"true {level.upper()} rates held by the 90 % interval, per cent",
            "held",
            level,
            times=100,
            digits=1,
        )
    for level in LEVELS[:3]:
        label = f"the same, of {level.upper()} by the home on the day of assessment"
        row(label, "held_at_assessment", level, times=100, digits=1)
    shown = sum(told["shown"] == "model" for told in found)
    return "\n".join([*rows, "", f"The model was shown in {shown} of {len(found)}."])
