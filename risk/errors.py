"""The one error of this room."""

from words.faults import LarderError


class RiskError(LarderError):
    """What risk refuses, with every fault and its cure."""
