"""The whole bake beside its Splink and scikit-learn calls alone: the same settings, the same data, nothing else."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from splink import Linker
from threadpoolctl import threadpool_limits

from bake.pipeline import Records, bake
from bake.recipe import load_recipe
from geo.demo import ensure_demo
from risk import linkage, linkage_fields, linkage_model
from risk.linkage import LEAST_SCORE
from risk.linkage_engine import open_engine
from risk.linkage_model import LinkageModel
from risk.linkage_settings import CERTAIN_RECALL, certain_rules, settings, training_rules
from risk.pseudonyms import make_key
from risk.synthetic.district import synthesise


@dataclass
class Calls:
    """What the bake asked of the two libraries: records and trained model, and each fit and prediction in order."""

    records: list[pd.DataFrame] = field(default_factory=list)
    models: list[LinkageModel] = field(default_factory=list)
    seeds: list[int] = field(default_factory=list)
    fits: list[tuple[str, Any, tuple[Any, ...], dict[str, Any]]] = field(default_factory=list)


def replay(times: int) -> None:
    """Bake the demo's records and replay the libraries' calls, in turns, and print both and their ratio."""
    recipe, ratios = load_recipe("school_readiness"), []
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        place = ensure_demo(home)
        synthesise(place, home / "extracts" / "demo", seed=1)
        make_key(home / "extracts" / "demo")
        print("| bake, s | Splink alone, s | scikit-learn alone, s | ratio | stages |\n|---|---|---|---|---|")
        for _ in range(times):
            with recorded() as calls:
                start = time.perf_counter()
                run = bake(recipe, place, home, records=Records())
                whole = time.perf_counter() - start
            splink, sklearn = clocked(replay_splink, calls), clocked(replay_sklearn, calls)
            ratios.append(whole / (splink + sklearn))
            stages = ", ".join(f"{row['stage']} {row['seconds']:.1f}" for row in run.manifest["stages"])
            print(f"| {whole:.1f} | {splink:.1f} | {sklearn:.1f} | {ratios[-1]:.2f} | {stages} |", flush=True)
    calls_told = f"{len(calls.fits):,} calls of scikit-learn, {len(calls.records[0]):,} records linked"
    print(
        f"\nratio {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) of {times}; {calls_told}"
    )


def clocked(work: Callable[[Calls], None], calls: Calls) -> float:
    """Return the seconds that a replay takes."""
    start = time.perf_counter()
    work(calls)
    return time.perf_counter() - start


@contextmanager
def recorded() -> Iterator[Calls]:
    """Give a list that fills with every call of the two libraries while it is open."""
    calls = Calls()
    inside: list[int] = []
    linkage_told = _spied_linkage(calls)

    def spy(kind: str, owner: type, name: str) -> Any:
        plain = getattr(owner, name)

        def asked(self: Any, *args: Any, **options: Any) -> Any:
            if not inside:  # a pipeline asks its parts in turn, which the replay does by itself
                calls.fits.append((kind, self, args, options))
            inside.append(1)
            try:
                return plain(self, *args, **options)
            finally:
                inside.pop()

        return patch.object(owner, name, asked)

    with (
        linkage_told,
        spy("fit", Pipeline, "fit"),
        spy("predict", Pipeline, "predict_proba"),
        spy("fit", LogisticRegression, "fit"),
    ):
        yield calls


def _spied_linkage(calls: Calls) -> Any:
    """Return the patch by which training tells what it was given and what it found."""
    train, fields = linkage_model.train, linkage_fields.linkage_records

    def training(*args: Any, **options: Any) -> LinkageModel:
        found = train(*args, **options)
        calls.models.append(found)
        calls.seeds.append(options["seed"])
        return found

    def making(*args: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
        found = fields(*args)
        calls.records.append(found[0])
        return found

    return patch.multiple(linkage, train=training, linkage_records=making)


def replay_splink(calls: Calls) -> None:
    """Train on the same records and score the same pairs, by Splink's own functions."""
    for records, model, seed in zip(calls.records, calls.models, calls.seeds, strict=True):
        with tempfile.TemporaryDirectory() as name, open_engine("duckdb", Path(name)) as engine:
            linker = Linker(engine.register(records), settings("duckdb"), log_level=None)
            learn = linker.training
            learn.estimate_probability_two_random_records_match(certain_rules(), recall=CERTAIN_RECALL)
            learn.estimate_u_using_random_sampling(
                max_pairs=linkage_model.SAMPLED_PAIRS, seed=seed, min_count_per_level=None, num_chunks=1
            )
            for rule in training_rules():
                learn.estimate_parameters_using_expectation_maximisation(
                    rule, estimate_without_term_frequencies=True
                )
            trained = Linker(engine.register(records), model.settings("duckdb"), log_level=None)
            scored = trained.inference.predict(threshold_match_probability=LEAST_SCORE, warning_mode="never")
            scored.as_pyarrow_table().to_pandas()  # type: ignore[no-untyped-call]


def replay_sklearn(calls: Calls) -> None:
    """Fit and predict the same, in the same order."""
    fitted: dict[int, Any] = {}
    with threadpool_limits(1):
        for kind, asked, args, options in calls.fits:
            if kind == "fit":
                fitted[id(asked)] = clone(asked).fit(*args, **options)
            else:
                found = fitted[id(asked)].predict_proba(*args, **options)
                if not np.isfinite(found).all():
                    raise ValueError("A replayed prediction is no number.")
