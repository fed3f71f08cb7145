"""The one error of this room."""

from words.faults import LarderError


class StoreError(LarderError):
    """What store refuses, with every fault and its cure."""
