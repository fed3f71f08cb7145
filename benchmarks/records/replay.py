"""The whole bake beside its Splink and scikit-learn calls alone: the same settings, the same data, nothing else."""

import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
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


class Cost(NamedTuple):
    """Seconds on the clock and of the processor: other work on the machine stretches the first, hardly the second."""

    clock: float
    processor: float


def replay(times: int) -> None:
    """Bake the demo's records and replay the calls, in turns; print how many times as long the bake takes."""
    recipe = load_recipe("school_readiness")
    ratios: list[Cost] = []
    print("| bake, s | Splink, s | scikit-learn, s | times as long | by the processor | stages, s |")
    print("|---" * 6 + "|")
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        place = ensure_demo(home)
        synthesise(place, home / "extracts" / "demo", seed=1)
        make_key(home / "extracts" / "demo")
        for _ in range(times):
            with recorded() as calls:
                start = _now()
                run = bake(recipe, place, home, records=Records())
                whole = _since(start)
            start = _now()
            replay_splink(calls)
            splink, start = _since(start), _now()
            replay_sklearn(calls)
            sklearn = _since(start)
            alone = Cost(splink.clock + sklearn.clock, splink.processor + sklearn.processor)
            ratios.append(Cost(whole.clock / alone.clock, whole.processor / alone.processor))
            stages = ", ".join(f"{row['stage']} {row['seconds']:.1f}" for row in run.manifest["stages"])
            print(
                f"| {whole.clock:.1f} | {splink.clock:.1f} | {sklearn.clock:.1f} | {ratios[-1].clock:.2f} "
                f"| {whole.processor:.1f} / {alone.processor:.1f} = {ratios[-1].processor:.2f} | {stages} |",
                flush=True,
            )
    print(f"\n{len(calls.fits):,} calls of scikit-learn, {len(calls.records[0]):,} records linked")
    for kind, values in (
        ("clock", [r.clock for r in ratios]),
        ("processor", [r.processor for r in ratios]),
    ):
        told = f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"
        print(f"times as long by the {kind}: {told}, {times} times")


def _now() -> Cost:
    return Cost(time.perf_counter(), time.process_time())


def _since(start: Cost) -> Cost:
    now = _now()
    return Cost(now.clock - start.clock, now.processor - start.processor)


@contextmanager
def recorded() -> Iterator[Calls]:
    """Give a list that fills with every call of the two libraries while it is open."""
    calls = Calls()
    inside = threading.local()  # trials run side by side
    linkage_told = _spied_linkage(calls)

    def spy(kind: str, owner: type, name: str) -> Any:
        plain = getattr(owner, name)

        def asked(self: Any, *args: Any, **options: Any) -> Any:
            if getattr(
                inside, "a_call", False
            ):  # a pipeline asks its parts in turn, as the replay does by itself
                return plain(self, *args, **options)
            calls.fits.append((kind, self, args, options))
            inside.a_call = True
            try:
                return plain(self, *args, **options)
            finally:
                inside.a_call = False

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
