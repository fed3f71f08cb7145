"""Marks in plain words: what a model had to reach, for readers who know no statistics."""

import re

LOG_LOSS = (
    "Log loss says how far the chances given lay from what came about: the lower, the nearer. Being sure and wrong "
    "costs most."
)
CALIBRATION_SLOPE = (
    "A calibration slope of 1 says that chances differ between children as much as what came about does; below 1 they "
    "differ too much, above 1 too little."
)
_LOG_LOSS = re.compile(r"a lower log loss than (the [\w' ]+)")
_SLOPE = re.compile(r"a calibration slope between \d+(?:\.\d+)? and \d+(?:\.\d+)?")
_MORE = re.compile(
    r"at least (\d+(?:\.\d+)?) more children found in each place visited than by (the [\w' ]+), (\d+)% of places "
    "visited, and surely more than none"
)


def in_plain_words(text: str) -> str:
    """Return what a pass mark asks for, or a sentence that names such marks, without terms of statistics.

    Example: *a lower log loss than the overall rate* becomes *chances nearer to what came about than those of the
    overall rate*. Whatever is no such mark stays as it is.
    """
    text = _MORE.sub(
        lambda found: (
            f"at least {100 * float(found[1]):g} more children found in every 100 places visited than by {found[2]}, "
            f"with {found[3]} in 100 places visited, and surely more than none"
        ),
        text,
    )
    text = _LOG_LOSS.sub(r"chances nearer to what came about than those of \1", text)
    return _SLOPE.sub("differences between children told neither much too large nor much too small", text)
