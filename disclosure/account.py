"""The account: what a run says of itself in figures and sentences, so coarse that no child is behind a digit."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from disclosure.geography import Geography
from disclosure.policy import DEFAULT, Policy
from disclosure.released import ACCOUNT_COLUMNS, SEAL, Parts, Released

STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)
FEW = "fewer than"
COUNTED = "children|rows|persons|records|pairs|links|groups|outcomes|families|households"
"""What a whole number in a sentence may count; such numbers are told as counts are."""
_COUNT = re.compile(
    rf"(?<![\d.,:-])(\d{{1,3}}(?:,\d{{3}})+|\d+)(?= (?:of (?:\d[\d,]*) )?(?:{COUNTED}|once linked)\b)"
)
_DIGITS = re.compile(r"(?<![\d.])(\d+\.\d{3,})(?![\d.])")
_INTERVAL_WIDTH = 2 * 1.96


def release_account(
    content: Mapping[str, Any], children: int, policy: Policy = DEFAULT, *, plain: Sequence[str] = ()
) -> Released:
    """Return what a run may say of itself: how well it foretells, how records were linked, what was decided.

    Whole numbers are told as counts are (0 stays, up to the threshold *fewer than 8*, others rounded to 5), also those
    in sentences that count children, rows, persons, records, pairs or links. Other figures are rounded to the finest
    step at which at least five children stand behind one step: `children` as it comes; for a rate with an interval, as
    many as the interval tells of. A rate on too few children for any step is not told.

    `content`: nested mappings and lists, as JSON has them. `children`: the fewest that any figure without an interval
    rests on. `plain`: names of entries that hold no figure from records (seeds, years, thresholds): passed as they are.

    Returns `Released` (kind *account*), a row an entry; `account_of` gives the nested content again.

    Reference: docs/methods/disclosure.md.
    """
    rows = [
        ("account", path, "", json.dumps(value, ensure_ascii=False), "told", "")
        for path, value in _leaves(_coarse(content, _step(children, policy), policy, frozenset(plain)), ())
    ]
    frame = pd.DataFrame(rows, columns=list(ACCOUNT_COLUMNS))
    nowhere = pd.DataFrame(index=pd.Index([], name="oa"))
    return Released(SEAL, Parts("account", frame, policy, Geography(nowhere, nowhere), {}))


def account_of(account: Released) -> Any:
    """Return the nested content of an account, as the gate released it."""
    nested: Any = None
    for path, value in account.frame[["code", "value"]].itertuples(index=False):
        nested = _put(nested, json.loads(path), json.loads(value))
    return nested


def _put(nested: Any, path: list[str | int], value: Any) -> Any:
    if not path:
        return value
    first, *rest = path
    if isinstance(first, int):
        listed = nested or []
        return [
            *listed[:first],
            _put(listed[first] if first < len(listed) else None, rest, value),
            *listed[first + 1 :],
        ]
    mapped = nested or {}
    return {**mapped, first: _put(mapped.get(first), rest, value)}


def _leaves(value: Any, path: tuple[str | int, ...]) -> list[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        return [leaf for key, one in value.items() for leaf in _leaves(one, (*path, key))]
    if isinstance(value, list) and value:
        return [leaf for place, one in enumerate(value) for leaf in _leaves(one, (*path, place))]
    return [(json.dumps(list(path), ensure_ascii=False), value)]


def _coarse(value: Any, step: float | None, policy: Policy, plain: frozenset[str]) -> Any:
    """Return content with every figure made coarse; `step` None withholds figures."""
    if isinstance(value, Mapping):
        steps = _of_observed(value, step, policy) if "observed" in value else {}
        return {
            str(key): _as_json(one)
            if key in plain
            else _coarse(one, steps.get(str(key), step), policy, plain)
            for key, one in value.items()
        }
    if isinstance(value, str):
        return in_words(value, policy)
    if isinstance(value, bool | np.bool_) or value is None:
        return None if value is None else bool(value)
    if isinstance(value, Sequence):
        return [_coarse(one, step, policy, plain) for one in value]
    if isinstance(value, int | np.integer):
        return counted(int(value), policy)
    return _rounded(float(value), step)


def _as_json(value: Any) -> Any:
    return json.loads(json.dumps(value, default=float))


def _of_observed(entry: Mapping[str, Any], step: float | None, policy: Policy) -> dict[str, float | None]:
    """Return the step of each figure that stands beside an observed share: as many children as its interval tells."""
    observed = entry["observed"]
    whole = observed if isinstance(observed, Mapping) else {**entry, "value": observed}
    here = _by_interval(whole, step, policy)
    return {
        str(key): _by_interval(one, step, policy) if isinstance(one, Mapping) else here
        for key, one in entry.items()
    }


def _by_interval(rate: Mapping[str, Any], step: float | None, policy: Policy) -> float | None:
    """Return the step of a rate by the width of its interval."""
    try:
        value, low, high = (float(rate[name]) for name in ("value", "low", "high"))
    except (KeyError, TypeError):
        return step
    if not 0 <= low < high <= 1:
        return step
    middle = min(max(value, low + (high - low) / 4), 1 - (high - low) / 4)
    return _step(middle * (1 - middle) * (_INTERVAL_WIDTH / (high - low)) ** 2, policy)


def _step(children: float, policy: Policy) -> float | None:
    return next((step for step in STEPS if step * children >= policy.base), None)


def _rounded(value: float, step: float | None) -> float | None:
    if step is None or not math.isfinite(value):
        return None
    return round(round(value / step) * step, 3)


def counted(count: int, policy: Policy = DEFAULT) -> int | str:
    """Return a count that is no area's as the policy tells counts: 0, *fewer than 8*, or rounded."""
    if policy.is_small(abs(count)):
        return f"{FEW} {policy.threshold + 1}"
    return math.floor(count / policy.base + 0.5) * policy.base


def in_words(sentence: str, policy: Policy = DEFAULT) -> str:
    """Return a sentence with the numbers of children, rows and so on told as counts, others to two decimals."""

    def count(found: re.Match[str]) -> str:
        told = counted(int(found[1].replace(",", "")), policy)
        return f"{told:,}" if isinstance(told, int) else told

    return _DIGITS.sub(lambda found: f"{float(found[1]):.2f}", _COUNT.sub(count, sentence))
