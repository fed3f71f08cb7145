"""The synthetic district: made from a place, written as five agencies' extracts, with its truth kept apart."""

import json
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from geo.place import Place
from risk.errors import RiskError
from risk.synthetic.addresses import register
from risk.synthetic.agencies import births, housing, police, schools, social_care
from risk.synthetic.ground import deciles, deprivation
from risk.synthetic.options import AGENCIES, Options, check_options
from risk.synthetic.records import Extract
from risk.synthetic.truth import truth_of_areas, truth_of_children, truth_of_coverage, truth_of_rows
from risk.synthetic.world import World, make_world

FILES = {
    "births": births.FILE,
    "schools": schools.FILE,
    "housing": housing.FILE,
    "social_care": social_care.FILE,
    "police": police.FILE,
}
REGISTER = "uprn_register.csv"
DEPRIVATION = "area_deprivation.csv"
ABOUT = "about.json"
_MAKERS = {
    "births": births.births,
    "schools": schools.schools,
    "housing": housing.housing,
    "social_care": social_care.social_care,
    "police": police.police,
}


@dataclass(frozen=True)
class Summary:
    """What was made: where it lies, how many children and rows, and what is true on the whole."""

    place: str
    out: Path
    truth: Path
    seed: int
    scenario: str
    children: int
    assessed: int
    next_cohort: int
    homes: int
    rows: dict[str, int]
    persons: dict[str, int]
    twice: int
    with_slips: int
    base_rate: float
    observed_rate: float
    notes: tuple[str, ...]

    def sentences(self) -> list[str]:
        """Return the summary in words, a sentence a line."""
        share = self.with_slips / max(1, sum(self.rows.values()))
        return [
            f"{self.children:,} invented children of {self.place}; {self.assessed:,} were assessed while living there, "
            f"{self.next_cohort:,} are in the cohort to come.",
            *(
                f"{name}: {self.rows[name]:,} rows about {self.persons[name]:,} children."
                for name in self.rows
            ),
            f"{share:.0%} of the rows hold a slip or a gap; {self.twice:,} were entered twice.",
            f"True rate {self.base_rate:.1%}; {self.observed_rate:.1%} came about.",
            f"Extracts: {self.out}. The truth, which no model may see: {self.truth}.",
            *self.notes,
        ]


def synthesise(
    place: Place,
    out: Path,
    seed: int,
    *,
    people: int | None = None,
    options: Options | None = None,
    force: bool = False,
) -> Summary:
    """Make the synthetic district of a place and write its extracts to `out` and its truth to `out`-truth.

    The same place, options and seed give the same bytes. Both folders appear whole or not at all. `people` stands
    before the `people` of `options`; `force` replaces folders that an earlier call made, and nothing else.

    Returns the summary. RiskError where an option is out of range, the place cannot carry a district, or a folder is
    in the way. Example: `synthesise(ensure_demo(home), home / "extracts" / "demo", seed=1)`.
    """
    chosen = options or Options()
    chosen = replace(chosen, people=people) if people is not None else chosen
    check_options(chosen)
    if seed < 0:
        raise RiskError(f"A seed is a whole number from 0, not {seed}.", "Give such as --seed 1.")
    out, truth = folders(out)
    _check_free((out, truth), force)
    world = make_world(place, chosen, seed)
    extracts = make_extracts(world)
    rows = truth_of_rows(world, extracts)
    _write(out, _open_files(place, world, extracts), force)
    _write(truth, _truth_files(world, extracts, rows), force)
    return _summary(world, extracts, rows, place=place.name, out=out)


def folders(out: Path) -> tuple[Path, Path]:
    """Return the folder of the extracts and that of the truth, which stands beside it and never under it."""
    out = out.expanduser().resolve()
    if not out.name:
        raise RiskError(f"{out} cannot hold extracts: the truth is to stand beside them.", "Name a folder.")
    return out, out.with_name(f"{out.name}-truth")


def make_extracts(world: World) -> list[Extract]:
    """Return the extract of each agency that hands one over."""
    return [_MAKERS[agency](world) for agency in AGENCIES if agency in world.options.agencies]


