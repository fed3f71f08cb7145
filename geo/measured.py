"""What may be tested for clustering: observed numbers, finite or plainly missing."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import GeoError
from words.faults import Fault

Floats = npt.NDArray[np.float64]

KIND = "kind"
FOR_DISPLAY = {
    "shrunken": "a shrunken rate borrows from other areas",
    "smoothed": "a smoothed value is partly its neighbours' value",
    "predicted": "a prediction follows its inputs, which cluster by themselves",
}


class TestingRefused(GeoError):  # noqa: N818 (it says what happened, in the words of the screen)
    """The values are for display: testing them would find clusters that the smoothing made."""

    __test__ = False  # its name begins with Test; it is no test


def mark(values: pd.Series, kind: str) -> pd.Series:
    """Return the values marked as of a kind.

    The kinds are "observed", "crude rate", "EB-standardised rate" and those for display. The mark travels in
    `values.attrs` through copies and selections; `measured` refuses the kinds in FOR_DISPLAY.
    """
    marked = values.copy()
    marked.attrs[KIND] = kind
    return marked


def measured(values: pd.Series) -> Floats:
    """Return the values as floats with NaN where missing.

    Raises TestingRefused for values marked as shrunken, smoothed or predicted, and GeoError for text or
    infinities, every one of them named.
    """
    kind = str(values.attrs.get(KIND, ""))
    if kind in FOR_DISPLAY:
        raise TestingRefused(
            f"{values.name or 'These values'} cannot be tested for hotspots: {FOR_DISPLAY[kind]}, "
            "so a test would find clusters that the method made.",
            "Test the crude or the EB-standardised rate, and show this one beside it.",
        )
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    text = np.isnan(numbers) & values.notna().to_numpy()
    column = str(values.name or "")
    faults = [
        Fault(what, cure, row=int(row) + 1, column=column, value=f"{values.index[row]}: {values.iloc[row]}")
        for found, what, cure in (
            (text, "is not a number.", "Correct it, or leave it empty."),
            (
                np.isinf(numbers),
                "is infinite.",
                "Correct it, or leave it empty: often a rate over a population of 0.",
            ),
        )
        for row in np.flatnonzero(found)
    ]
    if faults:
        raise GeoError(faults)
    return np.asarray(numbers)


def is_constant(values: Floats) -> bool:
    """Return whether all values are equal, to rounding."""
    return len(values) == 0 or bool(np.ptp(values) <= 1e-12 * np.abs(values).max())
