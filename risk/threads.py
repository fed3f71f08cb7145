"""Threads: one for calculations of this size, since several mostly wait for each other."""

from contextlib import AbstractContextManager
from functools import cache

import scipy.linalg  # noqa: F401
import sklearn.ensemble  # noqa: F401
from threadpoolctl import ThreadpoolController

# the two above bring the libraries whose threads are held, which have to be loaded before they are looked for


def one_thread() -> AbstractContextManager[object]:
    """Hold all numerical libraries to one thread; as they were afterwards."""
    return _libraries().limit(limits=1)  # type: ignore[no-any-return]


@cache
def _libraries() -> ThreadpoolController:
    """Return the libraries, looked for once: that takes longer than a small fit."""
    return ThreadpoolController()
