"""Garbage: a bake makes millions of small objects, and what was loaded before it is not looked through each time."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

RARELY = 20_000
"""Objects made, more than gone, before the next search; Python's own number is 700."""


@contextmanager
def of_this_alone() -> Iterator[None]:
    """Let the search for garbage pass over all that is there already, and be rarer; as it was afterwards.

    The libraries of a bake are a million objects that stay. Python looks through all of them each time, which took a
    tenth of a bake from records. What a bake makes is mostly gone by itself: it need not be looked through so often.
    """
    often = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(RARELY, *often[1:])
    try:
        yield
    finally:
        gc.set_threshold(*often)
        gc.unfreeze()
