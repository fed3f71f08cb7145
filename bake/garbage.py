"""Garbage: a bake makes millions of small objects, and what was loaded before it is not looked through each time."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def of_this_alone() -> Iterator[None]:
    """Let the search for garbage pass over all that is there already; as it was afterwards.

    The libraries of a bake are a million objects that stay. Python looks through all of them each time, which took a
    tenth of a bake from records.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
