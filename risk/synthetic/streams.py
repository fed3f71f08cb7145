"""Streams: one source of chance for each part, so that a change to one part leaves the others as they were."""

from zlib import crc32

import numpy as np


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the generator of chance of the part called `name`; the same seed and name give the same numbers."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, crc32(name.encode())])))