def _check_free(paths: tuple[Path, ...], force: bool) -> None:
    """Raise RiskError unless each folder is absent, empty, or made by this module and to be replaced."""
    for path in paths:
        if not path.exists() or (path.is_dir() and not any(path.iterdir())):
            continue
        if not (path / ABOUT).is_file():
            raise RiskError(f"{path} holds something else.", "Choose another folder.")
        if not force:
            raise RiskError(f"{path} holds a synthetic district already.", "Say --force to make it anew.")


def _about(place: Place, world: World, kind: str) -> dict[str, Any]:
    """Return what both folders say of themselves; nothing in it tells the truth."""
    return {
        "what": f"The {kind} of a synthetic district: every person in it is invented.",
        "synthetic": True,
        "place": place.name,
        "place_digest": place.digest,
        "seed": world.seed,
        "cohorts": list(world.options.cohorts),
        "next_cohort": world.options.next_cohort,
        "extracted_on": world.options.extracted_on.isoformat(),
        "files": {agency: FILES[agency] for agency in world.options.agencies},
        "uprn_register": REGISTER,
        "area_deprivation": DEPRIVATION,
    }


def _open_files(
    place: Place, world: World, extracts: list[Extract]
) -> dict[str, pd.DataFrame | dict[str, Any]]:
    score = deprivation(place, world.options.deprivation)
    area = pd.DataFrame(
        {"area": score.index, "deprivation_score": score.round(6), "deprivation_decile": deciles(score)}
    )
    return {
        **{FILES[extract.agency]: extract.table for extract in extracts},
        REGISTER: register(world.homes),
        DEPRIVATION: area,
        ABOUT: _about(place, world, "extracts"),
    }


def _truth_files(
    world: World, extracts: list[Extract], rows: pd.DataFrame
) -> dict[str, pd.DataFrame | dict[str, Any]]:
    return {
        "children.csv": truth_of_children(world),
        "rows.csv": rows,
        "areas.csv": truth_of_areas(world),
        "coverage.csv": truth_of_coverage(world, extracts),
        ABOUT: {"synthetic": True, "seed": world.seed, "options": asdict(world.options)},
    }


def _write(folder: Path, files: dict[str, pd.DataFrame | dict[str, Any]], force: bool) -> None:
    """Write a folder whole, readable by its owner alone, and put it in its place."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700)
    for name, content in files.items():
        if isinstance(content, dict):
            (partial / name).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        else:
            content.to_csv(partial / name, index=False, lineterminator="\n", encoding="utf-8")
    if folder.exists():
        if force:
            shutil.rmtree(folder)
        else:
            folder.rmdir()  # only an empty one is left to this point
    partial.rename(folder)


def _summary(world: World, extracts: list[Extract], rows: pd.DataFrame, *, place: str, out: Path) -> Summary:
    children = world.children
    known = (children["here"] & (children["cohort"] <= world.options.last_cohort)).to_numpy(bool)
    natural = float(world.ground.expected_a_year.sum() * (len(world.options.cohorts) + 1))
    notes = (
        ()
        if world.options.people is None
        else (
            f"The place's own ages would give about {natural:,.0f} children; {len(children):,} were asked for.",
        )
    )
    return Summary(
        place=place,
        out=out,
        truth=folders(out)[1],
        seed=world.seed,
        scenario=world.options.scenario,
        children=len(children),
        assessed=int(known.sum()),
        next_cohort=int((children["here"] & ~known & (children["cohort"] > world.options.last_cohort)).sum()),
        homes=len(world.homes),
        rows={extract.agency: len(extract.table) for extract in extracts},
        persons={extract.agency: int(extract.links["child"].nunique()) for extract in extracts},
        twice=int(rows["twice"].sum()),
        with_slips=int((rows["slips"] != "").sum()),
        base_rate=float(children.loc[known, "true_risk"].mean()),
        observed_rate=float(children.loc[known, "outcome"].mean()),
        notes=notes,
    )
