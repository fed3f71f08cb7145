"""Hearing: what libraries warn of while they read a file, told with the report instead of on the screen."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def hearing(what: str) -> Iterator[list[str]]:
    """Yield a list that holds, when the block ends, a sentence for each thing that was warned of, once.

    Styles and checks that a library does not know are no matter for an import, and not told.
    """
    told: list[str] = []
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        yield told
    texts = dict.fromkeys(" ".join(str(one.message).split()).rstrip(".") for one in said)
    told += [f"While reading the {what}: {text[:300]}." for text in texts if "not supported" not in text]
